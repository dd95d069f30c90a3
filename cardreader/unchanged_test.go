package cardreader_test

import (
	"context"
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/cardreader"
)

// Row 6: another card of the same series, or the same card once more, between
// two exchanges. The ATR is the same; the counter tells.
func TestUnchangedTellsOneInsertionFromAnother(t *testing.T) {
	for name, row := range map[string]struct {
		happens func(h *hardware)
		want    error
	}{
		"removed and inserted again": {func(h *hardware) { h.remove(desk); h.insert(desk) }, cardreader.ErrCardChanged},
		"removed":                    {func(h *hardware) { h.remove(desk) }, cardreader.ErrCardRemoved},
		"unplugged":                  {func(h *hardware) { h.unplug(desk) }, cardreader.ErrReaderNotFound},
		"service stopped":            {func(h *hardware) { h.stop(cardreader.ErrServiceDown) }, cardreader.ErrServiceDown},
		"service refuses":            {func(h *hardware) { h.stop(cardreader.ErrDenied) }, cardreader.ErrDenied},
	} {
		inBubble(t, name, func(t *testing.T) {
			h, r := oneCard(t, cardreader.Options{})
			s := open(t, r, desk)
			require.NoError(t, s.Unchanged(t.Context()))
			row.happens(h)
			assert.ErrorIs(t, s.Unchanged(t.Context()), row.want)
			recovers(t, h, r, s)
		})
	}
	inBubble(t, "the other reader's card is no matter", func(t *testing.T) {
		h, r := oneCard(t, cardreader.Options{})
		s := open(t, r, desk)
		h.plug(back)
		h.insert(back)
		assert.NoError(t, s.Unchanged(t.Context()))
		require.NoError(t, s.Close())
	})
	inBubble(t, "a caller who gave up hears its own error", func(t *testing.T) {
		_, r := oneCard(t, cardreader.Options{})
		s := open(t, r, desk)
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		assert.ErrorIs(t, s.Unchanged(ctx), context.Canceled)
		require.NoError(t, s.Close())
	})
}

// A card that is swapped while it is being connected must not pass for the one
// that was there: the counter is noted before.
func TestCounterIsNotedBeforeTheCardIsConnected(t *testing.T) {
	inBubble(t, "so a swap in between shows", func(t *testing.T) {
		h, r := oneCard(t, cardreader.Options{})
		h.onConnect = func(context.Context, int) error {
			h.remove(desk)
			h.insert(desk)
			return nil
		}
		s := open(t, r, desk)
		assert.ErrorIs(t, s.Unchanged(t.Context()), cardreader.ErrCardChanged)
		require.NoError(t, s.Close())
	})
}

// Row 7: the counter wraps from 65535 to 0.
func TestCounterWraps(t *testing.T) {
	full := cardreader.State{Reader: desk, Card: cardreader.Present, ATR: thaiATR, Counter: math.MaxUint16}
	inBubble(t, "a card changed over the wrap is changed", func(t *testing.T) {
		h, r := oneCard(t, cardreader.Options{})
		h.set(full)
		s := open(t, r, desk)
		require.NoError(t, s.Unchanged(t.Context()))
		h.remove(desk)
		h.insert(desk) // the counter is 1 now, and smaller
		assert.ErrorIs(t, s.Unchanged(t.Context()), cardreader.ErrCardChanged)
		require.NoError(t, s.Close())
	})
	inBubble(t, "a card opened at zero is a card", func(t *testing.T) {
		h, r := oneCard(t, cardreader.Options{})
		full.Counter = 0
		h.set(full)
		requireReads(t, r, desk)
	})
}
