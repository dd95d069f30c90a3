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

// exchanges of a read in these tests: long enough for a first, a middle and a last.
const exchanges = 9

// readAll makes the exchanges and gives the index of the one that failed.
func readAll(ctx context.Context, s *cardreader.Session) (int, error) {
	for i := range exchanges {
		if _, err := s.Transmit(ctx, selectMOI); err != nil {
			return i, err
		}
	}
	return exchanges, nil
}

// shapes are the ways in which drivers say that an exchange broke off.
var shapes = map[string]func() ([]byte, error){
	"SCARD_E_NOT_TRANSACTED or F_COMM_ERROR": func() ([]byte, error) { return nil, fmt.Errorf("driver: %w", cardreader.ErrTorn) },
	"empty answer":                           func() ([]byte, error) { return nil, nil },
	"answer of one byte":                     func() ([]byte, error) { return []byte{0x90}, nil },
}

// Rows 1, 2, 14 and 17, at every index: an exchange breaks off, and what the
// reader shows afterwards decides.
func TestTornExchange(t *testing.T) {
	for name, row := range map[string]struct {
		happens func(h *hardware)
		want    error
		within  time.Duration
	}{
		"and the card is gone":                  {func(h *hardware) { h.remove(desk) }, cardreader.ErrCardRemoved, 0},
		"and the card is gone, but not counted": {func(h *hardware) { h.set(cardreader.State{Reader: desk, Counter: 1}) }, cardreader.ErrCardRemoved, 0},
		"and the card is back again":            {func(h *hardware) { h.remove(desk); h.insert(desk) }, cardreader.ErrCardRemoved, 0},
		"and the card counts as present on":     {later(400*time.Millisecond, (*hardware).remove), cardreader.ErrCardRemoved, 400 * time.Millisecond},
		"and the card is swapped later":         {later(400*time.Millisecond, (*hardware).insert), cardreader.ErrCardRemoved, 400 * time.Millisecond},
		"and the card is there all the time": {func(*hardware) {
		}, cardreader.ErrCardError, time.Second},
		"and the card leaves after the watch":    {later(1100*time.Millisecond, (*hardware).remove), cardreader.ErrCardError, time.Second},
		"and the reader is unplugged":            {func(h *hardware) { h.unplug(desk) }, cardreader.ErrReaderNotFound, 0},
		"and the reader is seen unplugged later": {later(400*time.Millisecond, (*hardware).unplug), cardreader.ErrReaderNotFound, 400 * time.Millisecond},
		"and the service stops":                  {func(h *hardware) { h.stop(cardreader.ErrServiceDown) }, cardreader.ErrServiceDown, 0},
		"and the service is seen to stop later": {later(400*time.Millisecond, func(h *hardware, _ string) {
			h.stop(cardreader.ErrServiceDown)
		}), cardreader.ErrServiceDown, 400 * time.Millisecond},
		"and the other reader is busy with its card": {later(400*time.Millisecond, func(h *hardware, _ string) { h.insert(back) }), cardreader.ErrCardError, time.Second},
	} {
		for shape, answer := range shapes {
			for index := range exchanges {
				inBubble(t, fmt.Sprintf("%s/%s/%d", name, shape, index), func(t *testing.T) {
					h, r := oneCard(t, cardreader.Options{})
					h.plug(back)
					s := open(t, r, desk)
					h.onTransmit = func(_ context.Context, i int, plain func() ([]byte, error)) ([]byte, error) {
						if i < index {
							return plain()
						}
						row.happens(h)
						return answer()
					}
					var at int
					var err error
					assert.Equal(t, row.within, took(func() { at, err = readAll(t.Context(), s) }))
					assert.Equal(t, index, at)
					assert.ErrorIs(t, err, row.want)
					assertHidden(t, err)
					recovers(t, h, r, s)
				})
			}
		}
	}
}

func later(d time.Duration, f func(h *hardware, reader string)) func(h *hardware) {
	return func(h *hardware) { time.AfterFunc(d, func() { f(h, desk) }) }
}

// recovers holds that a session that failed stays failed, without asking the
// card, and that the next read succeeds without replugging.
func recovers(t *testing.T, h *hardware, r *cardreader.Readers, s *cardreader.Session) {
	t.Helper()
	h.onTransmit = func(context.Context, int, func() ([]byte, error)) ([]byte, error) {
		assert.Fail(t, "a failed session sent a command")
		return ok9000, nil
	}
	_, again := s.Transmit(t.Context(), selectMOI)
	assert.Error(t, again)
	assert.ErrorContains(t, s.Unchanged(t.Context()), "compare insertion")
	assert.Error(t, s.Reconnect(t.Context()))
	assert.NoError(t, s.Close())
	assert.Zero(t, h.contacts(), "the connection is dropped")

	pass(2 * time.Second) // what the hardware does late is over
	h.onTransmit = nil
	h.start()
	h.remove(desk)
	h.insert(desk)
	requireReads(t, r, desk)
}

