package cardreader

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"pgregory.net/rapid"
)

// drawSnapshot is a room of up to three readers in any state.
func drawSnapshot(t *rapid.T) []State {
	var states []State
	for _, name := range rapid.SliceOfNDistinct(rapid.SampledFrom([]string{"A", "B", "C"}), 0, 3, rapid.ID).Draw(t, "readers") {
		states = append(states, State{
			Reader:  name,
			Card:    rapid.SampledFrom([]Presence{Absent, Present, Mute}).Draw(t, "card"),
			ATR:     rapid.SliceOfN(rapid.Byte(), 0, 2).Draw(t, "ATR"),
			Counter: rapid.SampledFrom([]uint16{0, 1, 2, 65535}).Draw(t, "counter"),
		})
	}
	return clean(states)
}

// Row 8: whatever was missed, who follows the events knows what is there.
func TestEventsLeadFromEachSnapshotToTheNext(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		listener := map[string]Presence{}
		var before []State
		for range rapid.IntRange(1, 6).Draw(t, "snapshots") {
			after := drawSnapshot(t)
			for _, e := range changes(before, after) {
				hear(t, listener, e)
			}
			want := map[string]Presence{}
			for _, s := range after {
				want[s.Reader] = s.Card
			}
			assert.Equal(t, want, listener)
			assert.Empty(t, changes(after, after), "nothing changed, nothing is told")
			before = after
		}
	})
}

// hear takes an event as a listener would who knows nothing else, and holds that
// it makes sense to such a listener.
func hear(t *rapid.T, listener map[string]Presence, e Event) {
	card, known := listener[e.Reader]
	switch e.Kind {
	case ReaderAdded:
		assert.False(t, known, "added twice")
		listener[e.Reader] = Absent
	case ReaderRemoved:
		assert.True(t, known && card == Absent, "its card leaves first")
		delete(listener, e.Reader)
	case CardInserted:
		assert.True(t, known && card != Present, "its reader comes first, and an old card leaves first")
		listener[e.Reader] = Present
	case CardMute:
		assert.True(t, known && card != Mute)
		listener[e.Reader] = Mute
	case CardRemoved:
		assert.True(t, known && card != Absent)
		listener[e.Reader] = Absent
	case ServiceLost, ServiceBack:
		assert.Fail(t, "no matter of readers")
	}
}

// Row 7 and design §5: equality, never greater-than.
func TestEveryMoveOfTheCounterIsAnotherInsertion(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := rapid.Uint16().Draw(t, "a"), rapid.Uint16().Draw(t, "b")
		old, now := State{Reader: "A", Card: Present, Counter: a}, State{Reader: "A", Card: Present, Counter: b}
		assert.Equal(t, a == b, len(changes([]State{old}, []State{now})) == 0)
	})
}
