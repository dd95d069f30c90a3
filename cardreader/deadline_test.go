package cardreader_test

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/cardreader"
)

// hang makes every command from index on stay in the driver until released.
func hang(h *hardware, index int) (release chan struct{}) {
	release = make(chan struct{})
	h.onTransmit = func(_ context.Context, i int, plain func() ([]byte, error)) ([]byte, error) {
		if i >= index {
			<-release
		}
		return plain()
	}
	return release
}

// Rows 15 and 24, at every index.
func TestCardThatNeverAnswers(t *testing.T) {
	for index := range exchanges {
		inBubble(t, fmt.Sprintf("is a timeout after 5 s/%d", index), func(t *testing.T) {
			h, r := oneCard(t, cardreader.Options{})
			h.plug(back)
			h.insert(back)
			s := open(t, r, desk)
			release := hang(h, index)
			var at int
			var err error
			assert.Equal(t, 5*time.Second, took(func() { at, err = readAll(t.Context(), s) }))
			assert.Equal(t, index, at)
			assert.ErrorIs(t, err, cardreader.ErrCardTimeout)

			assert.Zero(t, took(func() {
				_, err := s.Transmit(t.Context(), selectMOI)
				assert.ErrorIs(t, err, cardreader.ErrCardTimeout, "that card is dead")
				assert.NoError(t, s.Close())
			}), "at once")
			synctest.Wait()
			h.onTransmit = nil
			requireReads(t, r, back) // row 9: other readers work

			close(release)
			synctest.Wait()
			assert.Equal(t, 0, h.contacts(), "the stuck call cleans up when it comes back")
			requireReads(t, r, desk)
		})
	}
	inBubble(t, "does not block its reader: the next Open makes a connection of its own", func(t *testing.T) {
		h, r := oneCard(t, cardreader.Options{})
		s := open(t, r, desk)
		release := hang(h, 0)
		_, err := s.Transmit(t.Context(), selectMOI)
		require.ErrorIs(t, err, cardreader.ErrCardTimeout)

		synctest.Wait()
		h.onTransmit = nil
		h.mu.Lock()
		clear(h.open) // the service allows a second transaction, the first still hangs
		h.mu.Unlock()
		assert.Zero(t, took(func() { requireReads(t, r, desk) }))
		close(release)
	})
	inBubble(t, "may hang some calls of a reader, not any number", func(t *testing.T) {
		h, r := oneCard(t, cardreader.Options{})
		release := make(chan struct{})
		h.onConnect = func(context.Context, int) error { <-release; return cardreader.ErrCardError }
		for range 20 {
			_, err := r.Open(t.Context(), desk)
			require.ErrorIs(t, err, cardreader.ErrCardTimeout)
		}
		assert.Equal(t, 4, h.counted(&h.connects))
		close(release)
		synctest.Wait()
		h.onConnect = nil
		requireReads(t, r, desk)
	})
	inBubble(t, "when it is connected is a timeout too, and is let go later", func(t *testing.T) {
		h, r := oneCard(t, cardreader.Options{})
		release := make(chan struct{})
		h.onConnect = func(context.Context, int) error { <-release; return nil }
		var err error
		assert.Equal(t, 5*time.Second, took(func() { _, err = r.Open(t.Context(), desk) }))
		assert.ErrorIs(t, err, cardreader.ErrCardTimeout)
		close(release)
		synctest.Wait()
		assert.Zero(t, h.contacts(), "a connection that comes late is closed")
		requireReads(t, r, desk)
	})
	inBubble(t, "in a driver that honours contexts gives the same error", func(t *testing.T) {
		h, r := oneCard(t, cardreader.Options{})
		h.onTransmit = func(ctx context.Context, _ int, _ func() ([]byte, error)) ([]byte, error) {
			<-ctx.Done()
			return nil, ctx.Err()
		}
		s := open(t, r, desk)
		_, err := s.Transmit(t.Context(), selectMOI)
		assert.ErrorIs(t, err, cardreader.ErrCardTimeout)
		assert.NotErrorIs(t, err, context.DeadlineExceeded, "it is not the caller's")
		require.NoError(t, s.Close())
	})
}

