package counter

import (
	"encoding/json"
	"fmt"
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
	"chipproof/proofing/thaiid"
)

func TestO11TheAdministratorSeesWhoKnockedAndNobodyElseDoes(t *testing.T) {
	d := newDesk(t)
	for range 10 {
		d.refusesOrigin(t, "Origin: https://new.example")
	}
	d.refusesOrigin(t, "Origin: https://<script>.example")
	_, p := d.administrator(t)
	seen := func() (list struct{ Origins []RefusedOrigin }) {
		a := p.get("/v1/origins/refused")
		require.Equal(t, 200, a.status, a.body)
		require.NoError(t, json.Unmarshal([]byte(a.body), &list))
		return list
	}
	list := seen().Origins
	require.Len(t, list, 1)
	assert.Equal(t, "https://new.example", list[0].Origin, "the exact string")
	assert.Equal(t, 10, list[0].Times)
	for i := range 20 {
		d.refusesOrigin(t, fmt.Sprintf("Origin: https://n%d.example", i))
	}
	list = seen().Origins
	require.Len(t, list, 20)
	assert.Equal(t, "https://n19.example", list[0].Origin, "the newest first")
	d.office.Clock.Forward(61 * time.Minute)
	p = d.pageOf(d.office.Enrolled("admin2", mfa.RoleAdmin).Login())
	assert.Empty(t, seen().Origins, "an hour later it is gone")
	assert.JSONEq(t, `{"origins":[]}`, p.get("/v1/origins/refused").body)
}

