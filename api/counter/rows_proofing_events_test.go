package counter

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/proofing"
)

func TestAProofingIsFollowedByWhoAskedAndByTheConsole(t *testing.T) {
	p := proving(t, setup{})
	neighbour := p.another(other)
	mine, others := p.follow(fromSite), p.follow("Origin: "+neighbour.origin)
	console := p.follow("Cookie: "+p.console.cookie, "Sec-Fetch-Site: same-origin", "Sec-Fetch-Mode: cors", "Sec-Fetch-Dest: empty")
	w := p.site.proves("purpose", proofing.IdentityProofing).waiting(t)

	progress := mine.until("read_progress").data
	assert.NotContains(t, progress, w.ID, "A1: whoever knows the id may collect the result")
	assert.Contains(t, progress, `"step"`)
	assert.JSONEq(t, `{"id":"`+w.ID+`","origin":"`+site+`","purpose":"identity_proofing","waiting_for":["face_visual"]}`, console.until("proofing_waiting").data)
	p.states(w.ID, "kind", "face_visual", "outcome", "passed")
	p.site.result(w.ID).proven(t)
	assert.JSONEq(t, `{"id":"`+w.ID+`","origin":"`+site+`","purpose":"identity_proofing"}`, console.until("proofing_ended").data)

	require.NoError(t, p.machine.Remove(reader))
	for _, s := range []*stream{mine, others} {
		for e := s.next(); e.name != "card_removed"; e = s.next() {
			assert.NotContains(t, []string{"proofing_waiting", "proofing_ended"}, e.name, "for our own console alone")
			if s == others {
				assert.NotEqual(t, "read_progress", e.name)
			}
		}
	}
}

func TestW3TheSiteIsCutOffWhenTheDeskIsLeftAndItsProofingEnds(t *testing.T) {
	p := proving(t, setup{})
	s := p.follow(fromSite)
	w := p.site.proves("purpose", proofing.IdentityProofing).waiting(t)
	require.NoError(t, p.office.MFA.Lock(t.Context(), p.login.Token))
	for s.next().name != "" { // until it ends
	}
	p.site.result(w.ID).says(t, 403, "mfa_required", "")
}

func TestD3TheKeySetIsOfTheRunningModeAndPublic(t *testing.T) {
	p := proving(t, setup{})
	a := p.raw(get("/.well-known/jwks.json"))
	require.Equal(t, 200, a.status)
	assert.Equal(t, "application/jwk-set+json", a.header.Get("Content-Type"))
	for name, want := range map[string]string{
		"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer",
		"Cross-Origin-Resource-Policy": "same-origin", "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
	} {
		assert.Equal(t, want, a.header.Get(name), "R1")
	}
	assert.Empty(t, a.header.Get("Access-Control-Allow-Origin"))
	var set struct{ Keys []map[string]string }
	require.NoError(t, json.Unmarshal([]byte(a.body), &set))
	require.Len(t, set.Keys, 1)
	x, y := coordinates(t, p.keys.key)
	assert.Equal(t, map[string]string{
		"kty": "EC", "crv": "P-256", "use": "sig", "alg": "ES256", "kid": thumbprintOf(t, p.keys.key), "x": x, "y": y,
	}, set.Keys[0], "no private member")

	p.raw(get("/.well-known/jwks.json", fromSite)).says(t, 403, "origin_refused", "")
	p.raw(post("/.well-known/jwks.json", "", ours)).says(t, 405, "method_refused", "")
	p.raw("GET /.well-known/jwks.json HTTP/1.1\nHost: evil.example:PORT\n\n").says(t, 403, "host_refused", "")
	require.NoError(t, p.office.MFA.Lock(t.Context(), p.login.Token))
	assert.Equal(t, 200, p.raw(get("/.well-known/jwks.json")).status, "nobody has to be at the desk")
}

func TestS3NoGETActsOrTellsOfACitizen(t *testing.T) {
	p := proving(t, setup{})
	w := p.site.proves("purpose", proofing.IdentityProofing).waiting(t)
	for _, path := range []string{"/v1/proofings", "/v1/proofings?purpose=chip_only", "/v1/proofings/" + w.ID + "/result", "/v1/proofings/" + w.ID + "/view", "/v1/proofings/" + w.ID + "/facts"} {
		p.raw(get(path, fromSite)).says(t, 405, "method_refused", path)
		p.console.get(path).says(t, 405, "method_refused", path)
	}
	assert.NotContains(t, p.console.get("/v1/proofings/current").body, "1101700230708")
	for _, media := range []string{"text/plain", "application/x-www-form-urlencoded", "multipart/form-data"} {
		p.raw(head("POST", "/v1/proofings", fromSite, "Content-Type: "+media, "Content-Length: 2")+"{}").says(t, 415, "media_type_refused", "S4")
	}
}
