package cardreader_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/cardreader"
)

// resetAt lets another program reset the card at the given exchanges, counted
// over all connections.
func resetAt(h *hardware, indexes ...int) {
	n := -1
	h.onTransmit = func(_ context.Context, _ int, plain func() ([]byte, error)) ([]byte, error) {
		n++
		for _, index := range indexes {
			if n == index {
				return nil, fmt.Errorf("driver: %w", cardreader.ErrCardReset)
			}
		}
		return plain()
	}
}

// Row 11: SCARD_W_RESET_CARD at every index.
func TestResetCard(t *testing.T) {
	for index := range exchanges {
		inBubble(t, fmt.Sprintf("can be read again, once/%d", index), func(t *testing.T) {
			h, r := oneCard(t, cardreader.Options{})
			s := open(t, r, desk)
			resetAt(h, index)
			at, err := readAll(t.Context(), s)
			assert.Equal(t, index, at)
			require.ErrorIs(t, err, cardreader.ErrCardReset)

			_, err = s.Transmit(t.Context(), selectMOI)
			require.ErrorIs(t, err, cardreader.ErrCardReset, "nothing is sent to a card that forgot what was selected")
			require.NoError(t, s.Reconnect(t.Context()))
			assert.Equal(t, 2, h.counted(&h.connects), "by a new transaction")
			number, err := readNumber(t.Context(), s)
			require.NoError(t, err)
			assert.Equal(t, synthetic, number)
			require.NoError(t, s.Unchanged(t.Context()))
			require.NoError(t, s.Close())
		})
		inBubble(t, fmt.Sprintf("twice is a card error/%d", index), func(t *testing.T) {
			h, r := oneCard(t, cardreader.Options{})
			s := open(t, r, desk)
			resetAt(h, 2, 3+index)
			_, err := readAll(t.Context(), s)
			require.ErrorIs(t, err, cardreader.ErrCardReset)
			require.NoError(t, s.Reconnect(t.Context()))
			at, err := readAll(t.Context(), s)
			assert.Equal(t, index, at)
			assert.ErrorIs(t, err, cardreader.ErrCardError)
			assert.NotErrorIs(t, err, cardreader.ErrCardReset, "or a caller would begin again for ever")
			assert.ErrorIs(t, s.Reconnect(t.Context()), cardreader.ErrCardError)
			recovers(t, h, r, s)
		})
	}
}

func TestReconnect(t *testing.T) {
	for name, row := range map[string]struct {
		happens func(h *hardware)
		want    error
	}{
		"finds the card gone":          {func(h *hardware) { h.remove(desk) }, cardreader.ErrCardRemoved},
		"finds another insertion":      {func(h *hardware) { h.remove(desk); h.insert(desk) }, cardreader.ErrCardChanged},
		"finds the reader gone":        {func(h *hardware) { h.unplug(desk) }, cardreader.ErrReaderNotFound},
		"finds the service gone":       {func(h *hardware) { h.stop(cardreader.ErrServiceDown) }, cardreader.ErrServiceDown},
		"finds the reader taken":       {failConnect(cardreader.ErrSharing), cardreader.ErrReaderBusy},
		"finds a card that is mute":    {failConnect(cardreader.ErrCardError), cardreader.ErrCardError},
		"is disturbed itself":          {failConnect(cardreader.ErrCardReset), cardreader.ErrCardError},
		"sees the card leave under it": {failConnect(cardreader.ErrCardAbsent), cardreader.ErrCardRemoved},
		"finds another card, counter unmoved": {func(h *hardware) {
			h.set(cardreader.State{Reader: desk, Card: cardreader.Present, ATR: []byte{0x3B, 0x00}, Counter: 1})
		}, cardreader.ErrCardChanged},
	} {
		inBubble(t, name, func(t *testing.T) {
			h, r := oneCard(t, cardreader.Options{})
			s := open(t, r, desk)
			resetAt(h, 0)
			_, err := s.Transmit(t.Context(), selectMOI)
			require.ErrorIs(t, err, cardreader.ErrCardReset)
			row.happens(h)
			err = s.Reconnect(t.Context())
			assert.ErrorIs(t, err, row.want)
			assertHidden(t, err)
			assert.NotErrorIs(t, err, cardreader.ErrCardReset)
			h.onConnect = nil
			recovers(t, h, r, s)
		})
	}
	inBubble(t, "works once", func(t *testing.T) {
		h, r := oneCard(t, cardreader.Options{})
		s := open(t, r, desk)
		require.NoError(t, s.Reconnect(t.Context()))
		_, err := readNumber(t.Context(), s)
		require.NoError(t, err)
		assert.ErrorIs(t, s.Reconnect(t.Context()), cardreader.ErrCardError)
		recovers(t, h, r, s)
	})
	inBubble(t, "waits for a sharing violation to pass", func(t *testing.T) {
		h, r := oneCard(t, cardreader.Options{})
		s := open(t, r, desk)
		resetAt(h, 0)
		_, err := s.Transmit(t.Context(), selectMOI)
		require.ErrorIs(t, err, cardreader.ErrCardReset)
		h.onConnect = func(_ context.Context, try int) error {
			if try == 2 {
				return cardreader.ErrSharing
			}
			return nil
		}
		assert.Equal(t, 500*time.Millisecond, took(func() { require.NoError(t, s.Reconnect(t.Context())) }))
		require.NoError(t, s.Close())
	})
	inBubble(t, "that hangs is a timeout, and gets no second 15 s", func(t *testing.T) {
		h, r := oneCard(t, cardreader.Options{Session: 7 * time.Second})
		s := open(t, r, desk)
		resetAt(h, 1)
		_, err := s.Transmit(t.Context(), selectMOI)
		require.NoError(t, err)
		pass(3 * time.Second)
		_, err = s.Transmit(t.Context(), selectMOI)
		require.ErrorIs(t, err, cardreader.ErrCardReset)
		release := make(chan struct{})
		h.onConnect = func(context.Context, int) error { <-release; return nil }
		assert.Equal(t, 4*time.Second, took(func() {
			assert.ErrorIs(t, s.Reconnect(t.Context()), cardreader.ErrCardTimeout)
		}))
		require.NoError(t, s.Close())
		close(release)
	})
}
