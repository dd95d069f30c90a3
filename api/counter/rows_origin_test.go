package counter

import (
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/api"
	"chipproof/proofing"
)

// refusesOrigin sends a good read with these lines in place of a good Origin.
func (d *desk) refusesOrigin(t *testing.T, lines ...string) {
	t.Helper()
	a := d.raw(post("/v1/reads", fill("name"), lines...))
	a.says(t, 403, "origin_refused", fmt.Sprint(lines))
	assert.Empty(t, a.header.Get("Access-Control-Allow-Origin"), "%v", lines)
}

func TestO1APostWithoutOriginIsRefused(t *testing.T) {
	newDesk(t).refusesOrigin(t)
}

func TestO2OriginNullIsRefused(t *testing.T) {
	newDesk(t).refusesOrigin(t, "Origin: null")
}

func TestO3OnlyTheByteEqualOriginPasses(t *testing.T) {
	d := newDesk(t)
	for _, origin := range []string{
		"http://app.example.go.th", site + ":8443", site + ".evil.com", "https://evilapp.example.go.th", "https://appxexample.go.th",
		"https://sub.app.example.go.th", site + "/", "https://APP.example.go.th", "HTTPS://app.example.go.th", site + ":443",
		"https://аpp.example.go.th", "https://xn--pp-7kc.example.go.th", "https://me@app.example.go.th", site + "/path", "",
		"app.example.go.th", site + " ", "*", site + "\x0b",
	} {
		a := d.raw(post("/v1/reads", fill("name"), "Origin: "+origin))
		if origin == site+" " { // blanks at the end of a header are no part of it
			assert.Equal(t, 200, a.status)
			continue
		}
		if a.status == 400 && a.code() == "" { // net/http's own refusal of a control character
			continue
		}
		a.says(t, 403, "origin_refused", origin)
		assert.Empty(t, a.header.Get("Access-Control-Allow-Origin"), origin)
	}
	assert.Equal(t, 200, d.readCard("name").status)
}

func TestO4ExtensionsAndOtherLocalServersAreRefused(t *testing.T) {
	d := newDesk(t)
	for _, origin := range []string{"chrome-extension://abcdefghijklmnop", "moz-extension://0f1e2d3c", "http://localhost:8000", "http://127.0.0.1:8000", "file://"} {
		d.refusesOrigin(t, "Origin: "+origin)
	}
}

func TestO5TwoOriginsAreMalformedAndARefererMustAgree(t *testing.T) {
	d := newDesk(t)
	d.raw(post("/v1/reads", fill("name"), fromSite, fromSite)).says(t, 400, "request_malformed", "two headers")
	d.raw(post("/v1/reads", fill("name"), fromSite, "Origin: https://evil.example")).says(t, 400, "request_malformed", "two headers")
	d.refusesOrigin(t, "Origin: "+site+", "+site)
	for _, referer := range []string{"https://evil.example/", "http://app.example.go.th/", site + ".evil.com/", site + ":8443/", "app.example.go.th", "about:blank"} {
		d.refusesOrigin(t, fromSite, "Referer: "+referer)
	}
	for _, referer := range []string{site + "/", site, site + "/form?x=1"} {
		assert.Equal(t, 200, d.raw(post("/v1/reads", fill("name"), fromSite, "Referer: "+referer)).status, referer)
	}
}

func preflight(path string, lines ...string) string {
	return head("OPTIONS", path, lines...)
}

func isGoodPreflight(t *testing.T, a answer, method string) {
	t.Helper()
	assert.Equal(t, 204, a.status)
	assert.Empty(t, a.body)
	assert.Equal(t, []string{site}, a.header["Access-Control-Allow-Origin"])
	assert.Contains(t, a.header["Vary"], "Origin")
	assert.Equal(t, method, a.header.Get("Access-Control-Allow-Methods"))
	assert.Equal(t, "content-type", a.header.Get("Access-Control-Allow-Headers"))
	age, err := strconv.Atoi(a.header.Get("Access-Control-Max-Age"))
	require.NoError(t, err)
	assert.LessOrEqual(t, age, 600)
	assert.NotContains(t, a.header, "Access-Control-Allow-Credentials")
	assert.NotContains(t, a.header, "Access-Control-Allow-Private-Network")
}

func TestO6APreflightOfAnApprovedSiteIsAnswered(t *testing.T) {
	d := newDesk(t)
	isGoodPreflight(t, d.raw(preflight("/v1/reads", fromSite, "Access-Control-Request-Method: POST", "Access-Control-Request-Headers: content-type")), "POST")
	isGoodPreflight(t, d.raw(preflight("/v1/readers", fromSite, "Access-Control-Request-Method: GET")), "GET")
}

