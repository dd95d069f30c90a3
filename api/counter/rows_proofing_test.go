package counter

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/api"
	"chipproof/audit"
	"chipproof/proofing"
	"chipproof/simulator"
)

// always has the clerk asked before each proof.
func always(o *Entry) { o.Ask = proofing.AskAlways }

func TestP3AProofingThatNeedsTheClerksWordWaitsForIt(t *testing.T) {
	p := proving(t, setup{})
	p.site.list(always)
	w := p.site.proves("purpose", proofing.IdentityProofing).waiting(t)
	assert.Equal(t, []string{"approval"}, w.WaitingFor)
	assert.Zero(t, p.card.Exchanges(), "nothing is read before")
	p.states(w.ID, "kind", "face_visual", "outcome", "passed").says(t, 409, "fact_early", "nobody has seen anything yet")
	approval := p.console.waits()
	assert.Equal(t, proofing.IdentityProofing, approval.Purpose)
	assert.False(t, approval.Second)
	require.Equal(t, 204, p.console.post("/v1/approvals/"+approval.ID, words("answer", "approved")).status)

	p.until(func() bool { return slices.Equal(p.site.result(w.ID).waiting(t).WaitingFor, []string{"face_visual"}) })
	p.states(w.ID, "kind", "face_visual", "outcome", "passed")
	got := p.site.result(w.ID).proven(t)
	p.site.checked(got.Proof, proofing.IdentityProofing)
	assert.Equal(t, approval.ID, p.office.Entries(audit.KindProofing)[0].Attributes["approval"])

	w = p.site.proves().waiting(t)
	require.Equal(t, 204, p.console.post("/v1/approvals/"+p.console.waits().ID, words("answer", "approved")).status)
	p.site.result(w.ID).proven(t) // P9: an approval is the click that gives one more
}

func TestP3TheClerkSaysNoToAProofing(t *testing.T) {
	p := proving(t, setup{})
	p.site.list(always)
	claims := p.site.claims()
	w := p.site.asks(p.site.sign(claims)).waiting(t)
	require.Equal(t, 204, p.console.post("/v1/approvals/"+p.console.waits().ID, words("answer", "declined")).status)
	p.site.result(w.ID).says(t, 403, "approval_declined", "")
	p.site.result(w.ID).says(t, 410, "result_gone", "")
	assert.Zero(t, p.card.Exchanges())
	p.site.asks(p.site.sign(claims)).says(t, 409, "request_reused", "the clerk's no uses it for good")
	p.site.list()
	p.site.proves().proven(t) // the insertion is not used up

	p.site.list(always)
	w = p.site.proves().waiting(t)
	require.Equal(t, 204, p.console.post("/v1/proofings/"+w.ID+"/decline", "").status, "the other way to say it")
	p.site.result(w.ID).says(t, 403, "approval_declined", "")
	a := p.console.get("/v1/approvals")
	assert.Equal(t, `{"approvals":[]}`+"\n", a.body, "the question is taken back")
}

func TestP3NobodyAnswersForAProofing(t *testing.T) {
	p := proving(t, setup{patience: Patience{Answer: 30 * time.Millisecond}})
	p.site.list(always)
	token := p.site.sign(p.site.claims())
	w := p.site.asks(token).waiting(t)
	p.site.result(w.ID).says(t, 504, "approval_timeout", "")
	assert.Zero(t, p.card.Exchanges())
	p.site.list()
	p.site.asks(token).proven(t) // nobody decided, so it may be asked again
}

func TestP3NobodyIsAskedWithoutACard(t *testing.T) {
	p := proving(t, setup{})
	p.site.list(always)
	require.NoError(t, p.machine.Remove(reader))
	p.site.proves().says(t, 409, "card_absent", "")
	require.NoError(t, p.machine.Insert(reader, p.card))
	w := p.site.proves().waiting(t)
	id := p.console.waits().ID
	p.reinsert()
	p.site.result(w.ID).says(t, 409, "card_changed", "what the clerk was asked about has left")
	p.console.post("/v1/approvals/"+id, words("answer", "approved")).says(t, 404, "approval_unknown", "")
	assert.Zero(t, p.card.Exchanges())
}

func TestP4OneIsServedAtATime(t *testing.T) {
	p := proving(t, setup{})
	neighbour := p.another(other)
	w := p.site.proves("purpose", proofing.IdentityProofing).waiting(t)
	for name, a := range map[string]answer{
		"the same site, a proof": p.site.proves(), "another site, a proof": neighbour.proves(),
		"the same site, a read": p.readAs(site, "sex"), "another site, a read": p.readAs(other, "sex"),
		"our own console": p.console.post("/v1/proofings", `{"purpose":"chip_only","fields":["sex"]}`),
	} {
		a.says(t, 409, "reader_busy", name)
		assert.NotContains(t, a.body, w.ID)
		assert.NotContains(t, a.body, site)
	}
	p.states(w.ID, "kind", "face_visual", "outcome", "passed")
	p.site.result(w.ID).proven(t)
	assert.Equal(t, 200, neighbour.proves().status, "afterwards the other gets its own answer from the same insertion")
}

