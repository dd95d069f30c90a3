//go:build cgo && linux

package pcsc_test

import (
	"context"
	"os"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/cardreader"
	"chipproof/proofing"
	"chipproof/proofing/thaiid"
)

// agent-security §11 row 9: two readers, a card in either and in both at once.
func TestTwoReadersAreReadAtOnceAndNeverMixed(t *testing.T) {
	t.Parallel()
	onBench(t, func(t *testing.T, b *bench) {
		one, two := person(t, "default"), person(t, "default")
		two.CitizenID = "1234567890121" // synthetic
		for i, s := range b.slots {
			s.insert(t, cardOf(t, one))
			s.requireReads(t, one)
			_, err := b.slots[1-i].readAll(t.Context(), nil)
			require.ErrorIs(t, err, cardreader.ErrCardAbsent, "the card is in one reader alone")
			_ = s.remove()
			s.untilEmpty(t)
		}
		b.slots[0].insert(t, cardOf(t, one))
		b.slots[1].insert(t, cardOf(t, two))
		var reading sync.WaitGroup
		for i, s := range b.slots {
			reading.Go(func() {
				for range 40 {
					id, err := s.readAll(t.Context(), nil)
					if !assert.NoError(t, err) {
						return
					}
					assert.Equal(t, []string{one.CitizenID, two.CitizenID}[i], id.Document().CitizenID)
				}
			})
		}
		reading.Wait()
	})
}

// Rows 9, 15 and 24: a card that does not answer is given up after 5 s, delays
// no other reader meanwhile, and the next card in its reader works.
func TestAMuteCardTimesOutAndDelaysNoOtherReader(t *testing.T) {
	t.Parallel()
	onBench(t, func(t *testing.T, b *bench) {
		p, silent, other := person(t, "default"), b.slots[0], b.slots[1]
		card := oddly(cardOf(t, p))
		silent.insert(t, card)
		other.insert(t, cardOf(t, p))

		card.arm(10, mute)
		given := make(chan error, 1)
		start := time.Now()
		go func() {
			id, err := silent.readAll(t.Context(), nil)
			assert.Nil(t, id)
			given <- err
		}()
		var slowest time.Duration
		for waiting := true; waiting; {
			select {
			case err := <-given:
				assert.ErrorIs(t, err, cardreader.ErrCardTimeout)
				waiting = false
			default:
				one := time.Now()
				other.requireReads(t, p)
				slowest = max(slowest, time.Since(one))
			}
		}
		assert.InDelta(t, 5, time.Since(start).Seconds(), 0.5)
		assert.Less(t, slowest, time.Second, "slowest read of the other reader meanwhile")

		_ = silent.remove()
		silent.insert(t, cardOf(t, p))
		silent.requireReads(t, p)
	})
}

// Row 12: another program has the reader to itself.
func TestAReaderThatAnotherProgramHasToItselfIsBusyUntilItLetsGo(t *testing.T) {
	t.Parallel()
	onBench(t, func(t *testing.T, b *bench) {
		p, s := person(t, "default"), b.slots[0]
		s.insert(t, cardOf(t, p))
		other := start(t, exclusive, s.Reader)
		began := time.Now()
		_, err := s.readAll(t.Context(), nil)
		assert.ErrorIs(t, err, cardreader.ErrReaderBusy)
		assert.Less(t, time.Since(began), 2*time.Second)

		released := make(chan struct{})
		time.AfterFunc(600*time.Millisecond, func() { other.end(); close(released) })
		s.requireReads(t, p) // by a retry
		<-released
	})
}

// During 200 reads a second PC/SC client asks for the reader's state as fast as
// it can, and a third connects whenever it gets in: pcsc-lite lets nobody connect
// during a transaction.
func TestReadsAreRightWhileOtherProgramsPollTheReader(t *testing.T) {
	t.Parallel()
	onBench(t, func(t *testing.T, b *bench) {
		p, s := person(t, "default"), b.slots[0]
		s.insert(t, cardOf(t, p))
		polling, visiting := start(t, poll, s.Reader), start(t, visit, s.Reader)
		want, err := s.readAll(t.Context(), nil)
		require.NoError(t, err)
		for range 200 {
			id, err := s.readAll(t.Context(), nil)
			require.NoError(t, err)
			require.Equal(t, want.Document(), id.Document())
		}
		assert.Greater(t, polling.end(), 200, "rounds of the one that polls")
		assert.Positive(t, visiting.end(), "rounds of the one that connects")
	})
}

// Nothing is left over from connections, watches and lists, nor from those that
// a stopped service broke.
func TestNothingIsLeftOverFromManyReads(t *testing.T) {
	t.Parallel()
	onBench(t, func(t *testing.T, b *bench) {
		p, s := person(t, "default"), b.slots[0]
		s.keep(t, cardOf(t, p))
		work := func(rounds int) {
			for range rounds {
				s.requireReads(t, p)
				ctx, cancel := context.WithCancel(t.Context())
				_ = b.driver.Watch(ctx, func([]cardreader.State) { cancel() })
			}
			_, err := proofing.Read(t.Context(), b.readers, s.Reader, proofing.ReadOptions{
				Fields: thaiid.TextFields(), Wrap: before(3, func() { assert.NoError(t, b.daemon.Kill()) }),
			})
			assert.ErrorIs(t, err, cardreader.ErrServiceDown)
			require.NoError(t, b.daemon.Start(t.Context()))
			s.untilPresent(t)
		}
		work(20)
		before := openFiles(t)
		for range 5 {
			work(40)
		}
		assert.Eventually(t, func() bool { return openFiles(t) <= before }, soon, 10*time.Millisecond,
			"%d files were open before", before)
	})
}

func openFiles(t *testing.T) int {
	t.Helper()
	files, err := os.ReadDir("/proc/self/fd")
	require.NoError(t, err)
	return len(files)
}