// Rows 19 and 24: time has a limit in all, not only for each exchange.
func TestSlowCardIsATimeoutAfter15Seconds(t *testing.T) {
	inBubble(t, "of reading", func(t *testing.T) {
		h, r := oneCard(t, cardreader.Options{})
		s := open(t, r, desk)
		h.onTransmit = func(_ context.Context, _ int, plain func() ([]byte, error)) ([]byte, error) {
			pass(4 * time.Second)
			return plain()
		}
		var at int
		var err error
		assert.Equal(t, 15*time.Second, took(func() { at, err = readAll(t.Context(), s) }))
		assert.Equal(t, 3, at)
		assert.ErrorIs(t, err, cardreader.ErrCardTimeout)
		require.NoError(t, s.Close())
	})
	inBubble(t, "and a list that hangs at the end is none of its time", func(t *testing.T) {
		h, r := oneCard(t, cardreader.Options{})
		s := open(t, r, desk)
		for range 4 {
			pass(3 * time.Second)
			_, err := s.Transmit(t.Context(), selectMOI)
			require.NoError(t, err)
		}
		h.onList = func(ctx context.Context) error { <-ctx.Done(); return ctx.Err() }
		var err error
		assert.Equal(t, 3*time.Second, took(func() { err = s.Unchanged(t.Context()) }), "what is left of 15 s")
		assert.ErrorIs(t, err, cardreader.ErrServiceDown)
		require.NoError(t, s.Close())
	})
}

// Row 13: no transaction stands idle for more than 5 s, whatever the caller does.
func TestIdleTransaction(t *testing.T) {
	inBubble(t, "ends by itself before Windows resets the card", func(t *testing.T) {
		h, r := oneCard(t, cardreader.Options{})
		s := open(t, r, desk)
		_, err := s.Transmit(t.Context(), selectMOI)
		require.NoError(t, err)
		pass(10 * time.Second)
		assert.Zero(t, h.contacts())
		assert.Equal(t, 4*time.Second, h.gap)
		_, err = s.Transmit(t.Context(), selectMOI)
		assert.ErrorIs(t, err, cardreader.ErrCardTimeout)
		requireReads(t, r, desk) // even before a forgetful caller closes
		require.NoError(t, s.Close())
	})
	inBubble(t, "is not produced by any of our own waits", func(t *testing.T) {
		h, r := oneCard(t, cardreader.Options{})
		n := 0
		h.onTransmit = func(_ context.Context, _ int, plain func() ([]byte, error)) ([]byte, error) {
			n++
			switch n {
			case 3:
				return nil, cardreader.ErrCardReset
			case 7:
				return nil, cardreader.ErrTorn
			}
			return plain()
		}
		s := open(t, r, desk)
		h.onConnect = func(_ context.Context, try int) error {
			if try < 4 {
				return cardreader.ErrSharing
			}
			return nil
		}
		_, err := readAll(t.Context(), s)
		require.ErrorIs(t, err, cardreader.ErrCardReset)
		require.NoError(t, s.Reconnect(t.Context()))
		_, err = readAll(t.Context(), s)
		require.ErrorIs(t, err, cardreader.ErrCardError)
		require.NoError(t, s.Close())
		assert.LessOrEqual(t, h.gap, time.Second)
	})
}

