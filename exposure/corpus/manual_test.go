package corpus_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/exposure/corpus"
	"chipproof/exposure/detect"
)

// promised is what the manual's table of accuracy says of a class.
type promised struct{ precision, recall float64 }

var accuracy = regexp.MustCompile("(?m)^\\| `([a-z_]+)` \\| [0-9]+ \\| ([0-9.]+) \\([0-9.–]+\\) \\| ([0-9.]+) \\([0-9.–]+\\) \\| [0-9.]+ \\|$")

func promises(t *testing.T, language string) map[detect.Class]promised {
	t.Helper()
	page, err := os.ReadFile(filepath.Join("..", "..", "docs", language, "scanner.md"))
	require.NoError(t, err)
	said := map[detect.Class]promised{}
	for _, m := range accuracy.FindAllStringSubmatch(string(page), -1) {
		precision, err := strconv.ParseFloat(m[2], 64)
		require.NoError(t, err)
		recall, err := strconv.ParseFloat(m[3], 64)
		require.NoError(t, err)
		said[detect.Class(m[1])] = promised{precision, recall}
	}
	return said
}

// The table is what BenchmarkMeasure prints for more documents than are measured
// here; rules that have become worse since then show all the same.
func TestTheManualPromisesNoMoreThanIsMeasured(t *testing.T) {
	said := promises(t, "th")
	assert.Equal(t, said, promises(t, "en"))
	results := measured(t)
	for _, c := range detect.Classes() {
		sum := corpus.Sum(results, c)
		p, told := said[c]
		assert.Equal(t, sum.Right+sum.Missed > 0, told, "%s: the table has what is measured, and no more", c)
		if told {
			assert.GreaterOrEqual(t, sum.Precision(), p.precision-0.005, c)
			assert.GreaterOrEqual(t, sum.Recall(), p.recall-0.005, c)
		}
	}
}

// The table of classes has every class that there is.
func TestTheManualNamesEveryClass(t *testing.T) {
	for _, language := range []string{"th", "en"} {
		page, err := os.ReadFile(filepath.Join("..", "..", "docs", language, "scanner.md"))
		require.NoError(t, err)
		for _, c := range detect.Classes() {
			assert.Contains(t, string(page), "| `"+string(c)+"` |", language)
		}
	}
}
