package proofing_test

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"chipproof/proofing"
)

// BenchmarkProve is one proofing below HTTP, on the simulator without line delay
// and for a purpose that needs no clerk's fact, so that all of it is overhead:
// text read, judged, recorded with its audit entry in a store that waits for the
// disk, signed, and checked as a site would (design §9, together with HTTP: ≤ 5 ms
// at p50, ≤ 20 ms at p99).
func BenchmarkProve(b *testing.B) {
	d := newDesk(b, "default")
	var took []time.Duration
	for b.Loop() {
		b.StopTimer()
		a := d.asks(nil)
		a.Purpose.Needs = []proofing.Kind{proofing.ChipRead, proofing.IDChecksum, proofing.CardNotExpired}
		b.StartTimer()
		begun := time.Now()
		result, err := d.prover.Prove(b.Context(), a, agrees(""), nil)
		took = append(took, time.Since(begun))
		require.NoError(b, err)
		require.NotEmpty(b, result.Proof)
	}
	slices.Sort(took)
	percentile := func(p int) float64 {
		return float64(took[min(len(took)-1, len(took)*p/100)].Microseconds()) / 1000
	}
	b.ReportMetric(percentile(50), "p50-ms")
	b.ReportMetric(percentile(99), "p99-ms")
}
