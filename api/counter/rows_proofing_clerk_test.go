package counter

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/api"
	"chipproof/audit"
	"chipproof/mfa"
	"chipproof/proofing"
	"chipproof/simulator"
)

func TestP10TheClerksFactsComeFromTheConsoleAlone(t *testing.T) {
	p := proving(t, setup{})
	w := p.site.proves("purpose", proofing.IdentityProofing).waiting(t)
	fact := words("kind", "face_visual", "outcome", "passed")
	path := "/v1/proofings/" + w.ID + "/facts"
	for _, part := range []string{"facts", "view", "decline"} {
		path := "/v1/proofings/" + w.ID + "/" + part
		p.raw(post(path, fact, fromSite, "Cookie: "+p.console.cookie, "X-Chipproof-CSRF: "+p.console.csrf)).says(t, 403, "origin_refused", "from the site")
		p.raw(post(path, fact, "Origin: http://localhost:3000", "Cookie: "+p.console.cookie)).says(t, 403, "origin_refused", "from another local port")
		p.raw(post(path, fact, ours, "Cookie: "+p.console.cookie)).says(t, 403, "csrf_refused", "with the cookie alone")
		p.raw(post(path, fact, ours)).says(t, 403, "mfa_required", "without a session")
		p.raw(post(path, fact)).says(t, 403, "origin_refused", "by nobody")
	}
	for name, body := range map[string]string{
		"unknown kind": words("kind", "chip_read", "outcome", "passed"), "no kind": words("outcome", "passed"), "unknown outcome": words("kind", "face_visual", "outcome", "indeterminate"),
		"a printed date of a face": words("kind", "face_visual", "outcome", "passed", "printed_expiry", "in_force"), "not asked for": words("kind", "card_inspected", "outcome", "passed"),
		"another word": words("kind", "face_visual", "outcome", "passed", "by", "me"),
	} {
		p.console.post(path, body).says(t, 400, "body_invalid", name)
	}
	assert.Empty(t, p.office.Entries(audit.KindFactsStated))
	p.console.post("/v1/proofings/"+strings.Repeat("0", 32)+"/facts", fact).says(t, 404, "result_unknown", "")

	require.Equal(t, 204, p.console.post(path, fact).status)
	got := p.site.result(w.ID).proven(t)
	assert.Equal(t, "accepted", got.Decision)
	p.console.post(path, words("kind", "face_visual", "outcome", "failed")).says(t, 410, "result_gone", "over")
}

func TestP10AnExpiredCardFails(t *testing.T) {
	p := proving(t, setup{})
	w := p.site.proves("needs", []string{"card_inspected"}).waiting(t)
	p.states(w.ID, "kind", "card_inspected", "outcome", "passed", "printed_expiry", "expired").says(t, 400, "body_invalid", "that can't be")
	require.Equal(t, 204, p.states(w.ID, "kind", "card_inspected", "outcome", "failed", "printed_expiry", "expired").status)
	got := p.site.result(w.ID).proven(t)
	assert.Equal(t, "rejected", got.Decision)
	assert.Equal(t, []string{"card_inspected_failed"}, got.Reasons)
}

func TestP11TheCardIsThereUntilTheClerkHasAnswered(t *testing.T) {
	p := proving(t, setup{})
	for name, row := range map[string]struct {
		do   func()
		code string
	}{
		"pulled":          {func() { require.NoError(t, p.machine.Remove(reader)) }, "card_removed"},
		"pulled and back": {p.reinsert, "card_changed"},
		"another one": {func() {
			require.NoError(t, p.machine.Remove(reader))
			insert(t, p.machine, "middle-name", simulator.Line{})
		}, "card_changed"},
		"reader unplugged": {func() { require.NoError(t, p.machine.Unplug(reader)) }, "reader_not_found"},
	} {
		w := p.site.proves("purpose", proofing.IdentityProofing).waiting(t)
		row.do()
		a := p.site.result(w.ID)
		assert.Contains(t, []string{row.code, "card_removed", "card_changed"}, a.code(), name)
		assert.Contains(t, []int{409}, a.status, name)
		p.console.post("/v1/proofings/"+w.ID+"/view", "").says(t, 410, "result_gone", "P11: "+name)
		p.states(w.ID, "kind", "face_visual", "outcome", "passed").says(t, 410, "result_gone", "answered after the card left")
		_ = p.machine.Plug(reader)
		_ = p.machine.Remove(reader)
		require.NoError(t, p.machine.Insert(reader, p.card))
	}
	assert.Empty(t, p.office.Entries(audit.KindProofing))
	p.site.proves().proven(t)
}

func TestP11AClerkWhoNeverAnswersMakesItInconclusive(t *testing.T) {
	p := proving(t, setup{patience: Patience{Clerk: 20 * time.Millisecond}})
	a := p.site.proves("purpose", proofing.IdentityProofing)
	got := p.site.result(a.waiting(t).ID).proven(t)
	assert.Equal(t, "inconclusive", got.Decision)
	assert.Equal(t, []string{"face_visual_not_done"}, got.Reasons)
	assert.Nil(t, got.Identity)
	assert.Equal(t, "inconclusive", p.site.checked(got.Proof, proofing.IdentityProofing).Decision, "and that is signed")
	assert.Equal(t, 5*time.Minute, Patience{}.withDefaults().Clerk)
}