// Row 25: the caller gives up at every index.
func TestCancelledReadEndsAtOnce(t *testing.T) {
	for index := range exchanges {
		inBubble(t, fmt.Sprintf("and lets go of the card/%d", index), func(t *testing.T) {
			h, r := oneCard(t, cardreader.Options{})
			s := open(t, r, desk)
			ctx, cancel := context.WithCancel(t.Context())
			h.onTransmit = func(_ context.Context, i int, plain func() ([]byte, error)) ([]byte, error) {
				if i == index {
					cancel()
					pass(300 * time.Millisecond) // the driver can't be cancelled
				}
				return plain()
			}
			assert.Zero(t, took(func() {
				at, err := readAll(ctx, s)
				assert.Equal(t, index, at)
				assert.ErrorIs(t, err, context.Canceled)
				assert.NoError(t, s.Close())
			}))
			h.onTransmit = nil
			assert.Equal(t, 300*time.Millisecond, took(func() { requireReads(t, r, desk) }),
				"the next Open waits for the exchange in progress, and says neither busy nor tries in vain")
			assert.Equal(t, 2, h.counted(&h.connects))
		})
	}
	inBubble(t, "and may use its bytes again while the driver still reads them", func(t *testing.T) {
		h, r := oneCard(t, cardreader.Options{})
		s := open(t, r, desk)
		release := hang(h, 0)
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		command := slices.Clone(selectMOI)
		_, err := s.Transmit(ctx, command)
		require.ErrorIs(t, err, context.DeadlineExceeded)
		clear(command)
		close(release)
		synctest.Wait()
		assert.Equal(t, selectMOI, h.sent)
	})
	inBubble(t, "also between two exchanges", func(t *testing.T) {
		h, r := oneCard(t, cardreader.Options{})
		s := open(t, r, desk)
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		_, err := s.Transmit(ctx, selectMOI)
		assert.ErrorIs(t, err, context.Canceled)
		synctest.Wait()
		assert.Zero(t, h.contacts())
		require.NoError(t, s.Close())
	})
	inBubble(t, "also one that waits for another's exchange", func(t *testing.T) {
		h, r := oneCard(t, cardreader.Options{})
		s := open(t, r, desk)
		release := hang(h, 0)
		first := make(chan error)
		go func() {
			_, err := s.Transmit(t.Context(), selectMOI)
			first <- err
		}()
		synctest.Wait()
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		_, err := s.Transmit(ctx, selectMOI)
		assert.ErrorIs(t, err, context.DeadlineExceeded)
		assert.ErrorIs(t, <-first, context.DeadlineExceeded, "a session has one end for all")
		close(release)
		require.NoError(t, s.Close())
	})
	inBubble(t, "also while it is being opened", func(t *testing.T) {
		h, r := oneCard(t, cardreader.Options{})
		ctx, cancel := context.WithCancel(t.Context())
		h.onConnect = func(context.Context, int) error {
			cancel()
			pass(300 * time.Millisecond)
			return nil
		}
		assert.Zero(t, took(func() {
			_, err := r.Open(ctx, desk)
			assert.ErrorIs(t, err, context.Canceled)
		}))
		h.onConnect = nil
		requireReads(t, r, desk)
	})
	inBubble(t, "also while a torn exchange is looked into", func(t *testing.T) {
		h, r := oneCard(t, cardreader.Options{})
		s := open(t, r, desk)
		h.onTransmit = func(context.Context, int, func() ([]byte, error)) ([]byte, error) { return nil, nil }
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(100*time.Millisecond, cancel)
		var err error
		assert.Equal(t, 100*time.Millisecond, took(func() { _, err = s.Transmit(ctx, selectMOI) }))
		assert.ErrorIs(t, err, context.Canceled)
		require.NoError(t, s.Close())
	})
	inBubble(t, "and the caller's deadline is the caller's, not the card's", func(t *testing.T) {
		h, r := oneCard(t, cardreader.Options{})
		s := open(t, r, desk)
		release := hang(h, 0)
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		_, err := s.Transmit(ctx, selectMOI)
		assert.ErrorIs(t, err, context.DeadlineExceeded)
		assert.NotErrorIs(t, err, cardreader.ErrCardTimeout)
		require.NoError(t, s.Close())
		close(release)
	})
}

// A watch that ignores its context must not delay the answer, nor leave more
// than a few goroutines.
func TestTornExchangeWithAWatchThatHangs(t *testing.T) {
	inBubble(t, "is a card error in time", func(t *testing.T) {
		h, r := oneCard(t, cardreader.Options{})
		release := make(chan struct{})
		h.onWatch = func(context.Context, func([]cardreader.State)) error { <-release; return nil }
		h.onTransmit = func(context.Context, int, func() ([]byte, error)) ([]byte, error) { return nil, nil }
		for range 40 {
			s := open(t, r, desk)
			var err error
			assert.Equal(t, time.Second, took(func() { _, err = s.Transmit(t.Context(), selectMOI) }))
			require.ErrorIs(t, err, cardreader.ErrCardError)
			require.NoError(t, s.Close())
		}
		assert.LessOrEqual(t, h.counted(&h.watching), 16)
		close(release)
	})
}
