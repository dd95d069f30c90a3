package counter

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/api"
	"chipproof/mfa"
)

// spoiledProofing is a good proofing of a site, until it is spoiled; the desk
// with it.
type spoiledProofing struct {
	target, host, origin, mode, media, method string
	body                                      map[string]any
	pad                                       int
	claims                                    []any
	forged                                    bool
	often                                     bool // the site has no request left in this minute
	desk                                      []spoil
	used                                      bool // the request was used before
}

// spoil makes something wrong with the desk, and puts it right again.
type spoil func(p *prover) (mend func())

// proofingWrongs are the steps of agent-security §4 with those of a signed
// request (proof §11) for the tenth, and what comes after.
var proofingWrongs = []struct {
	code  string
	apply func(*spoiledProofing)
}{
	{"request_malformed", func(q *spoiledProofing) { q.target = "http://localhost:PORT" + q.target }},
	{"host_refused", func(q *spoiledProofing) { q.host = "evil.example:PORT" }},
	{"not_found", func(q *spoiledProofing) { q.target = strings.Replace(q.target, "/v1/proofings", "/v1/nothing", 1) }},
	{"method_refused", func(q *spoiledProofing) { q.method = "PUT" }},
	{"origin_refused", func(q *spoiledProofing) { q.origin = "https://evil.example" }},
	{"request_context_refused", func(q *spoiledProofing) { q.mode = "no-cors" }},
	{"media_type_refused", func(q *spoiledProofing) { q.media = "text/plain" }},
	{"mfa_required", func(q *spoiledProofing) {
		q.at(func(p *prover) func() { // whoever holds the desk leaves it
			p.sql(`UPDATE desk SET hold_id = '', session_id = '', account_id = ''`)
			return func() {}
		})
	}},
	{"role_refused", func(q *spoiledProofing) {
		q.desk = append([]spoil{func(p *prover) func() {
			require.NoError(p.t, p.office.MFA.TakeDesk(p.t.Context(), p.dpo.Token))
			return func() {}
		}}, q.desk...)
	}},
	{"throttled", func(q *spoiledProofing) { q.often = true }},
	{"body_too_large", func(q *spoiledProofing) { q.pad = 64 << 10 }},
	{"body_invalid", func(q *spoiledProofing) { q.body["purpose"] = chipOnly }},
	{"request_refused", func(q *spoiledProofing) { q.forged = true }},
	{"clock_wrong", func(q *spoiledProofing) { q.claim("iat", 61, "exp", 181) }},
	{"purpose_unknown", func(q *spoiledProofing) { q.claim("purpose", "shopping") }},
	{"purpose_refused", func(q *spoiledProofing) { q.claims = append([]any{"purpose", "compat"}, q.claims...) }}, // an unknown one stands
	{"field_refused", func(q *spoiledProofing) { q.claim("fields", []string{"name", "nhso"}) }},
	{"request_reused", func(q *spoiledProofing) { q.used = true }},
	{"issuer_not_set", func(q *spoiledProofing) {
		q.at(func(p *prover) func() {
			p.counter.signing.Issuer = ""
			return func() { p.counter.signing.Issuer = agency }
		})
	}},
	{"key_unavailable", func(q *spoiledProofing) {
		q.at(func(p *prover) func() {
			p.keys.lose(true)
			return func() { p.keys.lose(false) }
		})
	}},
	{"reader_busy", func(q *spoiledProofing) {
		q.at(func(p *prover) func() {
			busy, _, err := p.counter.turns.take(asked{origin: other})
			require.NoError(p.t, err)
			return func() { p.counter.turns.end(busy) }
		})
	}},
	{"approval_timeout", func(q *spoiledProofing) {
		q.at(func(p *prover) func() {
			p.listWithoutNHSO(always)
			return func() { p.listWithoutNHSO() }
		})
	}},
	{"read_already", func(q *spoiledProofing) {
		q.at(func(p *prover) func() {
			counter, err := p.counter.insertionIn(p.t.Context(), reader)
			require.NoError(p.t, err)
			p.counter.insertions.claim(stay{reader, counter}, site)
			return func() { p.counter.insertions.again(site) }
		})
	}},
	{"simulator_refused", func(q *spoiledProofing) {
		q.at(func(p *prover) func() {
			p.soft.Store(true)
			return func() { p.soft.Store(false) }
		})
	}},
	{"card_error", func(q *spoiledProofing) {
		q.at(func(p *prover) func() {
			fault(`[{field: citizen_id, do: status, word: 6F00, until: cleared}]`)(p.t.(*testing.T), p.machine)
			return func() { require.NoError(p.t, p.machine.Faults(reader, nil)) }
		})
	}},
}

