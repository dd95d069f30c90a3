package proofing_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/audit"
	"chipproof/proofing"
	"chipproof/proofing/proof"
	"chipproof/simulator"
	"chipproof/simulator/dopa"
)

// onCard is what the default person would type who types without a mistake.
func onCard() map[string]string {
	return map[string]string{
		"citizen_id": "1-1017-00230-70-8", "title": "นาย", "first_name": "สมชาย", "last_name": "ใจดี", "birth_date": "31/12/2525",
		"laser_code": "JT1-2345678-90", "address": "99/9 ม.3 ต.หนองกะปุ อ.บ้านลาด จ.เพชรบุรี",
	}
}

// Property 4 of assurance §2.2, from the request to the proof: what was claimed is
// compared as people write, a difference vetoes, and only names are told.
func TestWhatWasClaimedIsComparedWithTheChip(t *testing.T) {
	for name, row := range map[string]struct {
		claim    map[string]string
		outcome  proofing.Outcome
		fields   []string
		decision proofing.Decision
	}{
		"as people write it":      {onCard(), proofing.Passed, nil, proofing.Accepted},
		"another number":          {map[string]string{"citizen_id": "1234567890121"}, proofing.Failed, []string{"citizen_id"}, proofing.Rejected},
		"another name and birth":  {map[string]string{"first_name": "สมหญิง", "birth_date": "2525-12-30"}, proofing.Failed, []string{"first_name", "birth_date"}, proofing.Rejected},
		"another laser code":      {map[string]string{"laser_code": "JT0000000000"}, proofing.Failed, []string{"laser_code"}, proofing.Rejected},
		"another address":         {map[string]string{"address": "1 ถนนอื่น"}, proofing.Failed, []string{"address"}, proofing.Rejected},
		"the laser code is right": {map[string]string{"laser_code": "jt1234567890"}, proofing.Passed, nil, proofing.Accepted},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t, "default")
			result, err := d.prover.Prove(t.Context(), d.asks(func(r *proof.Request) {
				r.Fields, r.Claimed = []string{"sex"}, proof.NewClaimed(row.claim)
			}), agrees(""), nil)
			require.NoError(t, err)
			fact := result.Verdict.Facts.Of(proofing.TypedMatchesChip)
			assert.Equal(t, row.outcome, fact.Outcome)
			assert.Equal(t, row.fields, fact.Fields)
			assert.Equal(t, row.decision, result.Verdict.Decision, result.Verdict.Reasons)
			_, laser := row.claim["laser_code"]
			assert.Equal(t, laser, result.Verdict.Facts.Of(proofing.LaserTyped).Outcome == proofing.Passed)
			assert.Equal(t, len(row.claim) > 1 || !laser, result.Verdict.Facts.Of(proofing.CardFaceTyped).Outcome == proofing.Passed)

			p := d.opened(result.Proof)
			told, _ := p.Fact("typed_matches_chip")
			assert.Equal(t, row.fields, told.Fields)
			claims, err := p.Reveal()
			require.NoError(t, err)
			for claim, value := range row.claim {
				assert.NotContains(t, string(claims), value, claim)
			}
		})
	}
}

// A card that says nothing about a claim neither agrees nor differs.
func TestAClaimThatTheCardCannotAnswerIsIndeterminate(t *testing.T) {
	d := newDesk(t, "sparse") // no laser code
	result, err := d.prover.Prove(t.Context(), d.asks(func(r *proof.Request) {
		r.Claimed = proof.NewClaimed(map[string]string{"laser_code": "JT1234567890"})
	}), agrees(""), nil)
	require.NoError(t, err)
	assert.Equal(t, proofing.Indeterminate, result.Verdict.Facts.Of(proofing.TypedMatchesChip).Outcome)
	assert.Equal(t, proofing.Accepted, result.Verdict.Decision)
}

