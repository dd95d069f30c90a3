package proofing_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/proofing"
	"chipproof/proofing/issuer"
	"chipproof/proofing/proof"
	"chipproof/simulator"
	"chipproof/simulator/dopa"
)

// What the issuer says, and what becomes of a proofing that only asked, and of
// one whose purpose needs the answer. No answer never raises a level and never
// looks like a bad card.
func TestWhatTheIssuerSays(t *testing.T) {
	for _, row := range []struct {
		name          string
		state         dopa.State
		plan          string
		outcome       proofing.Outcome
		by, code      string
		asked, needed proofing.Decision
	}{
		{"normal", dopa.Normal, "[]", proofing.Passed, "dopa", "0", proofing.Accepted, proofing.Accepted},
		{"moved", dopa.Moved, "[]", proofing.Failed, "dopa", "2", proofing.Rejected, proofing.Rejected},
		{"no such card", dopa.NotFound, "[]", proofing.Failed, "dopa", "4", proofing.Rejected, proofing.Rejected},
		{"lost: a code that nobody knows", dopa.Lost, "[]", proofing.Indeterminate, "dopa", "1", proofing.Accepted, proofing.Inconclusive},
		{"cancelled: another one", dopa.Cancelled, "[]", proofing.Indeterminate, "dopa", "3", proofing.Accepted, proofing.Inconclusive},
		{"a contradiction", dopa.Normal, "{act: contradiction}", proofing.Indeterminate, "dopa", "0", proofing.Accepted, proofing.Inconclusive},
		{"a SOAP fault", dopa.Normal, "{act: soap_fault, desc: broken}", proofing.Indeterminate, "dopa", issuer.CodeFault, proofing.Accepted, proofing.Inconclusive},
		{"nonsense", dopa.Normal, "{act: html, until: cleared}", proofing.Indeterminate, "agent", "", proofing.Accepted, proofing.Inconclusive},
		{"the answer to another question", dopa.Normal, "{act: other, until: cleared}", proofing.Indeterminate, "agent", "", proofing.Accepted, proofing.Inconclusive},
		{"unreachable", dopa.Normal, "{act: close, until: cleared}", proofing.Indeterminate, "agent", "", proofing.Accepted, proofing.Inconclusive},
	} {
		for name, want := range map[string]proofing.Decision{"asked": row.asked, "needed": row.needed} {
			t.Run(row.name+", "+name, func(t *testing.T) {
				d := newDesk(t, "default")
				service := d.asksIssuer(simulator.People()...)
				require.NoError(t, service.SetState("default", row.state))
				fault(d, service, row.plan)
				a := d.asks(func(r *proof.Request) { r.IssuerCheck = name == "asked" })
				if name == "needed" {
					a.Purpose.Needs = append(a.Purpose.Needs, proofing.IssuerStatus)
				}
				result, err := d.prover.Prove(t.Context(), a, agrees(""), nil)
				require.NoError(t, err)
				status := result.Verdict.Facts.Of(proofing.IssuerStatus)
				assert.Equal(t, row.outcome, status.Outcome)
				assert.Equal(t, row.by, status.By)
				assert.Equal(t, row.code, status.Code)
				assert.Equal(t, proofing.ByChipData, status.How)
				assert.Equal(t, want, result.Verdict.Decision, result.Verdict.Reasons)
				for _, row := range result.Verdict.Assurance {
					assert.Equal(t, status.Outcome == proofing.Passed, contains(row.Met, proofing.IssuerStatus), row.Scheme)
				}
				p := d.opened(result.Proof)
				assert.Equal(t, want == proofing.Accepted && row.outcome == proofing.Passed, hasRecord(p))
			})
		}
	}
}

func contains(kinds []proofing.Kind, k proofing.Kind) bool {
	for _, other := range kinds {
		if other == k {
			return true
		}
	}
	return false
}

// hasRecord says whether a proof names the issuer's record as evidence.
func hasRecord(p *proof.Proof) bool {
	for _, e := range p.Verified.Reveal().Verification.Evidence {
		if e.Type == "electronic_record" {
			return true
		}
	}
	return false
}

