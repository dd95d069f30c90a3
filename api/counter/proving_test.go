package counter

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/api"
	"chipproof/audit"
	"chipproof/mfa"
	"chipproof/proofing"
	"chipproof/proofing/proof"
	"chipproof/simulator"
)

// prover is a desk in test mode whose site has a key, and the clerk's console.
type prover struct {
	*desk
	site    *backend
	console *page
	dpo     mfa.Entry // somebody who may not serve, where a test has one
}

// proving starts one with the default person's card in the reader.
func proving(t testing.TB, s setup) *prover {
	t.Helper()
	machine := simulator.NewMachine(reader)
	card := insert(t, machine, "default", simulator.Line{})
	return provingAt(t, machine, card, s)
}

func provingAt(t testing.TB, machine *simulator.Machine, card *simulator.Card, s setup) *prover {
	t.Helper()
	if s.mode == "" {
		s.mode = api.Test
	}
	if s.patience.Look == 0 {
		s.patience.Look = time.Millisecond
	}
	if len(s.policy.Purposes) == 0 {
		s.policy = testPolicy(t)
	}
	d := attend(t, setUp(t, machine, s))
	d.card, d.once = card, true
	p := &prover{desk: d, site: d.newBackend(site), console: d.pageOf(d.login)}
	p.site.list()
	return p
}

// another is one more site with a key of its own.
func (p *prover) another(origin string) *backend {
	p.t.Helper()
	r := p.newBackend(origin)
	r.list()
	return r
}

// states has the clerk state a fact.
func (p *prover) states(id string, pairs ...string) answer {
	p.t.Helper()
	return p.console.post("/v1/proofings/"+id+"/facts", words(pairs...))
}

// current is what the console follows.
func (p *prover) current() *CurrentProofing {
	p.t.Helper()
	a := p.console.get("/v1/proofings/current")
	require.Equal(p.t, 200, a.status, a.body)
	var out struct{ Proofing *CurrentProofing }
	require.NoError(p.t, json.Unmarshal([]byte(a.body), &out))
	return out.Proofing
}

// checked verifies a proof as the site's backend would.
func (r *backend) checked(token string, purpose string) *proof.Proof {
	r.d.t.Helper()
	keys, err := r.d.keys.published(r.d.t.Context())
	require.NoError(r.d.t, err)
	p, err := proof.Verify(token, proof.Options{
		Issuers:  []proof.Issuer{{Name: agency, Keys: keys}},
		Audience: r.origin, Origin: r.origin, Purpose: purpose, Mode: proof.Mode(r.d.counter.rules.Mode), Now: r.d.office.Clock.Now(),
	})
	require.NoError(r.d.t, err)
	return p
}

func split3(t testing.TB, token string) []string {
	t.Helper()
	parts := strings.Split(token, ".")
	require.Len(t, parts, 3)
	return parts
}

func TestAProofThatNobodyNeedsToLookAtComesWithTheAnswer(t *testing.T) {
	p := proving(t, setup{})
	claims := p.site.claims("fields", []string{"citizen_id", "name", "photo"})
	got := p.site.asks(p.site.sign(claims)).proven(t)
	assert.Equal(t, "accepted", got.Decision)
	assert.Empty(t, got.Reasons)
	assert.Regexp(t, `^[0-9a-f]{32}$`, got.ID)
	assert.Equal(t, "pf-20261123-000001", got.Txn)
	assert.Equal(t, "1101700230708", got.Identity.CitizenID)
	assert.NotEmpty(t, got.Identity.Photo.Data)
	assert.Nil(t, got.Identity.Address)
	assert.Nil(t, got.Identity.Card, "read for the facts, and not asked for")
	assert.Len(t, got.Facts, len(proofing.Kinds()))
	assert.Nil(t, got.Form)

	checked := p.site.checked(got.Proof, chipOnly)
	assert.Equal(t, claims["nonce"], checked.Nonce)
	assert.Equal(t, got.Txn, checked.Txn)
	assert.Equal(t, p.login.Session.User.ID, checked.Operator.ID)
	assert.Equal(t, []string{"pwd", "otp", "mfa"}, checked.Operator.AMR)
	assert.Equal(t, p.office.Clock.Now().Unix(), checked.Operator.AuthTime)
	assert.NotNil(t, checked.PhotoDigest)

	entries := p.office.Entries(audit.KindProofing)
	require.Len(t, entries, 1)
	assert.Equal(t, site, entries[0].Attributes["origin"])
	record, found, err := p.office.Records.Proofing(t.Context(), got.Txn)
	require.NoError(t, err)
	require.True(t, found)
	again, err := proofing.Recompute(record, p.counter.policy.Content())
	require.NoError(t, err)
	assert.Contains(t, string(again), `"decision":"accepted"`)
}