// wrongEntries are what may not be listed, with what would be right.
var wrongEntries = map[string]struct {
	entry OriginEntry
	cause error
	says  string
}{
	"plain http":           {OriginEntry{Origin: "http://app.example.go.th"}, api.ErrOriginInvalid, "write https://app.example.go.th"},
	"plain http, no word":  {OriginEntry{Origin: "http://intranet"}, api.ErrOriginInvalid, "--plain-http"},
	"everybody":            {OriginEntry{Origin: "*"}, api.ErrOriginInvalid, "no pattern"},
	"a pattern":            {OriginEntry{Origin: "https://*.example.go.th"}, api.ErrOriginInvalid, "no pattern"},
	"a path":               {OriginEntry{Origin: "https://app.example.go.th/form"}, api.ErrOriginInvalid, "write https://app.example.go.th"},
	"a trailing slash":     {OriginEntry{Origin: "https://app.example.go.th/"}, api.ErrOriginInvalid, "write https://app.example.go.th"},
	"the default port":     {OriginEntry{Origin: "https://app.example.go.th:443"}, api.ErrOriginInvalid, "write https://app.example.go.th"},
	"upper case":           {OriginEntry{Origin: "https://App.Example.go.th"}, api.ErrOriginInvalid, "write https://app.example.go.th"},
	"a Unicode host":       {OriginEntry{Origin: "https://อำเภอ.ไทย"}, api.ErrOriginInvalid, "write https://xn--"},
	"null":                 {OriginEntry{Origin: "null"}, api.ErrOriginInvalid, "sandboxed"},
	"our own":              {OriginEntry{Origin: "http://localhost:8731"}, api.ErrOriginInvalid, "chipproof itself"},
	"our own, by word":     {OriginEntry{Origin: "http://127.0.0.1:8731", PlainHTTP: true}, api.ErrOriginInvalid, "chipproof itself"},
	"localhost":            {OriginEntry{Origin: "http://localhost:3000"}, api.ErrOriginInvalid, "test mode only"},
	"localhost, by word":   {OriginEntry{Origin: "http://localhost:3000", PlainHTTP: true}, api.ErrOriginInvalid, "test mode only"},
	"localhost by https":   {OriginEntry{Origin: "https://localhost:3000"}, api.ErrOriginInvalid, "test mode only"},
	"loopback by https":    {OriginEntry{Origin: "https://127.0.0.1"}, api.ErrOriginInvalid, "test mode only"},
	"nothing":              {OriginEntry{}, api.ErrOriginInvalid, "write https://"},
	"a private member":     {OriginEntry{Origin: site, Keys: []byte(setOf(exampleKey("d", "x")))}, proof.ErrKeysInvalid, "private member"},
	"a key without kid":    {OriginEntry{Origin: site, Keys: []byte(setOf(exampleKey("kid", "")))}, proof.ErrKeysInvalid, `"kid"`},
	"another's return url": {OriginEntry{Origin: site, ReturnURLs: []string{"https://evil.example/back"}}, ErrReturnURLInvalid, "begins with " + site + "/"},
	"a look-alike's":       {OriginEntry{Origin: site, ReturnURLs: []string{site + ".evil.example/back"}}, ErrReturnURLInvalid, ""},
	"over http":            {OriginEntry{Origin: site, ReturnURLs: []string{"http://app.example.go.th/back"}}, ErrReturnURLInvalid, ""},
	"with a userinfo":      {OriginEntry{Origin: site, ReturnURLs: []string{"https://app.example.go.th@evil.example/"}}, ErrReturnURLInvalid, ""},
	"without a path":       {OriginEntry{Origin: site, ReturnURLs: []string{site}}, ErrReturnURLInvalid, ""},
	"with a fragment":      {OriginEntry{Origin: site, ReturnURLs: []string{site + "/back#x"}}, ErrReturnURLInvalid, "fragment"},
	"with dots":            {OriginEntry{Origin: site, ReturnURLs: []string{site + "/a/../back"}}, ErrReturnURLInvalid, "resolve"},
	"with coded dots":      {OriginEntry{Origin: site, ReturnURLs: []string{site + "/a/%2E%2e/back"}}, ErrReturnURLInvalid, "resolve"},
	"with a blank":         {OriginEntry{Origin: site, ReturnURLs: []string{site + "/back here"}}, ErrReturnURLInvalid, "printable"},
	"with a line end":      {OriginEntry{Origin: site, ReturnURLs: []string{site + "/back\nhttps://evil.example/"}}, ErrReturnURLInvalid, "printable"},
	"with Thai letters":    {OriginEntry{Origin: site, ReturnURLs: []string{site + "/กลับ"}}, ErrReturnURLInvalid, "percent-encode"},
	"with a backslash":     {OriginEntry{Origin: site, ReturnURLs: []string{site + "/\\evil.example"}}, ErrReturnURLInvalid, "backslash"},
	"the same url twice":   {OriginEntry{Origin: site, ReturnURLs: []string{site + "/a", site + "/a"}}, ErrReturnURLInvalid, "twice"},
	"too many urls":        {OriginEntry{Origin: site, ReturnURLs: make([]string, 17)}, ErrReturnURLInvalid, "16"},
	"an unknown field":     {OriginEntry{Origin: site, Fields: []string{"name", "religion"}}, thaiid.ErrFieldUnknown, "religion"},
	"a field twice":        {OriginEntry{Origin: site, Fields: []string{"name", "name"}}, thaiid.ErrFieldUnknown, "name"},
	"an unknown purpose":   {OriginEntry{Origin: site, Purposes: []string{"shopping"}}, ErrPurposeUnknown, "there are form_fill"},
	"a purpose twice":      {OriginEntry{Origin: site, Purposes: []string{proofing.FormFill, proofing.FormFill}}, ErrPurposeUnknown, ""},
	"a long audience":      {OriginEntry{Origin: site, Audience: strings.Repeat("a", 256)}, ErrAudienceInvalid, "255"},
	"a blank in audience":  {OriginEntry{Origin: site, Audience: "our app"}, ErrAudienceInvalid, "no blanks"},
	"sometimes":            {OriginEntry{Origin: site, Ask: "sometimes"}, ErrAskInvalid, "always or never"},
}

