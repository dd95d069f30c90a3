package proofing_test

import (
	"context"
	"errors"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/audit"
	"chipproof/proofing"
	"chipproof/proofing/proof"
	"chipproof/proofing/thaiid"
)

// The whole story, once: a site asks, the clerk looks, the site gets a proof of
// what was recorded.
func TestAProofingIsReadJudgedRecordedSignedAndAnswered(t *testing.T) {
	d := newDesk(t, "default")
	a := d.asks(nil)
	var steps []thaiid.Progress
	var seen proofing.View
	looks := person(func(ctx context.Context, v proofing.View, wanted []proofing.Kind) ([]proofing.Fact, error) {
		seen = v
		return agrees("")(ctx, v, wanted)
	})
	result, err := d.prover.Prove(t.Context(), a, looks, func(p thaiid.Progress) { steps = append(steps, p) })
	require.NoError(t, err)

	assert.Equal(t, proofing.Accepted, result.Verdict.Decision)
	assert.Empty(t, result.Verdict.Reasons)
	assert.Equal(t, a.ID, result.ID)
	assert.Equal(t, "pf-20261123-000001", result.Txn)
	assert.NotEmpty(t, steps)
	assert.Equal(t, []proofing.Kind{proofing.FaceVisual}, seen.Wanted)
	assert.NotEmpty(t, seen.Identity.Photo.Bytes(), "the clerk has a photo to compare with")
	assert.Equal(t, "1101700230708", result.Identity.CitizenID.Reveal())
	assert.Empty(t, result.Identity.Photo.Bytes(), "and the site, which didn't ask for it, does not")

	face := result.Verdict.Facts.Of(proofing.FaceVisual)
	assert.Equal(t, proofing.Fact{
		Kind: proofing.FaceVisual, Outcome: proofing.Passed, At: proofing.StampOf(d.office.Clock.Now()), By: clerk, How: proofing.InPersonAgainst,
	}, face)
	assert.Equal(t, proofing.BySimulator, result.Verdict.Facts.Of(proofing.ChipRead).How)

	p := d.opened(result.Proof)
	assert.Equal(t, a.Request.Nonce, p.Nonce)
	assert.Equal(t, result.Txn, p.Txn)
	assert.Equal(t, "1101700230708", p.Verified.Reveal().Claims.CitizenID)
	assert.Nil(t, p.PhotoDigest)
	require.NoError(t, proof.Demand{Methods: []string{"vdig", "pvp"}}.Check(p, nil, d.office.Clock.Now()))

	record, found, err := d.office.Records.Proofing(t.Context(), result.Txn)
	require.NoError(t, err)
	require.True(t, found)
	assert.Equal(t, result.Verdict, record.Verdict)
	assert.Len(t, d.office.Entries(audit.KindProofing), 1)
	recomputed, err := proofing.Recompute(record, d.prover.Policy.Content())
	require.NoError(t, err)
	want, err := proofing.EncodeVerdict(result.Verdict)
	require.NoError(t, err)
	assert.Equal(t, string(want), string(recomputed), "from what is kept the same comes out, byte for byte")
}

func TestOurOwnConsoleGetsAResultWithoutAProof(t *testing.T) {
	d := newDesk(t, "default")
	d.prover.Signing = nil
	result, err := d.prover.Prove(t.Context(), d.consoleAsks(proofing.IdentityProofing), agrees(""), nil)
	require.NoError(t, err)
	assert.Equal(t, proofing.Accepted, result.Verdict.Decision)
	assert.NotNil(t, result.Identity)
	assert.Empty(t, result.Proof)
}

func TestAClerkWhoSaysNothingInTimeMakesASignedInconclusiveProof(t *testing.T) {
	d := newDesk(t, "default")
	result, err := d.prover.Prove(t.Context(), d.asks(nil), person(silent), nil)
	require.NoError(t, err)
	assert.Equal(t, proofing.Inconclusive, result.Verdict.Decision)
	assert.Equal(t, []string{"face_visual_not_done"}, result.Verdict.Reasons)
	assert.Nil(t, result.Identity, "who forgets to look at the decision finds nobody")
	p := d.opened(result.Proof)
	assert.Equal(t, proof.Inconclusive, p.Decision)
	assert.Nil(t, p.Verified)
	assert.Len(t, d.office.Entries(audit.KindProofing), 1)
}

