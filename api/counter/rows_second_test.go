package counter

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/audit"
	"chipproof/proofing"
)

// byAnother gives another person's word, as chipproof approve does.
func (p *prover) byAnother(id string, answer proofing.Answer) bool {
	p.t.Helper()
	first, err := p.office.Records.AnswerApproval(p.t.Context(), proofing.Actor{ID: "os:1000"}, id, answer, p.office.Clock.Now())
	require.NoError(p.t, err)
	return first
}

// seen has the clerk state what such a proofing wants, and gives its id.
func (p *prover) seen(t *testing.T) string {
	t.Helper()
	w := p.site.proves("purpose", seenByTwo).waiting(t)
	p.until(func() bool { return len(p.current().WaitingFor) == 1 })
	require.Equal(t, 204, p.states(w.ID, "kind", "face_visual", "outcome", "passed").status)
	p.until(func() bool {
		c := p.current()
		return c != nil && len(c.WaitingFor) == 1 && c.WaitingFor[0] == "second_person"
	})
	return w.ID
}

func TestWhoeverStatedAFactCannotApproveTheProofing(t *testing.T) {
	p := proving(t, setup{})
	id := p.seen(t)
	assert.Equal(t, []string{"second_person"}, p.site.result(id).waiting(t).WaitingFor, "the page is told what is waited for now")
	question := p.console.waits()
	assert.True(t, question.Second)
	p.console.post("/v1/approvals/"+question.ID, words("answer", "approved")).says(t, 403, "second_person_required", "")
	p.states(id, "kind", "face_visual", "outcome", "failed").says(t, 410, "result_gone", "the facts are stated")
	require.True(t, p.byAnother(question.ID, proofing.Approved))
	got := p.site.result(id).proven(t)
	assert.Equal(t, "accepted", got.Decision, got.Reasons)
	entry := p.office.Entries(audit.KindProofing)[0]
	assert.Equal(t, "os:1000", entry.Attributes["approver"])
	assert.Equal(t, p.login.Session.User.ID, entry.Actor)
}

func TestASecondPersonWhoSaysNoEndsIt(t *testing.T) {
	p := proving(t, setup{})
	id := p.seen(t)
	require.True(t, p.byAnother(p.console.waits().ID, proofing.Declined))
	p.site.outcome(id).says(t, 403, "approval_declined", "")
	assert.Empty(t, p.office.Entries(audit.KindProofing))
}

func TestWithoutASecondPersonItIsInconclusive(t *testing.T) {
	p := proving(t, setup{patience: Patience{Answer: 30 * time.Millisecond}})
	w := p.site.proves("purpose", seenByTwo).waiting(t)
	p.states(w.ID, "kind", "face_visual", "outcome", "passed")
	p.until(func() bool { return p.current() == nil })
	got := p.site.result(w.ID).proven(t)
	assert.Equal(t, "inconclusive", got.Decision)
	assert.Equal(t, []string{"second_person_not_done"}, got.Reasons)
}

func TestTheCardStaysUntilTheSecondPersonHasSpoken(t *testing.T) {
	p := proving(t, setup{})
	id := p.seen(t)
	question := p.console.waits().ID
	require.NoError(t, p.machine.Remove(reader))
	p.site.outcome(id).says(t, 409, "card_removed", "")
	assert.False(t, p.byAnother(question, proofing.Approved), "the question is taken back")
}
