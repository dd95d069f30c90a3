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

func TestListGivesEveryReaderByName(t *testing.T) {
	h := newHardware(t, desk, back)
	h.insert(desk)
	states, err := cardreader.New(h, cardreader.Options{}).List(t.Context())
	require.NoError(t, err)
	assert.Equal(t, []cardreader.State{
		{Reader: back},
		{Reader: desk, Card: cardreader.Present, ATR: thaiATR, Counter: 1},
	}, states)
}

func TestListOfNoReaderIsEmptyAndNoError(t *testing.T) {
	states, err := cardreader.New(newHardware(t), cardreader.Options{}).List(t.Context())
	require.NoError(t, err)
	assert.Empty(t, states)
}

// Row 20: an ATR over 33 bytes. Row 10: more than 16 readers.
func TestListTakesOddHardware(t *testing.T) {
	h := newHardware(t)
	for i := range 40 {
		h.plug(string(rune('A' + i)))
	}
	h.set(cardreader.State{Reader: "A", Card: cardreader.Present, ATR: make([]byte, 34)})
	states, err := cardreader.New(h, cardreader.Options{}).List(t.Context())
	require.NoError(t, err)
	require.Len(t, states, 40)
	assert.Equal(t, cardreader.State{Reader: "A", Card: cardreader.Mute}, states[0], "nobody may read such a card")
}

// Row 5: the polkit refusal, and the other answers of a service.
func TestListPassesOnWhatTheServiceSays(t *testing.T) {
	for _, want := range []error{cardreader.ErrServiceDown, cardreader.ErrDenied, cardreader.ErrNotBuiltIn} {
		h := newHardware(t, desk)
		h.stop(want)
		_, err := cardreader.New(h, cardreader.Options{}).List(t.Context())
		assert.ErrorIs(t, err, want)
	}
}

func TestListOfAServiceThatNeverAnswers(t *testing.T) {
	hang := func(t *testing.T) (*hardware, *cardreader.Readers, chan struct{}) {
		h, r := oneCard(t, cardreader.Options{})
		release := make(chan struct{})
		h.onList = func(context.Context) error { <-release; return nil }
		return h, r, release
	}
	inBubble(t, "is service down after the limit", func(t *testing.T) {
		_, r, release := hang(t)
		defer close(release)
		var err error
		assert.Equal(t, 5*time.Second, took(func() { _, err = r.List(t.Context()) }))
		assert.ErrorIs(t, err, cardreader.ErrServiceDown)
	})
	inBubble(t, "is service down for opening too, not a slow card", func(t *testing.T) {
		_, r, release := hang(t)
		defer close(release)
		_, err := r.Open(t.Context(), desk)
		assert.ErrorIs(t, err, cardreader.ErrServiceDown)
		assert.NotErrorIs(t, err, cardreader.ErrCardTimeout)
	})
	inBubble(t, "ends at once when the caller gives up", func(t *testing.T) {
		_, r, release := hang(t)
		defer close(release)
		ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
		defer cancel()
		var err error
		assert.Equal(t, time.Millisecond, took(func() { _, err = r.List(ctx) }))
		assert.ErrorIs(t, err, context.DeadlineExceeded)
		assert.NotErrorIs(t, err, cardreader.ErrServiceDown)
	})
	inBubble(t, "collects a bounded number of calls and works again afterwards", func(t *testing.T) {
		h, r, release := hang(t)
		calls := 0
		h.onList = func(context.Context) error { h.count(&calls, 1); <-release; return nil }
		for range 50 {
			_, err := r.List(t.Context())
			require.ErrorIs(t, err, cardreader.ErrServiceDown)
		}
		assert.LessOrEqual(t, h.counted(&calls), 16)
		close(release)
		synctest.Wait()
		requireReads(t, r, desk)
	})
}

func TestListForACallerWhoGaveUpAsksNobody(t *testing.T) {
	h, r := oneCard(t, cardreader.Options{})
	h.onList = func(context.Context) error { assert.Fail(t, "asked"); return nil }
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := r.List(ctx)
	assert.ErrorIs(t, err, context.Canceled)
}

func TestPresenceIsAWord(t *testing.T) {
	assert.Equal(t, "absent", cardreader.Absent.String())
	assert.Equal(t, "present", cardreader.Present.String())
	assert.Equal(t, "mute", cardreader.Mute.String())
	assert.Equal(t, "unknown", cardreader.Presence(9).String())
}