func TestO7APreflightForAnythingElseIsRefused(t *testing.T) {
	d := newDesk(t)
	asks := func(method string, more ...string) []string {
		return append([]string{fromSite, "Access-Control-Request-Method: " + method}, more...)
	}
	for _, row := range []struct {
		path, code string
		status     int
		lines      []string
	}{
		{"/v1/reads", "method_refused", 405, asks("PUT", "Access-Control-Request-Headers: content-type")},
		{"/v1/reads", "method_refused", 405, asks("GET")},
		{"/v1/reads", "request_context_refused", 403, asks("POST", "Access-Control-Request-Headers: authorization,content-type")},
		{"/v1/reads", "request_context_refused", 403, asks("POST", "Access-Control-Request-Headers: x-chipproof-csrf")},
		{"/v1/reads", "request_context_refused", 403, asks("POST", "Access-Control-Request-Headers: content-type", "Access-Control-Request-Headers: x-other")},
		{"/v1/users", "origin_refused", 403, asks("GET")},
		{"/v1/proofings/7/facts", "origin_refused", 403, asks("POST")},
		{"/v1/sessions", "origin_refused", 403, asks("POST")},
		{"/healthz", "origin_refused", 403, asks("GET")},
		{"/nothing", "not_found", 404, asks("POST")},
		{"/v1/reads", "origin_refused", 403, []string{"Origin: https://evil.example", "Access-Control-Request-Method: POST"}},
		{"/v1/reads", "origin_refused", 403, []string{"Access-Control-Request-Method: POST"}},
		{"/v1/reads", "origin_refused", 403, []string{"Origin: http://localhost:PORT", "Access-Control-Request-Method: POST"}},
		{"/v1/reads", "method_refused", 405, []string{fromSite}},
		{"/v1/reads", "method_refused", 405, []string{fromSite, "Access-Control-Request-Method: POST", "Access-Control-Request-Method: POST"}},
	} {
		a := d.raw(preflight(row.path, row.lines...))
		a.says(t, row.status, row.code, fmt.Sprint(row))
		assert.NotContains(t, a.header, "Access-Control-Allow-Origin", "%v", row)
	}
}

func TestO8ThePrivateNetworkHeaderChangesNothing(t *testing.T) {
	d := newDesk(t)
	a := d.raw(preflight("/v1/reads", fromSite, "Access-Control-Request-Method: POST", "Access-Control-Request-Headers: content-type",
		"Access-Control-Request-Private-Network: true"))
	isGoodPreflight(t, a, "POST")
}

func TestO9ATypedAddressOpensTheShell(t *testing.T) {
	d := newDesk(t)
	for _, path := range []string{"/", "/prove"} {
		a := d.raw(get(path, "Sec-Fetch-Site: none", "Sec-Fetch-Mode: navigate", "Sec-Fetch-Dest: document"))
		assert.Equal(t, 200, a.status, path)
		assert.Contains(t, a.body, "shell")
	}
}

func TestO10OurOwnNameAsAnotherOriginIsAnotherOrigin(t *testing.T) {
	d := newDesk(t)
	for _, origin := range []string{"http://127.0.0.1:PORT", "http://[::1]:PORT", "https://localhost:PORT", "http://localhost"} {
		d.raw(post("/v1/users", `{}`, "Origin: "+origin)).says(t, 403, "origin_refused", origin)
		d.raw(get("/v1/users", "Origin: "+origin)).says(t, 403, "origin_refused", origin)
		d.raw(post("/v1/sessions", `{}`, "Origin: "+origin)).says(t, 403, "origin_refused", origin)
		d.raw(post("/v1/reads", fill("name"), "Origin: "+origin)).says(t, 403, "origin_refused", origin)
	}
	d.raw(post("/v1/users", `{}`, "Origin: http://localhost:PORT")).says(t, 403, "mfa_required", "our own origin comes as far as the session")
	d.raw(post("/v1/reads", fill("name"), "Origin: http://localhost:PORT")).says(t, 403, "mfa_required", "by the console's rules in full")
}

func TestO11RefusedOriginsAreKeptForTheAdministrator(t *testing.T) {
	d := newDesk(t)
	for range 10 {
		d.refusesOrigin(t, "Origin: https://new.example")
	}
	d.refusesOrigin(t, "Origin: https://<b>x</b>.example")
	d.refusesOrigin(t, "Origin: null")
	d.raw(get("/healthz", fromSite)).says(t, 403, "origin_refused", "an approved site knocks at the wrong door")
	list := d.server.Refused().List()
	require.Len(t, list, 1)
	assert.Equal(t, "https://new.example", list[0].Origin)
	assert.Equal(t, 10, list[0].Times)
	for i := range 20 {
		d.refusesOrigin(t, fmt.Sprintf("Origin: https://n%d.example", i))
	}
	list = d.server.Refused().List()
	require.Len(t, list, 20)
	assert.NotContains(t, fmt.Sprint(list), "new.example")
	d.office.Clock.Forward(61 * time.Minute)
	assert.Empty(t, d.server.Refused().List())
}

func TestO13ARevokedOriginIsRefusedAtTheNextRequest(t *testing.T) {
	d := newDesk(t)
	require.Equal(t, 200, d.readCard("name").status)
	d.origins.revoke(site)
	d.refusesOrigin(t, fromSite)
	d.origins.grant(site, api.Grant{Purposes: []string{proofing.FormFill}, Fields: []string{"sex"}})
	assert.Equal(t, 200, d.readCard("sex").status, "a changed grant holds at once")
	d.readCard("name").says(t, 403, "field_refused", "")
}

func TestA1AuthorizationChangesNothing(t *testing.T) {
	d := newDesk(t)
	bearer := "Authorization: Bearer " + strings.Repeat("a", 40)
	assert.Equal(t, 200, d.raw(post("/v1/reads", fill("sex"), fromSite, bearer)).status)
	d.refusesOrigin(t, bearer)
	d.raw(get("/v1/users", bearer)).says(t, 403, "mfa_required", "")
}

func TestA6NoOtherPageReachesTheLogin(t *testing.T) {
	d := newDesk(t)
	for _, lines := range [][]string{{fromSite}, {"Origin: http://localhost:3000"}, {}} {
		d.raw(post("/v1/sessions", `{}`, lines...)).says(t, 403, "origin_refused", fmt.Sprint(lines))
	}
	d.raw(post("/v1/sessions", `{}`, "Origin: http://localhost:PORT")).says(t, 400, "body_invalid", "our own page comes as far as the body")
}
