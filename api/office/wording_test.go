package office

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// One thing has one word, on pages, in letters and in the manual: people look for
// what they have read.
func TestTheOfficeCallsOneThingByOneWord(t *testing.T) {
	other := map[string]string{"แฟ้ม": "ไฟล์, โฟลเดอร์", "ยังไม่ได้ตรวจกับต้นฉบับ": "ไม่ได้รับการยืนยัน"}
	read := 0
	for _, pattern := range []string{
		"*.go", "pages/*.html", "static/*.js", "../../cmd/chipproof-office/*.go", "../../breach/*.go", "../../breach/letters/*.go",
		"../../breach/letters/templates/*.html", "../../docs/th/dpo.md", "../../docs/th/office.md", "../../docs/th/scanner.md", "../../docs/th/glossary.md",
	} {
		names, err := filepath.Glob(filepath.FromSlash(pattern))
		require.NoError(t, err)
		require.NotEmpty(t, names, pattern)
		for _, name := range names {
			if strings.HasSuffix(name, "_test.go") {
				continue
			}
			content, err := os.ReadFile(name)
			require.NoError(t, err)
			read++
			for word, ours := range other {
				assert.NotContains(t, string(content), word, "%s: the word here is %s", name, ours)
			}
		}
	}
	require.Greater(t, read, 100)
}
