package conformance

import (
	"context"
	"errors"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/cardreader"
)

// sessionChecks are about Connect and what is done with a card.
func sessionChecks() []check {
	return []check{
		{"connects: no such reader", noSuchReader},
		{"connects: no card", noCard},
		{"connects: a context that has ended", connectAfterEnd},
		{"reads a card, and the same insertion again", readsCard},
		{"closes a connection twice", closesTwice},
		{"a reader in use is busy, and free again after close", busyInProcess},
		{"another program gets the card when the first lets go", otherProgram},
		{"two cards are read side by side, and one leaves", sideBySide},
		{"a card that left an idle session is removed", removedWhenIdle},
		{"a card that is torn out is removed, and the next is read", tornOut},
		{"a card put back is another insertion", putBack},
		{"a card's stay outlives its session, and ends when it leaves", stayOutlives},
	}
}

func noSuchReader(t *testing.T, s *suite) {
	const name = "no reader has this name"
	_, err := s.driver.Connect(t.Context(), name)
	assert.ErrorIs(t, err, cardreader.ErrReaderNotFound)
	_, err = s.readers().Open(t.Context(), name)
	assert.ErrorIs(t, err, cardreader.ErrReaderNotFound)
	_, err = s.driver.Connect(t.Context(), "")
	assert.ErrorIs(t, err, cardreader.ErrReaderNotFound)
}

func noCard(t *testing.T, s *suite) {
	_, err := s.driver.Connect(t.Context(), s.first.Reader())
	assert.ErrorIs(t, err, cardreader.ErrCardAbsent)
	_, err = s.readers().Open(t.Context(), s.first.Reader())
	assert.ErrorIs(t, err, cardreader.ErrCardAbsent)
}

func connectAfterEnd(t *testing.T, s *suite) {
	s.insert(t, s.first)
	r := s.readers()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := r.Open(ctx, s.first.Reader())
	assert.ErrorIs(t, err, context.Canceled)
	s.requireReads(t, r, s.first)
}

func readsCard(t *testing.T, s *suite) {
	in := s.insert(t, s.first)
	r := s.readers()
	for range 3 {
		s.requireReads(t, r, s.first)
	}
	assert.Equal(t, in.Counter, s.awaitCard(t, s.first, cardreader.Present).Counter, "reading is no insertion")
}

// closesTwice is about the driver alone. The context of Connect has ended by
// then, which must not matter to the connection.
func closesTwice(t *testing.T, s *suite) {
	s.insert(t, s.first)
	for range 2 {
		ctx, cancel := context.WithTimeout(t.Context(), patience)
		card, err := s.driver.Connect(ctx, s.first.Reader())
		cancel()
		require.NoError(t, err)
		assert.Equal(t, s.card.ATR, card.ATR())
		s.requireAnswers(t, card)
		require.NoError(t, card.Close())
		require.NoError(t, card.Close())
	}
}

func busyInProcess(t *testing.T, s *suite) {
	s.insert(t, s.first)
	r := s.readers()
	session := s.open(t, r, s.first)
	_, err := r.Open(t.Context(), s.first.Reader())
	assert.ErrorIs(t, err, cardreader.ErrReaderBusy)
	s.requireAnswers(t, session)
	require.NoError(t, session.Close())
	s.requireReads(t, r, s.first)
}

// otherProgram is played by other Readers, which know nothing of the first. The
// second opens while the first holds its transaction, or an instant after.
func otherProgram(t *testing.T, s *suite) {
	s.insert(t, s.first)
	session := s.open(t, s.readers(), s.first)
	opened := make(chan error, 1)
	go func() {
		other, err := s.readers().Open(t.Context(), s.first.Reader())
		if err == nil {
			_, err = s.converse(t.Context(), other)
			assert.NoError(t, other.Close())
		}
		opened <- err
	}()
	for range 5 {
		s.requireAnswers(t, session) // nobody comes between
	}
	require.NoError(t, session.Close())
	assert.NoError(t, <-opened)
}

