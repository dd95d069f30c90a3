package proofing_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"chipproof/proofing"
)

// decideWith decides the example of proof §10 with facts changed.
func decideWith(t *testing.T, p proofing.Purpose, changed ...proofing.Fact) proofing.Verdict {
	t.Helper()
	return proofing.Decide(proofing.Case{
		Purpose: p, Facts: with(readExample(t).Facts, changed...), Desk: fullDesk, At: exampleAt(),
	}, proofing.CurrentSchemes())
}

func TestDecisionsAndTheirReasons(t *testing.T) {
	fact := func(k proofing.Kind, o proofing.Outcome) proofing.Fact { return proofing.Fact{Kind: k, Outcome: o} }
	for _, row := range []struct {
		name    string
		changed []proofing.Fact
		want    proofing.Decision
		reasons []string
	}{
		{"all is there", nil, proofing.Accepted, []string{}},
		{"a needed fact failed", []proofing.Fact{fact(proofing.FaceVisual, proofing.Failed)}, proofing.Rejected, []string{"face_visual_failed"}},
		{"a needed fact was not done", []proofing.Fact{fact(proofing.FaceVisual, proofing.NotDone)}, proofing.Inconclusive, []string{"face_visual_not_done"}},
		{"a needed fact had no answer", []proofing.Fact{fact(proofing.ChipPhoto, proofing.Indeterminate)}, proofing.Inconclusive, []string{"chip_photo_indeterminate"}},
		{
			"the reasons stand in the order of kinds",
			[]proofing.Fact{fact(proofing.FaceVisual, proofing.NotDone), fact(proofing.CardNotExpired, proofing.Indeterminate), fact(proofing.IDChecksum, proofing.NotDone)},
			proofing.Inconclusive,
			[]string{"id_checksum_not_done", "card_not_expired_indeterminate", "face_visual_not_done"},
		},
		{
			"what failed counts, not what is missing besides",
			[]proofing.Fact{fact(proofing.FaceVisual, proofing.NotDone), fact(proofing.IssuerStatus, proofing.Failed)},
			proofing.Rejected,
			[]string{"issuer_status_failed"},
		},
		{"the typed values differ", []proofing.Fact{{Kind: proofing.TypedMatchesChip, Outcome: proofing.Failed, Fields: []string{"last_name"}}}, proofing.Rejected, []string{"typed_matches_chip_failed"}},
		{"passed, and yet with fields that differ", []proofing.Fact{{Kind: proofing.TypedMatchesChip, Outcome: proofing.Passed, Fields: []string{"last_name"}}}, proofing.Rejected, []string{"typed_matches_chip_failed"}},
		{"the typed values could not be compared", []proofing.Fact{fact(proofing.TypedMatchesChip, proofing.Indeterminate)}, proofing.Accepted, []string{}},
		{"the issuer says no", []proofing.Fact{fact(proofing.IssuerStatus, proofing.Failed)}, proofing.Rejected, []string{"issuer_status_failed"}},
		{"the issuer is out of reach, and isn't needed", []proofing.Fact{fact(proofing.IssuerStatus, proofing.Indeterminate)}, proofing.Accepted, []string{}},
		{"the inspected card is no good", []proofing.Fact{fact(proofing.CardInspected, proofing.Failed)}, proofing.Rejected, []string{"card_inspected_failed"}},
		{"nobody inspected the card, and nobody had to", []proofing.Fact{fact(proofing.CardInspected, proofing.NotDone)}, proofing.Accepted, []string{}},
		{"the card has expired", []proofing.Fact{fact(proofing.CardNotExpired, proofing.Failed)}, proofing.Rejected, []string{"card_not_expired_failed"}},
		{"a fact that nobody needs failed", []proofing.Fact{fact(proofing.FaceBiometric, proofing.Failed)}, proofing.Accepted, []string{}},
		{"an outcome that is none", []proofing.Fact{fact(proofing.FaceVisual, "maybe")}, proofing.Inconclusive, []string{"face_visual_not_done"}},
	} {
		t.Run(row.name, func(t *testing.T) {
			v := decideWith(t, shipped(t, proofing.IdentityProofing), row.changed...)
			assert.Equal(t, row.want, v.Decision)
			assert.Equal(t, row.reasons, v.Reasons)
		})
	}
}

func TestARequestAddsFactsAndTakesNoneAway(t *testing.T) {
	p := shipped(t, proofing.IdentityProofing)
	facts := with(readExample(t).Facts, proofing.Fact{Kind: proofing.CardInspected, Outcome: proofing.NotDone})
	c := proofing.Case{Purpose: p, Needs: []proofing.Kind{proofing.CardInspected}, Facts: facts, Desk: fullDesk, At: exampleAt()}
	v := proofing.Decide(c, proofing.CurrentSchemes())
	assert.Equal(t, proofing.Inconclusive, v.Decision)
	assert.Equal(t, []string{"card_inspected_not_done"}, v.Reasons)

	c.Facts = with(readExample(t).Facts, proofing.Fact{Kind: proofing.FaceVisual, Outcome: proofing.NotDone})
	assert.Equal(t, []string{"face_visual_not_done"}, proofing.Decide(c, proofing.CurrentSchemes()).Reasons)
}

func TestAFaceWithoutTheChipsPhotoIsNoComparison(t *testing.T) {
	p := proofing.Purpose{Name: "face", Needs: []proofing.Kind{proofing.FaceVisual}}
	v := decideWith(t, p, proofing.Fact{Kind: proofing.ChipPhoto, Outcome: proofing.NotDone})
	assert.Equal(t, proofing.Inconclusive, v.Decision)
	assert.Equal(t, []string{"chip_photo_not_done"}, v.Reasons)
	assert.Equal(t, "IAL1", *v.Assurance[0].CandidateLevel)
	assert.Empty(t, *v.Assurance[1].CandidateLevel, "though its table says nothing of a photo")
}