func TestTheIssuersOwnWordsAreInTheResultAndNotInTheProof(t *testing.T) {
	d := newDesk(t, "default")
	service := d.asksIssuer(simulator.People()...)
	require.NoError(t, service.SetState("default", dopa.Moved))
	result, err := d.prover.Prove(t.Context(), d.asks(func(r *proof.Request) { r.IssuerCheck = true }), agrees(""), nil)
	require.NoError(t, err)
	assert.Equal(t, []string{"issuer_status_failed"}, result.Verdict.Reasons)
	assert.Contains(t, result.Verdict.Facts.Of(proofing.IssuerStatus).Desc, "การเปลี่ยนที่อยู่")
	claims, err := d.opened(result.Proof).Reveal()
	require.NoError(t, err)
	assert.NotContains(t, string(claims), "การเปลี่ยนที่อยู่")
}

// An issuer that names the person in its words: no part of name, address or dates
// is in the fact, the record or the database, whatever was asked for.
func TestNothingOfThePersonStaysInTheIssuersWords(t *testing.T) {
	for _, fields := range [][]string{{"sex"}, {"citizen_id", "name", "birth_date", "sex", "address", "card"}} {
		d := newDesk(t, "default")
		service := d.asksIssuer(simulator.People()...)
		fault(d, service, `{act: answer, is_error: "false", code: "2", desc: "บัตรของ นายสมชาย ใจดี (Somchai JAIDEE) เกิด 31 ธ.ค. 2525 บ้านเลขที่ 99/9 ม.3 ต.หนองกะปุ อ.บ้านลาด จ.เพชรบุรี ถูกยกเลิก"}`)
		result, err := d.prover.Prove(t.Context(), d.asks(func(r *proof.Request) { r.Fields, r.IssuerCheck = fields, true }), agrees(""), nil)
		require.NoError(t, err)
		desc := result.Verdict.Facts.Of(proofing.IssuerStatus).Desc
		assert.Contains(t, desc, "ถูกยกเลิก", "the rest is kept")
		claims, err := d.opened(result.Proof).Reveal()
		require.NoError(t, err)
		for _, part := range []string{"สมชาย", "ใจดี", "Somchai", "JAIDEE", "2525", "99/9", "หนองกะปุ", "เพชรบุรี", "บ้านลาด"} {
			assert.NotContains(t, desc, part)
			assert.NotContains(t, d.office.Files(), part)
			assert.NotContains(t, string(claims), part)
		}
	}
}

func TestNobodyAsksTheIssuerWithoutAReason(t *testing.T) {
	d := newDesk(t, "default")
	service := d.asksIssuer(simulator.People()...)
	result, err := d.prover.Prove(t.Context(), d.asks(nil), agrees(""), nil)
	require.NoError(t, err)
	assert.Zero(t, service.Asked())
	assert.Equal(t, proofing.Fact{Kind: proofing.IssuerStatus, Outcome: proofing.NotDone}, result.Verdict.Facts.Of(proofing.IssuerStatus))
}

func TestALevelThatMayRestOnTheIssuerIsAReason(t *testing.T) {
	d := newDesk(t, "default")
	service := d.asksIssuer(simulator.People()...)
	a := d.asks(nil)
	a.Purpose.Level = &proofing.LevelNeed{Scheme: "th-etda", CandidateLevel: "IAL2.2"}
	result, err := d.prover.Prove(t.Context(), a, agrees(""), nil)
	require.NoError(t, err)
	assert.Equal(t, 1, service.Asked())
	assert.Equal(t, proofing.Accepted, result.Verdict.Decision, result.Verdict.Reasons)
}

// Not configured is a calm state: not done, no warning, nothing failed.
func TestADeskWithoutTheServiceSaysThatNobodyAsked(t *testing.T) {
	d := newDesk(t, "default")
	result, err := d.prover.Prove(t.Context(), d.asks(func(r *proof.Request) { r.IssuerCheck = true }), agrees(""), nil)
	require.NoError(t, err)
	assert.Equal(t, proofing.Accepted, result.Verdict.Decision)
	assert.Equal(t, proofing.NotDone, result.Verdict.Facts.Of(proofing.IssuerStatus).Outcome)

	a := d.asks(nil)
	a.Purpose.Needs = append(a.Purpose.Needs, proofing.IssuerStatus)
	result, err = d.prover.Prove(t.Context(), a, agrees(""), nil)
	require.NoError(t, err)
	assert.Equal(t, []string{"issuer_status_not_done"}, result.Verdict.Reasons)
}

