package counter

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/audit"
	"chipproof/proofing"
)

// opened are the claims of a good request of the page road.
func (r *backend) opened(change ...any) map[string]any {
	return clone(r.claims("return_url", r.back(), "state", "s-1"), change...)
}

// passesOn has our own console send a request that the site opened it with.
func (p *prover) passesOn(token string) answer {
	p.t.Helper()
	return p.console.post("/v1/proofings", signedBody(token))
}

func TestThePageRoadEndsWithAFormForTheRegisteredAddress(t *testing.T) {
	p := proving(t, setup{})
	claims := p.site.opened("purpose", proofing.IdentityProofing)
	w := p.passesOn(p.site.sign(claims)).waiting(t)
	current := p.current()
	assert.Equal(t, site, current.Origin, "the exact origin, for the clerk's eyes")
	assert.Equal(t, proofing.IdentityProofing, current.Purpose)
	require.Equal(t, 204, p.states(w.ID, "kind", "face_visual", "outcome", "passed").status)
	p.site.result(w.ID).says(t, 404, "result_unknown", "the site's page has not asked")
	a := p.console.post("/v1/proofings/"+w.ID+"/result", "")
	got := a.proven(t)
	require.NotNil(t, got.Form)
	assert.Equal(t, ProofForm{ReturnURL: p.site.back(), State: "s-1"}, *got.Form)
	checked := p.site.checked(got.Proof, proofing.IdentityProofing)
	assert.Equal(t, claims["nonce"], checked.Nonce)
	assert.Equal(t, site, checked.Origin)
	p.console.post("/v1/proofings/"+w.ID+"/result", "").says(t, 410, "result_gone", "G11")

	used := p.office.Entries(audit.KindOriginUsed)
	require.Len(t, used, 1)
	assert.Equal(t, site, used[0].Attributes["origin"])
	assert.Equal(t, site, p.office.Entries(audit.KindProofing)[0].Attributes["origin"])
	p.passesOn(p.site.sign(p.site.opened())).says(t, 409, "read_already", "it was this site's answer")
	p.site.proves().says(t, 409, "read_already", "on the other road, too")
}

func TestG1AndG8TheRoadsAreKeptApart(t *testing.T) {
	p := proving(t, setup{})
	p.another(other)
	claims := p.site.opened()
	refuses := func(name, step string, claims map[string]any) {
		t.Helper()
		a := p.passesOn(p.site.sign(claims))
		a.says(t, 400, "request_refused", name)
		assert.Equal(t, step, a.problem(t).Detail, name)
	}
	back := p.site.back()
	for name, url := range map[string]string{
		"another path": site + "/other", "a query": back + "?x=1", "a trailing slash": back + "/", "another case": site + "/Proof", "a port": site + ":8443/proof",
		"http": strings.Replace(back, "https", "http", 1), "another origin": "https://evil.example/proof", "registered for another origin": other + "/proof",
		"upper case host": "https://APP.example.go.th/proof", "a fragment": back + "#x", "javascript": "javascript:alert(1)",
	} {
		refuses("G1 "+name, "road", clone(claims, "return_url", url))
	}
	without := func(name string) map[string]any {
		c := clone(claims)
		delete(c, name)
		return c
	}
	refuses("G8 without return_url", "road", without("return_url"))
	refuses("G8 without state", "road", without("state"))
	refuses("G8 with neither", "road", p.site.claims())
	for _, field := range []string{"photo", "nhso", "laser_code"} {
		refuses("G8 "+field, "road", clone(claims, "fields", []string{"name", field}))
	}
	refuses("G4 claimed", "road", clone(claims, "claimed", map[string]string{"first_name": "ก"}))
	refuses("G4 typed", "road", clone(claims, "claimed", map[string]string{"first_name": "ก"}, "evidence", "typed"))
	p.refuses(t, "G8 a return_url with a fetch", "road", p.site.sign(claims))
	assert.Zero(t, p.card.Exchanges())
	assert.Equal(t, 200, p.passesOn(p.site.sign(claims)).status, "and none of it has burnt anything")
}

