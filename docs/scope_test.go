package docs_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/exposure/crawl"
)

// scopes are the scope files that a page shows.
func scopes(t *testing.T, path string) []string {
	t.Helper()
	page, err := os.ReadFile(path)
	require.NoError(t, err)
	var found []string
	for _, block := range regexp.MustCompile("(?ms)^```[a-z]*\n(# chipproof scope\n.*?)^```$").FindAllStringSubmatch(string(page), -1) {
		found = append(found, block[1])
	}
	return found
}

var midday = time.Date(2026, 11, 25, 12, 0, 0, 0, time.UTC)

func TestTheScopeFilesOfTheManualsAreTaken(t *testing.T) {
	for _, language := range []string{"th", "en"} {
		for _, name := range []string{"scanner.md", "dpo.md"} {
			path := filepath.Join(language, name)
			files := scopes(t, path)
			require.Len(t, files, 1, path)
			s, err := crawl.ParseScope([]byte(files[0]), midday)
			require.NoError(t, err, path)
			assert.NotEmpty(t, s.Hosts, path)
			assert.NotEmpty(t, s.Owner, path)
		}
	}
}

// The table beside the example says which lines must be there: each of them, and
// no other.
func TestTheManualSaysWhichLinesOfAScopeFileMustBeThere(t *testing.T) {
	for _, language := range []string{"th", "en"} {
		file := scopes(t, filepath.Join(language, "scanner.md"))[0]
		lines := strings.SplitAfter(file, "\n")
		for i, line := range lines {
			if line == "" {
				continue
			}
			without := strings.Join(lines[:i], "") + strings.Join(lines[i+1:], "")
			_, err := crawl.ParseScope([]byte(without), midday)
			name, _, _ := strings.Cut(line, ":")
			if name == "host" || name == "allow-private" { // one host of the two is enough
				assert.NoError(t, err, "%s: without %s", language, line)
				continue
			}
			assert.ErrorIs(t, err, crawl.ErrScopeInvalid, "%s: without %s", language, line)
		}
	}
}

func TestTheManualExplainsEveryWordOfItsScopeFile(t *testing.T) {
	for _, language := range []string{"th", "en"} {
		page, err := os.ReadFile(filepath.Join(language, "scanner.md"))
		require.NoError(t, err)
		for _, word := range []string{"owner", "contact", "expires", "host", "ignore-robots", "step-ids", "allow-private"} {
			assert.Contains(t, string(page), "| `"+word+"` |", language)
			assert.Contains(t, scopes(t, filepath.Join(language, "scanner.md"))[0], word, language)
		}
	}
}