// What the issuer wants is read although it wasn't asked for, and handed to
// nobody else.
func TestTheIssuerIsAskedByTheChipWhateverTheSiteMayHave(t *testing.T) {
	d := newDesk(t, "default")
	service := d.asksIssuer(simulator.People()...)
	result, err := d.prover.Prove(t.Context(), d.asks(func(r *proof.Request) {
		r.Fields, r.IssuerCheck = []string{"sex"}, true
	}), agrees(""), nil)
	require.NoError(t, err)
	assert.Equal(t, 1, service.Asked())
	assert.Equal(t, proofing.Passed, result.Verdict.Facts.Of(proofing.IssuerStatus).Outcome)
	assert.Empty(t, result.Identity.Card.ChipNumber.Reveal())
}

func TestACardWithoutItsNumbersIsNotAskedAbout(t *testing.T) {
	d := newDesk(t, "sparse")
	service := d.asksIssuer(simulator.People()...)
	result, err := d.prover.Prove(t.Context(), d.asks(func(r *proof.Request) { r.IssuerCheck = true }), agrees(""), nil)
	require.NoError(t, err)
	assert.Zero(t, service.Asked(), "nothing was sent")
	status := result.Verdict.Facts.Of(proofing.IssuerStatus)
	assert.Equal(t, proofing.Indeterminate, status.Outcome)
	assert.Equal(t, proofing.ByAgent, status.By)
}

// overheard is a Checker whose questions can be heard by a test.
type overheard struct {
	issuer.Checker
	asked chan struct{}
}

func (o overheard) CheckCID(ctx context.Context, card issuer.Card) (issuer.Answer, error) {
	close(o.asked)
	return o.Checker.CheckCID(ctx, card)
}

// docs/adr 0010: no clerk waits for a server.
func TestTheIssuerIsAskedWhileTheClerkLooks(t *testing.T) {
	d := newDesk(t, "default")
	d.asksIssuer(simulator.People()...)
	asked := make(chan struct{})
	d.prover.Issuer = overheard{d.prover.Issuer, asked}
	result, err := d.prover.Prove(t.Context(), d.asks(func(r *proof.Request) { r.IssuerCheck = true }),
		person(func(ctx context.Context, v proofing.View, wanted []proofing.Kind) ([]proofing.Fact, error) {
			<-asked // the clerk hasn't said a word yet
			assert.Equal(t, proofing.NotDone, v.Facts.Of(proofing.IssuerStatus).Outcome, "and isn't told what the issuer says")
			return agrees("")(ctx, v, wanted)
		}), nil)
	require.NoError(t, err)
	assert.Equal(t, proofing.Passed, result.Verdict.Facts.Of(proofing.IssuerStatus).Outcome)
}

func TestAClerkWhoSaysNoEndsTheQuestionToo(t *testing.T) {
	d := newDesk(t, "default")
	service := d.asksIssuer(simulator.People()...)
	fault(d, service, "{act: hang, until: cleared}")
	asked := make(chan struct{})
	d.prover.Issuer = overheard{d.prover.Issuer, asked}
	declined := errors.New("declined")
	start := time.Now()
	_, err := d.prover.Prove(t.Context(), d.asks(func(r *proof.Request) { r.IssuerCheck = true }),
		person(func(context.Context, proofing.View, []proofing.Kind) ([]proofing.Fact, error) {
			<-asked
			return nil, declined
		}), nil)
	assert.ErrorIs(t, err, declined)
	assert.Less(t, time.Since(start), issuer.DefaultDeadline)
}

// The card must stay until the issuer has answered, too.
func TestACardThatLeavesWhileTheIssuerThinksIsNotDecidedOn(t *testing.T) {
	for name, row := range gone {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t, "default")
			service := d.asksIssuer(simulator.People()...)
			fault(d, service, "{act: hang, until: cleared}")
			asked := make(chan struct{})
			d.prover.Issuer = overheard{d.prover.Issuer, asked}
			go func() {
				<-asked
				row.happens(t, d)
			}()
			start := time.Now()
			result, err := d.prover.Prove(t.Context(), d.asks(func(r *proof.Request) { r.IssuerCheck = true }), agrees(""), nil)
			assert.True(t, isAny(err, row.want), "%v", err)
			assert.Nil(t, result)
			assert.Less(t, time.Since(start), issuer.DefaultDeadline)
		})
	}
}
