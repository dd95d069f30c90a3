package api

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/audit"
	"chipproof/mfa"
)

func TestA5TheCookieAloneNeverSuffices(t *testing.T) {
	h := newHouse(t)
	malee, anan := h.Enrolled("malee", mfa.RoleStaff), h.Enrolled("anan", mfa.RoleStaff)
	b := h.active(malee)
	other := h.active(anan)
	old := b.csrf
	b.stepUp(malee)
	h.Clock.Forward(mfa.StepLength)

	acts := []struct{ method, path, body string }{
		{"POST", "/v1/desk", ""},
		{"DELETE", "/v1/sessions/current", ""},
		{"DELETE", "/v1/sessions/7", ""},
		{"POST", "/v1/sessions/current/lock", ""},
		{"POST", "/v1/sessions/current/totp", body("code", malee.CodeAt(0))},
		{"POST", "/v1/backup-codes", ""},
		{"DELETE", "/v1/desk", ""},
		{"POST", "/v1/things", `{"name":"a"}`},
	}
	for _, act := range acts {
		for name, lines := range map[string][]string{
			"without":                 {"X-Chipproof-CSRF: "},
			"another session's":       {"X-Chipproof-CSRF: " + other.csrf},
			"from before the rise":    {"X-Chipproof-CSRF: " + old},
			"cut":                     {"X-Chipproof-CSRF: " + b.csrf[1:]},
			"with more":               {"X-Chipproof-CSRF: " + b.csrf + "x"},
			"in a cookie":             {"X-Chipproof-CSRF: ", "Cookie: " + cookieLine(b) + "; X-Chipproof-CSRF=" + b.csrf},
			"in another header":       {"X-Chipproof-CSRF: ", "X-CSRF-Token: " + b.csrf},
			"in the referer":          {"X-Chipproof-CSRF: ", "Referer: http://localhost:8731/?csrf=" + b.csrf},
			"the token of the cookie": {"X-Chipproof-CSRF: " + strings.SplitN(cookieLine(b), "=", 2)[1]},
		} {
			b.do(act.method, act.path, act.body, lines...).says(t, 403, "csrf_refused", "%s %s", act.path, name)
		}
		b.do(act.method, act.path+"?X-Chipproof-CSRF="+b.csrf, act.body, "X-Chipproof-CSRF: ").says(t, 403, "csrf_refused", "in the query")
		inBody := strings.Replace(act.body, "{", `{"csrf":"`+b.csrf+`",`, 1)
		b.do(act.method, act.path, inBody, "X-Chipproof-CSRF: ").says(t, 403, "csrf_refused", "in the body")
		for _, origin := range []string{"http://localhost:3000", "http://127.0.0.1:8731", "null", "https://localhost:8731", ""} {
			b.do(act.method, act.path, act.body, "Origin: "+origin).says(t, 403, "origin_refused", "%s from %q, another local port for one", act.path, origin)
		}
	}
	raw := "POST /v1/desk HTTP/1.1\r\nHost: localhost:8731\r\nOrigin: http://localhost:8731\r\nContent-Type: application/json\r\nContent-Length: 0\r\nCookie: " +
		cookieLine(b) + "\r\nX-Chipproof-CSRF: " + b.csrf + "\r\nX-Chipproof-CSRF: " + b.csrf + "\r\n\r\n"
	h.send(raw).says(t, 403, "csrf_refused", "two of them")
	assert.Equal(t, "active", b.state(), "and none of it has done anything")
	assert.Equal(t, 200, b.post("/v1/desk", "").StatusCode)
}

func cookieLine(b *browser) string {
	for name, value := range b.cookies {
		return name + "=" + value
	}
	return ""
}

