package cardreader_test

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/cardreader"
)

func TestOpenSessionReadsTheCard(t *testing.T) {
	h, r := oneCard(t, cardreader.Options{})
	s := open(t, r, desk)
	assert.Equal(t, thaiATR, s.ATR())
	number, err := readNumber(t.Context(), s)
	require.NoError(t, err)
	assert.Equal(t, synthetic, number)
	require.NoError(t, s.Close())
	assert.Zero(t, h.contacts(), "Close returns when the card is closed")
	require.NoError(t, s.Close(), "closing twice is fine")
}

func TestATRIsACopy(t *testing.T) {
	_, r := oneCard(t, cardreader.Options{})
	s := open(t, r, desk)
	defer s.Close()
	s.ATR()[0] = 0
	assert.Equal(t, thaiATR, s.ATR())
}

func TestOpenSaysWhatIsWrong(t *testing.T) {
	for name, row := range map[string]struct {
		spoil func(h *hardware)
		want  error
	}{
		"unknown reader":         {func(h *hardware) { h.unplug(desk) }, cardreader.ErrReaderNotFound},
		"no card":                {func(h *hardware) { h.remove(desk) }, cardreader.ErrCardAbsent},
		"mute card":              {func(h *hardware) { h.move(desk, cardreader.Mute, nil) }, cardreader.ErrCardError},
		"service down":           {func(h *hardware) { h.stop(cardreader.ErrServiceDown) }, cardreader.ErrServiceDown},
		"row 5: refused":         {func(h *hardware) { h.stop(cardreader.ErrDenied) }, cardreader.ErrDenied},
		"driver not built in":    {func(h *hardware) { h.stop(cardreader.ErrNotBuiltIn) }, cardreader.ErrNotBuiltIn},
		"refused by connect":     {failConnect(cardreader.ErrDenied), cardreader.ErrDenied},
		"no common protocol":     {failConnect(cardreader.ErrCardUnsupported), cardreader.ErrCardUnsupported},
		"removed, not connected": {failConnect(cardreader.ErrCardRemoved), cardreader.ErrCardAbsent},
		"torn while connecting":  {failConnect(cardreader.ErrTorn), cardreader.ErrCardError},
		"reset while connecting": {failConnect(cardreader.ErrCardReset), cardreader.ErrCardError},
		"row 20: ATR too long": {func(h *hardware) {
			h.set(cardreader.State{Reader: desk, Card: cardreader.Present, ATR: make([]byte, 34)})
		}, cardreader.ErrCardUnsupported},
	} {
		inBubble(t, name, func(t *testing.T) {
			h, r := oneCard(t, cardreader.Options{})
			row.spoil(h)
			_, err := r.Open(t.Context(), desk)
			assert.ErrorIs(t, err, row.want)
			assertHidden(t, err)
			assert.NotErrorIs(t, err, cardreader.ErrCardReset, "there is nothing to reconnect")

			synctest.Wait()
			assert.Zero(t, h.contacts(), "the card is let go")
			h.onConnect = nil
			h.start()
			h.insert(desk)
			requireReads(t, r, desk)
		})
	}
}

func failConnect(err error) func(h *hardware) {
	return func(h *hardware) {
		h.onConnect = func(context.Context, int) error { return err }
	}
}

// Row 20: the longest ATR that can be, and none at all. An ATR is a hint, no gate.
func TestOpenTakesEveryATRThatCanBe(t *testing.T) {
	for _, length := range []int{0, 2, 33} {
		h, r := oneCard(t, cardreader.Options{})
		h.set(cardreader.State{Reader: desk, Card: cardreader.Present, ATR: make([]byte, length)})
		s := open(t, r, desk)
		assert.Len(t, s.ATR(), length)
		require.NoError(t, s.Close())
	}
}

