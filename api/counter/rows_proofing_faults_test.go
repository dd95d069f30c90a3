package counter

import (
	"bufio"
	"fmt"
	"io"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/api"
	"chipproof/audit"
	"chipproof/proofing"
	"chipproof/simulator"
)

// After every fault: the right code, no identity, and the same request passes at
// once, since nothing was decided (agent-security §11; proof §11).
func TestAfterEveryFaultOfTheCardTheSameRequestWorks(t *testing.T) {
	p := proving(t, setup{})
	for plan, codes := range map[string][]string{
		`[{field: name, do: status, word: 6F00, until: cleared}]`:      {"card_error"},
		`[{field: citizen_id, do: garbage, until: cleared}]`:           {"card_error", "card_changed"},
		`[{exchange: 3, do: endless_61xx}]`:                            {"card_error"},
		`[{field: birth_date, do: truncate, keep: 1, until: cleared}]`: {"card_error"},
		`[{exchange: 2, do: swap, person: middle-name}]`:               {"card_removed", "card_changed"},
		`[{exchange: 4, do: remove}]`:                                  {"card_removed"},
		`[{exchange: 4, do: unplug}]`:                                  {"reader_not_found", "card_removed"},
		`[{exchange: 4, do: service_stop}]`:                            {"reader_service_down"},
	} {
		p.reinsert()
		token := p.site.sign(p.site.claims("fields", everyField()))
		parsed, err := simulator.ParsePlan([]byte(plan))
		require.NoError(t, err, plan)
		require.NoError(t, p.machine.Faults(reader, parsed))
		a := p.site.asks(token)
		assert.Contains(t, codes, a.code(), plan)
		assert.NotContains(t, a.body, "identity")
		p.mend(t)
		assert.Equal(t, 200, p.site.asks(token).status, plan)
	}
}

// mend puts machine, reader and card back as they were.
func (p *prover) mend(t *testing.T) {
	t.Helper()
	p.machine.StartService()
	_ = p.machine.Plug(reader)
	require.NoError(t, p.machine.Faults(reader, nil))
	_ = p.machine.Remove(reader)
	require.NoError(t, p.machine.Insert(reader, p.card))
}

// stalls sends a request whose read stands still at an exchange, and gives the
// connection.
func (p *prover) stalls(t *testing.T, token string, exchange int) io.Closer {
	t.Helper()
	fault(fmt.Sprintf(`[{exchange: %d, do: mute, until: cleared}]`, exchange))(t, p.machine)
	before := p.card.Exchanges()
	conn := p.dial()
	_, err := io.WriteString(conn, p.wire(post("/v1/proofings", signedBody(token), fromSite)))
	require.NoError(t, err)
	p.until(func() bool { return p.card.Exchanges() >= before+exchange-1 && p.counter.attempts.current() != nil })
	return conn
}

func TestRow25AClosedTabStopsTheReadAtEveryIndex(t *testing.T) {
	p := proving(t, setup{})
	before := p.card.Exchanges()
	p.site.proves().proven(t)
	all := p.card.Exchanges() - before
	require.Greater(t, all, 5)
	for i := 1; i <= all; i++ {
		p.reinsert()
		token := p.site.sign(p.site.claims())
		require.NoError(t, p.stalls(t, token, i).Close())
		p.until(func() bool { return p.counter.attempts.current() == nil && !p.reading() })
		require.NoError(t, p.machine.Faults(reader, nil))
		p.site.asks(token).proven(t)
	}
	ended := p.office.Entries(audit.KindProofingEnd)
	require.Len(t, ended, all)
	for _, e := range ended {
		assert.Equal(t, "interrupted", e.Attributes["code"])
	}
	assert.Equal(t, 200, p.console.get("/v1/sessions/current").status, "the staff session is untouched")
}

func TestRow25TheClerkBreaksOffAtEveryIndex(t *testing.T) {
	p := proving(t, setup{})
	before := p.card.Exchanges()
	p.site.proves().proven(t)
	all := p.card.Exchanges() - before
	for i := 1; i <= all; i++ {
		p.reinsert()
		token := p.site.sign(p.site.claims())
		conn := p.dial()
		fault(fmt.Sprintf(`[{exchange: %d, do: mute, until: cleared}]`, i))(t, p.machine)
		_, err := io.WriteString(conn, p.wire(post("/v1/proofings", signedBody(token), fromSite)))
		require.NoError(t, err)
		p.until(func() bool { return p.current() != nil })
		require.Equal(t, 204, p.console.post("/v1/proofings/"+p.current().ID+"/decline", "").status)
		res, err := http.ReadResponse(bufio.NewReader(conn), nil)
		require.NoError(t, err)
		assert.Equal(t, 403, res.StatusCode, "at %d", i)
		require.NoError(t, res.Body.Close())
		require.NoError(t, conn.Close())
		require.NoError(t, p.machine.Faults(reader, nil))
		p.site.asks(token).says(t, 409, "request_reused", "the clerk's no is for good")
		p.site.proves().proven(t)
	}
}

