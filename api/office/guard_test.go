package office

import (
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/api"
)

// own are the routes of this package under /v1.
func (r *rig) own() (list []api.Route) {
	for _, route := range r.server.Routes() {
		for _, begin := range []string{"/v1/scans", "/v1/findings", "/v1/tasks", "/v1/owners", "/v1/assets", "/v1/coverage", "/v1/trend"} {
			if strings.HasPrefix(route.Path, begin) {
				list = append(list, route)
				break
			}
		}
	}
	return list
}

// pathOf is an address that a route answers.
func pathOf(route api.Route) string { return strings.ReplaceAll(route.Path, "{id}", "s-2026-0001") }

// everybodys are the routes that each role has; what it gets there differs.
var everybodys = []string{"GET /v1/tasks", "POST /v1/tasks/{id}/claim"}

func TestEveryRouteAnswersOnlyWhomItShould(t *testing.T) {
	r := newRig(t)
	require.Len(t, r.own(), 21)
	visits := map[string]*visit{"dpo": r.as(r.dpo), "admin": r.as(r.admin), "staff": r.as(r.staff), "nobody": r.anonymous()}
	for _, route := range r.own() {
		name := route.Method + " " + route.Path
		assert.Equal(t, api.Console, route.Class, name)
		for who, v := range visits {
			if who == "dpo" && strings.HasSuffix(route.Path, "/events") {
				continue // a stream; it has a test of its own
			}
			a := v.do(route.Method, pathOf(route), "{}")
			switch {
			case who == "nobody":
				a.says(t, http.StatusForbidden, "mfa_required", name)
			case who == "dpo":
				assert.NotContains(t, []string{"mfa_required", "role_refused", "not_found", "method_refused"}, a.code(), name)
				assert.NotEqual(t, http.StatusInternalServerError, a.Code, "%s: %s", name, a.text)
			default:
				open := false
				for _, e := range everybodys {
					open = open || e == name
				}
				assert.Equal(t, open, a.code() != "role_refused", "%s as %s: %s", name, who, a.text)
			}
			assert.Equal(t, "no-store", a.Header().Get("Cache-Control"), name)
			assert.Equal(t, "nosniff", a.Header().Get("X-Content-Type-Options"), name)
			assert.Equal(t, "default-src 'none'; frame-ancestors 'none'", a.Header().Get("Content-Security-Policy"), name)
			assert.Empty(t, a.Header().Get("Access-Control-Allow-Origin"), name)
		}
	}
}

func TestEveryRouteThatActsSaysWhatItLeavesInTheLog(t *testing.T) {
	for _, route := range newRig(t).own() {
		assert.Equal(t, route.Method != http.MethodGet || strings.HasSuffix(route.Path, "/report"), len(route.Audit) > 0, "%s %s", route.Method, route.Path)
	}
}

func TestTheGuardStandsBeforeEveryRoute(t *testing.T) {
	r := newRig(t)
	v := r.as(r.dpo)
	for _, route := range r.own() {
		name := route.Method + " " + route.Path
		for _, row := range []struct {
			headers []string
			code    string
		}{
			{[]string{"Host", "evil.example:8732"}, "host_refused"},
			{[]string{"Host", "localhost"}, "host_refused"},
			{[]string{"Origin", "https://app.example.go.th"}, "origin_refused"},
			{[]string{"Origin", "http://localhost:8731"}, "origin_refused"},
			{[]string{"Origin", "null"}, "origin_refused"},
			{[]string{"Sec-Fetch-Site", "cross-site"}, "request_context_refused"},
			{[]string{"Sec-Fetch-Dest", "iframe"}, "request_context_refused"},
		} {
			v.do(route.Method, pathOf(route), "{}", row.headers...).says(t, http.StatusForbidden, row.code, name, row.headers)
		}
		if route.Method == http.MethodGet {
			continue
		}
		v.do(route.Method, pathOf(route), "{}", "Origin", "").says(t, http.StatusForbidden, "origin_refused", name)
		v.do(route.Method, pathOf(route), "{}", "X-Chipproof-CSRF", "").says(t, http.StatusForbidden, "csrf_refused", name)
		v.do(route.Method, pathOf(route), "{}", "X-Chipproof-CSRF", strings.Repeat("A", 43)).says(t, http.StatusForbidden, "csrf_refused", name)
		v.do(route.Method, pathOf(route), "{}", "Content-Type", "text/plain").says(t, http.StatusUnsupportedMediaType, "media_type_refused", name)
	}
}

