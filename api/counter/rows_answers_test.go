package counter

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// answers is one answer of each sort that the agent gives.
func answers(d *desk) map[string]answer {
	d.login = d.clerk.Login()
	p := d.pageOf(d.login)
	return map[string]answer{
		"login failed":  d.raw(post("/v1/sessions", words("username", "nobody", "password", "ผิดแน่ ๆ ทั้งประโยค"), ours)),
		"one factor":    d.raw(post("/v1/sessions", words("username", "malee", "password", d.clerk.Password), ours)),
		"csrf refused":  d.raw(post("/v1/desk", "", ours, "Cookie: "+p.cookie)),
		"role refused":  p.get("/v1/origins"),
		"grant refused": d.raw(post("/v1/enrolments", words("grant", "x", "password", "y"), ours)),
		"session":       p.get("/v1/sessions/current"),
		"sessions":      p.get("/v1/sessions"),
		"approvals":     p.get("/v1/approvals"),
		"unlisted":      p.post("/v1/reads/again", words("origin", "https://x.example")),
		"host refused":  d.raw("GET /healthz HTTP/1.1\nHost: evil.example\n\n"),
		"malformed":     d.raw("GET http://localhost:PORT/ HTTP/1.1\nHost: localhost:PORT\n\n"),
		"not found":     d.raw(get("/nothing")),
		"wrong method":  d.raw(head("PUT", "/v1/reads")),
		"wrong origin":  d.raw(post("/v1/reads", fill("name"))),
		"wrong context": d.raw(get("/v1/readers")),
		"wrong type":    d.raw(head("POST", "/v1/reads", fromSite)),
		"wrong body":    d.raw(post("/v1/reads", `{`, fromSite)),
		"large body":    d.raw(post("/v1/reads", strings.Repeat(" ", 1<<17), fromSite)),
		"wrong field":   d.readCard("laser_code"),
		"wrong reader":  d.raw(post("/v1/reads", `{"purpose":"form_fill","fields":["name"],"reader":"x"}`, fromSite)),
		"no session":    d.raw(get("/v1/users")),
		"preflight":     d.raw(preflight("/v1/reads", fromSite, "Access-Control-Request-Method: POST")),
		"health":        d.raw(get("/healthz")),
		"document":      d.raw(get("/openapi.json")),
		"readers":       d.raw(get("/v1/readers", fromSite)),
		"read":          d.readCard("name"),
		"page":          d.raw(get("/")),
	}
}

func TestR1EveryAnswerHasTheHeadersOfSafety(t *testing.T) {
	for name, a := range answers(newDesk(t)) {
		for header, want := range map[string]string{
			"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer",
			"Cross-Origin-Resource-Policy": "same-origin", "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
		} {
			assert.Equal(t, []string{want}, a.header[header], "%s: %s", name, header)
		}
		assert.NotContains(t, a.header, "Server", name)
		assert.NotContains(t, a.header, "X-Powered-By", name)
		assert.NotContains(t, a.header, "Access-Control-Allow-Credentials", name)
		assert.NotEqual(t, "*", a.header.Get("Access-Control-Allow-Origin"), name)
	}
}

func TestR1AStreamHasThemToo(t *testing.T) {
	d := newDesk(t)
	conn := d.dial()
	defer conn.Close()
	_, err := conn.Write([]byte(d.wire(get("/v1/events", fromSite))))
	require.NoError(t, err)
	buf := make([]byte, 4096)
	n, err := conn.Read(buf)
	require.NoError(t, err)
	for _, line := range []string{"Cache-Control: no-store", "X-Content-Type-Options: nosniff", "Referrer-Policy: no-referrer", "Access-Control-Allow-Origin: " + site} {
		assert.Contains(t, string(buf[:n]), line+"\r\n")
	}
}

func TestR2EveryRefusalIsAProblemWithoutAnythingOfTheRequest(t *testing.T) {
	for name, a := range answers(newDesk(t)) {
		if a.status < 300 {
			assert.NotContains(t, a.body, "$schema", name)
			continue
		}
		var p map[string]any
		require.NoError(t, json.Unmarshal([]byte(a.body), &p), name)
		assert.Equal(t, "application/problem+json", a.header.Get("Content-Type"), name)
		assert.InDelta(t, float64(a.status), p["status"], 0, name)
		assert.Regexp(t, `^[a-z_]+$`, p["code"], name)
		assert.NotContains(t, a.body, "$schema", name)
		if name == "host refused" || name == "malformed" {
			assert.Len(t, p, 2, name)
			continue
		}
		assert.Equal(t, "urn:chipproof:problem:"+fmt.Sprint(p["code"]), p["type"], name)
		for _, member := range []string{"title", "remedy", "request_id"} {
			assert.NotEmpty(t, p[member], "%s: %s", name, member)
		}
		for member := range p {
			assert.Contains(t, []string{"type", "title", "status", "code", "remedy", "field", "request_id"}, member, name)
		}
	}
}