func TestAPageThatClosesWhileTheClerkLooksEndsNothing(t *testing.T) {
	p := proving(t, setup{})
	w := p.site.proves("purpose", proofing.IdentityProofing).waiting(t)
	conn := p.dial()
	_, err := io.WriteString(conn, p.wire(post("/v1/proofings/"+w.ID+"/result", "", fromSite)))
	require.NoError(t, err)
	a := p.counter.attempts.find(w.ID)
	waits := func(n int) func() bool {
		return func() bool {
			a.mu.Lock()
			defer a.mu.Unlock()
			return a.waiters == n
		}
	}
	p.until(waits(1))
	require.NoError(t, conn.Close())
	p.until(waits(0))
	assert.Equal(t, w.ID, p.current().ID)
	p.states(w.ID, "kind", "face_visual", "outcome", "passed")
	p.site.result(w.ID).proven(t)
}

func TestAResultThatDidNotLeaveCanBeAskedForAgain(t *testing.T) {
	p := proving(t, setup{})
	a := newAttempt(t.Context(), api.Caller{Origin: site, Person: api.Person{Hold: p.hold()}}, inquiry{})
	a.turn = &turn{}
	require.NoError(t, p.counter.attempts.begin(a))
	p.counter.attempts.end(a)
	a.finish(&proofing.Result{ID: a.id}, nil)
	result, err := a.take()
	require.NoError(t, err)
	require.NotNil(t, result)
	_, err = a.take()
	require.ErrorIs(t, err, ErrResultGone, "it is on its way")
	a.left(false)
	again, err := a.take()
	require.NoError(t, err)
	assert.Same(t, result, again)
	a.expire()
	a.left(false)
	_, err = a.take()
	require.ErrorIs(t, err, ErrResultGone, "but not when its time is over")
	p.site.result(a.id).says(t, 410, "result_gone", "")
}

func TestRow29StepsOfTheClockEndNothingAndStampWhatTheySay(t *testing.T) {
	p := proving(t, setup{})
	for _, step := range []time.Duration{30 * time.Minute, -3 * time.Hour, 50 * time.Minute} {
		p.reinsert()
		w := p.site.proves("purpose", proofing.IdentityProofing).waiting(t)
		p.office.Clock.Forward(step)
		if step > 0 {
			require.NoError(t, p.office.MFA.Touch(t.Context(), p.login.Token))
		}
		require.Equal(t, 204, p.states(w.ID, "kind", "face_visual", "outcome", "passed").status, "%v: the five minutes are those of the clerk", step)
		got := p.site.result(w.ID).proven(t)
		assert.EqualValues(t, p.office.Clock.Now().Unix(), payloadOf(t, got.Proof)["iat"])
	}
}

func TestAPanicCostsOneProofingAndTellsNothing(t *testing.T) {
	p := proving(t, setup{})
	clock := p.counter.signing.Now
	p.counter.signing.Now = func() time.Time { panic("MARKED-PANIC-VALUE") }
	a := p.site.proves()
	a.says(t, 500, "internal_error", "")
	assert.NotContains(t, a.body+p.log.String(), "MARKED-PANIC-VALUE")
	assert.Contains(t, p.log.String(), "proofing panicked")
	p.counter.signing.Now = clock
	p.site.proves().proven(t)
}

func TestStoppingTheAgentEndsAProofingUnsigned(t *testing.T) {
	p := proving(t, setup{})
	w := p.site.proves("purpose", proofing.IdentityProofing).waiting(t)
	result := make(chan answer, 1)
	go func() { result <- p.site.result(w.ID) }()
	a := p.counter.attempts.find(w.ID)
	p.until(func() bool { a.mu.Lock(); defer a.mu.Unlock(); return a.waiters == 1 })
	p.stop()
	(<-result).says(t, 503, "agent_stopping", "")
	ended := p.office.Entries(audit.KindProofingEnd)
	require.Len(t, ended, 1)
	assert.Equal(t, "agent_stopping", ended[0].Attributes["code"])
	assert.Empty(t, p.office.Entries(audit.KindProofing))
}

// hold is the hold of the desk that is in force.
func (d *desk) hold() string {
	d.t.Helper()
	h, err := d.office.MFA.Holder(d.t.Context())
	require.NoError(d.t, err)
	return h.Hold.ID
}