func TestA6NoOtherPageLogsAnyoneInOrOut(t *testing.T) {
	h := newHouse(t)
	b := h.active(h.Enrolled("malee", mfa.RoleStaff))
	before, entries := h.Hashes.Load(), len(h.Entries())
	for _, origin := range []string{site, "http://localhost:3000", "http://127.0.0.1:8731", "null", ""} {
		for _, path := range []string{"/v1/sessions", "/v1/enrolments", "/v1/enrolments/confirm"} {
			b.post(path, body("username", "malee", "password", "x"), "Origin: "+origin).says(t, 403, "origin_refused", "%s from %s", path, origin)
		}
		b.do("DELETE", "/v1/sessions/current", "", "Origin: "+origin).says(t, 403, "origin_refused")
	}
	assert.Equal(t, before, h.Hashes.Load())
	assert.Len(t, h.Entries(), entries)
}

func TestTheSecondLockHoldsWithoutTheFirst(t *testing.T) {
	h := newHouse(t)
	// As if the exact Origin had let them pass: what another site makes a browser send.
	for _, lines := range []string{
		"Sec-Fetch-Site: cross-site", "Sec-Fetch-Site: same-site", "Origin: https://evil.example", "Origin: http://localhost:3000", "Origin: null",
	} {
		for _, class := range []Class{Own, Console, WebApp} {
			r, err := parse([]byte("POST /v1/desk HTTP/1.1\r\nHost: localhost:8731\r\n" + lines + "\r\n\r\n"))
			require.NoError(t, err)
			_, err = h.server.guard.checkGate(t.Context(), r, pass{route: Route{Class: class, Method: "POST"}, from: fromOurs})
			assert.ErrorIs(t, err, ErrContextRefused, "%s %s", class, lines)
		}
	}
	r, err := parse([]byte("POST /v1/sessions HTTP/1.1\r\nHost: localhost:8731\r\nOrigin: http://localhost:8731\r\n\r\n"))
	require.NoError(t, err)
	_, err = h.server.guard.checkGate(t.Context(), r, pass{route: Route{Class: Own, Method: "POST"}, from: fromOurs})
	assert.NoError(t, err)
}

func TestA8RolesAndFreshFactorsAreAskedForInThisOrder(t *testing.T) {
	h := newHouse(t)
	admin := h.Enrolled("admin", mfa.RoleAdmin)
	people := map[mfa.Role]*browser{
		mfa.RoleStaff: h.active(h.Enrolled("malee", mfa.RoleStaff)), mfa.RoleDPO: h.active(h.Enrolled("dpo", mfa.RoleDPO)), mfa.RoleAdmin: h.active(admin),
	}
	h.Clock.Forward(mfa.StepUpAge)
	for role, b := range people {
		a := b.post("/v1/emergency-code", "")
		if role == mfa.RoleAdmin {
			a.says(t, 403, "step_up_required")
			continue
		}
		a.says(t, 403, "role_refused", string(role))
	}
	refusals := h.Entries("refused")
	require.Len(t, refusals, 3)
	for _, e := range refusals {
		assert.Equal(t, "make-emergency-code", e.Attributes["act"])
		assert.NotEmpty(t, e.Actor)
	}
	people[mfa.RoleAdmin].stepUp(admin)
	assert.Equal(t, 200, people[mfa.RoleAdmin].post("/v1/emergency-code", "").StatusCode)
	require.NoError(t, h.MFA.SetRole(t.Context(), mfa.ByOS("0"), "admin", mfa.RoleStaff))
	people[mfa.RoleAdmin].post("/v1/emergency-code", "").says(t, 403, "role_refused", "from the next request on")
}

