package cardreader_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/cardreader"
)

// endings are the ways in which a card's stay ends, after its session did.
var endings = map[string]struct {
	happens func(h *hardware)
	still   error // what a look afterwards says
	stay    error // what a watch says that saw it happen
}{
	"removed":                    {func(h *hardware) { h.remove(desk) }, cardreader.ErrCardRemoved, cardreader.ErrCardRemoved},
	"removed and inserted again": {swap, cardreader.ErrCardChanged, cardreader.ErrCardChanged},
	"unplugged":                  {func(h *hardware) { h.unplug(desk) }, cardreader.ErrReaderNotFound, cardreader.ErrReaderNotFound},
	"service stopped":            {func(h *hardware) { h.stop(cardreader.ErrServiceDown) }, cardreader.ErrServiceDown, cardreader.ErrServiceDown},
	"service refuses":            {func(h *hardware) { h.stop(cardreader.ErrDenied) }, cardreader.ErrDenied, cardreader.ErrDenied},
}

// swap is a card that left and came between two looks.
func swap(h *hardware) {
	h.set(cardreader.State{Reader: desk, Card: cardreader.Present, ATR: thaiATR, Counter: 3})
}

// stayed is an insertion whose session is closed.
func stayed(t *testing.T, r *cardreader.Readers) cardreader.Insertion {
	t.Helper()
	s := open(t, r, desk)
	in := s.Insertion()
	assert.Equal(t, desk, in.Reader)
	require.NoError(t, s.Close())
	return in
}

func TestStillTellsOneInsertionFromAnotherWithoutASession(t *testing.T) {
	for name, row := range endings {
		inBubble(t, name, func(t *testing.T) {
			h, r := oneCard(t, cardreader.Options{})
			in := stayed(t, r)
			require.NoError(t, r.Still(t.Context(), in))
			row.happens(h)
			assert.ErrorIs(t, r.Still(t.Context(), in), row.still)
		})
	}
	inBubble(t, "a caller who gave up hears its own error", func(t *testing.T) {
		_, r := oneCard(t, cardreader.Options{})
		in := stayed(t, r)
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		assert.ErrorIs(t, r.Still(ctx, in), context.Canceled)
	})
}

func TestStayEndsWithTheInsertionAndSaysWhy(t *testing.T) {
	for name, row := range endings {
		inBubble(t, name, func(t *testing.T) {
			h, r := oneCard(t, cardreader.Options{})
			in := stayed(t, r)
			over := make(chan error, 1)
			go func() { over <- r.Stay(t.Context(), in) }()
			synctest.Wait()
			h.plug(back)
			h.insert(back) // the other reader's card is no matter
			synctest.Wait()
			require.Empty(t, over)
			row.happens(h)
			assert.ErrorIs(t, <-over, row.stay)
		})
		inBubble(t, name+", before the watch began", func(t *testing.T) {
			h, r := oneCard(t, cardreader.Options{})
			in := stayed(t, r)
			row.happens(h)
			assert.ErrorIs(t, r.Stay(t.Context(), in), row.still)
		})
	}
}

// A reader that was plugged in again counts from the start, so a look can't tell;
// the watch saw it go.
func TestStaySeesAReaderGoThatIsBackByNow(t *testing.T) {
	inBubble(t, "with the same counter", func(t *testing.T) {
		h, r := oneCard(t, cardreader.Options{})
		in := stayed(t, r)
		over := make(chan error, 1)
		go func() { over <- r.Stay(t.Context(), in) }()
		synctest.Wait()
		h.unplug(desk)
		synctest.Wait()
		h.insert(desk)
		assert.NoError(t, r.Still(t.Context(), in), "to a look nothing happened")
		assert.ErrorIs(t, <-over, cardreader.ErrReaderNotFound)
	})
}

func TestStayEndsWithItsCaller(t *testing.T) {
	inBubble(t, "cancelled, or out of time", func(t *testing.T) {
		_, r := oneCard(t, cardreader.Options{})
		in := stayed(t, r)
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		assert.ErrorIs(t, r.Stay(ctx, in), context.DeadlineExceeded)
		ctx, cancel = context.WithCancel(t.Context())
		cancel()
		assert.ErrorIs(t, r.Stay(ctx, in), context.Canceled)
	})
}