func TestP5TheResultIsForTheSiteThatAsked(t *testing.T) {
	p := proving(t, setup{})
	neighbour := p.another(other)
	w := p.site.proves("purpose", proofing.IdentityProofing).waiting(t)
	for name, a := range map[string]answer{
		"another site": neighbour.result(w.ID), "our own console": p.console.post("/v1/proofings/"+w.ID+"/result", ""),
		"an id that never was": p.site.result(strings.Repeat("0", 32)), "no id": p.site.result("x"),
	} {
		a.says(t, 404, "result_unknown", name)
	}
	p.states(w.ID, "kind", "face_visual", "outcome", "passed")
	neighbour.result(w.ID).says(t, 404, "result_unknown", "also when it is there")
	p.site.result(w.ID).proven(t)
	p.site.result(w.ID).says(t, 410, "result_gone", "twice")
	neighbour.result(w.ID).says(t, 404, "result_unknown", "also when it is gone")
}

func TestP5OfTwoAtOnceOneWins(t *testing.T) {
	p := proving(t, setup{})
	w := p.site.proves("purpose", proofing.IdentityProofing).waiting(t)
	go func() {
		a := p.counter.attempts.find(w.ID)
		for { // until both wait
			a.mu.Lock()
			both := a.waiters == 2
			a.mu.Unlock()
			if both {
				break
			}
			<-a.news()
		}
		p.states(w.ID, "kind", "face_visual", "outcome", "passed")
	}()
	codes := atOnce(2, func(int) answer { return p.site.result(w.ID) })
	assert.Equal(t, map[string]int{"200": 1, "410result_gone": 1}, codes)
}

func TestP5WhileItWaitsTheAnswerIsThatItWaits(t *testing.T) {
	p := proving(t, setup{patience: Patience{Call: 20 * time.Millisecond}})
	w := p.site.proves("purpose", proofing.IdentityProofing).waiting(t)
	p.until(func() bool { return len(p.current().WaitingFor) > 0 })
	for range 2 {
		assert.Equal(t, ProofingWaiting{ID: w.ID, State: "waiting", WaitingFor: []string{"face_visual"}}, p.site.result(w.ID).waiting(t))
	}
	p.states(w.ID, "kind", "face_visual", "outcome", "passed")
	last := p.site.result(w.ID)
	for last.status == 202 { // a call is short here, and the decision takes its time
		last = p.site.result(w.ID)
	}
	last.proven(t)
}

func TestP5AResultThatNobodyAskedForIsGone(t *testing.T) {
	p := proving(t, setup{patience: Patience{Result: time.Millisecond}})
	w := p.site.proves("purpose", proofing.IdentityProofing).waiting(t)
	p.states(w.ID, "kind", "face_visual", "outcome", "passed")
	p.until(func() bool { return p.counter.attempts.find(w.ID).caller.Lang == "" }) // only its stone is left
	p.site.result(w.ID).says(t, 410, "result_gone", "later than five minutes")
	assert.Equal(t, 5*time.Minute, Patience{}.withDefaults().Result)
}

func TestTheResultOutlivesTheCard(t *testing.T) {
	p := proving(t, setup{})
	w := p.site.proves("purpose", proofing.IdentityProofing).waiting(t)
	p.states(w.ID, "kind", "face_visual", "outcome", "passed")
	p.until(func() bool { return p.current() == nil })
	require.NoError(t, p.machine.Remove(reader))
	next := insert(t, p.machine, "middle-name", simulator.Line{})
	p.site.checked(p.site.result(w.ID).proven(t).Proof, proofing.IdentityProofing)
	assert.Equal(t, 200, p.site.proves().status, "and counts for nothing at the next card")
	assert.NotZero(t, next.Exchanges())
}

func TestP6ASimulatedReaderNeverPassesInProduction(t *testing.T) {
	p := proving(t, setup{mode: api.Production})
	p.site.proves().says(t, 403, "simulator_refused", "")
	p.console.post("/v1/proofings", `{"purpose":"chip_only","fields":["sex"]}`).says(t, 403, "simulator_refused", "nor for the counter's own use")
	assert.Zero(t, p.card.Exchanges(), "before the card is touched")
	assert.Equal(t, 200, p.readAs(site, "sex").status, "a form may be filled")

	metal := proving(t, setup{mode: api.Production, metal: true})
	got := metal.site.proves().proven(t)
	assert.Equal(t, "production", payloadOf(t, got.Proof)["mode"])
	test := proving(t, setup{})
	assert.Equal(t, "test", payloadOf(t, test.site.proves().proven(t).Proof)["mode"])
}

