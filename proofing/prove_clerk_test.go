package proofing_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/audit"
	"chipproof/cardreader"
	"chipproof/proofing"
	"chipproof/proofing/proof"
)

// says is a clerk who answers with these facts, whatever is wanted.
func says(facts ...proofing.Fact) person {
	return func(context.Context, proofing.View, []proofing.Kind) ([]proofing.Fact, error) { return facts, nil }
}

func seen(outcome proofing.Outcome) proofing.Fact {
	return proofing.Fact{Kind: proofing.FaceVisual, Outcome: outcome, By: clerk}
}

func TestOfTwoStatementsTheFirstCounts(t *testing.T) {
	for first, want := range map[proofing.Outcome]proofing.Decision{proofing.Failed: proofing.Rejected, proofing.Passed: proofing.Accepted} {
		second := map[proofing.Outcome]proofing.Outcome{proofing.Failed: proofing.Passed, proofing.Passed: proofing.Failed}[first]
		d := newDesk(t, "default")
		result, err := d.prover.Prove(t.Context(), d.asks(nil), says(seen(first), seen(second)), nil)
		require.NoError(t, err)
		assert.Equal(t, want, result.Verdict.Decision)
	}
}

// A statement is what was seen, by whom and when; how it was seen is no statement,
// and what only machines establish nobody can state.
func TestWhatAClerkCannotState(t *testing.T) {
	for name, said := range map[string]proofing.Fact{
		"what was not wanted":       {Kind: proofing.CardInspected, Outcome: proofing.Passed, By: clerk},
		"what the chip says":        {Kind: proofing.CardNotExpired, Outcome: proofing.Passed, By: clerk},
		"what the issuer says":      {Kind: proofing.IssuerStatus, Outcome: proofing.Passed, By: clerk},
		"nothing":                   {Kind: proofing.FaceVisual, Outcome: proofing.NotDone, By: clerk},
		"perhaps":                   {Kind: proofing.FaceVisual, Outcome: proofing.Indeterminate, By: clerk},
		"something without a name":  {Kind: proofing.FaceVisual, Outcome: proofing.Passed},
		"something of its own kind": {Kind: "looks_honest", Outcome: proofing.Passed, By: clerk},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t, "default")
			result, err := d.prover.Prove(t.Context(), d.asks(nil), says(said), nil)
			assert.Error(t, err)
			assert.Nil(t, result)
			assert.Empty(t, d.office.Entries(audit.KindProofing))
		})
	}
	d := newDesk(t, "default")
	said := seen(proofing.Passed)
	said.How, said.Code, said.Desc, said.Reference, said.PrintedExpiry = proofing.ByChipData, "0", "ดี", "issuer_record", proofing.PrintedInForce
	said.At = proofing.StampOf(d.office.Clock.Now().Add(-time.Minute))
	result, err := d.prover.Prove(t.Context(), d.asks(nil), says(said), nil)
	require.NoError(t, err)
	assert.Equal(t, proofing.Fact{
		Kind: proofing.FaceVisual, Outcome: proofing.Passed, At: said.At, By: clerk, How: proofing.InPersonAgainst,
	}, result.Verdict.Facts.Of(proofing.FaceVisual))
}

// Two statements are one visit: both are asked at once.
func TestTheRequestsNeedsAreAskedBesideThePurposes(t *testing.T) {
	d := newDesk(t, "default")
	asked := &asking{clerk: agrees("")}
	result, err := d.prover.Prove(t.Context(), d.asks(func(r *proof.Request) { r.Needs = []string{"card_inspected"} }), asked, nil)
	require.NoError(t, err)
	assert.Equal(t, 1, asked.times)
	assert.Equal(t, []proofing.Kind{proofing.CardInspected, proofing.FaceVisual}, asked.wanted)
	p := d.opened(result.Proof)
	assert.NoError(t, proof.Demand{Methods: []string{"vdig", "vpip", "pvp"}}.Check(p, nil, d.office.Clock.Now()))
}

// A purpose without a clerk's fact waits for nobody, and reads no photo.
func TestAPurposeThatNeedsNoClerkAsksNone(t *testing.T) {
	d := newDesk(t, "default")
	a := d.asks(nil)
	a.Purpose.Needs = []proofing.Kind{proofing.ChipRead, proofing.IDChecksum}
	asked := &asking{clerk: agrees("")}
	result, err := d.prover.Prove(t.Context(), a, asked, nil)
	require.NoError(t, err)
	assert.Equal(t, proofing.Accepted, result.Verdict.Decision)
	assert.Zero(t, asked.times)
	assert.Equal(t, proofing.NotDone, result.Verdict.Facts.Of(proofing.ChipPhoto).Outcome)
	assert.Less(t, d.card.Exchanges(), 20, "no photo was read for nobody's eyes")
}

func TestTheVerificationIsAsOldAsItsLastFact(t *testing.T) {
	d := newDesk(t, "default")
	result, err := d.prover.Prove(t.Context(), d.asks(nil), person(func(ctx context.Context, v proofing.View, wanted []proofing.Kind) ([]proofing.Fact, error) {
		d.office.Clock.Forward(40 * time.Second)
		defer d.office.Clock.Forward(20 * time.Second)
		said, err := agrees("")(ctx, v, wanted)
		said[0].At = proofing.StampOf(d.office.Clock.Now())
		return said, err
	}), nil)
	require.NoError(t, err)
	p := d.opened(result.Proof)
	assert.Equal(t, "2026-11-23T08:00:40+07:00", p.Verified.Reveal().Verification.Time.String())
	assert.Equal(t, d.office.Clock.Now().Unix(), p.IssuedAt, "signed twenty seconds later")
}

// Where the purpose wants two persons, the second is one who stated nothing, and
// sees what the first one stated.
func TestTwoPersons(t *testing.T) {
	for approver, want := range map[string]proofing.Decision{"": proofing.Inconclusive, clerk: proofing.Inconclusive, "u-0043": proofing.Accepted} {
		d := newDesk(t, "default")
		a := d.asks(nil)
		a.Purpose.TwoPersons = true
		result, err := d.prover.Prove(t.Context(), a, pair{agrees(""), func(_ context.Context, v proofing.View) (string, error) {
			assert.Equal(t, clerk, v.Facts.Of(proofing.FaceVisual).By)
			assert.NotNil(t, v.Identity)
			return approver, nil
		}}, nil)
		require.NoError(t, err)
		assert.Equal(t, want, result.Verdict.Decision, approver)
	}
}

func TestASecondPersonWhoSaysNoEndsTheProofing(t *testing.T) {
	d := newDesk(t, "default")
	no := errors.New("declined")
	a := d.asks(nil)
	a.Purpose.TwoPersons = true
	_, err := d.prover.Prove(t.Context(), a, pair{agrees(""), func(context.Context, proofing.View) (string, error) { return "", no }}, nil)
	require.ErrorIs(t, err, no)
	assert.Empty(t, d.office.Entries(audit.KindProofing), "nothing was decided")
}

func TestTheCardMustStayUntilTheSecondPersonHasSpoken(t *testing.T) {
	d := newDesk(t, "default")
	a := d.asks(nil)
	a.Purpose.TwoPersons = true
	_, err := d.prover.Prove(t.Context(), a, pair{agrees(""), func(ctx context.Context, _ proofing.View) (string, error) {
		require.NoError(t, d.Remove(readerName))
		<-ctx.Done()
		return "u-0043", nil
	}}, nil)
	require.ErrorIs(t, err, cardreader.ErrCardRemoved)
	assert.Empty(t, d.office.Entries(audit.KindProofing))
}