func TestBadBodiesAreRefusedAndNotRepeated(t *testing.T) {
	r := newRig(t)
	v := r.as(r.dpo)
	for _, route := range r.own() {
		if route.Method == http.MethodGet || route.Body > 0 || strings.HasSuffix(route.Path, "/cancel") || strings.HasSuffix(route.Path, "/again") || strings.HasSuffix(route.Path, "/claim") {
			continue // no body, or a file
		}
		for _, bad := range []string{``, `[]`, `{"SECRET":1}`, `{"targets":["/"],"targets":["/SECRET"]}`, `{"targets":1}x`, strings.Repeat("[", 100)} {
			a := v.do(route.Method, pathOf(route), bad)
			a.says(t, http.StatusBadRequest, "body_invalid", route.Path, bad)
			assert.NotContains(t, a.text, "SECRET")
		}
		v.do(route.Method, pathOf(route), `{"x":"`+strings.Repeat("a", 64<<10)+`"}`).says(t, http.StatusRequestEntityTooLarge, "body_too_large", route.Path)
	}
}

func TestWhatNobodyHasIsUnknown(t *testing.T) {
	r := newRig(t)
	v := r.as(r.dpo)
	for path, code := range map[string]string{
		"/v1/scans/s-2026-9999": "scan_unknown", "/v1/scans/s-2026-9999/report": "scan_unknown",
		"/v1/scans/s-2026-9999/compare?baseline=s-2026-0001": "scan_unknown", "/v1/findings/none": "finding_unknown",
	} {
		v.get(path).says(t, http.StatusNotFound, code, path)
	}
	due := r.Clock.Now().AddDate(0, 0, 7)
	for path, row := range map[string]struct{ body, code string }{
		"/v1/scans/s-2026-9999/cancel": {"{}", "scan_unknown"},
		"/v1/scans/s-2026-9999/again":  {"{}", "scan_unknown"},
		"/v1/scans/s-2026-9999/letter": {"{}", "scan_unknown"},
		"/v1/findings/none/task":       {body(map[string]any{"owner": r.idOf(r.staff), "due": due}), "finding_unknown"},
		"/v1/tasks/t-2026-9999/claim":  {"{}", "task_unknown"},
	} {
		v.post(path, row.body).says(t, http.StatusNotFound, row.code, path)
	}
}

func TestPagesAreShellsThatHoldNobodysData(t *testing.T) {
	r := newRig(t)
	for _, path := range []string{"/", "/scans", "/scans/s-2026-0001", "/findings", "/findings/none", "/tasks", "/assets"} {
		for _, lang := range []string{"th", "en"} {
			a := r.anonymous().get(path+"?lang="+lang, "Sec-Fetch-Site", "none", "Sec-Fetch-Mode", "navigate", "Sec-Fetch-Dest", "document")
			require.Equal(t, http.StatusOK, a.Code, path)
			assert.True(t, strings.Contains(a.text, `<html lang="`+lang+`">`), path)
			assert.Contains(t, a.Header().Get("Content-Security-Policy"), "script-src 'self'; style-src 'self'")
			assert.NotContains(t, a.Header().Get("Content-Security-Policy"), "unsafe")
			assert.Equal(t, "no-store", a.Header().Get("Cache-Control"))
			assert.False(t, regexp.MustCompile(`wanida|prasit|malee|\d{13}`).MatchString(a.text), path)
		}
	}
}
