package api

import (
	"fmt"
	"go/parser"
	"go/token"
	"log/slog"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/api/apitest"
	"chipproof/audit"
	"chipproof/mfa"
)

// The mistakes of the page "mfa", section 10, as far as they are made over HTTP.
// The others are tested in package mfa.

// loginRoutes are those that take something that a person typed.
func loginRoutes(h *house) []Route {
	var list []Route
	for _, r := range h.server.Routes() {
		if r.Class == Own && r.ID != "login" || r.Session == Rising || r.Session == Locked {
			list = append(list, r)
		}
	}
	require.Len(h, list, 7)
	return list
}

func TestMistake07_CVE_2026_94379_NoOtherMethodIsAWayRoundALogin(t *testing.T) {
	h := newHouse(t)
	malee := h.Enrolled("malee", mfa.RoleStaff)
	b := h.half(malee)
	before, entries := h.Hashes.Load(), len(h.Entries())
	for _, route := range loginRoutes(h) {
		right := body("username", "malee", "password", malee.Password, "code", malee.CodeAt(1))
		for _, method := range []string{"GET", "HEAD", "PUT", "PATCH", "DELETE", "LOGIN", "post"} {
			if _, exists := h.server.routes.lookup(method, route.Path); exists {
				continue // as GET /v1/sessions: another route, with checks of its own
			}
			a := b.do(method, route.Path, right)
			assert.Equal(t, 405, a.StatusCode, "%s %s", method, route.Path)
			if method != "HEAD" {
				a.says(t, 405, "method_refused")
			}
		}
		for _, header := range []string{"X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override", "_method"} {
			a := b.do("PUT", route.Path, right, header+": POST")
			a.says(t, 405, "method_refused", header)
			a = b.get(route.Path+"?_method=POST", header+": POST")
			assert.NotContains(t, a.text, `"csrf":"`+b.csrf[:4]+"x", "a GET stays one")
			assert.Empty(t, a.Cookies())
		}
	}
	assert.Equal(t, before, h.Hashes.Load(), "nothing was checked")
	assert.Len(t, h.Entries(), entries, "and nothing happened")
	assert.Equal(t, "second_factor_required", b.state())
}

