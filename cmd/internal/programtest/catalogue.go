package programtest

import (
	"cmp"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// ErrorLine is one line of a catalogue of errors. A code has several where its
// causes want different remedies.
type ErrorLine struct {
	Code, Status, Title, Remedy string
}

// SortErrors puts lines in order, as people look for a code, each once.
func SortErrors(lines []ErrorLine) []ErrorLine {
	slices.SortFunc(lines, func(a, b ErrorLine) int {
		return cmp.Or(cmp.Compare(a.Code, b.Code), cmp.Compare(a.Title, b.Title), cmp.Compare(a.Remedy, b.Remedy))
	})
	return slices.Compact(lines)
}

// ErrorCell keeps a text from ending its cell, or from being taken for markup.
func ErrorCell(text string) string {
	return strings.NewReplacer("|", `\|`, "<", "&lt;", "*", `\*`, "\n", " ").Replace(text)
}

// CheckPage holds a page of the manual that is made from the program against what
// is made of it now; how is the command that makes it anew.
func CheckPage(t *testing.T, path, made, how string) {
	t.Helper()
	kept, err := os.ReadFile(path)
	require.NoError(t, err)
	now, then := strings.Split(made, "\n"), strings.Split(string(kept), "\n")
	for i, line := range now { // one line of it is enough to read
		require.Less(t, i, len(then), "%s is made anew by: %s", path, how)
		require.Equal(t, then[i], line, "%s is made anew by: %s", path, how)
	}
	assert.Len(t, then, len(now), "%s is made anew by: %s", path, how)
}
