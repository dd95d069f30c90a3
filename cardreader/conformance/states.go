package conformance

import (
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/cardreader"
)

// stateChecks are about List, Watch and Follow.
func stateChecks() []check {
	return []check{
		{"lists every reader, by name, empty", listsReaders},
		{"lists a card with its ATR", listsCard},
		{"says of every reader whether it is simulated, with a card and without", saysSimulated},
		{"watches: the first snapshot comes at once", firstSnapshot},
		{"watches: a card that comes and goes moves the counter each time", counterMoves},
		{"watches: two watches see the same", twoWatches},
		{"watches: ends with its context, also before it began", watchEnds},
		{"follows: a card comes and goes, twice", followsCard},
		{"follows: a card that was there before", followsCardBefore},
		{"follows: each reader by itself", followsEachReader},
	}
}

func listsReaders(t *testing.T, s *suite) {
	states, err := s.driver.List(t.Context())
	require.NoError(t, err)
	assert.True(t, slices.IsSortedFunc(states, func(a, b cardreader.State) int {
		return strings.Compare(a.Reader, b.Reader)
	}), "sorted by name")
	for _, slot := range s.slots {
		state, ok := find(states, slot.Reader())
		require.True(t, ok, slot.Reader())
		assert.Equal(t, cardreader.Absent, state.Card)
		assert.Empty(t, state.ATR)
	}
}

func listsCard(t *testing.T, s *suite) {
	seen := s.insert(t, s.second)
	states, err := s.driver.List(t.Context())
	require.NoError(t, err)
	state, ok := find(states, s.second.Reader())
	require.True(t, ok)
	assert.Equal(t, seen, state, "List and Watch tell the same")
	assert.Equal(t, cardreader.Present, state.Card)
	assert.Equal(t, s.card.ATR, state.ATR)
	other, ok := find(states, s.first.Reader())
	require.True(t, ok)
	assert.Equal(t, cardreader.Absent, other.Card, "the card is in one reader alone")
}

func saysSimulated(t *testing.T, s *suite) {
	r := s.readers()
	marked := func(slot Slot) bool {
		states, err := r.List(t.Context())
		require.NoError(t, err)
		state, ok := find(states, slot.Reader())
		require.True(t, ok, slot.Reader())
		return state.Simulated
	}
	for _, slot := range s.slots {
		assert.Equal(t, s.card.Simulated, marked(slot), "%s, empty", slot.Reader())
	}
	s.insert(t, s.first)
	assert.Equal(t, s.card.Simulated, marked(s.first), "with a card")
	session, err := r.Open(t.Context(), s.first.Reader())
	require.NoError(t, err)
	assert.Equal(t, s.card.Simulated, session.Simulated(), "of the session")
	require.NoError(t, session.Close())
}

func firstSnapshot(t *testing.T, s *suite) {
	listed, err := s.driver.List(t.Context())
	require.NoError(t, err)
	var first []cardreader.State
	s.await(t, "any snapshot", func(states []cardreader.State) bool {
		if first == nil {
			first = append([]cardreader.State{}, states...)
		}
		return true
	})
	assert.Equal(t, listed, first)
}

func counterMoves(t *testing.T, s *suite) {
	empty := s.awaitCard(t, s.first, cardreader.Absent)
	in := s.insert(t, s.first)
	assert.Equal(t, s.card.ATR, in.ATR)
	assert.NotEqual(t, empty.Counter, in.Counter)
	out := s.remove(t, s.first)
	assert.Empty(t, out.ATR)
	assert.NotEqual(t, in.Counter, out.Counter)
	again := s.insert(t, s.first)
	assert.NotEqual(t, in.Counter, again.Counter, "the same card, another insertion")
	assert.NotEqual(t, out.Counter, again.Counter)
}

// twoWatches: every watcher has a context of its own, so one does not take the
// other's news.
func twoWatches(t *testing.T, s *suite) {
	r := s.readers()
	one, two := s.follow(t, r, s.first), s.follow(t, r, s.first)
	s.insert(t, s.first)
	one.expect(t, cardreader.CardInserted)
	two.expect(t, cardreader.CardInserted)
}

func watchEnds(t *testing.T, s *suite) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	assert.ErrorIs(t, s.driver.Watch(ctx, func([]cardreader.State) {}), context.Canceled)
	// While it waits: await ends every watch like that.
	s.await(t, "any snapshot", func([]cardreader.State) bool { return true })
}

func followsCard(t *testing.T, s *suite) {
	f := s.follow(t, s.readers(), s.first)
	for range 2 {
		in := s.insert(t, s.first)
		told := f.expect(t, cardreader.CardInserted)
		assert.Equal(t, s.card.ATR, told[0].ATR)
		assert.Equal(t, in.Counter, told[0].Counter)
		s.remove(t, s.first)
		f.expect(t, cardreader.CardRemoved)
	}
}

func followsCardBefore(t *testing.T, s *suite) {
	s.insert(t, s.first)
	f := s.follow(t, s.readers(), s.first)
	f.expect(t, cardreader.CardInserted)
	s.remove(t, s.first)
	f.expect(t, cardreader.CardRemoved)
}

func followsEachReader(t *testing.T, s *suite) {
	r := s.readers()
	one, two := s.follow(t, r, s.first), s.follow(t, r, s.second)
	s.insert(t, s.second)
	two.expect(t, cardreader.CardInserted)
	s.insert(t, s.first)
	one.expect(t, cardreader.CardInserted)
	s.remove(t, s.second)
	two.expect(t, cardreader.CardRemoved)
	s.remove(t, s.first)
	one.expect(t, cardreader.CardRemoved) // and nothing of the other reader before
}
