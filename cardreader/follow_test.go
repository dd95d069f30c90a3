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

// story collects events as short words, "card_inserted Desk reader 00".
type story struct {
	mu    sync.Mutex
	words []string
	last  cardreader.Event
}

func (s *story) tell(e cardreader.Event) {
	s.mu.Lock()
	defer s.mu.Unlock()
	word := string(e.Kind)
	if e.Reader != "" {
		word += " " + e.Reader
	}
	s.words = append(s.words, word)
	s.last = e
}

// since gives what was told since it was asked last, once all is told.
func (s *story) since() []string {
	synctest.Wait()
	s.mu.Lock()
	defer s.mu.Unlock()
	words := s.words
	s.words = nil
	return words
}

// follow starts Follow; stop ends it and holds that it ends at once, by the
// caller's error.
func follow(t *testing.T, r *cardreader.Readers) (s *story, stop func()) {
	s = &story{}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- r.Follow(ctx, s.tell) }()
	return s, func() {
		cancel()
		assert.Zero(t, took(func() { assert.ErrorIs(t, <-ended, context.Canceled) }))
	}
}

func TestFollowTellsWhatIsThereAndWhatChanges(t *testing.T) {
	inBubble(t, "readers and cards", func(t *testing.T) {
		h, r := oneCard(t, cardreader.Options{})
		s, stop := follow(t, r)
		defer stop()
		assert.Equal(t, []string{"reader_added " + desk, "card_inserted " + desk}, s.since())
		assert.Equal(t, cardreader.Event{Kind: cardreader.CardInserted, Reader: desk, ATR: thaiATR, Counter: 1}, s.last)

		h.remove(desk)
		assert.Equal(t, []string{"card_removed " + desk}, s.since())
		assert.Equal(t, uint16(2), s.last.Counter)

		h.plug(back)
		assert.Equal(t, []string{"reader_added " + back}, s.since(), "row 10: plugged in after start")
		h.insert(back)
		h.insert(desk)
		assert.ElementsMatch(t, []string{"card_inserted " + back, "card_inserted " + desk}, s.since(), "row 9: two at once")

		h.unplug(back)
		assert.Equal(t, []string{"card_removed " + back, "reader_removed " + back}, s.since())
		h.unplug(desk)
		assert.Equal(t, []string{"card_removed " + desk, "reader_removed " + desk}, s.since(), "the last one")
		h.move("Desk reader 02", cardreader.Mute, nil)
		assert.Equal(t, []string{"reader_added Desk reader 02", "card_mute Desk reader 02"}, s.since(), "row 10: back under another name")
	})
	inBubble(t, "row 36: ten thousand times, on one watch", func(t *testing.T) {
		h, r := oneCard(t, cardreader.Options{})
		s, stop := follow(t, r)
		defer stop()
		s.since()
		for range 10_000 {
			h.remove(desk)
			require.Equal(t, []string{"card_removed " + desk}, s.since())
			h.insert(desk)
			require.Equal(t, []string{"card_inserted " + desk}, s.since())
		}
		assert.Equal(t, 1, h.counted(&h.watches))
	})
	inBubble(t, "row 10: a composite reader that comes and goes", func(t *testing.T) {
		h, r := oneCard(t, cardreader.Options{})
		s, stop := follow(t, r)
		defer stop()
		s.since()
		for range 1000 {
			h.plug(back)
			require.Equal(t, []string{"reader_added " + back}, s.since())
			h.unplug(back)
			require.Equal(t, []string{"reader_removed " + back}, s.since())
		}
		assert.Equal(t, 1, h.counted(&h.watches))
	})
}

