package conformance

import (
	"context"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/cardreader"
)

// serviceChecks are for a [ServiceStopper].
func serviceChecks(rig ServiceStopper) []check {
	// A service that is away says so, whoever asks; and it is back for the next
	// subtest whatever this one found.
	away := func(t *testing.T, during func()) {
		t.Helper()
		require.NoError(t, rig.StopService())
		func() {
			defer func() { require.NoError(t, rig.StartService()) }()
			during()
		}()
	}
	return []check{
		{"a stopped service is service down for all", func(t *testing.T, s *suite) {
			r := s.readers()
			away(t, func() {
				_, err := s.driver.List(t.Context())
				assert.ErrorIs(t, err, cardreader.ErrServiceDown)
				ctx, cancel := context.WithTimeout(t.Context(), patience)
				defer cancel()
				assert.ErrorIs(t, s.driver.Watch(ctx, func([]cardreader.State) {}), cardreader.ErrServiceDown)
				_, err = s.driver.Connect(t.Context(), s.first.Reader())
				assert.ErrorIs(t, err, cardreader.ErrServiceDown)
				_, err = r.Open(t.Context(), s.first.Reader())
				assert.ErrorIs(t, err, cardreader.ErrServiceDown)
			})
			s.returns(t, r)
		}},
		{"a service that stops while nobody reads is lost and found", func(t *testing.T, s *suite) {
			r := s.readers()
			f := s.follow(t, r, s.first)
			for range 2 {
				away(t, func() {
					lost := f.expect(t, cardreader.ServiceLost)
					assert.ErrorIs(t, lost[0].Err, cardreader.ErrServiceDown)
				})
				f.expectBack(t)
				f.expect(t, cardreader.ReaderAdded)
			}
			s.insert(t, s.first)
			f.expect(t, cardreader.CardInserted)
			s.requireReads(t, r, s.first)
		}},
		{"a service that stops in a read is service down, and the next read works", func(t *testing.T, s *suite) {
			r := s.readers()
			s.insert(t, s.first)
			session := s.open(t, r, s.first)
			s.requireAnswers(t, session)
			away(t, func() {
				_, err := s.converse(t.Context(), session)
				assert.ErrorIs(t, err, cardreader.ErrServiceDown)
				require.NoError(t, session.Close())
			})
			s.returns(t, r)
		}},
	}
}

// returns holds that the service is in working order again, with the same
// [cardreader.Readers] and driver as before. What is in a reader after the
// service was away depends on the bench, so a new card is inserted.
func (s *suite) returns(t *testing.T, r *cardreader.Readers) {
	t.Helper()
	s.clear(t)
	s.insert(t, s.first)
	s.requireReads(t, r, s.first)
}

// plugChecks are for an [Unplugger].
func plugChecks(rig Unplugger) []check {
	gone := func(t *testing.T, s *suite, during func()) {
		t.Helper()
		name := s.first.Reader()
		require.NoError(t, rig.Unplug(name))
		func() {
			defer func() { require.NoError(t, rig.Plug(name)) }()
			s.await(t, name+" unplugged", func(states []cardreader.State) bool {
				_, there := find(states, name)
				return !there
			})
			during()
		}()
		s.await(t, name+" plugged in", func(states []cardreader.State) bool {
			_, there := find(states, name)
			return there
		})
	}
	return []check{
		{"a reader that is unplugged is told and not found, and is back when plugged in", func(t *testing.T, s *suite) {
			r := s.readers()
			f := s.follow(t, r, s.first)
			gone(t, s, func() {
				f.expect(t, cardreader.ReaderRemoved)
				_, err := r.Open(t.Context(), s.first.Reader())
				assert.ErrorIs(t, err, cardreader.ErrReaderNotFound)
				_, err = s.driver.Connect(t.Context(), s.first.Reader())
				assert.ErrorIs(t, err, cardreader.ErrReaderNotFound)
			})
			f.expect(t, cardreader.ReaderAdded)
			s.insert(t, s.first)
			f.expect(t, cardreader.CardInserted)
			s.requireReads(t, r, s.first)
		}},
		{"a reader that is unplugged in a read takes its card along", func(t *testing.T, s *suite) {
			r := s.readers()
			s.insert(t, s.first)
			s.insert(t, s.second)
			f := s.follow(t, r, s.first)
			f.expect(t, cardreader.CardInserted)
			session, other := s.open(t, r, s.first), s.open(t, r, s.second)
			s.requireAnswers(t, session)
			gone(t, s, func() {
				f.expect(t, cardreader.CardRemoved, cardreader.ReaderRemoved)
				_, err := s.converse(t.Context(), session)
				assertOneOf(t, err, cardreader.ErrReaderNotFound, cardreader.ErrCardRemoved)
				require.NoError(t, session.Close())
				s.requireAnswers(t, other)
			})
			s.clear(t)
			s.insert(t, s.first)
			s.requireReads(t, r, s.first)
		}},
		{"all readers unplugged are an empty list, and no error", func(t *testing.T, s *suite) {
			before, err := s.driver.List(t.Context())
			require.NoError(t, err)
			for _, slot := range s.slots {
				require.NoError(t, rig.Unplug(slot.Reader()))
			}
			left := s.await(t, "readers of the bench unplugged", func(states []cardreader.State) bool {
				return len(states) <= len(before)-len(s.slots)
			})
			for _, slot := range s.slots {
				_, there := find(left, slot.Reader())
				assert.False(t, there)
				require.NoError(t, rig.Plug(slot.Reader()))
			}
			s.clear(t)
			s.insert(t, s.first)
			s.requireReads(t, s.readers(), s.first)
		}},
	}
}