func TestTheClerkConfirmsAndTheProofSaysWho(t *testing.T) {
	p := proving(t, setup{})
	assert.Nil(t, p.current())
	w := p.site.proves("purpose", proofing.IdentityProofing, "needs", []string{"card_inspected"}).waiting(t)
	assert.Equal(t, []string{"card_inspected", "face_visual"}, w.WaitingFor)
	current := p.current()
	require.NotNil(t, current)
	assert.Equal(t, w.ID, current.ID)
	assert.Equal(t, site, current.Origin)
	assert.Equal(t, "waiting", current.State)
	assert.Equal(t, p.office.Clock.Now().Add(5*time.Minute), current.EndsAt.UTC())

	require.Equal(t, 204, p.states(w.ID, "kind", "face_visual", "outcome", "passed").status)
	require.Equal(t, 204, p.states(w.ID, "kind", "face_visual", "outcome", "failed").status, "of two words of one kind the first counts")
	require.Equal(t, 204, p.states(w.ID, "kind", "card_inspected", "outcome", "passed", "printed_expiry", "in_force").status)
	got := p.site.result(w.ID).proven(t)
	assert.Equal(t, "accepted", got.Decision, got.Reasons)
	checked := p.site.checked(got.Proof, proofing.IdentityProofing)
	for _, f := range checked.Facts {
		switch f.Kind {
		case "face_visual":
			assert.Equal(t, "passed", f.Outcome)
			assert.Equal(t, "in person, against chip photo", f.How)
			assert.Equal(t, p.login.Session.User.ID, f.By)
		case "card_inspected":
			assert.Equal(t, "in_force", f.PrintedExpiry)
		}
	}
	assert.Len(t, p.office.Entries(audit.KindFactsStated), 2, "what did not count is no entry")
	assert.Nil(t, p.current())
}

func TestP13TheClerkSeesThePhotoThatTheSiteDoesNotGet(t *testing.T) {
	p := proving(t, setup{})
	w := p.site.proves("purpose", proofing.IdentityProofing, "claimed", map[string]string{"first_name": "สมศักดิ์"}).waiting(t)
	a := p.console.post("/v1/proofings/"+w.ID+"/view", "")
	require.Equal(t, 200, a.status, a.body)
	var view ProofingView
	require.NoError(t, json.Unmarshal([]byte(a.body), &view))
	assert.NotEmpty(t, view.Identity.Photo.Data)
	assert.Nil(t, view.Identity.Address, "nor does the clerk see what nobody asked for")
	assert.Equal(t, []string{"first_name"}, view.Differs)
	assert.NotContains(t, a.body, "สมศักดิ์", "what was claimed is compared and dropped")
	p.states(w.ID, "kind", "face_visual", "outcome", "passed")
	got := p.site.result(w.ID).proven(t)
	assert.Equal(t, "rejected", got.Decision)
	assert.Equal(t, []string{"typed_matches_chip_failed"}, got.Reasons)
	assert.Nil(t, got.Identity, "who forgets to look at the decision finds nobody")
	p.console.post("/v1/proofings/"+w.ID+"/view", "").says(t, 410, "result_gone", "it is over")

	p.reinsert()
	w = p.site.proves("purpose", proofing.IdentityProofing).waiting(t)
	p.states(w.ID, "kind", "face_visual", "outcome", "passed")
	got = p.site.result(w.ID).proven(t)
	assert.Equal(t, "accepted", got.Decision)
	assert.Nil(t, got.Identity.Photo)
}
