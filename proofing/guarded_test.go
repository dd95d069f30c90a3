package proofing_test

import (
	"context"
	"log/slog"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/audit"
	"chipproof/proofing"
	"chipproof/proofing/issuer"
	"chipproof/proofing/proof"
)

// broken is an issuer's service with a mistake in it, which tells of the holder.
type broken struct{}

func (broken) CheckCID(_ context.Context, card issuer.Card) (issuer.Answer, error) {
	panic("of " + card.Number.Reveal())
}

func (broken) CheckLaser(context.Context, issuer.Holder) (issuer.Answer, error) {
	panic("of 1101700230708")
}

// A mistake in what runs beside a proofing ends that one, with nobody's data told,
// and leaves the agent as it was.
func TestAPanicBesideAProofingEndsThatProofingAlone(t *testing.T) {
	for name, evidence := range map[string]proof.Evidence{"of a chip": proof.Chip, "of what was typed": proof.Typed} {
		t.Run(name, func(t *testing.T) {
			log := &transcript{}
			d := newDesk(t, "default")
			d.prover.Issuer, d.prover.Log = broken{}, slog.New(slog.NewTextHandler(log, nil))
			keys := d.countsKeys()
			a := d.asks(func(r *proof.Request) {
				r.Evidence, r.IssuerCheck, r.Claimed = evidence, true, proof.NewClaimed(onCard())
			})
			a.Purpose.AskIssuerByLaserCode = true
			result, err := d.prover.Prove(t.Context(), a, person(func(ctx context.Context, _ proofing.View, _ []proofing.Kind) ([]proofing.Fact, error) {
				<-ctx.Done() // no clerk is kept waiting
				return nil, ctx.Err()
			}), nil)
			require.Error(t, err)
			assert.Nil(t, result)
			assert.NotErrorIs(t, err, context.Canceled, "the cause is told, not what followed from it")
			assert.NotContains(t, err.Error(), "1101700230708")
			assert.Contains(t, log.String(), "prove_issuer.go", "whoever mends it finds the place")
			assert.NotContains(t, log.String(), "1101700230708")
			assert.Empty(t, d.office.Entries(audit.KindProofing))
			assert.LessOrEqual(t, *keys, 2, "only whether there is a key was asked")

			d.prover.Issuer = nil
			result, err = d.prover.Prove(t.Context(), d.asks(nil), agrees(""), nil)
			require.NoError(t, err)
			assert.Equal(t, proofing.Accepted, result.Verdict.Decision)
		})
	}
}
