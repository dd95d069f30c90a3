package pcsctest

import (
	"strconv"
	"strings"
)

// measurement is one figure of a benchmark.
type measurement struct {
	value float64
	unit  string
}

// measurements reads the last result line of a benchmark's output: name,
// rounds, and then pairs of figure and unit (testing's documented format).
func measurements(output string) []measurement {
	var found []measurement
	for line := range strings.Lines(output) {
		fields := strings.Fields(line)
		if len(fields) < 4 || len(fields)%2 != 0 || !strings.HasPrefix(fields[0], "Benchmark") {
			continue
		}
		var these []measurement
		for i := 2; i < len(fields); i += 2 {
			value, err := strconv.ParseFloat(fields[i], 64)
			if err != nil {
				these = nil
				break
			}
			these = append(these, measurement{value, fields[i+1]})
		}
		if these != nil {
			found = these
		}
	}
	return found
}