// Pairs that can't be wrong at once, or that are told in the other order for a
// reason: a simulated reader is refused before anybody is asked about its card.
var exclusiveOfProofings = map[string]bool{
	"not_found method_refused": true, "approval_timeout simulator_refused": true,
}

func (q *spoiledProofing) at(f spoil) { q.desk = append(q.desk, f) }

func (q *spoiledProofing) claim(pairs ...any) { q.claims = append(q.claims, pairs...) }

// newSpoilable is a desk on which all of that can be wrong.
func newSpoilable(t *testing.T, rate int) *prover {
	t.Helper()
	p := proving(t, setup{
		mode: api.Production, metal: true, patience: Patience{Answer: time.Millisecond},
		api: []func(*api.Options){func(o *api.Options) { o.Limits.Rate = rate }},
	})
	p.dpo = p.office.Enrolled("dpo", mfa.RoleDPO).Login()
	require.NoError(t, p.office.MFA.TakeDesk(t.Context(), p.login.Token))
	p.listWithoutNHSO()
	return p
}

// listWithoutNHSO lists the site with all but one field.
func (p *prover) listWithoutNHSO(change ...func(*Entry)) {
	p.t.Helper()
	p.site.list(append(change, func(o *Entry) { o.Fields = DefaultGrant().Fields })...)
}

func TestOfTwoWrongsOfAProofingTheEarlierIsNamed(t *testing.T) {
	plain := newSpoilable(t, 1<<30)
	send := func(apply ...func(*spoiledProofing)) string {
		q := &spoiledProofing{
			method: "POST", target: "/v1/proofings", host: "localhost:PORT", origin: site, mode: "cors", media: "application/json", body: map[string]any{},
		}
		for _, f := range apply {
			f(q)
		}
		if !q.often {
			return q.send(plain)
		}
		p := newSpoilable(t, 120)
		defer p.close()
		p.spendRate()
		return q.send(p)
	}
	assert.Empty(t, send(), "without a wrong it is answered")
	for i, earlier := range proofingWrongs {
		assert.Equal(t, earlier.code, send(earlier.apply), "alone")
		for _, later := range proofingWrongs[i+1:] {
			if !exclusiveOfProofings[earlier.code+" "+later.code] {
				assert.Equal(t, earlier.code, send(later.apply, earlier.apply), "with %s", later.code)
			}
		}
	}
}

// send sends the request to a spoiled desk, asks for the result where it is to
// come, and puts all right again.
func (q *spoiledProofing) send(p *prover) string {
	p.t.Helper()
	defer func() {
		require.NoError(p.t, p.office.MFA.TakeDesk(p.t.Context(), p.login.Token))
		p.counter.insertions.again(site)
	}()
	claims := p.site.claims()
	now := p.office.Clock.Now().Unix()
	for i := 0; i < len(q.claims); i += 2 {
		if offset, ok := q.claims[i+1].(int); ok {
			claims[q.claims[i].(string)] = now + int64(offset)
			continue
		}
		claims[q.claims[i].(string)] = q.claims[i+1]
	}
	token := p.site.sign(claims)
	if q.forged {
		token = p.newBackend(site).signWith(p.site.header(), claims)
	}
	if q.used {
		if inquiry, err := p.counter.examine(p.t.Context(), api.Caller{Origin: site}, ProofingRequest{Request: signed(token)}); err == nil {
			require.NoError(p.t, p.counter.reserve(p.t.Context(), newAttempt(p.t.Context(), api.Caller{Origin: site}, inquiry)))
		} // else something else is wrong with it
	}
	for _, f := range q.desk {
		defer f(p)()
	}
	q.body["request"] = token
	text := mustJSON(q.body) + strings.Repeat(" ", q.pad)
	a := p.raw(fmt.Sprintf("%s %s HTTP/1.1\nHost: %s\nOrigin: %s\nSec-Fetch-Site: cross-site\nSec-Fetch-Mode: %s\nSec-Fetch-Dest: empty\nContent-Type: %s\nContent-Length: %d\n\n",
		q.method, q.target, q.host, q.origin, q.mode, q.media, len(text)) + text)
	if a.status == 202 {
		a = p.site.result(a.waiting(p.t).ID)
	}
	return a.code()
}