// Row 26: two ask at the same moment.
func TestReaderInUseIsAnAnswerNotAQueue(t *testing.T) {
	inBubble(t, "one of many gets it", func(t *testing.T) {
		_, r := oneCard(t, cardreader.Options{})
		var wait sync.WaitGroup
		sessions, refusals := make(chan *cardreader.Session, 20), make(chan error, 20)
		for range 20 {
			wait.Go(func() {
				s, err := r.Open(t.Context(), desk)
				if err != nil {
					refusals <- err
					return
				}
				sessions <- s
			})
		}
		assert.Zero(t, took(wait.Wait), "the answer comes at once")
		require.Len(t, sessions, 1)
		for range 19 {
			assert.ErrorIs(t, <-refusals, cardreader.ErrReaderBusy)
		}
		require.NoError(t, (<-sessions).Close())
		requireReads(t, r, desk)
	})
	inBubble(t, "an Open that still waits for its card counts as use", func(t *testing.T) {
		h, r := oneCard(t, cardreader.Options{})
		release := make(chan struct{})
		h.onConnect = func(context.Context, int) error { <-release; return nil }
		opened := make(chan *cardreader.Session)
		go func() {
			s, err := r.Open(t.Context(), desk)
			assert.NoError(t, err)
			opened <- s
		}()
		synctest.Wait()
		_, err := r.Open(t.Context(), desk)
		assert.ErrorIs(t, err, cardreader.ErrReaderBusy)
		close(release)
		require.NoError(t, (<-opened).Close())
	})
	inBubble(t, "the other reader is free", func(t *testing.T) {
		h, r := oneCard(t, cardreader.Options{})
		h.plug(back)
		h.insert(back)
		s := open(t, r, desk)
		requireReads(t, r, back)
		require.NoError(t, s.Close())
	})
}

// Row 12: another program has the reader to itself.
func TestSharingViolation(t *testing.T) {
	violate := func(h *hardware, times int) {
		h.onConnect = func(_ context.Context, try int) error {
			if try <= times {
				return cardreader.ErrSharing
			}
			return nil
		}
	}
	for times, wait := range map[int]time.Duration{0: 0, 1: 500 * time.Millisecond, 3: 1500 * time.Millisecond} {
		inBubble(t, "that passes is waited for", func(t *testing.T) {
			h, r := oneCard(t, cardreader.Options{})
			violate(h, times)
			var s *cardreader.Session
			assert.Equal(t, wait, took(func() { s = open(t, r, desk) }))
			require.NoError(t, s.Close())
		})
	}
	inBubble(t, "that stays is reader busy in under 2 s", func(t *testing.T) {
		h, r := oneCard(t, cardreader.Options{})
		violate(h, 1000)
		var err error
		assert.Less(t, took(func() { _, err = r.Open(t.Context(), desk) }), 2*time.Second)
		assert.ErrorIs(t, err, cardreader.ErrReaderBusy)
		assertHidden(t, err)
		assert.Equal(t, 4, h.counted(&h.connects), "one try and three more")
	})
	for slow, tries := range map[time.Duration]int{490 * time.Millisecond: 4, 700 * time.Millisecond: 2, 1900 * time.Millisecond: 1} {
		inBubble(t, fmt.Sprintf("that takes %v to be seen makes no more than 2 s of it", slow), func(t *testing.T) {
			h, r := oneCard(t, cardreader.Options{})
			h.onConnect = func(context.Context, int) error {
				pass(slow)
				return cardreader.ErrSharing
			}
			var err error
			assert.Less(t, took(func() { _, err = r.Open(t.Context(), desk) }), 2*time.Second)
			assert.ErrorIs(t, err, cardreader.ErrReaderBusy)
			assert.Equal(t, tries, h.counted(&h.connects))
		})
	}
	inBubble(t, "is not waited for when the caller gives up", func(t *testing.T) {
		h, r := oneCard(t, cardreader.Options{})
		violate(h, 1000)
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(700*time.Millisecond, cancel)
		var err error
		assert.Equal(t, 700*time.Millisecond, took(func() { _, err = r.Open(ctx, desk) }))
		assert.ErrorIs(t, err, context.Canceled)
		h.onConnect = nil
		requireReads(t, r, desk)
	})
	inBubble(t, "with a card changed meanwhile opens the card that is there", func(t *testing.T) {
		h, r := oneCard(t, cardreader.Options{})
		h.onConnect = func(_ context.Context, try int) error {
			if try == 1 {
				h.remove(desk)
				h.insert(desk)
				return cardreader.ErrSharing
			}
			return nil
		}
		s := open(t, r, desk)
		assert.NoError(t, s.Unchanged(t.Context()))
		require.NoError(t, s.Close())
	})
}