func TestP7WithoutItsEntryNothingIsReleased(t *testing.T) {
	p := proving(t, setup{})
	w := p.site.proves("purpose", proofing.IdentityProofing).waiting(t)
	p.breakLog()
	p.states(w.ID, "kind", "face_visual", "outcome", "passed").says(t, 503, "audit_unavailable", "a word that is not written down counts for nothing")
	assert.Equal(t, []string{"face_visual"}, p.current().WaitingFor)
	p.mendLog()
	require.Equal(t, 204, p.states(w.ID, "kind", "face_visual", "outcome", "passed").status)
	p.site.result(w.ID).proven(t)

	p.reinsert()
	token := p.site.sign(p.site.claims())
	p.breakLog()
	p.site.asks(token).says(t, 503, "audit_unavailable", "")
	p.mendLog()
	p.site.proves().proven(t)
}

func TestP8TheSameGrantsHoldForReads(t *testing.T) {
	p := proving(t, setup{})
	for purpose, row := range map[string]string{
		"identity_proofing": "403purpose_refused", "chip_only": "403purpose_refused", "compat": "403purpose_refused", "shopping": "422purpose_unknown",
	} {
		a := p.raw(post("/v1/reads", mustJSON(map[string]any{"purpose": purpose, "fields": []string{"sex"}}), fromSite))
		assert.Equal(t, row, fmt.Sprint(a.status, a.code()))
	}
	p.console.post("/v1/proofings", `{"purpose":"shopping","fields":["sex"]}`).says(t, 422, "purpose_unknown", "the console has the same policy")
	for _, purpose := range []string{"form_fill", "compat"} {
		p.console.post("/v1/proofings", mustJSON(map[string]any{"purpose": purpose, "fields": []string{"sex"}})).says(t, 403, "purpose_refused", "no proofing for "+purpose)
	}
	p.console.post("/v1/proofings", `{"purpose":"chip_only","fields":["laser_code"]}`).says(t, 403, "field_refused", "")
	assert.Zero(t, p.card.Exchanges())
}

func TestP9AReadAndAProofAreOneAnswer(t *testing.T) {
	p := proving(t, setup{})
	neighbour := p.another(other)
	p.site.proves().proven(t)
	before := p.card.Exchanges()
	p.site.proves().says(t, 409, "read_already", "a second proof")
	p.readAs(site, "sex").says(t, 409, "read_already", "a read after a proof")
	assert.Equal(t, before, p.card.Exchanges())
	neighbour.proves().proven(t)
	require.Equal(t, 204, p.console.post("/v1/reads/again", words("origin", site)).status)
	require.Equal(t, 200, p.readAs(site, "sex").status, "the clerk's click gives one more")
	p.site.proves().says(t, 409, "read_already", "a proof after a read")
	p.reinsert()
	p.site.proves().proven(t)
	refused := p.office.Entries(audit.KindRequestRefused)
	assert.Len(t, refused, 2, "the first refusal of each is an entry")
}

func TestP9OfFiftyProofingsAtOnceOneWins(t *testing.T) {
	machine := simulator.NewMachine(reader)
	card := insert(t, machine, "default", simulator.LineTA96)
	p := provingAt(t, machine, card, setup{})
	codes := atOnce(50, func(int) answer { return p.site.proves() })
	assert.Equal(t, 1, codes["200"], "%v", codes)
	assert.Equal(t, 49, codes["409reader_busy"]+codes["409read_already"], "%v", codes)
	assert.Len(t, p.office.Entries(audit.KindProofing), 1)
	p.site.proves().says(t, 409, "read_already", "")
}

func TestP9OnlyAnAnswerThatLeftCounts(t *testing.T) {
	p := proving(t, setup{})
	w := p.site.proves("purpose", proofing.IdentityProofing).waiting(t)
	p.states(w.ID, "kind", "face_visual", "outcome", "passed")
	p.until(func() bool { return p.current() == nil })
	require.Equal(t, 200, p.readAs(site, "sex").status, "nothing has left yet")
	p.site.result(w.ID).says(t, 409, "read_already", "now it would be the second")
	require.Equal(t, 204, p.console.post("/v1/reads/again", words("origin", site)).status)
	p.site.result(w.ID).proven(t)
}