// A10: a lower level is not enough, and a candidate level meets only a purpose
// that asks for it by that name.
func TestPurposesThatNeedALevel(t *testing.T) {
	need := func(scheme, level, candidate string) proofing.Purpose {
		return proofing.Purpose{Name: "l", Level: &proofing.LevelNeed{Scheme: scheme, Level: level, CandidateLevel: candidate}}
	}
	for _, row := range []struct {
		name    string
		purpose proofing.Purpose
		want    proofing.Decision
		reasons []string
	}{
		{"the level that is reached", need("th-etda", "", "IAL2.2"), proofing.Accepted, []string{}},
		{"a lower one", need("th-etda", "", "IAL1"), proofing.Accepted, []string{}},
		{"a higher one", need("th-etda", "", "IAL2.3"), proofing.Inconclusive, []string{"face_biometric_not_done", proofing.LevelNotReached}},
		{"one that only confirmed rules give", need("th-etda", "IAL2.2", ""), proofing.Inconclusive, []string{proofing.LevelUnconfirmed}},
		{"one that this program never asserts", need("nist-800-63a-4", "", "IAL3"), proofing.Inconclusive, []string{proofing.LevelNotReached}},
		{"one of a scheme that isn't applied", need("eu-eidas", "", "high"), proofing.Inconclusive, []string{proofing.LevelNotReached}},
	} {
		t.Run(row.name, func(t *testing.T) {
			v := decideWith(t, row.purpose)
			assert.Equal(t, row.want, v.Decision)
			assert.Equal(t, row.reasons, v.Reasons)
		})
	}

	v := decideWith(t, need("th-etda", "", "IAL2.1"), proofing.Fact{Kind: proofing.FaceVisual, Outcome: proofing.Failed})
	assert.Equal(t, proofing.Rejected, v.Decision, "what the level needs, the purpose needs")
	assert.Equal(t, []string{"face_visual_failed"}, v.Reasons)
}

func TestAConfirmedLevelMeetsWhoeverAsksForItsNameInEitherWay(t *testing.T) {
	s, err := proofing.ParseScheme([]byte(confirmedFile(`level: L1, clause: "4.2", all: [chip_read]`)))
	assert.NoError(t, err)
	for _, need := range []proofing.LevelNeed{{Scheme: "s", Level: "L1"}, {Scheme: "s", CandidateLevel: "L1"}} {
		v := proofing.Decide(proofing.Case{
			Purpose: proofing.Purpose{Level: &need}, Facts: readExample(t).Facts, Desk: fullDesk, At: exampleAt(),
		}, []proofing.Scheme{s})
		assert.Equal(t, proofing.Accepted, v.Decision, "%+v", need)
	}
}

func TestWhatTheClerkHasToState(t *testing.T) {
	p := shipped(t, proofing.IdentityProofing)
	inspect, face := proofing.CardInspected, proofing.FaceVisual
	noDate := proofing.Fact{Kind: proofing.CardNotExpired, Outcome: proofing.Indeterminate}
	looked := proofing.Fact{Kind: inspect, Outcome: proofing.Passed}
	dated := proofing.Fact{Kind: inspect, Outcome: proofing.Passed, PrintedExpiry: proofing.PrintedLifelong}
	seen := proofing.Fact{Kind: face, Outcome: proofing.Passed}
	for _, row := range []struct {
		name  string
		needs []proofing.Kind
		facts []proofing.Fact
		want  []proofing.Kind
	}{
		{"before anything", nil, nil, []proofing.Kind{face}},
		{"what the request adds", []proofing.Kind{inspect}, nil, []proofing.Kind{inspect, face}},
		{"the chip holds no full date", nil, []proofing.Fact{noDate}, []proofing.Kind{inspect, face}},
		{"the printed date is still unread", nil, []proofing.Fact{noDate, looked, seen}, []proofing.Kind{inspect}},
		{"and now it is read", nil, []proofing.Fact{noDate, dated, seen}, []proofing.Kind{}},
		{"the chip knows its date", []proofing.Kind{inspect}, []proofing.Fact{looked, seen}, []proofing.Kind{}},
		{"the clerk said no", []proofing.Kind{inspect}, []proofing.Fact{{Kind: face, Outcome: proofing.Failed}, {Kind: inspect, Outcome: proofing.Failed}}, []proofing.Kind{}},
	} {
		t.Run(row.name, func(t *testing.T) {
			assert.Equal(t, row.want, p.Wants(row.needs, proofing.NewFacts(row.facts...)))
		})
	}
	assert.Empty(t, shipped(t, proofing.FormFill).Wants(nil, proofing.NewFacts()))

	byLevel := proofing.Purpose{Level: &proofing.LevelNeed{Scheme: "th-etda", CandidateLevel: "IAL2.2"}}
	assert.Equal(t, []proofing.Kind{face}, byLevel.Wants(nil, proofing.NewFacts()), "what the level needs")
	assert.Equal(t, []proofing.Kind{proofing.ChipRead, proofing.ChipPhoto, proofing.IssuerStatus, face}, byLevel.Needed(nil))
}

func TestAFaceBringsThePhotoAndTheChipWithIt(t *testing.T) {
	p := proofing.Purpose{Needs: []proofing.Kind{proofing.IDChecksum}}
	assert.Equal(t, []proofing.Kind{proofing.IDChecksum}, p.Needed(nil))
	assert.Equal(t, []proofing.Kind{proofing.IDChecksum, proofing.ChipRead, proofing.ChipPhoto, proofing.FaceVisual},
		p.Needed([]proofing.Kind{proofing.FaceVisual}))
}