// Every pair of steps, with steps 6 and 7 as they are: a request that is wrong
// in both gets the earlier code.
func TestOfTwoWrongsOfAConsoleRequestTheEarlierIsNamed(t *testing.T) {
	type wrong struct {
		code  string
		apply func(*consoleRequest)
	}
	steps := []wrong{
		{"host_refused", func(q *consoleRequest) { q.lines = append(q.lines, "Host: evil.example:8731") }},
		{"not_found", func(q *consoleRequest) { q.path = "/v1/nothing" }},
		{"method_refused", func(q *consoleRequest) { q.method = "PUT" }},
		{"origin_refused", func(q *consoleRequest) { q.lines = append(q.lines, "Origin: "+site) }},
		{"request_context_refused", func(q *consoleRequest) { q.lines = append(q.lines, "Sec-Fetch-Mode: no-cors") }},
		{"media_type_refused", func(q *consoleRequest) { q.lines = append(q.lines, "Content-Type: text/plain") }},
		{"mfa_required", func(q *consoleRequest) { q.lock = true }},
		{"csrf_refused", func(q *consoleRequest) { q.lines = append(q.lines, "X-Chipproof-CSRF: no") }},
		{"role_refused", func(q *consoleRequest) { q.role = mfa.RoleStaff }},
		{"step_up_required", func(q *consoleRequest) { q.stale = true }},
		{"throttled", func(q *consoleRequest) { q.often = true }},
		{"body_too_large", func(q *consoleRequest) { q.length = 65537 }},
		{"body_invalid", func(q *consoleRequest) { q.body = `{"other":1}` }},
	}
	same := map[string]bool{"not_found method_refused": true} // an unknown path has no method
	for i, earlier := range steps {
		alone := &consoleRequest{}
		earlier.apply(alone)
		assert.Equal(t, earlier.code, alone.send(t), "alone")
		for _, later := range steps[i+1:] {
			if same[earlier.code+" "+later.code] {
				continue
			}
			q := &consoleRequest{}
			later.apply(q)
			earlier.apply(q)
			assert.Equal(t, earlier.code, q.send(t), "with %s", later.code)
		}
	}
	assert.Empty(t, (&consoleRequest{}).send(t), "without a wrong it passes")
}

// consoleRequest is a good request of an administrator, until it is spoiled.
type consoleRequest struct {
	method, path, body string
	lines              []string
	length             int
	role               mfa.Role
	lock, stale, often bool
}

func (q *consoleRequest) send(t *testing.T) string {
	t.Helper()
	role := mfa.RoleAdmin
	if q.role != "" {
		role = q.role
	}
	h := newHouse(t, func(o *Options) { o.Limits.Rate = minRate })
	Handle(h.server, Route{Method: "POST", Path: "/v1/spoiled", Class: Console, Roles: Administrators(), StepUp: true, ID: "spoiled"},
		func(_ context.Context, in *thingIn) (*thingOut, error) { return &thingOut{Body: in.Body}, nil })
	person := h.Enrolled("somebody", role)
	b := h.active(person)
	if q.often {
		for range minRate {
			b.get("/v1/sessions/current")
		}
	}
	if q.stale {
		h.Clock.Forward(mfa.StepUpAge)
	}
	if q.lock {
		require.NoError(t, h.MFA.Lock(t.Context(), mfa.TokenFrom(strings.SplitN(cookieLine(b), "=", 2)[1])))
	}
	method, path, text := q.method, q.path, q.body
	if method == "" {
		method = "POST"
	}
	if path == "" {
		path = "/v1/spoiled"
	}
	if text == "" {
		text = `{"name":"a"}`
	}
	lines := append([]string{"Sec-Fetch-Site: same-origin", "Sec-Fetch-Mode: cors", "Sec-Fetch-Dest: empty"}, q.lines...)
	if q.length > 0 {
		lines = append(lines, fmt.Sprint("Content-Length: ", q.length))
	}
	return b.do(method, path, text, lines...).code()
}

