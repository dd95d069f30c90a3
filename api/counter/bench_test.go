package counter

import (
	"io"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// BenchmarkPostReads is one POST /v1/reads over loopback HTTP on the simulator
// without line delay, so all of it is overhead (design §9: ≤ 5 ms at p50, ≤ 20 ms
// at p99), with all text fields and with the photo besides.
func BenchmarkPostReads(b *testing.B) {
	text := []string{"citizen_id", "name", "birth_date", "sex", "address", "card"}
	for name, fields := range map[string][]string{"text": text, "photo": append(text, "photo")} {
		b.Run(name, func(b *testing.B) { benchmarkReads(b, fill(fields...)) })
	}
}

func benchmarkReads(b *testing.B, body string) {
	d := newDesk(b)
	client := d.browser()
	var took []time.Duration
	for b.Loop() {
		begun := time.Now()
		res, err := d.fetch(b.Context(), client, body)
		require.NoError(b, err)
		_, err = io.Copy(io.Discard, res.Body)
		require.NoError(b, err)
		require.NoError(b, res.Body.Close())
		require.Equal(b, 200, res.StatusCode)
		took = append(took, time.Since(begun))
	}
	slices.Sort(took)
	percentile := func(p int) float64 {
		return float64(took[min(len(took)-1, len(took)*p/100)].Microseconds()) / 1000
	}
	b.ReportMetric(percentile(50), "p50-ms")
	b.ReportMetric(percentile(99), "p99-ms")
}