// Property 3: card face and laser code, typed, never pass. Every combination of
// what can be typed, with the issuer asked about the laser code and without, and
// whatever the purpose says: rejected, by that reason, without a person.
func TestTypedEvidenceIsNeverAccepted(t *testing.T) {
	d := newDesk(t, "default")
	service := d.asksIssuer(simulator.People()...)
	names := proof.ClaimedNames()
	typed := onCard()
	typed["middle_name"] = "-"
	for set := 1; set < 1<<len(names); set++ {
		claim := map[string]string{}
		for i, name := range names {
			if set&(1<<i) != 0 {
				claim[name] = typed[name]
			}
		}
		a := d.asks(func(r *proof.Request) {
			r.Evidence, r.Claimed, r.IssuerCheck = proof.Typed, proof.NewClaimed(claim), set%5 != 0
		})
		if set%3 == 0 { // a purpose that would be content with it
			a.Purpose.Needs = []proofing.Kind{proofing.IDChecksum}
		}
		a.Purpose.AskIssuerByLaserCode = set%7 != 0
		asked := &asking{clerk: agrees(proofing.PrintedInForce)}
		result, err := d.prover.Prove(t.Context(), a, asked, nil)
		require.NoError(t, err)
		require.Equal(t, proofing.Rejected, result.Verdict.Decision, "%v", names)
		require.Contains(t, result.Verdict.Reasons, proofing.FaceAndLaserOnly)
		require.Nil(t, result.Identity)
		require.Zero(t, asked.times, "what was typed is judged by itself")
		require.Equal(t, proofing.NotDone, result.Verdict.Facts.Of(proofing.ChipRead).Outcome)
		require.Nil(t, d.opened(result.Proof).Verified)
	}
	assert.Zero(t, d.card.Exchanges(), "no reader is touched")
	assert.NotZero(t, service.Asked())
}

func TestTypedEvidenceNeedsNoReader(t *testing.T) {
	d := newDesk(t, "default")
	d.StopService()
	a := d.asks(func(r *proof.Request) { r.Evidence, r.Claimed = proof.Typed, proof.NewClaimed(onCard()) })
	a.Reader = ""
	result, err := d.prover.Prove(t.Context(), a, nil, nil)
	require.NoError(t, err)
	assert.Equal(t, []string{proofing.FaceAndLaserOnly}, onlyFace(result.Verdict.Reasons))
	assert.NotEmpty(t, d.office.Entries(audit.KindProofing)[0].Subject, "whose number was typed has a pseudonym")
}

// onlyFace are the reasons that no missing fact explains.
func onlyFace(reasons []string) []string {
	var rest []string
	for _, r := range reasons {
		if r == proofing.FaceAndLaserOnly {
			rest = append(rest, r)
		}
	}
	return rest
}

func TestATypedNumberIsChecked(t *testing.T) {
	for number, want := range map[string]proofing.Outcome{
		"1101700230708": proofing.Passed, "1-1017-00230-70-8": proofing.Passed, "๑๑๐๑๗๐๐๒๓๐๗๐๘": proofing.Passed,
		"1101700230709": proofing.Failed, "110170023070": proofing.Failed, "นาย": proofing.Failed,
	} {
		d := newDesk(t, "default")
		result, err := d.prover.Prove(t.Context(), d.asks(func(r *proof.Request) {
			r.Evidence, r.Claimed = proof.Typed, proof.NewClaimed(map[string]string{"citizen_id": number})
		}), nil, nil)
		require.NoError(t, err)
		assert.Equal(t, want, result.Verdict.Facts.Of(proofing.IDChecksum).Outcome, number)
		record, _, err := d.office.Records.Proofing(t.Context(), result.Txn)
		require.NoError(t, err)
		assert.Equal(t, want == proofing.Passed, record.Pseudonym != "", number)
	}
}

