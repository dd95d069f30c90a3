package proofing_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"pgregory.net/rapid"

	"chipproof/proofing"
)

// printedSets are all combinations of what stands on the card's two sides and
// the issuer's word on a typed laser code, with every outcome of each.
func printedSets() []proofing.Facts {
	outcomes := []proofing.Outcome{proofing.NotDone, proofing.Passed, proofing.Failed, proofing.Indeterminate}
	sets := []proofing.Facts{proofing.NewFacts()}
	for _, k := range []proofing.Kind{proofing.CardFaceTyped, proofing.IDChecksum, proofing.LaserTyped, proofing.IssuerStatus} {
		var more []proofing.Facts
		for _, facts := range sets {
			for _, o := range outcomes {
				f := proofing.Fact{Kind: k, Outcome: o}
				if k == proofing.IssuerStatus {
					f.How = proofing.ByTypedLaserCode
				}
				more = append(more, with(facts, f))
			}
		}
		sets = more
	}
	return sets
}

func desks() []proofing.Desk {
	return []proofing.Desk{{}, {Attended: true}, {Issuer: true}, fullDesk}
}

// A13: every combination is refused, for every purpose that a policy can have.
func TestProperty3CardFaceAndLaserCodeAreRejectedInEveryCombination(t *testing.T) {
	sets := printedSets()
	assert.Len(t, sets, 4*4*4*4)
	purposes := []proofing.Purpose{
		shipped(t, proofing.IdentityProofing),
		{Name: "none"}, // no policy has one that needs nothing; even so
		{Name: "typed", Needs: []proofing.Kind{proofing.CardFaceTyped, proofing.IDChecksum, proofing.LaserTyped, proofing.IssuerStatus}},
		{Name: "lowest", Level: &proofing.LevelNeed{Scheme: "th-etda", CandidateLevel: "IAL1"}},
	}
	for _, facts := range sets {
		for _, p := range purposes {
			for _, d := range desks() {
				v := proofing.Decide(proofing.Case{Purpose: p, Facts: facts, Desk: d, At: now()}, proofing.CurrentSchemes())
				assert.Equal(t, proofing.Rejected, v.Decision, "%s %v", p.Name, facts)
				assert.Contains(t, v.Reasons, proofing.FaceAndLaserOnly)
				assert.Equal(t, "IAL1", *v.Assurance[0].CandidateLevel, "the lowest, which asks for nothing")
				assert.Empty(t, *v.Assurance[1].CandidateLevel)
			}
		}
	}
}

func TestProperty3HoldsWhateverRuleFileAndPolicySay(t *testing.T) {
	sets := printedSets()
	rapid.Check(t, func(rt *rapid.T) {
		c, schemes := anyCase(t, rt)
		c.Facts = rapid.SampledFrom(sets).Draw(rt, "printed")
		v := proofing.Decide(c, schemes)
		assert.Equal(rt, proofing.Rejected, v.Decision)
		assert.Contains(rt, v.Reasons, proofing.FaceAndLaserOnly)

		for i, s := range schemes {
			assert.GreaterOrEqual(rt, len(v.Assurance[i].Unmet), levelCount(s)-1, "%s: no level above the lowest", s.Name)
		}
	})
}

// The hostile table in plain sight: a row that asks for nothing but typed facts.
func TestARowOfTypedFactsOnlyGivesNoLevelAboveTheLowest(t *testing.T) {
	s, err := proofing.ParseScheme([]byte(`
scheme: hostile
version: "1"
unconfirmed: true
levels:
  - {candidate_level: LOW, all: []}
  - {candidate_level: HIGH, all: [card_face_typed, id_checksum, laser_typed, issuer_status]}
`))
	assert.NoError(t, err)
	facts := proofing.NewFacts(
		proofing.Fact{Kind: proofing.CardFaceTyped, Outcome: proofing.Passed},
		proofing.Fact{Kind: proofing.IDChecksum, Outcome: proofing.Passed},
		proofing.Fact{Kind: proofing.LaserTyped, Outcome: proofing.Passed},
		proofing.Fact{Kind: proofing.IssuerStatus, Outcome: proofing.Passed, How: proofing.ByTypedLaserCode},
	)
	a := s.Assess(facts, fullDesk, now())
	assert.Equal(t, "LOW", *a.CandidateLevel)
	assert.Equal(t, []proofing.Unmet{{Level: "HIGH", Needs: []proofing.Kind{proofing.ChipRead}}}, a.Unmet)
	assert.Equal(t, []proofing.Kind{proofing.ChipRead}, a.NextStep, "and reading the chip does reach it")

	facts.Set(made(proofing.ChipRead))
	assert.Equal(t, "HIGH", *s.Assess(facts, fullDesk, now()).CandidateLevel)
}

// One fact more, of any other kind, and the cap is gone: the rest is up to the
// purpose.
func TestTheCapIsOfTheseFactsAndNoOthers(t *testing.T) {
	for _, k := range proofing.Kinds() {
		f := made(k)
		v := proofing.Decide(proofing.Case{
			Purpose: shipped(t, proofing.IdentityProofing), Facts: proofing.NewFacts(f), Desk: fullDesk, At: now(),
		}, proofing.CurrentSchemes())
		printed := []proofing.Kind{proofing.CardFaceTyped, proofing.IDChecksum, proofing.LaserTyped}
		rests := []proofing.Kind{proofing.ChipPhoto, proofing.FaceVisual} // worth nothing without the chip
		capped := slices.Contains(printed, k) || slices.Contains(rests, k)
		assert.Equal(t, capped, slices.Contains(v.Reasons, proofing.FaceAndLaserOnly), "%s", k)
	}
}

// levelCount is how many levels a scheme can give: with no facts, all but a free
// lowest one are unmet.
func levelCount(s proofing.Scheme) int {
	a := s.Assess(proofing.NewFacts(), proofing.Desk{}, now())
	n := len(a.Unmet)
	if a.CandidateLevel != nil && *a.CandidateLevel != "" || a.Level != nil && *a.Level != "" {
		n++
	}
	return n
}