func TestMistake12_CVE_2026_105211_NoAnswerAndNoLogHoldsACode(t *testing.T) {
	log := &lockedBuffer{}
	h := newHouse(t, func(o *Options) {
		o.Log = slog.New(slog.NewTextHandler(log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	})
	admin := h.Enrolled("admin", mfa.RoleAdmin)
	emergency, err := h.MFA.NewEmergencyCode(t.Context(), mfa.ByOS("0"))
	require.NoError(t, err)
	secrets := []string{admin.Password, admin.BackupCodes[0], admin.BackupCodes[1], emergency.Reveal(), "0000-1111-2222-3333", "ผิดแน่ ๆ ทั้งประโยค"}
	told := ""
	tell := func(a answer) answer {
		told += a.bytes()
		return a
	}
	tell(h.browser().post("/v1/sessions", body("username", "admin", "password", "ผิดแน่ ๆ ทั้งประโยค")))
	b := h.half(admin)
	tell(b.get("/v1/sessions/current"))
	tell(b.post("/v1/sessions/current/backup-code", body("code", "0000-1111-2222-3333")))
	code := admin.Code()
	secrets = append(secrets, code)
	tell(b.post("/v1/sessions/current/totp", body("code", code)))
	tell(b.post("/v1/sessions/current/backup-code", body("code", admin.BackupCodes[0])))
	tell(b.get("/v1/sessions"))
	tell(b.get("/v1/authenticators"))
	tell(b.post("/v1/sessions/current/lock", ""))
	tell(b.post("/v1/sessions/current/unlock", body("password", "ผิดแน่ ๆ ทั้งประโยค")))
	tell(b.post("/v1/sessions/current/unlock", body("password", admin.Password)))
	tell(h.half(admin).post("/v1/sessions/current/emergency-code", body("code", emergency.Reveal())))
	for _, secret := range secrets {
		assert.NotContains(t, told, secret)
		assert.NotContains(t, log.String(), secret)
	}
	for _, token := range b.cookies {
		assert.NotContains(t, log.String(), token)
	}
	assert.NotContains(t, log.String(), b.csrf)
	assert.NotContains(t, log.String(), admin.Secret.Reveal())
}

func TestMistake13_CVE_2026_119128_OnlyTheGrantInTheBodySetsAFirstCredential(t *testing.T) {
	h := newHouse(t)
	inv := h.Invite("malee", mfa.RoleStaff)
	grant := inv.Grant.Reveal()
	password := body("password", apitest.Password)
	with := body("grant", "x", "password", apitest.Password)
	for name, a := range map[string]answer{
		"in the query":  h.browser().post("/v1/enrolments?grant="+grant, with),
		"in a cookie":   h.browser().post("/v1/enrolments", with, "Cookie: grant="+grant),
		"as the cookie": h.browser().post("/v1/enrolments", with, "Cookie: "+h.Cookie()+"_n="+grant),
		"in a header":   h.browser().post("/v1/enrolments", with, "Authorization: Bearer "+grant),
		"as the value":  h.browser().post("/v1/enrolments", with, "X-Chipproof-CSRF: "+grant),
		"the user's id": h.browser().post("/v1/enrolments", body("grant", inv.User.ID, "password", apitest.Password)),
	} {
		a.says(t, 403, "grant_refused", name)
	}
	for name, a := range map[string]answer{
		"left out":  h.browser().post("/v1/enrolments", password),
		"empty":     h.browser().post("/v1/enrolments", body("grant", "", "password", apitest.Password)),
		"for whom":  h.browser().post("/v1/enrolments", body("grant", grant, "password", apitest.Password, "user", "admin")),
		"two of it": h.browser().post("/v1/enrolments", `{"grant":"x","grant":"`+grant+`","password":"`+apitest.Password+`"}`),
	} {
		a.says(t, 400, "body_invalid", name)
	}
	form := "grant=" + grant + "&password=x"
	h.browser().post("/v1/enrolments", form, "Content-Type: application/x-www-form-urlencoded").says(t, 415, "media_type_refused")
	a := h.browser().post("/v1/enrolments", body("grant", grant, "password", apitest.Password))
	assert.Equal(t, 200, a.StatusCode, "and none of it has used the grant up")
}

// forwarded is what proxies and those who play one send.
var forwarded = [][]string{
	{"X-Forwarded-Host: evil.example"},
	{"X-Forwarded-For: 192.0.2.7"},
	{"X-Forwarded-For: 127.0.0.1, junk, ' OR 1=1"},
	{"X-Forwarded-For: \xff\xfe"},
	{"Forwarded: for=192.0.2.7;host=evil.example;proto=https"},
	{"X-Real-IP: 192.0.2.7", "True-Client-IP: 192.0.2.8", "X-Forwarded-Proto: https", "X-Forwarded-Port: 443", "X-Original-URL: /v1/users"},
}

func TestMistake14_GHSA_2wmj_46rj_qm2w_ForwardedHeadersChangeNoByteOfAnyAnswer(t *testing.T) {
	h := newHouse(t)
	b := h.active(h.Enrolled("admin", mfa.RoleAdmin))
	half := h.half(h.Enrolled("malee", mfa.RoleStaff))
	for _, route := range h.server.Routes() {
		if strings.Contains(route.Path, "ticks") || route.ID == "log-out" || route.ID == "lock-session" || strings.HasPrefix(route.ID, "make-") || route.ID == "add-authenticator" {
			continue // has an end of its own, ends the session, or is new each time
		}
		for _, who := range []*browser{h.browser(), half, b} {
			plain := who.do(route.Method, pathOf(route), "").bytes()
			for _, lines := range forwarded {
				got := who.do(route.Method, pathOf(route), "", lines...)
				assert.Equal(t, plain, got.bytes(), "%s with %s", route.ID, lines)
				assert.NotContains(t, got.bytes(), "evil.example")
			}
		}
	}
}

func TestMistake17_CVE_2026_18963_NoRouteSendsAnythingByMail(t *testing.T) {
	h := newHouse(t)
	for _, r := range h.server.Routes() {
		text := strings.ToLower(fmt.Sprint(r.Path, r.ID, r.Summary, r.Description))
		for _, word := range []string{"mail", "อีเมล", "sms", "forgot", "recover", "resend", "magic"} {
			assert.NotContains(t, text, word, r.ID)
		}
	}
	admin := h.Enrolled("admin", mfa.RoleAdmin)
	grant := h.Invite("malee", mfa.RoleStaff).Grant.Reveal()
	b := h.browser()
	for _, way := range []string{"totp", "backup-code", "emergency-code"} {
		b.post("/v1/sessions/current/"+way, body("code", admin.BackupCodes[0])).says(t, 403, "mfa_required", "never alone")
	}
	for _, way := range []string{"totp", "emergency-code"} {
		h.half(admin).post("/v1/sessions/current/"+way, body("code", admin.BackupCodes[0])).says(t, 401, "login_failed", "in the place of another")
	}
	h.half(admin).post("/v1/sessions/current/backup-code", body("code", grant)).says(t, 401, "login_failed", "a grant is no code")
}

func TestMistake18_CVE_2026_94218_EveryURLOfASessionThatMustEnrolLeadsThere(t *testing.T) {
	h := newHouse(t)
	admin := h.Enrolled("admin", mfa.RoleAdmin)
	_, err := h.MFA.ResetUser(t.Context(), mfa.ByOS("0"), "admin", mfa.LostPhone)
	require.NoError(t, err)
	for range 2 { // also after a restart
		b := h.half(admin)
		assert.True(t, b.get("/v1/sessions/current").session().MustEnrol)
		for _, route := range h.server.Routes() {
			if route.Class != Console && route.Class != WebApp || route.Session == AnySession {
				continue
			}
			a := b.do(route.Method, pathOf(route), body("code", admin.BackupCodes[0]), "Sec-Fetch-Site: same-origin")
			if route.Session == Rising {
				a.says(t, 401, "login_failed", "%s: the lost phone and its codes are worth nothing", route.ID)
				require.NoError(t, h.MFA.UnlockUser(t.Context(), mfa.ByOS("0"), "admin"))
				continue
			}
			a.says(t, 403, "mfa_required", route.ID)
		}
		assert.True(t, b.get("/v1/sessions/current").session().MustEnrol)
	}
}

func TestMistake20_CVE_2024_47070_CVE_2023_36456_JunkInForwardedHeadersChangesNoThrottleAndNoAddress(t *testing.T) {
	h := newHouse(t)
	malee := h.Enrolled("malee", mfa.RoleStaff)
	for i := range 20 {
		a := h.browser().post("/v1/sessions", body("username", "malee", "password", "แมวสี่ตัวข้ามคลอง"), forwarded[i%len(forwarded)]...)
		if i < mfa.Throttling.Free+1 {
			a.says(t, 401, "login_failed")
		} else {
			a.says(t, 429, "throttled")
		}
	}
	require.NoError(t, h.MFA.UnlockUser(t.Context(), mfa.ByOS("0"), "malee"))
	for _, lines := range forwarded {
		b := h.browser()
		a := b.post("/v1/sessions", body("username", "malee", "password", malee.Password), lines...)
		require.Equal(t, 200, a.StatusCode)
	}
	b := h.active(malee)
	assert.NotContains(t, b.get("/v1/sessions").text, "192.0.2")
	assert.NotContains(t, h.Files(), "192.0.2")
}

func TestMistake21_CVE_2026_49448_EmptyExtraAndMissingMembersFail(t *testing.T) {
	h := newHouse(t)
	malee := h.Enrolled("malee", mfa.RoleStaff)
	locked := h.active(malee)
	require.Equal(t, 200, locked.post("/v1/sessions/current/lock", "").StatusCode)
	half := h.half(malee)
	before := h.Hashes.Load()
	for _, route := range loginRoutes(h) {
		b := half
		if route.Session == Locked {
			b = locked
		}
		for _, bad := range []string{
			"", "{}", "null", "[]", `""`, "{", `{"extra":"1"}`,
			body("username", "", "password", "", "code", "", "grant", ""),
			body("code", malee.CodeAt(1), "extra", "1"), body("password", malee.Password, "code", malee.CodeAt(1)), body("code", ""),
			body("username", "malee"), body("password", malee.Password, "username", ""), body("username", "malee", "password", malee.Password, "code", malee.CodeAt(1)),
			`{"code":null}`, `{"password":null,"username":"malee"}`, `{"Code":"` + malee.CodeAt(1) + `"}`, `{"code":` + malee.CodeAt(1) + `}`,
			`{"code":["` + malee.CodeAt(1) + `"]}`, `{"code":"1","code":"` + malee.CodeAt(1) + `"}`, body("code", malee.CodeAt(1)) + "{}",
		} {
			b.post(route.Path, bad).says(t, 400, "body_invalid", "%s %s", route.ID, bad)
		}
	}
	assert.Equal(t, before, h.Hashes.Load(), "nothing was checked")
	assert.Equal(t, "second_factor_required", half.state())
	assert.Equal(t, "locked", locked.state())
}

func TestMistake22_GHSA_hp74_gm6m_2qm5_AFreshTokenOrACookieIsNoStepUp(t *testing.T) {
	h := newHouse(t)
	admin := h.Enrolled("admin", mfa.RoleAdmin)
	b := h.active(admin)
	h.Clock.Forward(mfa.StepUpAge)
	asks := 0
	for _, route := range h.server.Routes() {
		if !route.StepUp {
			continue
		}
		asks++
		fresh := *b
		fresh.post("/v1/sessions/current/lock", "")
		require.Equal(t, 200, fresh.post("/v1/sessions/current/unlock", body("password", admin.Password)).StatusCode)
		b = &fresh
		b.do(route.Method, pathOf(route), "{}").says(t, 403, "step_up_required", "%s: a fresh token by the password alone", route.ID)

		forged := *b
		forged.cookies = map[string]string{h.Cookie() + "_n": "anything"}
		forged.do(route.Method, pathOf(route), "{}").says(t, 403, "mfa_required", route.ID)
	}
	assert.Equal(t, 5, asks)
	h.half(admin) // a password somewhere else
	elsewhere := h.active(admin)
	b.post("/v1/backup-codes", "").says(t, 403, "step_up_required", "a fresh factor of another session")
	b.stepUp(admin)
	assert.Equal(t, 200, b.post("/v1/backup-codes", "").StatusCode)
	_ = elsewhere
}

func TestMistake27_CVE_2026_89080_FactorsChangeByTwoFactorsAndLeaveAnEntry(t *testing.T) {
	h := newHouse(t)
	malee := h.Enrolled("malee", mfa.RoleStaff)
	half, b := h.half(malee), h.active(malee)
	h.Clock.Forward(mfa.StepUpAge)
	changes := []struct{ method, path, body string }{
		{"POST", "/v1/authenticators", body("label", "x")},
		{"DELETE", "/v1/authenticators/7", ""},
		{"POST", "/v1/backup-codes", ""},
		{"POST", "/v1/password", body("present", malee.Password, "password", "ช้างห้าเชือกข้ามถนน")},
	}
	for _, c := range changes {
		h.browser().do(c.method, c.path, c.body).says(t, 403, "mfa_required", c.path)
		half.do(c.method, c.path, c.body).says(t, 403, "mfa_required", c.path)
		b.do(c.method, c.path, c.body).says(t, 403, "step_up_required", c.path)
	}
	refusals := h.Entries("refused")
	require.Len(t, refusals, len(changes), "each refusal of a known person is an entry")
	assert.Equal(t, "add-authenticator", refusals[0].Attributes["act"])

	b.stepUp(malee)
	before := len(h.Entries())
	require.Equal(t, 200, b.post("/v1/backup-codes", "").StatusCode)
	assert.EqualValues(t, mfa.EventBackupCodesMade, h.Entries()[before].Kind)
}

func TestMistake28_CVE_2026_33640_ThereIsNoWayOutOfHereByMail(t *testing.T) {
	files, err := filepath.Glob("*.go")
	require.NoError(t, err)
	for _, name := range files {
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ImportsOnly)
		require.NoError(t, err)
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		for _, i := range file.Imports {
			for _, way := range []string{"net/smtp", "net/mail", "go-mail", "text/template", "html/template", "os/exec"} {
				assert.NotContains(t, i.Path.Value, way, name)
			}
		}
	}
	for _, kind := range audit.Kinds() {
		assert.NotContains(t, string(kind.Kind), "mail")
	}
}

func TestMistake30_CVE_2021_32637_WhatCannotBeParsedDenies(t *testing.T) {
	h := newHouse(t)
	b := h.active(h.Enrolled("admin", mfa.RoleAdmin))
	for _, target := range []string{
		"/v1/sessions/%2e%2e/current", "/v1/sessions/current%00", "/v1/sessions//current", "//v1/sessions", "/v1/./sessions", "/v1/sessions/current/",
		"/v1/sessions/%63urrent", "/v1/sessions;x=y", "/V1/sessions", "/v1/sessions/current\\", "/v1/sessions/current%0d%0aX:y", "/v1/authenticators//confirm",
	} {
		for _, method := range []string{"GET", "POST", "DELETE"} {
			a := b.do(method, target, "{}")
			assert.GreaterOrEqual(t, a.StatusCode, 400, "%s %s", method, target)
			assert.NotContains(t, a.text, b.csrf)
		}
	}
	for _, raw := range []string{"/v1/sessions/%zz", "/v1/sessions/current%", "http://[::1/v1/sessions", "/v1/sessions\x7f"} {
		_, err := parse([]byte("GET " + raw + " HTTP/1.1\r\nHost: localhost:8731\r\n\r\n"))
		assert.Error(t, err, "net/http itself refuses %s", raw)
	}
	for _, cookie := range []string{"=x", ";;;", "x", h.Cookie() + "_n", h.Cookie() + "_n=\"", strings.Repeat("a=b; ", 500)} {
		b.get("/v1/sessions/current", "Cookie: "+cookie).says(t, 403, "mfa_required", cookie)
	}
	assert.Equal(t, "active", b.state())
}