// Who could ask the issuer about typed data could learn here whether data that
// leaked are right, one person after the other. So nobody can, whatever request
// and purpose want to know, unless the agency's policy says so.
func TestNobodyLearnsFromTheIssuerWhetherTypedDataAreRight(t *testing.T) {
	d := newDesk(t, "default")
	service := d.asksIssuer(simulator.People()...)
	a := d.asks(func(r *proof.Request) {
		r.Evidence, r.Claimed, r.IssuerCheck = proof.Typed, proof.NewClaimed(onCard()), true
	})
	a.Purpose.Needs = append(a.Purpose.Needs, proofing.IssuerStatus)
	result, err := d.prover.Prove(t.Context(), a, nil, nil)
	require.NoError(t, err)
	assert.Zero(t, service.Asked())
	assert.Equal(t, proofing.Fact{Kind: proofing.IssuerStatus, Outcome: proofing.NotDone}, result.Verdict.Facts.Of(proofing.IssuerStatus))
	for _, p := range proofing.DefaultPolicy().Purposes {
		assert.False(t, p.AskIssuerByLaserCode, p.Name)
	}
}

// Where it does say so, the issuer's word is an additional fact about what was
// typed, without the code and the words that tell which part of it is wrong.
// Beside a chip the laser road is never taken.
func TestTheIssuersLaserRoad(t *testing.T) {
	for name, row := range map[string]struct {
		state   dopa.State
		change  func(claim map[string]string)
		outcome proofing.Outcome
		asked   int
	}{
		"normal":                  {dopa.Normal, func(map[string]string) {}, proofing.Passed, 1},
		"another laser code":      {dopa.Normal, func(c map[string]string) { c["laser_code"] = "JT0000000000" }, proofing.Failed, 1},
		"no laser code":           {dopa.Normal, func(c map[string]string) { delete(c, "laser_code") }, proofing.NotDone, 0},
		"no last name":            {dopa.Normal, func(c map[string]string) { delete(c, "last_name") }, proofing.Indeterminate, 0},
		"a date that is none":     {dopa.Normal, func(c map[string]string) { c["birth_date"] = "เมื่อวาน" }, proofing.Indeterminate, 0},
		"a date by the year 1982": {dopa.Normal, func(c map[string]string) { c["birth_date"] = "1982-12-31" }, proofing.Passed, 1},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t, "default")
			service := d.asksIssuer(simulator.People()...)
			require.NoError(t, service.SetState("default", row.state))
			claim := onCard()
			row.change(claim)
			a := d.asks(func(r *proof.Request) {
				r.Evidence, r.Claimed, r.IssuerCheck = proof.Typed, proof.NewClaimed(claim), true
			})
			a.Purpose.AskIssuerByLaserCode = true
			result, err := d.prover.Prove(t.Context(), a, nil, nil)
			require.NoError(t, err)
			status := result.Verdict.Facts.Of(proofing.IssuerStatus)
			assert.Equal(t, row.outcome, status.Outcome)
			assert.Empty(t, status.Code)
			assert.Empty(t, status.Desc)
			record, _, err := d.office.Records.Proofing(t.Context(), result.Txn)
			require.NoError(t, err)
			assert.Equal(t, status, record.Verdict.Facts.Of(proofing.IssuerStatus))
			assert.Equal(t, row.asked, service.Asked())
			if row.outcome != proofing.NotDone {
				assert.Equal(t, proofing.ByTypedLaserCode, status.How)
			}
			assert.Equal(t, proofing.Rejected, result.Verdict.Decision)
		})
	}
	t.Run("beside a chip", func(t *testing.T) {
		d := newDesk(t, "default")
		d.asksIssuer(simulator.People()...)
		a := d.asks(func(r *proof.Request) { r.Claimed, r.IssuerCheck = proof.NewClaimed(onCard()), true })
		a.Purpose.AskIssuerByLaserCode = true
		result, err := d.prover.Prove(t.Context(), a, agrees(""), nil)
		require.NoError(t, err)
		assert.Equal(t, proofing.ByChipData, result.Verdict.Facts.Of(proofing.IssuerStatus).How)
	})
}

// Nothing of what was claimed stays in a value that somebody might print.
func TestAskedHidesWhatWasClaimed(t *testing.T) {
	d := newDesk(t, "default")
	a := d.asks(func(r *proof.Request) { r.Claimed = proof.NewClaimed(onCard()) })
	for _, printed := range []string{fmt.Sprintf("%v", a), fmt.Sprintf("%+v", a), fmt.Sprintf("%#v", a)} {
		for _, value := range onCard() {
			assert.NotContains(t, printed, value)
		}
	}
}
