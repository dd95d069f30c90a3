package conformance

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"chipproof/cardreader"
)

// patience is how long the suite waits for a thing that must happen. A virtual
// reader takes up to two seconds to notice a card; a busy machine takes longer.
const patience = 30 * time.Second

// suite is one run.
type suite struct {
	driver cardreader.Driver
	card   Card
	slots  []Slot
	first  Slot
	second Slot
}

type check struct {
	name string
	run  func(t *testing.T, s *suite)
}

// Run holds the driver of rig to the contract of [cardreader.Driver] and
// [cardreader.Card], and to what [cardreader.Readers] makes of it. Every reader
// of the bench is empty when a subtest begins.
func Run(t *testing.T, rig Rig) {
	t.Helper()
	s := &suite{driver: rig.Driver(), card: rig.Card(), slots: rig.Slots()}
	require.GreaterOrEqual(t, len(s.slots), 2, "the bench has two readers at least")
	require.NotEmpty(t, s.card.ATR)
	require.NotEmpty(t, s.card.Answer)
	s.first, s.second = s.slots[0], s.slots[1]

	checks := append(stateChecks(), sessionChecks()...)
	if r, can := rig.(ServiceStopper); can {
		checks = append(checks, serviceChecks(r)...)
	}
	if r, can := rig.(Unplugger); can {
		checks = append(checks, plugChecks(r)...)
	}
	for _, c := range checks {
		t.Run(c.name, func(t *testing.T) {
			s.clear(t)
			c.run(t, s)
		})
	}
	s.clear(t)
}

// readers are new ones for each subtest: nothing that one did can help another.
// A session may take its time here, because the hands of the bench do.
func (s *suite) readers() *cardreader.Readers {
	return cardreader.New(s.driver, cardreader.Options{Session: patience, Idle: patience})
}

// clear empties every reader.
func (s *suite) clear(t *testing.T) {
	t.Helper()
	for _, slot := range s.slots {
		require.NoError(t, slot.Remove())
	}
	for _, slot := range s.slots {
		s.awaitCard(t, slot, cardreader.Absent)
	}
}

// insert puts a card in and gives the state that shows it.
func (s *suite) insert(t *testing.T, slot Slot) cardreader.State {
	t.Helper()
	require.NoError(t, slot.Insert())
	return s.awaitCard(t, slot, cardreader.Present)
}

// remove takes the card out and gives the state that shows it.
func (s *suite) remove(t *testing.T, slot Slot) cardreader.State {
	t.Helper()
	require.NoError(t, slot.Remove())
	return s.awaitCard(t, slot, cardreader.Absent)
}