func TestO12WhatMayNotBeListedIsRefusedAndSaysWhatWouldBeRight(t *testing.T) {
	d := newDesk(t)
	_, p := d.administrator(t)
	before := p.get("/v1/origins").body
	entries := len(d.office.Entries(audit.KindOriginAdded, audit.KindOriginChanged))
	rules := api.OriginRules{Mode: api.Production, Ports: []int{8731}}
	for name, row := range wrongEntries {
		_, err := NewOrigin(row.entry, rules, policy(t))
		require.ErrorIs(t, err, row.cause, name)
		assert.ErrorContains(t, err, row.says, name)

		e := row.entry
		body, err := json.Marshal(map[string]any{
			"origin": strings.ReplaceAll(e.Origin, "8731", d.port), "audience": e.Audience, "fields": append([]string{}, e.Fields...), "purposes": append([]string{}, e.Purposes...),
			"return_urls": append([]string{}, e.ReturnURLs...), "jwks": string(e.Keys), "ask": orNever(e.Ask), "plain_http": e.PlainHTTP,
		})
		require.NoError(t, err)
		a := p.post("/v1/origins", string(body))
		assert.Contains(t, []int{400, 422}, a.status, "%s: %s", name, a.body)
		assert.NotContains(t, a.body, `"id"`, name)
	}
	assert.Equal(t, before, p.get("/v1/origins").body, "nothing is stored")
	assert.Len(t, d.office.Entries(audit.KindOriginAdded, audit.KindOriginChanged), entries)
}

func orNever(a proofing.Ask) proofing.Ask {
	if a == "" {
		return proofing.AskNever
	}
	return a
}

func TestAllThatIsWrongWithAnEntryIsToldAtOnce(t *testing.T) {
	_, err := NewOrigin(OriginEntry{Origin: "http://x", Fields: []string{"x"}, Purposes: []string{"y"}, Keys: []byte("z"), Ask: "w"}, api.OriginRules{}, policy(t))
	for _, cause := range []error{api.ErrOriginInvalid, thaiid.ErrFieldUnknown, ErrPurposeUnknown, proof.ErrKeysInvalid, ErrAskInvalid} {
		assert.ErrorIs(t, err, cause)
	}
}

func TestAnEntryThatLeavesThingsOutGetsTheDefaults(t *testing.T) {
	rules := api.OriginRules{Mode: api.Production}
	o, err := NewOrigin(OriginEntry{Origin: site}, rules, policy(t))
	require.NoError(t, err)
	assert.Equal(t, proofing.Origin{
		Origin: site, Audience: site, Ask: proofing.AskNever, Purposes: []string{proofing.FormFill},
		Fields: []string{"citizen_id", "name", "birth_date", "sex", "address", "card", "photo"},
	}, o)
	o, err = NewOrigin(OriginEntry{Origin: site, Keys: []byte(setOf(exampleKey()))}, rules, policy(t))
	require.NoError(t, err)
	assert.Equal(t, []string{proofing.FormFill, proofing.IdentityProofing}, o.Purposes, "with keys it may ask for proofs; compat is in no default")
	assert.Equal(t, []string{exampleKID}, Thumbprints(o.Keys))
	o, err = NewOrigin(OriginEntry{
		Origin: site, Purposes: []string{proofing.Compat}, Fields: []string{"nhso", "laser_code"}, Ask: proofing.AskAlways, Audience: "our-app",
		ReturnURLs: []string{site + "/back", site + "/back?from=counter&x=1"},
	}, rules, policy(t))
	require.NoError(t, err)
	assert.Len(t, o.ReturnURLs, 2)
	assert.Equal(t, []string{"nhso", "laser_code"}, o.Fields)
}

