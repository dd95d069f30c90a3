package main

import (
	"bufio"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"
)

// figure names one number: `chipproof/proofing BenchmarkRead/text/TA96 wall/card`.
type figure struct{ pkg, benchmark, unit string }

// processors is the suffix that go test puts behind a benchmark's name.
var processors = regexp.MustCompile(`-\d+$`)

// parse collects the numbers of a benchmark run.
func parse(in io.Reader) (map[figure]float64, error) {
	figures := map[figure]float64{}
	pkg := ""
	lines := bufio.NewScanner(in)
	for lines.Scan() {
		line := lines.Text()
		if p, ok := strings.CutPrefix(line, "pkg: "); ok {
			pkg = p
		}
		if strings.HasPrefix(line, "FAIL") || strings.HasPrefix(line, "--- FAIL") {
			return nil, fmt.Errorf("a benchmark failed: %s", line)
		}
		words := strings.Fields(line)
		if len(words) < 4 || !strings.HasPrefix(words[0], "Benchmark") {
			continue
		}
		name := processors.ReplaceAllString(words[0], "")
		for i := 2; i+1 < len(words); i += 2 {
			value, err := strconv.ParseFloat(words[i], 64)
			if err != nil {
				return nil, fmt.Errorf("read %s: %w", name, err)
			}
			figures[figure{pkg, name, words[i+1]}] = value
		}
	}
	return figures, lines.Err()
}
