package pcsctest

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestABenchmarksFiguresAreThoseOfItsLastLine(t *testing.T) {
	assert.Equal(t, []measurement{{101.5, "ns/op"}, {1.03, "wall/card"}, {2, "allocs/op"}}, measurements(`goos: linux
BenchmarkRead/TA96
BenchmarkRead/TA96-2         	       1	 5 ns/op
BenchmarkRead/TA96-2         	      12	 101.5 ns/op	 1.03 wall/card	 2 allocs/op
PASS
`))
}

func TestLinesThatAreNoResultHaveNoFigures(t *testing.T) {
	for _, line := range []string{"", "PASS", "BenchmarkRead", "BenchmarkRead-2 1 5", "BenchmarkRead-2 1 five ns/op", "ok chipproof/cardreader/pcsc 1.2s x"} {
		assert.Empty(t, measurements(line), line)
	}
}
