//go:build cgo && linux

package proofing_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/cardreader"
	"chipproof/cardreader/pcsc"
	"chipproof/cardreader/pcsc/pcsctest"
	"chipproof/proofing"
	"chipproof/proofing/proof"
	"chipproof/simulator"
)

// virtualDesk is a desk whose reader is vpcd's, through a real pcscd: only its name
// tells that the card is software.
type virtualDesk struct {
	*desk
	slot pcsctest.Slot
}

func newVirtualDesk(t *testing.T, daemon *pcsctest.Daemon) *virtualDesk {
	t.Helper()
	d := newDesk(t, "default")
	d.prover.Readers = cardreader.New(pcsc.New(), cardreader.Options{})
	return &virtualDesk{d, daemon.Slots()[0]}
}

// insert puts a person's card in; the returned function takes it out. Both return
// when the reader shows it, which takes it up to 400 ms.
func (d *virtualDesk) insert(t *testing.T, card *simulator.Card) (take func()) {
	t.Helper()
	link, cut := context.WithCancel(t.Context())
	t.Cleanup(cut)
	go func() { _ = simulator.LinkVPCD(link, d.slot.Addr, card) }() // ends when it is cut
	d.await(t, cardreader.Present)
	return func() {
		cut()
		d.await(t, cardreader.Absent)
	}
}

// await returns when the reader is in that state.
func (d *virtualDesk) await(t *testing.T, card cardreader.Presence) {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	err := pcsc.New().Watch(ctx, func(states []cardreader.State) {
		for _, s := range states {
			if s.Reader == d.slot.Reader && s.Card == card {
				stop()
			}
		}
	})
	require.ErrorIs(t, err, context.Canceled)
}

// The whole story through pcscd: in test mode a proof that says so, in production
// a refusal before the card is touched; and a card that is pulled or swapped while
// the clerk looks is not decided on.
func TestAProofingThroughPCSCD(t *testing.T) {
	pcsctest.Run(t, func(t *testing.T, daemon *pcsctest.Daemon) {
		d := newVirtualDesk(t, daemon)
		take := d.insert(t, d.card)
		asks := func() proofing.Asked {
			a := d.asks(nil)
			a.Reader = d.slot.Reader
			return a
		}

		result, err := d.prover.Prove(t.Context(), asks(), agrees(""), nil)
		require.NoError(t, err)
		assert.Equal(t, proofing.Accepted, result.Verdict.Decision, result.Verdict.Reasons)
		assert.Equal(t, proofing.BySimulator, result.Verdict.Facts.Of(proofing.ChipRead).How)
		assert.Equal(t, proof.Test, d.opened(result.Proof).Mode)

		exchanges := d.card.Exchanges()
		mode := *d.prover.Signing
		d.inProduction()
		_, err = d.prover.Prove(t.Context(), asks(), agrees(""), nil)
		assert.ErrorIs(t, err, proofing.ErrSimulatorRefused)
		assert.Equal(t, exchanges, d.card.Exchanges(), "the card was not touched")
		d.prover.Test, *d.prover.Signing = true, mode

		result, err = d.prover.Prove(t.Context(), asks(), person(func(ctx context.Context, _ proofing.View, wanted []proofing.Kind) ([]proofing.Fact, error) {
			take()
			<-ctx.Done() // the wait ends with the card
			return nil, ctx.Err()
		}), nil)
		assert.ErrorIs(t, err, cardreader.ErrCardRemoved)
		assert.Nil(t, result)

		take = d.insert(t, d.card)
		result, err = d.prover.Prove(t.Context(), asks(), person(func(ctx context.Context, v proofing.View, wanted []proofing.Kind) ([]proofing.Fact, error) {
			take()
			d.insert(t, newCard(t, "middle-name", simulator.CardOptions{}))
			return agrees("")(ctx, v, wanted) // to the clerk nothing happened
		}), nil)
		assert.True(t, isAny(err, []error{cardreader.ErrCardRemoved, cardreader.ErrCardChanged}), "%v", err)
		assert.Nil(t, result)
	})
}