func TestAWebAppIsAnsweredInTheNameOfWhoeverHoldsTheDesk(t *testing.T) {
	h := newHouse(t)
	var seen []Person
	Handle(h.server, Route{Method: "POST", Path: "/v1/who", Class: WebApp, Roles: Clerks(), ID: "who"}, func(ctx context.Context, _ *struct{}) (*struct{}, error) {
		seen = append(seen, CallerOf(ctx).Person)
		return nil, nil
	})
	ask := func() answer { return h.send(post("/v1/who", "{}")) }
	ask().says(t, 403, "mfa_required", "nobody has logged in")
	malee := h.Enrolled("malee", mfa.RoleStaff)
	h.half(malee)
	ask().says(t, 403, "mfa_required", "one factor only")
	b := h.active(malee)
	require.Equal(t, 204, ask().StatusCode)
	assert.Equal(t, "malee", seen[0].Name)
	assert.NotEmpty(t, seen[0].Hold)

	anan := h.Enrolled("anan", mfa.RoleStaff)
	h.half(anan)
	require.Equal(t, 204, ask().StatusCode)
	assert.Equal(t, seen[0], seen[1], "a password alone takes nothing over")
	h.active(anan)
	require.Equal(t, 204, ask().StatusCode)
	assert.Equal(t, "anan", seen[2].Name, "the next clerk takes over")
	assert.NotEqual(t, seen[0].Hold, seen[2].Hold)

	h.active(h.Enrolled("dpo", mfa.RoleDPO))
	ask().says(t, 403, "role_refused", "the data protection officer serves nobody")
	b.post("/v1/desk", "")
	require.Equal(t, 204, ask().StatusCode)
	b.post("/v1/sessions/current/lock", "")
	ask().says(t, 403, "mfa_required", "locked")
	require.Equal(t, 200, b.post("/v1/sessions/current/unlock", body("password", malee.Password)).StatusCode)
	require.Equal(t, 204, ask().StatusCode)
	require.NoError(t, h.MFA.DisableUser(t.Context(), mfa.ByOS("0"), "malee"))
	ask().says(t, 403, "mfa_required", "disabled")
}

func TestStillIsNoLongerTrueOnceAnotherHoldsTheDeskOrTheSessionChanged(t *testing.T) {
	h := newHouse(t)
	var meanwhile func()
	var was error
	route := Route{Method: "POST", Path: "/v1/slow", Class: WebApp, ID: "slow"}
	Handle(h.server, route, func(ctx context.Context, _ *struct{}) (*struct{}, error) {
		require.NoError(t, Still(ctx))
		meanwhile()
		was = Still(ctx)
		return nil, was
	})
	malee, anan := h.Enrolled("malee", mfa.RoleStaff), h.Enrolled("anan", mfa.RoleStaff)
	b := h.active(malee)
	for name, happens := range map[string]func(){
		"taken over":                func() { h.active(anan) },
		"taken over and taken back": func() { h.active(anan); b.post("/v1/desk", "") },
		"locked":                    func() { b.post("/v1/sessions/current/lock", "") },
		"left":                      func() { b.do("DELETE", "/v1/desk", "") },
		"ended":                     func() { b.do("DELETE", "/v1/sessions/current", "") },
		"disabled, and enabled again": func() {
			_ = h.MFA.DisableUser(t.Context(), mfa.ByOS("0"), "malee")
			_ = h.MFA.EnableUser(t.Context(), mfa.ByOS("0"), "malee")
		},
	} {
		b = h.active(malee)
		meanwhile = happens
		h.send(post("/v1/slow", "{}")).says(t, 403, "mfa_required", name)
		assert.ErrorIs(t, was, mfa.ErrMFARequired, name)
	}
	b = h.active(malee)
	meanwhile = func() {}
	assert.Equal(t, 204, h.send(post("/v1/slow", "{}")).StatusCode)

	// The same of our own console: its session, whoever holds the desk.
	meanwhile = func() { h.active(anan) }
	assert.Equal(t, 204, b.post("/v1/slow", "{}").StatusCode)
	meanwhile = func() { require.NoError(t, h.MFA.SetRole(t.Context(), mfa.ByOS("0"), "malee", mfa.RoleDPO)) }
	b.post("/v1/slow", "{}").says(t, 403, "mfa_required", "the role went meanwhile")
	meanwhile = func() { b.post("/v1/sessions/current/lock", "") }
	b.post("/v1/slow", "{}").says(t, 403, "mfa_required", "locked meanwhile")
	assert.NoError(t, Still(t.Context()), "outside of any request there is nobody to ask about")
}