func TestAnAdministratorListsChangesAndRevokesOnTheConsole(t *testing.T) {
	d := newDesk(t)
	admin, p := d.administrator(t)
	body := mustJSON(map[string]any{
		"origin": "https://new.example.go.th", "fields": []string{"name", "laser_code"}, "ask": "always", "jwks": setOf(exampleKey()),
		"return_urls": []string{"https://new.example.go.th/back"}, "audience": "new-app",
	})
	a := p.post("/v1/origins", body)
	require.Equal(t, 200, a.status, a.body)
	var added Origin
	require.NoError(t, json.Unmarshal([]byte(a.body), &added))
	assert.Equal(t, []string{exampleKID}, added.Keys, "thumbprints to compare")
	assert.EqualValues(t, "always", added.Ask)
	assert.Equal(t, d.office.Clock.Now(), added.ApprovedAt)
	assert.NotEmpty(t, added.ApprovedBy)
	assert.Nil(t, added.LastUseAt)
	entries := d.office.Entries(audit.KindOriginAdded)
	e := entries[len(entries)-1]
	assert.Equal(t, added.ApprovedBy, e.Actor)
	assert.Equal(t, exampleKID, e.Attributes["keys"])
	assert.Equal(t, "name laser_code", e.Attributes["fields"])

	a = p.post("/v1/origins", words("origin", "https://new.example.go.th"))
	require.Equal(t, 200, a.status, a.body)
	var changed Origin
	require.NoError(t, json.Unmarshal([]byte(a.body), &changed))
	assert.Equal(t, added.ID, changed.ID)
	assert.Empty(t, changed.Keys, "the whole entry as it is to be")
	assert.Len(t, d.office.Entries(audit.KindOriginChanged), 1)

	list := struct{ Origins []Origin }{}
	require.NoError(t, json.Unmarshal([]byte(p.get("/v1/origins").body), &list))
	require.Len(t, list.Origins, 2)
	assert.Equal(t, changed, list.Origins[1])

	require.Equal(t, 200, d.readAs("https://new.example.go.th", "sex").status)
	require.Equal(t, 204, p.do("DELETE", "/v1/origins/"+added.ID, "").status)
	p.do("DELETE", "/v1/origins/"+added.ID, "").says(t, 404, "origin_unknown", "")
	d.readAs("https://new.example.go.th", "sex").says(t, 403, "origin_refused", "O13: at the next request")
	assert.Len(t, d.office.Entries(audit.KindOriginRevoked), 1)
	_ = admin
}

func TestPlainHTTPOriginsAndThoseOfTestModeAreNoWebApps(t *testing.T) {
	d := newDesk(t)
	_, p := d.administrator(t)
	require.Equal(t, 200, p.post("/v1/origins", `{"origin":"http://intranet.example.go.th","plain_http":true}`).status)
	d.readAs("http://intranet.example.go.th", "sex").says(t, 403, "origin_refused", "it has the page road and nothing else")
	assert.Equal(t, "yes", d.office.Entries(audit.KindOriginAdded)[1].Attributes["plain_http"], "with the warning")

	d.origins.grant("http://localhost:3000", DefaultGrant()) // by the command, for a test agent
	d.readAs("http://localhost:3000", "sex").says(t, 403, "origin_refused", "production answers no such origin, whatever is listed")
}

func TestO13AKeyOrFieldThatIsTakenOutIsGoneAtTheNextRequest(t *testing.T) {
	d := newDesk(t)
	require.Equal(t, 200, d.readCard("name").status)
	_, p := d.administrator(t)
	require.Equal(t, 200, p.post("/v1/origins", mustJSON(map[string]any{"origin": site, "fields": []string{"sex"}})).status)
	d.readCard("name").says(t, 403, "field_refused", "")
	assert.Equal(t, 200, d.readCard("sex").status)
}

func FuzzNewOrigin(f *testing.F) {
	f.Add(site, site+"/back", "aud", "name", false)
	f.Add("http://intranet", "http://intranet/back", "", "", true)
	for name := range wrongEntries {
		e := wrongEntries[name].entry
		f.Add(e.Origin, strings.Join(e.ReturnURLs, ""), e.Audience, strings.Join(e.Fields, ""), e.PlainHTTP)
	}
	f.Fuzz(func(t *testing.T, origin, back, audience, field string, plain bool) {
		e := OriginEntry{Origin: origin, Audience: audience, PlainHTTP: plain}
		if back != "" {
			e.ReturnURLs = []string{back}
		}
		if field != "" {
			e.Fields = []string{field}
		}
		o, err := NewOrigin(e, api.OriginRules{Mode: api.Production, Ports: []int{8731}}, policy(t))
		if err != nil {
			require.Empty(t, o.Origin)
			return
		}
		// A second, naive look: https or the word for http, nothing but a host
		// and a port, lower case, and every return URL of that very origin.
		require.Equal(t, plain, strings.HasPrefix(origin, "http://"))
		require.Equal(t, strings.ToLower(origin), o.Origin)
		require.Equal(t, 2, strings.Count(origin, "/"))
		require.NotRegexp(t, `^https?://(localhost|127\.[0-9.]+|\[::1\])(:|$)`, origin)
		require.NotContains(t, origin, "*")
		for _, u := range o.ReturnURLs {
			require.True(t, strings.HasPrefix(u, origin+"/"))
			require.NotContains(t, u, "\n")
		}
		require.NotEmpty(t, o.Fields)
	})
}
