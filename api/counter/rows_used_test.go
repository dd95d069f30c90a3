package counter

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/api"
	"chipproof/audit"
	"chipproof/proofing"
	"chipproof/simulator"
)

func TestQ17ARequestCountsOnce(t *testing.T) {
	p := proving(t, setup{})
	token := p.site.sign(p.site.claims())
	p.site.asks(token).proven(t)
	p.counter.insertions.again(site)
	before := p.card.Exchanges()
	for range 3 {
		p.site.asks(token).says(t, 409, "request_reused", "")
	}
	assert.Equal(t, before, p.card.Exchanges())
}

func TestQ17OfFiftyAtOnceOneCounts(t *testing.T) {
	p := proving(t, setup{})
	token := p.site.sign(p.site.claims())
	codes := atOnce(50, func(int) answer { return p.site.asks(token) })
	assert.Equal(t, map[string]int{"200": 1, "409request_reused": 49}, codes)
	assert.Len(t, p.office.Entries(audit.KindProofing), 1)
}

// atOnce counts what so many get who ask at the same time.
func atOnce(n int, ask func(i int) answer) map[string]int {
	var (
		mu    sync.Mutex
		all   sync.WaitGroup
		codes = map[string]int{}
	)
	for i := range n {
		all.Go(func() {
			a := ask(i)
			mu.Lock()
			defer mu.Unlock()
			codes[fmt.Sprint(a.status, a.code())]++
		})
	}
	all.Wait()
	return codes
}

func TestQ17TheStoreRemembersOverARestart(t *testing.T) {
	p := proving(t, setup{})
	token := p.site.sign(p.site.claims())
	p.site.asks(token).proven(t)
	p.stop()
	// The same database under another agent, as after a restart.
	listeners, err := api.Listen(t.Context(), "localhost:0")
	require.NoError(t, err)
	again, err := New(Options{
		Readers: p.counter.readers, Records: p.office.Records, Pseudonyms: p.office.Pseudonyms, Policy: p.counter.policy,
		Signing: p.counter.signing, Keys: p.counter.keys, Rules: p.counter.rules, Now: p.office.Clock.Now,
	})
	require.NoError(t, err)
	require.NoError(t, listeners.Close())
	a := newAttempt(t.Context(), api.Caller{Origin: site}, inquiry{})
	q, err := again.examine(t.Context(), api.Caller{Origin: site}, ProofingRequest{Request: signed(token)})
	require.NoError(t, err, "the request itself is good")
	a.inquiry = q
	assert.ErrorIs(t, again.reserve(t.Context(), a), ErrRequestReused)
}

func TestQ18JTIAndNonceAreUsedTogether(t *testing.T) {
	p := proving(t, setup{})
	claims := p.site.claims()
	token := p.site.sign(claims)
	p.site.asks(token).proven(t)
	p.counter.insertions.again(site)
	for name, other := range map[string]string{
		"a new jti with a used nonce": p.site.sign(clone(claims, "jti", b64(random(16)))),
		"a used jti with a new nonce": p.site.sign(clone(claims, "nonce", b64(random(32)))),
		"the twin signature":          p.site.twin(token),
		"signed once more":            p.site.sign(claims),
	} {
		p.site.asks(other).says(t, 409, "request_reused", name)
	}
}

func TestQ19AnotherSiteHasItsOwn(t *testing.T) {
	p := proving(t, setup{})
	neighbour := p.another(other)
	claims := p.site.claims()
	p.site.asks(p.site.sign(claims)).proven(t)
	neighbour.asks(neighbour.sign(clone(claims, "iss", other, "audience", other))).proven(t)
}

func TestQ21WhatEndsForTheCardsSakeCanBeAskedAgain(t *testing.T) {
	p := proving(t, setup{})
	token := p.site.sign(p.site.claims("purpose", proofing.IdentityProofing))
	require.NoError(t, p.machine.Remove(reader))
	p.site.asks(token).says(t, 409, "card_absent", "")
	require.NoError(t, p.machine.Insert(reader, p.card))

	plan, err := simulator.ParsePlan([]byte(`[{field: name, do: remove}]`))
	require.NoError(t, err)
	require.NoError(t, p.machine.Faults(reader, plan))
	p.site.asks(token).says(t, 409, "card_removed", "in the middle of the read")
	require.NoError(t, p.machine.Insert(reader, p.card))

	w := p.site.asks(token).waiting(t)
	require.NoError(t, p.machine.Remove(reader))
	p.site.result(w.ID).says(t, 409, "card_removed", "before the clerk has answered")
	p.site.result(w.ID).says(t, 410, "result_gone", "a failure is told once")
	require.NoError(t, p.machine.Insert(reader, p.card))
	ended := p.office.Entries(audit.KindProofingEnd)
	require.Len(t, ended, 2, "what found no card is no entry")
	for _, e := range ended {
		assert.Equal(t, "card_removed", e.Attributes["code"])
		assert.Equal(t, site, e.Attributes["origin"])
	}

	w = p.site.asks(token).waiting(t)
	require.Equal(t, 204, p.states(w.ID, "kind", "face_visual", "outcome", "failed").status)
	assert.Equal(t, "rejected", p.site.result(w.ID).proven(t).Decision)
	p.reinsert()
	p.site.asks(token).says(t, 409, "request_reused", "after a decision, also if that was a refusal")
}

func TestQ21TheClerksNoUsesTheRequestForGood(t *testing.T) {
	p := proving(t, setup{})
	token := p.site.sign(p.site.claims("purpose", proofing.IdentityProofing))
	w := p.site.asks(token).waiting(t)
	require.Equal(t, 204, p.console.post("/v1/proofings/"+w.ID+"/decline", "").status)
	p.site.result(w.ID).says(t, 403, "approval_declined", "")
	p.site.result(w.ID).says(t, 410, "result_gone", "")
	p.console.post("/v1/proofings/"+w.ID+"/decline", "").says(t, 410, "result_gone", "")
	p.site.asks(token).says(t, 409, "request_reused", "")
	ended := p.office.Entries(audit.KindProofingEnd)
	require.Len(t, ended, 1)
	assert.Equal(t, "approval_declined", ended[0].Attributes["code"])
	assert.Equal(t, p.login.Session.User.ID, ended[0].Actor)
	assert.Empty(t, p.office.Entries(audit.KindProofing))
	p.site.proves().proven(t) // and the insertion is not used up
}

func TestQ21WhatACrashLeftReservedStaysSo(t *testing.T) {
	p := proving(t, setup{})
	token := p.site.sign(p.site.claims())
	q, err := p.counter.examine(t.Context(), api.Caller{Origin: site}, ProofingRequest{Request: signed(token)})
	require.NoError(t, err)
	require.NoError(t, p.counter.reserve(t.Context(), newAttempt(t.Context(), api.Caller{Origin: site}, q)), "and then the power fails")
	p.site.asks(token).says(t, 409, "request_reused", "")
}

func TestAUsedRequestIsRememberedAsLongAsItLives(t *testing.T) {
	p := proving(t, setup{})
	token := p.site.sign(p.site.claims())
	p.site.asks(token).proven(t)
	p.counter.insertions.again(site)
	p.office.Clock.Forward(179 * time.Second)
	p.site.asks(token).says(t, 409, "request_reused", "it would still pass")
	p.office.Clock.Forward(time.Second)
	p.site.asks(token).says(t, 400, "request_expired", "")
}