func TestFiftyPostsOfOneCodeHaveOneWinner(t *testing.T) {
	h := newHouse(t)
	malee := h.Enrolled("malee", mfa.RoleStaff)
	var halves []*browser
	for range 50 {
		halves = append(halves, h.half(malee))
	}
	for name, browsers := range map[string][]*browser{"one session": slices.Repeat([]*browser{h.half(malee)}, 50), "fifty sessions": halves} {
		require.NoError(t, h.MFA.UnlockUser(t.Context(), mfa.ByOS("0"), "malee"))
		code := body("code", malee.Code())
		codes := atOnce(browsers, func(b browser) answer { return b.post("/v1/sessions/current/totp", code) })
		assert.Equal(t, 1, codes["200 "], "%s: %v", name, codes)
		assert.Equal(t, 49, codes["401 login_failed"]+codes["429 throttled"]+codes["403 mfa_required"], "%s: %v", name, codes)
	}
}

// atOnce sends from all browsers at the same time and counts the answers.
func atOnce(browsers []*browser, send func(browser) answer) map[string]int {
	var (
		mu    sync.Mutex
		all   sync.WaitGroup
		codes = map[string]int{}
		begin = make(chan struct{})
	)
	for _, b := range browsers {
		all.Go(func() {
			copied := *b
			copied.cookies = map[string]string{}
			for name, value := range b.cookies {
				copied.cookies[name] = value
			}
			<-begin
			a := send(copied)
			mu.Lock()
			defer mu.Unlock()
			codes[fmt.Sprint(a.StatusCode, " ", a.code())]++
		})
	}
	close(begin)
	all.Wait()
	return codes
}

func TestTwoHundredWrongPasswordsAtOnceAreCheckedNoOftenerThanTheLimitAllows(t *testing.T) {
	h := newHouse(t)
	h.Enrolled("malee", mfa.RoleStaff)
	before := h.Hashes.Load()
	codes := atOnce(slices.Repeat([]*browser{h.browser()}, 200), func(b browser) answer {
		return b.post("/v1/sessions", body("username", "malee", "password", "แมวสี่ตัวข้ามคลอง"))
	})
	assert.Equal(t, map[string]int{"401 login_failed": mfa.Throttling.Free + 1, "429 throttled": 200 - mfa.Throttling.Free - 1}, codes)
	assert.EqualValues(t, mfa.Throttling.Free+1, h.Hashes.Load()-before)
	assert.Len(t, h.Entries(audit.Kind(mfa.EventLoginThrottled)), 200-mfa.Throttling.Free-1, "A4: each is an entry")
}

func TestLoginsAreBoundedByTheMinuteButNotBelowSixty(t *testing.T) {
	_, err := NewServer(Options{Problems: Problems(), Now: time.Now, Limits: Limits{Logins: minLogins - 1}})
	require.ErrorContains(t, err, "beyond what")
	h := newHouse(t, func(o *Options) { o.Limits.Logins = minLogins })
	try := func(i int) answer {
		return h.browser().post("/v1/sessions", body("username", fmt.Sprint("nobody", i), "password", "แมวสี่ตัวข้ามคลอง"))
	}
	for i := range minLogins {
		try(i).says(t, 401, "login_failed")
	}
	a := try(minLogins)
	a.says(t, 429, "throttled")
	assert.Regexp(t, `^[1-9][0-9]?$`, a.Header.Get("Retry-After"))
	before := h.Hashes.Load()
	try(minLogins + 1)
	assert.Equal(t, before, h.Hashes.Load(), "nothing is checked any more")
}

func TestEveryPersonHasARateOfTheOwn(t *testing.T) {
	h := newHouse(t, func(o *Options) { o.Limits.Rate = minRate })
	b, other := h.active(h.Enrolled("malee", mfa.RoleStaff)), h.active(h.Enrolled("anan", mfa.RoleStaff))
	for b.get("/v1/sessions/current").StatusCode == http.StatusOK {
	}
	b.get("/v1/sessions/current").says(t, 429, "throttled")
	assert.Equal(t, 200, other.get("/v1/sessions/current").StatusCode)
	assert.Equal(t, 200, h.send(post("/v1/things", `{"name":"a"}`)).StatusCode, "and the page at the counter another")
}
