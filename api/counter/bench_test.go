package counter

import (
	"io"
	"net/http"
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
	measure(b, func() {}, func() { d.answered(b, client, "/v1/reads", body) })
}

// BenchmarkProofing is one POST /v1/proofings over loopback HTTP on the simulator
// without line delay, for a purpose that needs no clerk's fact: request verified
// and reserved, card read, decided, recorded durably, signed and checked again
// (design §9: ≤ 5 ms at p50, ≤ 20 ms at p99).
func BenchmarkProofing(b *testing.B) {
	p := proving(b, setup{})
	client := p.browser()
	fields := []string{"citizen_id", "name", "birth_date", "sex", "address", "card"}
	var body string
	measure(b, func() {
		p.counter.insertions.again(site)
		body = signedBody(p.site.sign(p.site.claims("fields", fields)))
	}, func() { p.answered(b, client, "/v1/proofings", body) })
}

// answered wants a 200, and takes all of it.
func (d *desk) answered(b *testing.B, client *http.Client, path, body string) {
	res, err := d.fetchAt(b.Context(), client, path, body)
	require.NoError(b, err)
	_, err = io.Copy(io.Discard, res.Body)
	require.NoError(b, err)
	require.NoError(b, res.Body.Close())
	require.Equal(b, 200, res.StatusCode)
}

// measure reports how long one call takes, at the median and at worst but for
// one in a hundred. What prepares it is not counted.
func measure(b *testing.B, prepare, call func()) {
	var took []time.Duration
	for b.Loop() {
		b.StopTimer()
		prepare()
		b.StartTimer()
		begun := time.Now()
		call()
		took = append(took, time.Since(begun))
	}
	slices.Sort(took)
	percentile := func(p int) float64 {
		return float64(took[min(len(took)-1, len(took)*p/100)].Microseconds()) / 1000
	}
	b.ReportMetric(percentile(50), "p50-ms")
	b.ReportMetric(percentile(99), "p99-ms")
}
