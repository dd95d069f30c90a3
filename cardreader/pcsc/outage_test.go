//go:build cgo && linux

package pcsc_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/cardreader"
)

// recovery is how soon things must work again after a short outage
// (agent-security §11 row 4).
const recovery = 2 * time.Second

// Row 4, in mid-read: pcscd is killed before and in the middle of exchanges.
func TestAServiceKilledInMidReadIsBackAtTheNextRead(t *testing.T) {
	t.Parallel()
	onBench(t, func(t *testing.T, b *bench) {
		p, s := person(t, "default"), b.slots[0]
		card := oddly(cardOf(t, p))
		s.keep(t, card)
		killed := make(chan struct{}, 1)
		kill := func() {
			assert.NoError(t, b.daemon.Kill())
			killed <- struct{}{}
		}
		total := exchangesOfARead(t, p)
		for at := 0; at < total; at += 6 {
			id, err := s.readAll(t.Context(), before(at, kill))
			<-killed
			assert.ErrorIs(t, err, cardreader.ErrServiceDown, "killed before exchange %d", at)
			assert.Nil(t, id)
			s.requireBack(t, func() { s.requireReads(t, p) })

			card.arm(at, func(ctx context.Context, _ []byte) ([]byte, error) {
				kill()
				<-ctx.Done() // pcscd took its end of the link with it
				return nil, ctx.Err()
			})
			id, err = s.readAll(t.Context(), nil)
			<-killed
			assert.ErrorIs(t, err, cardreader.ErrServiceDown, "killed in the middle of exchange %d", at)
			assert.Nil(t, id)
			s.requireBack(t, func() { s.requireReads(t, p) })
		}
	})
}

// requireBack starts pcscd again and holds that work is done in time. The card
// needs some of that time to be put in again.
func (s *slot) requireBack(t *testing.T, work func()) {
	t.Helper()
	start := time.Now()
	require.NoError(t, s.bench.daemon.Start(t.Context()))
	s.untilPresent(t)
	work()
	require.Less(t, time.Since(start), recovery)
}

// Row 4, while idle: whoever follows the readers is told, short outage or long,
// and waits without using the processor.
func TestAServiceKilledWhileIdleIsLostAndFoundAndWaitedForQuietly(t *testing.T) {
	t.Parallel()
	onBench(t, func(t *testing.T, b *bench) {
		p, s := person(t, "default"), b.slots[0]
		s.keep(t, cardOf(t, p))
		f := s.follow(t)
		f.expect(t, cardreader.ReaderAdded, cardreader.CardInserted)

		for _, outage := range []struct{ length, backWithin time.Duration }{
			{100 * time.Millisecond, recovery},
			{4 * time.Second, 5 * time.Second}, // the longest back-off
		} {
			require.NoError(t, b.daemon.Kill())
			lost := f.expect(t, cardreader.ServiceLost)
			assert.ErrorIs(t, lost.Err, cardreader.ErrServiceDown)
			_, err := b.readers.List(t.Context())
			assert.ErrorIs(t, err, cardreader.ErrServiceDown)

			used := processorTime(t)
			<-time.After(outage.length)
			assert.Less(t, processorTime(t)-used, outage.length/20, "busy while the service is away")

			back := time.Now()
			require.NoError(t, b.daemon.Start(t.Context()))
			f.expect(t, cardreader.ServiceBack, cardreader.ReaderAdded, cardreader.CardInserted)
			assert.Less(t, time.Since(back), outage.backWithin)
			s.requireReads(t, p)
		}
	})
}

// A service that is there and does not answer holds nobody for longer than the
// deadlines, and nothing is left over when it goes on.
func TestAServiceThatFreezesIsDownForWhoWaitsAndWorksWhenItThaws(t *testing.T) {
	t.Parallel()
	onBench(t, func(t *testing.T, b *bench) {
		p, s := person(t, "default"), b.slots[0]
		s.insert(t, cardOf(t, p))
		f := s.follow(t)
		f.expect(t, cardreader.ReaderAdded, cardreader.CardInserted)

		require.NoError(t, b.daemon.Freeze())
		start := time.Now()
		_, err := b.readers.List(t.Context())
		assert.ErrorIs(t, err, cardreader.ErrServiceDown)
		assert.InDelta(t, 5, time.Since(start).Seconds(), 1)
		_, err = s.readAll(t.Context(), nil)
		assert.ErrorIs(t, err, cardreader.ErrServiceDown)

		require.NoError(t, b.daemon.Thaw())
		require.Eventually(t, func() bool {
			_, err := s.readAll(t.Context(), nil)
			return err == nil
		}, recovery, 10*time.Millisecond)
	})
}

// follow is a [cardreader.Readers.Follow] that runs beside the test; it has the
// events of one reader and of the service.
type follow struct{ events chan cardreader.Event }

func (s *slot) follow(t *testing.T) follow {
	t.Helper()
	f := follow{events: make(chan cardreader.Event, 1000)}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() {
		ended <- s.bench.readers.Follow(ctx, func(e cardreader.Event) {
			if e.Reader == "" || e.Reader == s.Reader {
				f.events <- e
			}
		})
	}()
	t.Cleanup(func() {
		cancel()
		if err := <-ended; !errors.Is(err, context.Canceled) {
			t.Errorf("follow ended: %v", err)
		}
	})
	return f
}

// expect takes the next events, which must be of these kinds, and gives the last.
func (f follow) expect(t *testing.T, kinds ...cardreader.EventKind) cardreader.Event {
	t.Helper()
	late := time.After(2 * soon)
	var last cardreader.Event
	for _, kind := range kinds {
		select {
		case last = <-f.events:
			require.Equal(t, kind, last.Kind)
		case <-late:
			require.Fail(t, "event does not come: "+string(kind))
		}
	}
	return last
}