// Rows 1, 2, 3, 14: what a driver says clearly is passed on at once.
func TestDriverSaysWhatHappened(t *testing.T) {
	for name, row := range map[string]struct{ says, want error }{
		"SCARD_W_REMOVED_CARD":                    {cardreader.ErrCardRemoved, cardreader.ErrCardRemoved},
		"SCARD_E_NO_SMARTCARD":                    {cardreader.ErrCardAbsent, cardreader.ErrCardRemoved},
		"SCARD_E_READER_UNAVAILABLE":              {cardreader.ErrReaderNotFound, cardreader.ErrReaderNotFound},
		"invalid handle, the service was stopped": {cardreader.ErrServiceDown, cardreader.ErrServiceDown},
		"SCARD_W_UNRESPONSIVE_CARD":               {cardreader.ErrCardError, cardreader.ErrCardError},
		"SCARD_E_TIMEOUT":                         {cardreader.ErrCardTimeout, cardreader.ErrCardTimeout},
		"SCARD_E_SHARING_VIOLATION in a session":  {cardreader.ErrSharing, cardreader.ErrCardError},
	} {
		for index := range exchanges {
			inBubble(t, fmt.Sprintf("%s/%d", name, index), func(t *testing.T) {
				h, r := oneCard(t, cardreader.Options{})
				s := open(t, r, desk)
				h.onTransmit = func(_ context.Context, i int, plain func() ([]byte, error)) ([]byte, error) {
					if i < index {
						return plain()
					}
					return nil, fmt.Errorf("driver: %w", row.says)
				}
				at, err := readAll(t.Context(), s)
				assert.Equal(t, index, at)
				assert.ErrorIs(t, err, row.want)
				assertHidden(t, err)
				if row.want != row.says {
					assert.NotErrorIs(t, err, row.says)
				}
				recovers(t, h, r, s)
			})
		}
	}
}

func TestFailedSessionGivesItsReaderBackBeforeItIsClosed(t *testing.T) {
	inBubble(t, "and keeps its failure", func(t *testing.T) {
		h, r := oneCard(t, cardreader.Options{})
		s := open(t, r, desk)
		h.remove(desk)
		h.insert(desk)
		_, err := s.Transmit(t.Context(), selectMOI)
		require.ErrorIs(t, err, cardreader.ErrCardRemoved)
		requireReads(t, r, desk)
		_, err = s.Transmit(t.Context(), selectMOI)
		assert.ErrorIs(t, err, cardreader.ErrCardRemoved)
		require.NoError(t, s.Close())
		requireReads(t, r, desk)
	})
}

func TestClosedSession(t *testing.T) {
	inBubble(t, "answers with an error that is nobody's but the program's", func(t *testing.T) {
		_, r := oneCard(t, cardreader.Options{})
		s := open(t, r, desk)
		require.NoError(t, s.Close())
		_, err := s.Transmit(t.Context(), selectMOI)
		assert.ErrorContains(t, err, "session closed")
		assert.ErrorContains(t, s.Unchanged(t.Context()), "session closed")
		assert.ErrorContains(t, s.Reconnect(t.Context()), "session closed")
	})
	inBubble(t, "does not wait for ever for a driver that does not close", func(t *testing.T) {
		h, r := oneCard(t, cardreader.Options{})
		release := make(chan struct{})
		h.onClose = func() { <-release }
		s := open(t, r, desk)
		var err error
		assert.Equal(t, 5*time.Second, took(func() { err = s.Close() }))
		assert.ErrorIs(t, err, cardreader.ErrCardTimeout)
		close(release)
	})
	inBubble(t, "ends a call that another goroutine makes", func(t *testing.T) {
		h, r := oneCard(t, cardreader.Options{})
		h.onTransmit = func(ctx context.Context, _ int, _ func() ([]byte, error)) ([]byte, error) {
			<-ctx.Done()
			return nil, ctx.Err()
		}
		s := open(t, r, desk)
		ended := make(chan error)
		go func() {
			_, err := s.Transmit(t.Context(), selectMOI)
			ended <- err
		}()
		pass(time.Second)
		assert.NoError(t, s.Close())
		assert.ErrorContains(t, <-ended, "session closed")
	})
	inBubble(t, "says what its driver said while closing", func(t *testing.T) {
		h, _ := oneCard(t, cardreader.Options{})
		r := cardreader.New(badClose{h}, cardreader.Options{})
		s := open(t, r, desk)
		assert.ErrorIs(t, s.Close(), cardreader.ErrServiceDown)
		assert.NoError(t, s.Close())
	})
}

// badClose is hardware whose cards complain when they are closed.
type badClose struct{ *hardware }

type complainer struct{ cardreader.Card }

func (b badClose) Connect(ctx context.Context, reader string) (cardreader.Card, error) {
	card, err := b.hardware.Connect(ctx, reader)
	return complainer{card}, err
}

func (c complainer) Close() error {
	if err := c.Card.Close(); err != nil {
		return err
	}
	return cardreader.ErrServiceDown
}

func TestOverlappingCallsAreMadeOneAfterAnother(t *testing.T) {
	inBubble(t, "on one goroutine", func(t *testing.T) {
		h, r := oneCard(t, cardreader.Options{})
		h.onTransmit = func(_ context.Context, _ int, plain func() ([]byte, error)) ([]byte, error) {
			pass(100 * time.Millisecond)
			return plain()
		}
		s := open(t, r, desk)
		errs := make(chan error, 8)
		for range 8 {
			go func() {
				_, err := s.Transmit(t.Context(), selectMOI)
				errs <- err
			}()
		}
		assert.Equal(t, 800*time.Millisecond, took(func() {
			for range 8 {
				assert.NoError(t, <-errs)
			}
		}))
		require.NoError(t, s.Close())
	})
}