func TestAClerkWhoDoesNotRecogniseThePersonMakesARejection(t *testing.T) {
	d := newDesk(t, "default")
	result, err := d.prover.Prove(t.Context(), d.asks(nil), person(func(context.Context, proofing.View, []proofing.Kind) ([]proofing.Fact, error) {
		return []proofing.Fact{{Kind: proofing.FaceVisual, Outcome: proofing.Failed, By: clerk}}, nil
	}), nil)
	require.NoError(t, err)
	assert.Equal(t, []string{"face_visual_failed"}, result.Verdict.Reasons)
	assert.Nil(t, result.Identity)
	assert.Nil(t, d.opened(result.Proof).Verified)
}

func TestWithoutAClerkNothingIsWaitedFor(t *testing.T) {
	d := newDesk(t, "default")
	result, err := d.prover.Prove(t.Context(), d.asks(nil), nil, nil)
	require.NoError(t, err)
	assert.Equal(t, proofing.Inconclusive, result.Verdict.Decision)
}

// Whatever ends the wait without an answer ends the proofing without a decision.
func TestAnEndOfTheWaitIsAnErrorAndNoDecision(t *testing.T) {
	declined := errors.New("declined")
	d := newDesk(t, "default")
	result, err := d.prover.Prove(t.Context(), d.asks(nil), person(func(context.Context, proofing.View, []proofing.Kind) ([]proofing.Fact, error) {
		return []proofing.Fact{{Kind: proofing.FaceVisual, Outcome: proofing.Passed, By: clerk}}, declined
	}), nil)
	assert.ErrorIs(t, err, declined)
	assert.Nil(t, result)
	assert.Empty(t, d.office.Entries(audit.KindProofing))
}

func TestWhoAskedAndWentAwayGetsNoDecision(t *testing.T) {
	d := newDesk(t, "default")
	ctx, cancel := context.WithCancel(t.Context())
	result, err := d.prover.Prove(ctx, d.asks(nil), person(func(ctx context.Context, v proofing.View, wanted []proofing.Kind) ([]proofing.Fact, error) {
		cancel()
		return agrees("")(ctx, v, wanted)
	}), nil)
	assert.ErrorIs(t, err, context.Canceled)
	assert.Nil(t, result)
	assert.Empty(t, d.office.Entries(audit.KindProofing))
}

// No entry, no proof: design §6, step 8 fails closed.
func TestWithoutARecordNothingIsSignedAndNothingAnswered(t *testing.T) {
	t.Run("the store is gone", func(t *testing.T) {
		d := newDesk(t, "default")
		a := d.asks(nil)
		signed := d.countsKeys()
		result, err := d.prover.Prove(t.Context(), a, person(func(ctx context.Context, v proofing.View, wanted []proofing.Kind) ([]proofing.Fact, error) {
			d.office.Close()
			return agrees("")(ctx, v, wanted)
		}), nil)
		assert.Error(t, err)
		assert.Nil(t, result)
		assert.LessOrEqual(t, *signed, 2, "the key was asked for before the card was touched, and not afterwards")
	})
	t.Run("the request is not reserved, or used up", func(t *testing.T) {
		d := newDesk(t, "default")
		a := d.asks(nil)
		require.NoError(t, d.office.Records.FreeRequest(t.Context(), proofing.UseOf(a.Request), a.ID))
		result, err := d.prover.Prove(t.Context(), a, agrees(""), nil)
		assert.Error(t, err)
		assert.Nil(t, result)
		assert.Empty(t, d.office.Entries(audit.KindProofing))
	})
}

// The record stands then, as a crash between the two would leave it.
func TestAKeyThatGoesWhileTheClerkLooksGivesNoResult(t *testing.T) {
	d := newDesk(t, "default")
	result, err := d.prover.Prove(t.Context(), d.asks(nil), person(func(ctx context.Context, v proofing.View, wanted []proofing.Kind) ([]proofing.Fact, error) {
		d.loseKey()
		return agrees("")(ctx, v, wanted)
	}), nil)
	assert.ErrorIs(t, err, proofing.ErrKeyUnavailable)
	assert.Nil(t, result)
	assert.Len(t, d.office.Entries(audit.KindProofing), 1)
}

func TestOnlyPurposesForProofsAreProofed(t *testing.T) {
	for _, purpose := range []string{proofing.FormFill, proofing.Compat} {
		d := newDesk(t, "default")
		result, err := d.prover.Prove(t.Context(), d.consoleAsks(purpose), agrees(""), nil)
		assert.Error(t, err)
		assert.Nil(t, result)
		assert.Zero(t, d.card.Exchanges(), "nothing read")
	}
}