func TestR2NothingOfAHostileRequestComesBack(t *testing.T) {
	d := newDesk(t)
	const mark = "MARKMARK"
	for _, text := range []string{
		get("/" + mark), get("/nothing?" + mark), get("/v1/readers", "Origin: https://"+mark+".example"), get("/v1/readers", fromSite, "Sec-Fetch-Site: "+mark),
		head(mark, "/v1/reads"), post("/v1/reads", `{"`+mark+`":1}`, fromSite), post("/v1/reads", `{"purpose":"`+mark+`","fields":["name"]}`, fromSite),
		post("/v1/reads", `{"purpose":"form_fill","fields":["`+mark+`"]}`, fromSite), head("POST", "/v1/reads", fromSite, "Content-Type: "+mark),
		post("/v1/reads", `{"purpose":"form_fill","fields":["name"],"reader":"`+mark+`"}`, fromSite), "GET / HTTP/1.1\nHost: " + mark + "\n\n",
		get("/healthz", "Accept-Language: "+mark, "Origin: x"), get("/v1/readers", fromSite, "Referer: https://"+mark),
	} {
		a := d.raw(text)
		assert.NotContains(t, strings.ToUpper(a.body+fmt.Sprint(a.header)), mark, text)
		assert.GreaterOrEqual(t, a.status, 400, text)
	}
}

func TestR3ARefusalIsOneLineInTheLogAndOneInTheCount(t *testing.T) {
	d := newDesk(t)
	hostile := "https://" + strings.Repeat("a", 300) + "<b>\\x"
	a := d.raw(post("/v1/reads", `{"secret":"SECRET"}`, "Origin: "+hostile, "Cookie: session=SECRET", "Authorization: Bearer SECRET"))
	a.says(t, 403, "origin_refused", "")
	lines := linesWith(d.log.String(), "request refused")
	require.Len(t, lines, 1)
	assert.Contains(t, lines[0], "code=origin_refused")
	assert.Contains(t, lines[0], `route="POST /v1/reads"`)
	assert.Contains(t, lines[0], "origin="+hostile[:200]+" ")
	assert.Regexp(t, `request_id=[A-Z2-7]{16} `, lines[0])
	assert.Contains(t, a.body, regexp.MustCompile(`request_id=([A-Z2-7]{16})`).FindStringSubmatch(lines[0])[1], "the answer and the log name it alike")
	assert.NotContains(t, d.log.String(), "SECRET")
	assert.EqualValues(t, 1, d.server.Counts().Of("origin_refused"))

	d.raw(post("/v1/reads", fill("name"), "Origin: https://ก\x80\"\u202e.example"))
	lines = linesWith(d.log.String(), "request refused")
	require.Len(t, lines, 2)
	assert.Regexp(t, `^[\x20-\x7e]*$`, lines[1], "whatever was sent is escaped")
	d.raw(get("/somebody/" + "1234567890121"))
	assert.NotContains(t, d.log.String(), "1234567890121", "a path that is no route's is not logged")
	assert.EqualValues(t, 2, d.server.Counts().Of("origin_refused"))
	assert.EqualValues(t, 1, d.server.Counts().Of("not_found"))
}

func linesWith(log, part string) []string {
	var lines []string
	for line := range strings.Lines(log) {
		if strings.Contains(line, part) {
			lines = append(lines, strings.TrimSuffix(line, "\n"))
		}
	}
	return lines
}

func TestR4NoProblemHasStatus408(t *testing.T) {
	for _, row := range Problems() {
		assert.NotEqual(t, 408, row.Status, row.Code)
	}
}

func TestD1TheReadersAreNobodysBusinessAndHealthSaysNothingElse(t *testing.T) {
	d := newDesk(t)
	d.raw(get("/v1/readers", "Origin: https://evil.example")).says(t, 403, "origin_refused", "")
	a := d.raw(get("/healthz"))
	assert.Equal(t, 200, a.status)
	assert.Equal(t, "{\"ok\":true}\n", a.body)
	assert.NotContains(t, a.header, "Access-Control-Allow-Origin")
	assert.Equal(t, bare, d.raw("GET /healthz HTTP/1.1\nHost: evil.example:PORT\n\n").body)
}

func TestD2ThereIsNoDocumentationPageAndNoScriptForOthers(t *testing.T) {
	d := newDesk(t)
	for _, path := range []string{
		"/docs", "/chipproof.js", "/openapi", "/openapi.yaml", "/openapi-3.0.json", "/openapi-3.0.yaml", "/schemas/Problem.json", "/healthz/",
		"//healthz", "/v1/reads/", "/%68ealthz", "/healthz%2f", "/debug/pprof/", "/v1/../healthz", "/favicon.ico", "/v1/proofings//facts",
	} {
		d.raw(get(path)).says(t, 404, "not_found", path)
	}
}

func TestD3OpenRoutesGiveNoPageOfAnotherSiteAnything(t *testing.T) {
	d := newDesk(t)
	for _, path := range []string{"/healthz", "/openapi.json", "/static/app.js", "/"} {
		a := d.raw(get(path, fromSite))
		a.says(t, 403, "origin_refused", path)
		plain := d.raw(get(path))
		assert.Equal(t, 200, plain.status, path)
		for name := range plain.header {
			assert.NotContains(t, name, "Access-Control", path)
		}
	}
}
