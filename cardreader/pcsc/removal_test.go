//go:build cgo && linux

package pcsc_test

import (
	"context"
	"errors"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/cardreader"
	"chipproof/proofing/thaiid"
)

// agent-security §11 row 1 over a real pcscd: the card is pulled at every
// exchange of a whole read, photo included. In one run it leaves in the middle
// of the exchange, in the other just before. Eight slots share the work, because
// pcscd takes up to 0.4 s to see each card come and go.
func TestACardPulledAtAnyExchangeIsRemoved(t *testing.T) {
	t.Parallel()
	onBench(t, func(t *testing.T, b *bench) {
		b = b.equipped(t, 4)
		// pcscd asks vpcd every 0.4 s whether its card is there, now and then every
		// other time, on a machine that may be busy: what was torn can take longer
		// to show than the 1 s that real readers get.
		b.readers = cardreader.New(b.driver, cardreader.Options{Settle: soon})
		p := person(t, "default")
		total := exchangesOfARead(t, p)
		require.Greater(t, total, 40, "the read has its photo")
		for i, s := range b.slots {
			t.Run(s.Reader, func(t *testing.T) {
				t.Parallel()
				for at := i; at < total; at += len(b.slots) {
					pullInTheMiddle(t, s, at)
					pullBefore(t, s, at)
				}
				s.insert(t, cardOf(t, p))
				s.requireReads(t, p)
			})
		}
	})
}

// pullInTheMiddle first holds that what the previous pull left behind works.
func pullInTheMiddle(t *testing.T, s *slot, at int) {
	t.Helper()
	p := person(t, "default")
	card := oddly(cardOf(t, p))
	s.insert(t, card)
	s.requireReads(t, p)
	card.arm(at, pulled)
	id, err := s.readAll(t.Context(), nil)
	assert.ErrorIs(t, err, cardreader.ErrCardRemoved, "in the middle of exchange %d", at)
	assert.Nil(t, id)
	assert.ErrorIs(t, s.remove(), errPulled)
}

func pullBefore(t *testing.T, s *slot, at int) {
	t.Helper()
	p := person(t, "default")
	s.insert(t, cardOf(t, p))
	s.requireReads(t, p)
	id, err := s.readAll(t.Context(), before(at, func() { _ = s.remove() }))
	assert.ErrorIs(t, err, cardreader.ErrCardRemoved, "before exchange %d", at)
	assert.Nil(t, id)
}

// Row 6: both cards have the same ATR. However fast the hands, no bytes of
// either card come out.
func TestAnotherCardWithTheSameATRIsNeverTakenForTheFirst(t *testing.T) {
	t.Parallel()
	onBench(t, func(t *testing.T, b *bench) {
		p := person(t, "default")
		other := p
		other.CitizenID = "1234567890121" // synthetic
		total := exchangesOfARead(t, p)
		for i, c := range []struct {
			name string
			swap func(s *slot)
		}{
			{"at once", func(s *slot) {
				_ = s.remove()
				s.put(t, cardOf(t, other))
			}},
			{"when pcscd has seen both", func(s *slot) {
				_ = s.remove()
				s.insert(t, cardOf(t, other))
			}},
		} {
			t.Run(c.name, func(t *testing.T) {
				t.Parallel()
				s := b.slots[i]
				for _, at := range []int{1, total / 2, total - 1} {
					s.insert(t, cardOf(t, p))
					id, err := s.readAll(t.Context(), before(at, func() { c.swap(s) }))
					assert.Nil(t, id)
					assertOneOf(t, err, cardreader.ErrCardRemoved, cardreader.ErrCardChanged, cardreader.ErrCardError)
					s.untilPresent(t)
					s.requireReads(t, other)
					_ = s.remove()
				}
			})
		}
	})
}

// Row 25, as far as it goes through PC/SC: the caller leaves at every exchange.
func TestAReadThatIsCancelledLetsTheCardGo(t *testing.T) {
	t.Parallel()
	onBench(t, func(t *testing.T, b *bench) {
		p, s := person(t, "default"), b.slots[0]
		s.insert(t, cardOf(t, p))
		for at := range exchangesOfARead(t, p) {
			ctx, cancel := context.WithCancel(t.Context())
			id, err := s.readAll(ctx, before(at, cancel))
			require.ErrorIs(t, err, context.Canceled)
			require.Nil(t, id)
			s.requireReads(t, p)
		}
	})
}

func assertOneOf(t *testing.T, err error, wanted ...error) {
	t.Helper()
	for _, w := range wanted {
		if errors.Is(err, w) {
			return
		}
	}
	assert.Fail(t, "another error", "one of %v expected, got %v", wanted, err)
}

// Row 20: a card whose answer to reset cannot be one is no card of ours, and is
// not asked anything.
func TestACardWithoutAnAnswerToResetThatCanBeOneIsRefused(t *testing.T) {
	t.Parallel()
	onBench(t, func(t *testing.T, b *bench) {
		s := b.slots[0]
		s.put(t, atr{cardOf(t, person(t, "default")), make([]byte, 34)})
		assert.Equal(t, cardreader.Mute, s.until(t, func(s cardreader.State) bool { return s.Card != cardreader.Absent }).Card)
		_, err := s.readAll(t.Context(), nil)
		assertOneOf(t, err, cardreader.ErrCardUnsupported, cardreader.ErrCardError, thaiid.ErrUnsupported)
	})
}
