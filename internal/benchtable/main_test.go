package main

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// printed is a run in which every figure of the table is 1.5.
func printed() string {
	var b strings.Builder
	for _, t := range tables {
		for _, r := range t.rows {
			for _, f := range slices.Concat(r.ours, r.others) {
				fmt.Fprintf(&b, "pkg: %s\n%s-2 \t 3 \t 100 ns/op \t 1.5 %s\n", f.pkg, f.benchmark, f.unit)
			}
		}
	}
	return b.String()
}

func TestTheTablesHaveEveryRowAndTheRunAboveThem(t *testing.T) {
	var out strings.Builder
	require.NoError(t, run(strings.NewReader(printed()), &out))
	assert.True(t, strings.HasPrefix(out.String(), printed()))
	assert.Contains(t, out.String(), "| overhead of one `POST /v1/reads` in ms, all text, p50 / p99 | ≤ 5 / 20 | 1.50 / 1.50 | – |")
	assert.Contains(t, out.String(), "| overhead of one `POST /v1/proofings` with signature and durable audit entry in ms, no clerk's fact, p50 / p99 | ≤ 5 / 20 | 1.50 / 1.50 | – |")
	assert.Contains(t, out.String(), "| signed requests verified a second / proofs, as a relying party does, on one processor | – | 2 / 2 | – |")
	assert.Contains(t, out.String(), "| citizen numbers on the mixed corpus, recall, and its 95 % interval | ≥ 0.99 | 1.5000 / 1.5000 / 1.5000 | – |")
	assert.Contains(t, out.String(), "| MB/s a core on text with few candidates | ≥ 150 | 2 | 2 |")
	assert.Contains(t, out.String(), "| `grep -cP '\\d{13}'` |")
	lines := 0
	for _, table := range tables {
		lines += len(table.rows) + 2
	}
	assert.Equal(t, lines, strings.Count(out.String(), "\n|"))
}

func TestAFigureThatWasNotMeasuredIsAnError(t *testing.T) {
	for name, unit := range map[string]string{
		"BenchmarkServeStart": "start-ms", "BenchmarkProofing": "p50-ms", "BenchmarkVerifyRequest": "requests/s", "BenchmarkVerifyProof": "proofs/s",
		"BenchmarkMeasure": "citizen-recall", "BenchmarkScanText/grep": "cpu-MB/s",
	} {
		var out strings.Builder
		err := run(strings.NewReader(strings.ReplaceAll(printed(), name, "BenchmarkRenamed")), &out)
		assert.ErrorContains(t, err, name+" "+unit)
	}
}

func TestAFailedBenchmarkIsAnError(t *testing.T) {
	assert.Error(t, run(strings.NewReader(printed()+"--- FAIL: BenchmarkRead\n"), &strings.Builder{}))
}
