package counter

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/api"
	"chipproof/proofing/issuer"
)

// registrar stands in for the issuer's service, which is an outside party. It
// answers when it is let to.
type registrar struct {
	answer issuer.Answer
	err    error
	wait   chan struct{} // nil: at once
}

func (r *registrar) CheckCID(ctx context.Context, _ issuer.Card) (issuer.Answer, error) {
	if r.wait != nil {
		select {
		case <-r.wait:
		case <-ctx.Done():
			return issuer.Answer{}, ctx.Err()
		}
	}
	return r.answer, r.err
}

func (r *registrar) CheckLaser(context.Context, issuer.Holder) (issuer.Answer, error) {
	return r.answer, r.err
}

func (a ProofingAnswer) fact(kind string) Fact {
	for _, f := range a.Facts {
		if f.Kind == kind {
			return f
		}
	}
	return Fact{}
}

func TestTheIssuersOwnWordsReachTheSite(t *testing.T) {
	says := issuer.Answer{Outcome: "failed", Code: "4", Desc: "สถานะไม่ปกติ", At: time.Date(2026, 11, 23, 1, 0, 0, 0, time.UTC)}
	p := proving(t, setup{issuer: &registrar{answer: says}})
	got := p.site.proves("purpose", askIssuer).proven(t)
	assert.Equal(t, "rejected", got.Decision)
	assert.Equal(t, []string{"issuer_status_failed"}, got.Reasons)
	f := got.fact("issuer_status")
	assert.Equal(t, "4", f.Code)
	assert.Equal(t, "สถานะไม่ปกติ", f.Desc)
	assert.Equal(t, "dopa", f.By)
	p.reinsert()
	got = p.site.proves("issuer_check", true).proven(t)
	assert.Equal(t, "rejected", got.Decision, "also where only the request wants it asked")
}

func TestAnIssuerOutOfReachNeverLooksLikeABadCard(t *testing.T) {
	p := proving(t, setup{issuer: &registrar{err: issuer.ErrUnreachable}})
	got := p.site.proves("purpose", askIssuer).proven(t)
	assert.Equal(t, "inconclusive", got.Decision)
	assert.Equal(t, []string{"issuer_status_indeterminate"}, got.Reasons)
	p.reinsert()
	assert.Equal(t, "accepted", p.site.proves("issuer_check", true).proven(t).Decision, "a purpose that does not need it")

	none := proving(t, setup{})
	assert.Equal(t, []string{"issuer_status_not_done"}, none.site.proves("purpose", askIssuer).proven(t).Reasons, "a desk that is not set up for it")
}

func TestASlowIssuerIsWaitedForWithoutAPerson(t *testing.T) {
	slow := &registrar{answer: issuer.Answer{Outcome: "passed", Code: "0"}, wait: make(chan struct{})}
	p := proving(t, setup{issuer: slow, patience: Patience{Call: 50 * time.Millisecond}})
	w := p.site.proves("purpose", askIssuer).waiting(t)
	assert.Empty(t, w.WaitingFor, "nobody has to act")
	assert.Equal(t, "running", p.current().State)
	close(slow.wait)
	assert.Equal(t, "accepted", p.site.outcome(w.ID).proven(t).Decision)
}

func TestTheClerkMayBreakOffWhileTheIssuerIsAsked(t *testing.T) {
	slow := &registrar{wait: make(chan struct{})}
	p := proving(t, setup{issuer: slow, patience: Patience{Call: 50 * time.Millisecond}})
	w := p.site.proves("purpose", askIssuer).waiting(t)
	require.Equal(t, 204, p.console.post("/v1/proofings/"+w.ID+"/decline", "").status)
	p.site.outcome(w.ID).says(t, 403, "approval_declined", "")
}

func TestADeskThatIsLeftWhileTheIssuerIsAskedSignsNothing(t *testing.T) {
	slow := &registrar{answer: issuer.Answer{Outcome: "passed", Code: "0"}, wait: make(chan struct{})}
	p := proving(t, setup{mode: api.Test, issuer: slow, patience: Patience{Call: 50 * time.Millisecond}})
	w := p.site.proves("purpose", askIssuer).waiting(t)
	require.NoError(t, p.office.MFA.Lock(t.Context(), p.login.Token))
	close(slow.wait)
	a := p.counter.attempts.find(w.ID)
	<-a.done
	assert.Empty(t, p.office.Entries("proofing"))
	require.Len(t, p.office.Entries("proofing_ended"), 1)
	assert.Equal(t, "mfa_required", p.office.Entries("proofing_ended")[0].Attributes["code"])
}