func TestP11NothingIsSignedInTheNameOfSomebodyWhoLeft(t *testing.T) {
	for name, leave := range map[string]func(p *prover){
		"locked":     func(p *prover) { require.NoError(t, p.office.MFA.Lock(t.Context(), p.login.Token)) },
		"left":       func(p *prover) { require.NoError(t, p.office.MFA.LeaveDesk(t.Context(), p.login.Token)) },
		"logged out": func(p *prover) { require.NoError(t, p.office.MFA.Logout(t.Context(), p.login.Token)) },
		"taken over": func(p *prover) { p.office.Enrolled("anan", mfa.RoleStaff).Login() },
		"disabled":   func(p *prover) { require.NoError(t, p.office.MFA.DisableUser(t.Context(), mfa.ByOS("0"), "malee")) },
	} {
		t.Run(name, func(t *testing.T) {
			p := proving(t, setup{})
			token := p.site.sign(p.site.claims("purpose", proofing.IdentityProofing))
			w := p.site.asks(token).waiting(t)
			leave(p)
			p.until(func() bool { return len(p.office.Entries(audit.KindProofingEnd)) == 1 })
			assert.Equal(t, "mfa_required", p.office.Entries(audit.KindProofingEnd)[0].Attributes["code"])
			p.site.result(w.ID).says(t, 403, "mfa_required", "at the next result")
			p.office.Enrolled("somchai", mfa.RoleStaff).Login()
			a := p.site.result(w.ID)
			assert.Contains(t, []string{"mfa_required", "result_gone"}, a.code(), "nor in the name of the next clerk")
			assert.Empty(t, p.office.Entries(audit.KindProofing))
			assert.Equal(t, 202, p.site.asks(token).status, "who may be asked anew")
		})
	}
}

func TestAResultIsNotHandedOutInTheNameOfTheNextClerk(t *testing.T) {
	p := proving(t, setup{})
	w := p.site.proves("purpose", proofing.IdentityProofing).waiting(t)
	p.states(w.ID, "kind", "face_visual", "outcome", "passed")
	p.until(func() bool { return p.current() == nil })
	p.office.Enrolled("anan", mfa.RoleStaff).Login()
	p.site.result(w.ID).says(t, 403, "mfa_required", "")
	p.site.result(w.ID).says(t, 410, "result_gone", "")
}

func TestP12WhoeverCannotSignSaysSoBeforeTheCardIsTouched(t *testing.T) {
	p := proving(t, setup{mode: api.Production, metal: true, unnamed: true})
	token := p.site.sign(p.site.claims())
	p.site.asks(token).says(t, 503, "issuer_not_set", "")
	assert.Zero(t, p.card.Exchanges())
	assert.Equal(t, 200, p.console.post("/v1/proofings", `{"purpose":"chip_only","fields":["sex"]}`).status, "what ends without a proof needs no name")

	p = proving(t, setup{mode: api.Production, metal: true})
	token = p.site.sign(p.site.claims())
	p.keys.lose(true)
	p.site.asks(token).says(t, 503, "key_unavailable", "")
	p.raw(get("/.well-known/jwks.json")).says(t, 503, "key_unavailable", "")
	assert.Zero(t, p.card.Exchanges())
	p.keys.lose(false)
	p.site.asks(token).proven(t) // nothing was used up

	p.reinsert()
	w := p.site.proves("purpose", proofing.IdentityProofing).waiting(t)
	p.keys.lose(true)
	p.states(w.ID, "kind", "face_visual", "outcome", "passed")
	p.site.result(w.ID).says(t, 503, "key_unavailable", "gone meanwhile: decided, and not signed")

	p = proving(t, setup{unnamed: true})
	assert.Equal(t, "https://test.chipproof.invalid", payloadOf(t, p.site.proves().proven(t).Proof)["iss"])
}

// breakLog keeps the audit log from being written, until it is mended.
func (d *desk) breakLog() {
	d.t.Helper()
	d.sql(`CREATE TRIGGER full BEFORE INSERT ON audit_entry BEGIN SELECT RAISE(ABORT, 'full'); END`)
}

func (d *desk) mendLog() {
	d.t.Helper()
	d.sql(`DROP TRIGGER full`)
}

func TestO13AProofingOfAnOriginThatIsRevokedOrChangedEnds(t *testing.T) {
	for name, change := range map[string]func(p *prover){
		"revoked": func(p *prover) { p.origins.revoke(site) },
		"changed": func(p *prover) {
			p.office.Clock.Forward(time.Second)
			p.site.list(func(o *Entry) { o.Fields = []string{"name"} })
		},
		"listed anew":             func(p *prover) { p.office.Clock.Forward(time.Second); p.site.list() },
		"revoked and listed anew": func(p *prover) { p.origins.revoke(site); p.site.list() },
	} {
		t.Run(name, func(t *testing.T) {
			p := proving(t, setup{})
			w := p.site.proves("purpose", proofing.IdentityProofing).waiting(t)
			change(p)
			p.until(func() bool { return len(p.office.Entries(audit.KindProofingEnd)) == 1 })
			assert.Equal(t, "origin_refused", p.office.Entries(audit.KindProofingEnd)[0].Attributes["code"])
			p.site.result(w.ID).says(t, 403, "origin_refused", "")
			assert.Empty(t, p.office.Entries(audit.KindProofing), "nothing signed")
			assert.Nil(t, p.current())
		})
	}
}

func TestTheLastUseOfASiteEndsNoProofing(t *testing.T) {
	p := proving(t, setup{})
	w := p.site.proves("purpose", proofing.IdentityProofing).waiting(t)
	require.NoError(t, p.office.Records.UseOrigin(t.Context(), root, site, p.office.Clock.Now().Add(time.Hour), p.office.Clock.Now().Add(time.Minute)))
	p.states(w.ID, "kind", "face_visual", "outcome", "passed")
	p.site.result(w.ID).proven(t)
}