func TestFollowOutlivesTheService(t *testing.T) {
	// Row 4: pcscd killed when idle. Row 3: Windows stops it with the last reader.
	for outage, limit := range map[time.Duration]time.Duration{
		50 * time.Millisecond: 100 * time.Millisecond,
		time.Second:           time.Second, // under 2 s after a short outage
		time.Minute:           5 * time.Second,
		10 * time.Hour:        5 * time.Second,
	} {
		inBubble(t, fmt.Sprintf("of %v: asks seldom, and is back soon", outage), func(t *testing.T) {
			h, r := oneCard(t, cardreader.Options{})
			s, stop := follow(t, r)
			defer stop()
			s.since()
			pass(time.Minute)
			h.stop(cardreader.ErrServiceDown)
			assert.Equal(t, []string{"service_lost"}, s.since())
			require.ErrorIs(t, s.last.Err, cardreader.ErrServiceDown)

			pass(outage)
			assert.Empty(t, s.since(), "said once")
			assert.LessOrEqual(t, h.counted(&h.watches), 10+int(outage/(5*time.Second)), "the processor is idle meanwhile")
			h.start()
			pass(limit)
			assert.Equal(t, []string{"service_back", "reader_added " + desk, "card_inserted " + desk}, s.since(),
				"all anew: nobody knows what happened meanwhile")
			h.remove(desk)
			assert.Equal(t, []string{"card_removed " + desk}, s.since())
		})
	}
	inBubble(t, "that is away from the start", func(t *testing.T) {
		h, r := oneCard(t, cardreader.Options{})
		h.stop(cardreader.ErrServiceDown)
		s, stop := follow(t, r)
		defer stop()
		assert.Equal(t, []string{"service_lost"}, s.since())
		h.start()
		pass(100 * time.Millisecond)
		assert.Equal(t, []string{"service_back", "reader_added " + desk, "card_inserted " + desk}, s.since())
	})
	for _, reason := range []error{cardreader.ErrDenied, cardreader.ErrNotBuiltIn} {
		inBubble(t, "row 5: that says "+reason.Error(), func(t *testing.T) {
			h, r := oneCard(t, cardreader.Options{})
			h.stop(cardreader.ErrServiceDown)
			s, stop := follow(t, r)
			defer stop()
			assert.Equal(t, []string{"service_lost"}, s.since())
			h.stop(reason)
			pass(time.Minute)
			assert.Equal(t, []string{"service_lost"}, s.since(), "again, since the remedy is another")
			require.ErrorIs(t, s.last.Err, reason)
			h.start()
			pass(5 * time.Second)
			assert.Equal(t, []string{"service_back", "reader_added " + desk, "card_inserted " + desk}, s.since())
		})
	}
	inBubble(t, "that stops many times is back as soon each time", func(t *testing.T) {
		h, r := oneCard(t, cardreader.Options{})
		s, stop := follow(t, r)
		defer stop()
		s.since()
		for range 20 {
			pass(time.Second)
			h.stop(cardreader.ErrServiceDown)
			require.Equal(t, []string{"service_lost"}, s.since())
			h.start()
			pass(100 * time.Millisecond)
			require.Len(t, s.since(), 3)
		}
	})
	inBubble(t, "that dies each time it has answered is asked ever more seldom", func(t *testing.T) {
		h, r := oneCard(t, cardreader.Options{})
		h.onWatch = func(_ context.Context, report func([]cardreader.State)) error {
			report(nil)
			return nil
		}
		s, stop := follow(t, r)
		defer stop()
		pass(time.Hour)
		assert.Less(t, h.counted(&h.watches), 730)
		s.since()
		require.ErrorIs(t, s.last.Err, cardreader.ErrServiceDown, "an end without a reason")
	})
	inBubble(t, "that takes the call and never answers", func(t *testing.T) {
		h, r := oneCard(t, cardreader.Options{})
		release := make(chan struct{})
		h.onWatch = func(_ context.Context, report func([]cardreader.State)) error {
			<-release
			report([]cardreader.State{{Reader: "of long ago"}})
			return cardreader.ErrServiceDown
		}
		s, stop := follow(t, r)
		defer stop()
		pass(4 * time.Second)
		assert.Empty(t, s.since())
		pass(time.Hour)
		assert.Equal(t, []string{"service_lost"}, s.since())
		assert.Equal(t, 4, h.counted(&h.watching), "no more than these hang")
		h.onWatch = nil
		close(release)
		pass(5 * time.Second)
		assert.Equal(t, []string{"service_back", "reader_added " + desk, "card_inserted " + desk}, s.since())
	})
}

func TestFollowEndsWithItsContext(t *testing.T) {
	inBubble(t, "though the watch hangs", func(t *testing.T) {
		h, r := oneCard(t, cardreader.Options{})
		release := make(chan struct{})
		h.onWatch = func(_ context.Context, report func([]cardreader.State)) error {
			report(nil)
			<-release
			report([]cardreader.State{{Reader: desk}})
			return nil
		}
		s, stop := follow(t, r)
		pass(time.Second)
		stop()
		close(release)
		assert.Empty(t, s.since(), "nothing is told after the end")
	})
	inBubble(t, "during a pause", func(t *testing.T) {
		h, r := oneCard(t, cardreader.Options{})
		h.stop(cardreader.ErrServiceDown)
		_, stop := follow(t, r)
		pass(time.Minute)
		stop()
	})
	inBubble(t, "before it began", func(t *testing.T) {
		_, r := oneCard(t, cardreader.Options{})
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		assert.ErrorIs(t, r.Follow(ctx, func(cardreader.Event) {}), context.Canceled)
	})
}

