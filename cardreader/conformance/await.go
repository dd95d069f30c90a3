package conformance

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/apdu"
	"chipproof/cardreader"
)

// await watches until a snapshot is as wanted, and gives it. It holds at the
// same time that a watch ends with its context.
func (s *suite) await(t *testing.T, what string, wanted func([]cardreader.State) bool) []cardreader.State {
	t.Helper()
	limited, stop := context.WithTimeout(t.Context(), patience)
	defer stop()
	ctx, seen := context.WithCancel(limited)
	defer seen()
	var match []cardreader.State
	err := s.driver.Watch(ctx, func(states []cardreader.State) {
		if match == nil && wanted(states) {
			match = append([]cardreader.State{}, states...)
			seen()
		}
	})
	require.NotNil(t, match, "waited %v for %s; watch ended: %v", patience, what, err)
	require.ErrorIs(t, err, context.Canceled, "a watch ends with the error of its context")
	return match
}

// awaitCard watches until the reader shows card, and gives the reader's state.
func (s *suite) awaitCard(t *testing.T, slot Slot, card cardreader.Presence) cardreader.State {
	t.Helper()
	states := s.await(t, slot.Reader()+" "+card.String(), func(states []cardreader.State) bool {
		state, ok := find(states, slot.Reader())
		return ok && state.Card == card
	})
	state, _ := find(states, slot.Reader())
	return state
}

func find(states []cardreader.State, reader string) (cardreader.State, bool) {
	for _, state := range states {
		if state.Reader == reader {
			return state, true
		}
	}
	return cardreader.State{}, false
}

// open opens a session that ends with the subtest.
func (s *suite) open(t *testing.T, r *cardreader.Readers, slot Slot) *cardreader.Session {
	t.Helper()
	session, err := r.Open(t.Context(), slot.Reader())
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, session.Close()) })
	return session
}

// converse selects and reads through a channel of its own.
func (s *suite) converse(ctx context.Context, card apdu.Transmitter) ([]byte, error) {
	ch := apdu.NewChannel(card, apdu.Form{}, apdu.DefaultLimits)
	if err := ch.Run(ctx, s.card.Select); err != nil {
		return nil, err
	}
	return ch.Do(ctx, s.card.Read)
}

// requireAnswers holds that a card says what it must.
func (s *suite) requireAnswers(t *testing.T, card apdu.Transmitter) {
	t.Helper()
	answer, err := s.converse(t.Context(), card)
	require.NoError(t, err)
	require.Equal(t, s.card.Answer, answer)
}

// requireReads holds that a reader is in working order: open, read, close.
func (s *suite) requireReads(t *testing.T, r *cardreader.Readers, slot Slot) {
	t.Helper()
	session, err := r.Open(t.Context(), slot.Reader())
	require.NoError(t, err)
	assert.Equal(t, s.card.ATR, session.ATR())
	s.requireAnswers(t, session)
	require.NoError(t, session.Unchanged(t.Context()))
	require.NoError(t, session.Close())
}

// assertOneOf is for what drivers may tell in more than one way.
func assertOneOf(t *testing.T, err error, wanted ...error) {
	t.Helper()
	for _, w := range wanted {
		if errors.Is(err, w) {
			return
		}
	}
	assert.Fail(t, "wrong error", "one of %v expected, got: %v", wanted, err)
}

// follow collects the events of one reader, and those of the service.
type follow struct {
	events chan cardreader.Event
}

// follow starts Readers.Follow for the length of the subtest and returns when
// the reader has been reported.
func (s *suite) follow(t *testing.T, r *cardreader.Readers, slot Slot) *follow {
	t.Helper()
	f := &follow{events: make(chan cardreader.Event, 1000)}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() {
		ended <- r.Follow(ctx, func(e cardreader.Event) {
			if e.Reader == "" || e.Reader == slot.Reader() {
				f.events <- e
			}
		})
	}()
	t.Cleanup(func() {
		cancel()
		assert.ErrorIs(t, <-ended, context.Canceled)
	})
	f.expect(t, cardreader.ReaderAdded)
	return f
}

// expect takes the next events, which must be these and no others.
func (f *follow) expect(t *testing.T, kinds ...cardreader.EventKind) []cardreader.Event {
	t.Helper()
	var told []cardreader.Event
	for len(told) < len(kinds) {
		told = append(told, f.next(t, kinds[len(told)]))
		require.Equal(t, kinds[:len(told)], kindsOf(told), "last event: %+v", told[len(told)-1])
	}
	return told
}

// expectBack takes events until the service is back. While it comes up it may
// fail in another way than when it went, which is told again.
func (f *follow) expectBack(t *testing.T) {
	t.Helper()
	e := f.next(t, cardreader.ServiceBack)
	for e.Kind == cardreader.ServiceLost {
		e = f.next(t, cardreader.ServiceBack)
	}
	require.Equal(t, cardreader.ServiceBack, e.Kind, "event: %+v", e)
}

// next is the next event, whatever it is.
func (f *follow) next(t *testing.T, waitedFor cardreader.EventKind) cardreader.Event {
	t.Helper()
	select {
	case e := <-f.events:
		return e
	case <-time.After(patience):
		require.Fail(t, "event does not come", "waited %v for %s", patience, waitedFor)
		return cardreader.Event{}
	}
}

func kindsOf(events []cardreader.Event) []cardreader.EventKind {
	var kinds []cardreader.EventKind
	for _, e := range events {
		kinds = append(kinds, e.Kind)
	}
	return kinds
}