func TestG3ALookAlikeHasNoKey(t *testing.T) {
	p := proving(t, setup{})
	refuses := func(name, step, token string) {
		t.Helper()
		a := p.passesOn(token)
		a.says(t, 400, "request_refused", name)
		assert.Equal(t, step, a.problem(t).Detail, name)
	}
	evil := p.newBackend("https://app-example.go.th")
	refuses("its own key", "key", evil.sign(evil.opened()))
	refuses("its own key, the good name", "key", evil.sign(p.site.opened()))
	refuses("a registered kid over its signature", "signature", evil.signWith(p.site.header(), p.site.opened()))
	evil.list()
	refuses("a registered look-alike under the good name", "iss", evil.sign(p.site.opened()))
	refuses("an origin that is not listed", "iss", p.site.sign(p.site.opened("iss", "https://unlisted.example")))
	got := p.passesOn(evil.sign(evil.opened())).proven(t)
	assert.Equal(t, evil.back(), got.Form.ReturnURL, "and under its own it shows up as what it is")
	assert.Equal(t, evil.origin, evil.checked(got.Proof, chipOnly).Origin)
	for name, garbage := range map[string]string{"G9 garbage": "x", "G9 dots": "..", "G9 markup": "<script>", "G9 long": strings.Repeat("A", 60000)} {
		refuses(name, "form", garbage)
	}
}

func TestG7TheRequestOpenedTwiceIsOneProof(t *testing.T) {
	p := proving(t, setup{})
	token := p.site.sign(p.site.opened("purpose", proofing.IdentityProofing))
	w := p.passesOn(token).waiting(t)
	p.passesOn(token).says(t, 409, "request_reused", "in another tab")
	p.states(w.ID, "kind", "face_visual", "outcome", "passed")
	p.console.post("/v1/proofings/"+w.ID+"/result", "").proven(t)
	p.passesOn(token).says(t, 409, "request_reused", "and again")
	p.office.Clock.Forward(180e9)
	p.passesOn(token).says(t, 400, "request_expired", "later")
}

func TestAReadThatFailedIsTriedAgainWithTheSameRequest(t *testing.T) {
	p := proving(t, setup{})
	token := p.site.sign(p.site.opened())
	require.NoError(t, p.machine.Remove(reader))
	p.passesOn(token).says(t, 409, "card_absent", "")
	require.NoError(t, p.machine.Insert(reader, p.card))
	p.passesOn(token).proven(t)
}

func TestThePageRoadIsOpenToPlainHTTPWhereTheAdministratorSaidSo(t *testing.T) {
	p := proving(t, setup{})
	intranet := p.newBackend("http://intranet.example.go.th")
	intranet.list()
	intranet.passedOn(p).says(t, 400, "request_refused", "listed without the word, it is no origin")
	intranet.list(func(o *Entry) { o.PlainHTTP = true })
	intranet.proves().says(t, 403, "origin_refused", "the other road stays closed")
	got := intranet.passedOn(p).proven(t)
	assert.Equal(t, "http://intranet.example.go.th/proof", got.Form.ReturnURL)
}

func (r *backend) passedOn(p *prover) answer {
	r.d.t.Helper()
	return p.passesOn(r.sign(r.opened()))
}

func TestNothingIsReadBeforeTheClerksClickWhichIsTheCallItself(t *testing.T) {
	p := proving(t, setup{})
	p.site.list(always)
	p.passesOn(p.site.sign(p.site.opened())).proven(t)
	assert.Empty(t, p.office.Entries(audit.KindReadApproved), "no second question")
}