func sideBySide(t *testing.T, s *suite) {
	s.insert(t, s.first)
	s.insert(t, s.second)
	r := s.readers()
	one, two := s.open(t, r, s.first), s.open(t, r, s.second)
	for range 3 {
		s.requireAnswers(t, one)
		s.requireAnswers(t, two)
	}
	s.remove(t, s.first)
	_, err := s.converse(t.Context(), one)
	assert.ErrorIs(t, err, cardreader.ErrCardRemoved)
	s.requireAnswers(t, two)
	assert.NoError(t, two.Unchanged(t.Context()))
}

func removedWhenIdle(t *testing.T, s *suite) {
	s.insert(t, s.first)
	r := s.readers()
	session := s.open(t, r, s.first)
	s.requireAnswers(t, session)
	s.remove(t, s.first)
	_, err := s.converse(t.Context(), session)
	assert.ErrorIs(t, err, cardreader.ErrCardRemoved)
	require.NoError(t, session.Close())

	_, err = r.Open(t.Context(), s.first.Reader())
	assert.ErrorIs(t, err, cardreader.ErrCardAbsent)
	s.insert(t, s.first)
	s.requireReads(t, r, s.first)

	session = s.open(t, r, s.first)
	s.remove(t, s.first)
	assert.ErrorIs(t, session.Unchanged(t.Context()), cardreader.ErrCardRemoved)
}

// tornOut goes on reading while the card is pulled, so that it is pulled in the
// middle of an exchange, or between two, before the service knows.
func tornOut(t *testing.T, s *suite) {
	r := s.readers()
	for range 3 {
		s.insert(t, s.first)
		session := s.open(t, r, s.first)
		s.requireAnswers(t, session)
		pulled := make(chan error, 1)
		go func() { pulled <- s.first.Remove() }()
		ctx, cancel := context.WithTimeout(t.Context(), patience)
		var err error
		for err == nil {
			_, err = s.converse(ctx, session)
		}
		cancel()
		require.NoError(t, <-pulled)
		require.ErrorIs(t, err, cardreader.ErrCardRemoved)
		require.NoError(t, session.Close())
		s.awaitCard(t, s.first, cardreader.Absent)
	}
	s.insert(t, s.first)
	s.requireReads(t, r, s.first)
}

func putBack(t *testing.T, s *suite) {
	s.insert(t, s.first)
	r := s.readers()
	session := s.open(t, r, s.first)
	s.remove(t, s.first)
	s.insert(t, s.first)
	assert.ErrorIs(t, session.Unchanged(t.Context()), cardreader.ErrCardChanged)
	require.NoError(t, session.Close())

	session = s.open(t, r, s.first)
	s.requireAnswers(t, session)
	s.remove(t, s.first)
	s.insert(t, s.first)
	_, err := s.converse(t.Context(), session)
	if errors.Is(err, cardreader.ErrCardReset) { // pcsc-lite calls it that
		err = session.Reconnect(t.Context())
	}
	assertOneOf(t, err, cardreader.ErrCardRemoved, cardreader.ErrCardChanged) // never the next card's answer
	require.NoError(t, session.Close())
	s.requireReads(t, r, s.first)
}

func stayOutlives(t *testing.T, s *suite) {
	s.insert(t, s.first)
	r := s.readers()
	session, err := r.Open(t.Context(), s.first.Reader())
	require.NoError(t, err)
	in := session.Insertion()
	require.NoError(t, session.Close())
	require.NoError(t, r.Still(t.Context(), in))

	over := make(chan error, 1)
	go func() { over <- r.Stay(t.Context(), in) }()
	s.remove(t, s.first)
	assert.ErrorIs(t, <-over, cardreader.ErrCardRemoved)
	assert.ErrorIs(t, r.Still(t.Context(), in), cardreader.ErrCardRemoved)
	s.insert(t, s.first)
	assert.ErrorIs(t, r.Still(t.Context(), in), cardreader.ErrCardChanged)
	assert.ErrorIs(t, r.Stay(t.Context(), in), cardreader.ErrCardChanged)
}
