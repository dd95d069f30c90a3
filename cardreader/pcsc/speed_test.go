//go:build cgo && linux

package pcsc_test

import (
	"context"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"chipproof/cardreader/pcsc/pcsctest"
	"chipproof/internal/rival"
	"chipproof/proofing/thaiid"
	"chipproof/simulator"
)

// BenchmarkExchange is what PC/SC adds to one exchange: driver, client library,
// pcscd, vpcd and back, with a card that answers at once.
func BenchmarkExchange(b *testing.B) {
	pcsctest.Benchmark(b, func(b *testing.B, d *pcsctest.Daemon) {
		s := newBench(d).slots[0]
		s.insert(b, cardOf(b, person(b, "default")))
		card, err := s.bench.driver.Connect(b.Context(), s.Reader)
		require.NoError(b, err)
		defer card.Close()
		var times []time.Duration
		for b.Loop() {
			start := time.Now()
			if _, err := card.Transmit(b.Context(), []byte{0x00, 0xC0, 0x00, 0x00, 0x01}); err != nil {
				b.Fatal(err)
			}
			times = append(times, time.Since(start))
		}
		slices.Sort(times)
		b.ReportMetric(float64(times[len(times)/2].Microseconds()), "µs-p50")
		b.ReportMetric(float64(times[len(times)*99/100].Microseconds()), "µs-p99")
	})
}

// BenchmarkRead is a whole read with photo, opening and closing included, on the
// line model of design §9. Its bar is wall/card, at most 1.10 through pcscd;
// wall/line counts what the simulator's timers oversleep against the reader.
func BenchmarkRead(b *testing.B) {
	for name, line := range map[string]simulator.Line{"TA96": simulator.LineTA96, "TA18": simulator.LineTA18} {
		b.Run(name, func(b *testing.B) {
			pcsctest.Benchmark(b, func(b *testing.B, d *pcsctest.Daemon) {
				s := newBench(d).slots[0]
				card, err := simulator.NewCard(person(b, "full-photo"), simulator.CardOptions{Line: line})
				require.NoError(b, err)
				timed := &stopwatch{VPCDCard: card}
				s.insert(b, timed)
				exchanges, onLine, inCard := card.Exchanges(), card.LineTime(), timed.total()
				for b.Loop() {
					if _, err := s.read(b.Context(), append(thaiid.TextFields(), thaiid.FieldPhoto)); err != nil {
						b.Fatal(err)
					}
				}
				onLine, inCard = card.LineTime()-onLine, timed.total()-inCard
				b.ReportMetric(float64(card.Exchanges()-exchanges)/float64(b.N), "exchanges/op")
				b.ReportMetric(float64(b.Elapsed())/float64(onLine), "wall/line")
				b.ReportMetric(float64(b.Elapsed())/float64(inCard), "wall/card")
			})
		})
	}
}

// stopwatch adds up the time that a card takes, so with what the simulator's
// timers oversleep, which no reader can help.
type stopwatch struct {
	simulator.VPCDCard
	mu  sync.Mutex
	sum time.Duration
}

func (s *stopwatch) Transmit(ctx context.Context, command []byte) ([]byte, error) {
	start := time.Now()
	answer, err := s.VPCDCard.Transmit(ctx, command)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sum += time.Since(start)
	return answer, err
}

func (s *stopwatch) total() time.Duration {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.sum
}

// BenchmarkReadAsOthersDo is the same card over the same road, read field by
// field.
func BenchmarkReadAsOthersDo(b *testing.B) {
	for name, line := range map[string]simulator.Line{"TA96": simulator.LineTA96, "TA18": simulator.LineTA18} {
		b.Run(name, func(b *testing.B) {
			pcsctest.Benchmark(b, func(b *testing.B, d *pcsctest.Daemon) {
				s := newBench(d).slots[0]
				card, err := simulator.NewCard(person(b, "full-photo"), simulator.CardOptions{Line: line})
				require.NoError(b, err)
				timed := &stopwatch{VPCDCard: card}
				s.insert(b, timed)
				exchanges, inCard := card.Exchanges(), timed.total()
				for b.Loop() {
					session, err := s.bench.driver.Connect(b.Context(), s.Reader)
					require.NoError(b, err)
					require.NoError(b, rival.ReadText(b.Context(), session))
					require.NoError(b, rival.ReadPhoto(b.Context(), session))
					require.NoError(b, session.Close())
				}
				b.ReportMetric(float64(card.Exchanges()-exchanges)/float64(b.N), "exchanges/op")
				b.ReportMetric(float64(b.Elapsed())/float64(timed.total()-inCard), "wall/card")
			})
		})
	}
}