func TestTheCountersOwnUseEndsWithoutAProof(t *testing.T) {
	p := proving(t, setup{})
	w := p.console.post("/v1/proofings", mustJSON(map[string]any{
		"purpose": "identity_proofing", "fields": []string{"citizen_id", "name", "card"}, "needs": []string{"card_inspected"},
		"claimed": map[string]string{"first_name": "สมชาย", "last_name": "ใจดี"},
	})).waiting(t)
	assert.Equal(t, []string{"card_inspected", "face_visual"}, w.WaitingFor)
	assert.Empty(t, p.current().Origin)
	p.states(w.ID, "kind", "face_visual", "outcome", "passed")
	p.states(w.ID, "kind", "card_inspected", "outcome", "passed", "printed_expiry", "in_force")
	a := p.console.post("/v1/proofings/"+w.ID+"/result", "")
	got := a.proven(t)
	assert.Equal(t, "accepted", got.Decision, got.Reasons)
	assert.NotContains(t, a.body, `"proof"`)
	assert.NotContains(t, a.body, `"form"`)
	assert.Equal(t, "1101700230708", got.Identity.CitizenID)
	for _, f := range got.Facts {
		if f.Kind == "typed_matches_chip" {
			assert.Equal(t, "passed", f.Outcome)
		}
	}
	p.site.result(w.ID).says(t, 404, "result_unknown", "of no site")
	assert.Len(t, p.office.Entries(audit.KindProofing), 1)
	again := p.console.post("/v1/proofings", `{"purpose":"chip_only","fields":["sex"]}`)
	assert.Equal(t, 200, again.status, "each of our own is a click of the person at the desk, which is what a second answer needs")

	for name, body := range map[string]string{
		"no purpose": `{"fields":["sex"]}`, "no fields": `{"purpose":"chip_only"}`, "empty fields": `{"purpose":"chip_only","fields":[]}`,
		"a field twice": `{"purpose":"chip_only","fields":["sex","sex"]}`, "an unknown field": `{"purpose":"chip_only","fields":["x"]}`,
		"a need twice": `{"purpose":"chip_only","fields":["sex"],"needs":["face_visual","face_visual"]}`, "an unknown need": `{"purpose":"chip_only","fields":["sex"],"needs":["chip_read"]}`,
		"nothing claimed": `{"purpose":"chip_only","fields":["sex"],"claimed":{}}`, "an unknown claim": `{"purpose":"chip_only","fields":["sex"],"claimed":{"x":"y"}}`,
		"a claim that is empty": `{"purpose":"chip_only","fields":["sex"],"claimed":{"title":""}}`, "a long claim": `{"purpose":"chip_only","fields":["sex"],"claimed":{"title":"` + strings.Repeat("x", 201) + `"}}`,
		"typed": `{"purpose":"chip_only","fields":["sex"],"evidence":"typed"}`,
	} {
		p.console.post("/v1/proofings", body).says(t, 400, "body_invalid", name)
	}
}

func TestTheConsoleOfSomebodyWhoDoesNotHoldTheDeskHasNoPartInIt(t *testing.T) {
	p := proving(t, setup{})
	w := p.site.proves("purpose", proofing.IdentityProofing).waiting(t)
	_, admin := p.administrator(t) // the clerk takes the desk back, by another hold
	admin.post("/v1/proofings", `{"purpose":"chip_only","fields":["sex"]}`).says(t, 403, "mfa_required", "")
	admin.get("/v1/proofings/current").says(t, 403, "mfa_required", "")
	for _, part := range []string{"view", "facts", "decline"} {
		admin.post("/v1/proofings/"+w.ID+"/"+part, words("kind", "face_visual", "outcome", "passed")).says(t, 403, "mfa_required", part)
		a := p.console.post("/v1/proofings/"+w.ID+"/"+part, words("kind", "face_visual", "outcome", "passed"))
		assert.Contains(t, []int{400, 404}, a.status, "what began under another hold is not this one's: %s", part)
	}
	assert.Nil(t, p.current())
	assert.Empty(t, p.office.Entries(audit.KindFactsStated))
}
