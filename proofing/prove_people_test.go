package proofing_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/proofing"
	"chipproof/simulator"
)

// What becomes of each of the people who ship, at a desk whose clerk agrees and,
// where the chip has no full expiry date, reads the printed one.
func TestEveryShippedPersonIsProofed(t *testing.T) {
	type outcome struct {
		decision proofing.Decision
		reasons  []string
		expiry   proofing.Outcome
		how      proofing.How
		wanted   []proofing.Kind
	}
	face := []proofing.Kind{proofing.FaceVisual}
	good := outcome{proofing.Accepted, []string{}, proofing.Passed, proofing.ByExpiryOnChip, face}
	want := map[string]outcome{
		"default": good, "alien": good, "full-photo": good, "long-address": good, "middle-name": good, "month-only": good, "no-english-name": good,
		"old-atr": good, "pink-card": good, "sparse": good, "version-2": good, "year-only": good,
		"lifelong":          {proofing.Accepted, []string{}, proofing.Passed, proofing.ByLifelongOnChip, face},
		"expired":           {proofing.Rejected, []string{"card_not_expired_failed"}, proofing.Failed, proofing.ByExpiryOnChip, face},
		"wrong-check-digit": {proofing.Rejected, []string{"id_checksum_failed"}, proofing.Passed, proofing.ByExpiryOnChip, face},
		"blank-expiry": {
			proofing.Accepted,
			[]string{},
			proofing.Indeterminate, proofing.ByExpiryOnChip,
			[]proofing.Kind{proofing.CardInspected, proofing.FaceVisual},
		},
	}
	for _, holder := range simulator.People() {
		t.Run(holder.Key, func(t *testing.T) {
			require.Contains(t, want, holder.Key, "a new person: say what becomes of them")
			w := want[holder.Key]
			d := newDesk(t, holder.Key)
			asked := &asking{clerk: agrees(proofing.PrintedInForce)}
			result, err := d.prover.Prove(t.Context(), d.asks(nil), asked, nil)
			require.NoError(t, err)
			assert.Equal(t, w.decision, result.Verdict.Decision)
			assert.Equal(t, w.reasons, result.Verdict.Reasons)
			expiry := result.Verdict.Facts.Of(proofing.CardNotExpired)
			assert.Equal(t, w.expiry, expiry.Outcome)
			assert.Equal(t, w.how, expiry.How)
			assert.Equal(t, w.wanted, asked.wanted)
			assert.Equal(t, w.decision == proofing.Accepted, d.opened(result.Proof).Verified != nil)
		})
	}
	assert.Len(t, simulator.People(), len(want), "nobody of the table is gone")
}

// The elderly with a blank date: only a clerk who reads a date in force helps.
func TestABlankExpiryNeedsThePrintedDate(t *testing.T) {
	for name, row := range map[string]struct {
		clerk    proofing.Clerk
		decision proofing.Decision
		reasons  []string
	}{
		"in force":               {agrees(proofing.PrintedInForce), proofing.Accepted, []string{}},
		"lifelong":               {agrees(proofing.PrintedLifelong), proofing.Accepted, []string{}},
		"expired":                {agrees(proofing.PrintedExpired), proofing.Rejected, []string{"card_inspected_failed"}},
		"nobody read a date":     {agrees(""), proofing.Inconclusive, []string{"card_not_expired_indeterminate"}},
		"nobody said anything":   {person(silent), proofing.Inconclusive, []string{"card_not_expired_indeterminate", "face_visual_not_done"}},
		"nobody is at this desk": {nil, proofing.Inconclusive, []string{"card_not_expired_indeterminate", "face_visual_not_done"}},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t, "blank-expiry")
			result, err := d.prover.Prove(t.Context(), d.asks(nil), row.clerk, nil)
			require.NoError(t, err)
			assert.Equal(t, row.decision, result.Verdict.Decision)
			assert.Equal(t, row.reasons, result.Verdict.Reasons)
		})
	}
}