// Row 8: notifications that come twice, late or never.
func TestFollowComparesStatesAndCountsOnNoNotification(t *testing.T) {
	card := func(counter uint16, presence cardreader.Presence, atr ...byte) []cardreader.State {
		return []cardreader.State{{Reader: desk, Card: presence, ATR: atr, Counter: counter}}
	}
	const in, out, mute = cardreader.Present, cardreader.Absent, cardreader.Mute
	const added, removed, inserted, silent = "reader_added " + desk, "card_removed " + desk, "card_inserted " + desk, "card_mute " + desk
	for name, row := range map[string]struct {
		snapshots [][]cardreader.State
		want      []string
	}{
		"twice the same":                        {[][]cardreader.State{card(1, in, 0x3B), card(1, in, 0x3B), card(1, in, 0x3B)}, []string{added, inserted}},
		"a swap seen by the counter alone":      {[][]cardreader.State{card(1, in, 0x3B), card(3, in, 0x3B)}, []string{added, inserted, removed, inserted}},
		"row 7: a swap over the wrap":           {[][]cardreader.State{card(65535, in, 0x3B), card(1, in, 0x3B)}, []string{added, inserted, removed, inserted}},
		"row 7: a removal over the wrap":        {[][]cardreader.State{card(65535, in, 0x3B), card(0, out)}, []string{added, inserted, removed}},
		"a removal never reported":              {[][]cardreader.State{card(1, in, 0x3B), card(4, out)}, []string{added, inserted, removed}},
		"a card that came and went unseen":      {[][]cardreader.State{card(0, out), card(2, out)}, []string{added}},
		"a driver that forgets to count":        {[][]cardreader.State{card(0, out), card(0, in, 0x3B), card(0, out)}, []string{added, inserted, removed}},
		"a card that answers at last":           {[][]cardreader.State{card(1, mute), card(1, in, 0x3B)}, []string{added, silent, inserted}},
		"a card that falls silent":              {[][]cardreader.State{card(1, in, 0x3B), card(1, mute)}, []string{added, inserted, silent}},
		"a mute card in place of a good one":    {[][]cardreader.State{card(1, in, 0x3B), card(3, mute)}, []string{added, inserted, removed, silent}},
		"an ATR that is read late":              {[][]cardreader.State{card(1, in), card(1, in, 0x3B)}, []string{added, inserted}},
		"a replug that starts the count again":  {[][]cardreader.State{card(1, in, 0x3B, 1), card(1, in, 0x3B, 2)}, []string{added, inserted, removed, inserted}},
		"an ATR longer than any (row 20)":       {[][]cardreader.State{card(1, in, make([]byte, 34)...)}, []string{added, silent}},
		"a reader named twice":                  {[][]cardreader.State{append(card(1, in, 0x3B), card(7, out)...)}, []string{added, inserted}},
		"readers that vanish all at once":       {[][]cardreader.State{card(1, in, 0x3B), nil}, []string{added, inserted, removed, "reader_removed " + desk}},
		"an empty room":                         {[][]cardreader.State{nil, nil}, nil},
		"an inserted card that is late by much": {[][]cardreader.State{nil, card(9, in, 0x3B)}, []string{added, inserted}},
	} {
		inBubble(t, name, func(t *testing.T) {
			h, r := oneCard(t, cardreader.Options{})
			h.onWatch = func(ctx context.Context, report func([]cardreader.State)) error {
				for _, states := range row.snapshots {
					report(states)
					for i := range states {
						clear(states[i].ATR)
						states[i] = cardreader.State{Reader: "the driver uses its memory again"}
					}
				}
				<-ctx.Done()
				return ctx.Err()
			}
			s, stop := follow(t, r)
			defer stop()
			assert.Equal(t, row.want, s.since())
		})
	}
}

// Row 8: changes that come faster than they are told are not lost.
func TestFollowWaitsForASlowListener(t *testing.T) {
	inBubble(t, "and tells what is so at the end", func(t *testing.T) {
		h, r := oneCard(t, cardreader.Options{})
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		s := &story{}
		go func() {
			_ = r.Follow(ctx, func(e cardreader.Event) { pass(time.Second); s.tell(e) })
		}()
		for range 5 {
			h.remove(desk)
			h.insert(desk)
			pass(100 * time.Millisecond)
		}
		h.remove(desk)
		pass(time.Minute)
		words := s.since()
		assert.Equal(t, "card_removed "+desk, words[len(words)-1])
	})
}
