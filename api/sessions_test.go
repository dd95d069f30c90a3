package api

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/audit"
	"chipproof/mfa"
)

func TestALoginTakesTwoStepsAndSaysSoInBoth(t *testing.T) {
	h := newHouse(t)
	malee := h.Enrolled("malee", mfa.RoleStaff)
	b := h.browser()

	a := b.post("/v1/sessions", body("username", "malee", "password", malee.Password))
	require.Equal(t, 200, a.StatusCode, a.text)
	first := a.session()
	assert.EqualValues(t, "second_factor_required", first.State)
	assert.Equal(t, "malee", first.User)
	assert.EqualValues(t, "staff", first.Role)
	assert.Equal(t, []string{"pwd"}, first.AMR)
	assert.Equal(t, h.Clock.Now().Add(mfa.HalfOpenLimit), first.ExpiresAt)
	assert.NotEmpty(t, first.CSRF)
	assert.False(t, first.Desk)
	assert.Nil(t, first.BackupCodesLeft, "nothing of the account before both factors")

	a = b.post("/v1/sessions/current/totp", body("code", malee.Code()))
	require.Equal(t, 200, a.StatusCode, a.text)
	second := a.session()
	assert.EqualValues(t, "active", second.State)
	assert.Equal(t, []string{"pwd", "otp", "mfa"}, second.AMR)
	assert.Equal(t, h.Clock.Now().Add(mfa.AbsoluteLimit), second.ExpiresAt)
	assert.NotEqual(t, first.CSRF, second.CSRF, "each rise of level brings a new one")
	assert.True(t, second.Desk)
	assert.Equal(t, mfa.BackupCodeCount, *second.BackupCodesLeft)
	assert.Equal(t, mfa.StepStart(mfa.Step(h.Clock.Now())+1), second.NextCodeAt, "the page counts down to the next code")

	now := b.get("/v1/sessions/current")
	assert.JSONEq(t, a.text, now.text, "it is told the same again")
}

func TestTheAnswerOfASessionHasTheMembersThatTheInterfaceNames(t *testing.T) {
	h := newHouse(t)
	a := h.active(h.Enrolled("malee", mfa.RoleStaff)).get("/v1/sessions/current")
	var members map[string]any
	require.NoError(t, json.Unmarshal([]byte(a.text), &members))
	for _, name := range []string{"state", "user", "role", "amr", "expires_at", "csrf"} {
		assert.Contains(t, members, name)
	}
}

func TestTheCookieIsForThisNameOfOursAlone(t *testing.T) {
	h := newHouse(t)
	malee := h.Enrolled("malee", mfa.RoleStaff)
	names := map[string]bool{}
	for _, host := range []string{"localhost:8731", "127.0.0.1:8731", "[::1]:8731"} {
		b := h.browser()
		b.host = host
		a := b.post("/v1/sessions", body("username", "malee", "password", malee.Password))
		require.Equal(t, 200, a.StatusCode)
		require.Len(t, a.Cookies(), 1)
		line := a.Header.Get("Set-Cookie")
		name, rest, _ := strings.Cut(line, "=")
		names[name] = true
		assert.Regexp(t, `^cp_[0-9a-f]{16}_[46n]$`, name, "random for this installation")
		assert.Regexp(t, `^[A-Za-z0-9_-]{43}; Path=/; HttpOnly; SameSite=Strict$`, rest, "no domain, no date")
		assert.NotContains(t, a.text, a.Cookies()[0].Value, "the token is in the cookie and nowhere else")

		for _, elsewhere := range []string{"localhost:8731", "127.0.0.1:8731", "[::1]:8731"} {
			if elsewhere == host {
				continue
			}
			stranger := *b
			stranger.host = elsewhere
			stranger.get("/v1/sessions/current").says(t, 403, "mfa_required", "a session of another of our names")
		}
		assert.Equal(t, "second_factor_required", b.state())
	}
	assert.Len(t, names, 3, "three names, three cookies")
	assert.NotEqual(t, h.Cookie(), newHouse(t).Cookie(), "another installation has other names")
}

func TestOfTwoCookiesOfOneNameNoneCounts(t *testing.T) {
	h := newHouse(t)
	b := h.active(h.Enrolled("malee", mfa.RoleStaff))
	for name, value := range b.cookies {
		for _, line := range []string{name + "=tossed; " + name + "=" + value, name + "=" + value + "; " + name + "=tossed"} {
			b.get("/v1/sessions/current", "Cookie: "+line).says(t, 403, "mfa_required", "another local server has set one of that name")
		}
		assert.Equal(t, 200, b.get("/v1/sessions/current", "Cookie: theirs=1; "+name+"="+value).StatusCode)
	}
}

func TestThaiDigitsAreFoldedInCodesAndNowhereElse(t *testing.T) {
	h := newHouse(t)
	malee := h.Enrolled("malee", mfa.RoleStaff)
	thai := strings.NewReplacer("0", "๐", "1", "๑", "2", "๒", "3", "๓", "4", "๔", "5", "๕", "6", "๖", "7", "๗", "8", "๘", "9", "๙")
	b := h.half(malee)
	a := b.post("/v1/sessions/current/totp", body("code", thai.Replace(malee.Code())))
	require.Equal(t, 200, a.StatusCode, a.text)
	a = b.post("/v1/sessions/current/backup-code", body("code", thai.Replace(malee.BackupCodes[0])))
	require.Equal(t, 200, a.StatusCode, a.text)
	assert.Equal(t, mfa.BackupCodeCount-1, *a.session().BackupCodesLeft)

	for _, code := range []string{"１２３４５６", "１" + malee.CodeAt(1)[1:], " " + malee.CodeAt(1), malee.CodeAt(1) + "\n", malee.CodeAt(1)[:3] + " " + malee.CodeAt(1)[3:]} {
		h.half(malee).post("/v1/sessions/current/totp", body("code", code)).says(t, 401, "login_failed", "%q", code)
		require.NoError(t, h.MFA.UnlockUser(t.Context(), mfa.ByOS("0"), "malee"))
	}
	grant := h.Invite("anan", mfa.RoleStaff).Grant
	digits := "ปลา12345ตัวในบ่อ"
	require.Equal(t, 200, h.browser().post("/v1/enrolments", body("grant", grant.Reveal(), "password", digits)).StatusCode)
	h.browser().post("/v1/sessions", body("username", "anan", "password", thai.Replace(digits))).says(t, 401, "login_failed")
}

func TestLogoutEndsTheSessionAndTakesTheCookieBack(t *testing.T) {
	h := newHouse(t)
	malee := h.Enrolled("malee", mfa.RoleStaff)
	for _, b := range []*browser{h.half(malee), h.active(malee)} {
		kept := *b
		kept.cookies = map[string]string{}
		for k, v := range b.cookies {
			kept.cookies[k] = v
		}
		a := b.do("DELETE", "/v1/sessions/current", "")
		require.Equal(t, 204, a.StatusCode, a.text)
		require.Len(t, a.Cookies(), 1)
		assert.Equal(t, -1, a.Cookies()[0].MaxAge)
		assert.Empty(t, a.Cookies()[0].Value)
		assert.Equal(t, "mfa_required", kept.state(), "the token opens nothing any more")
	}
	_, err := h.MFA.Holder(t.Context())
	assert.ErrorIs(t, err, mfa.ErrMFARequired, "and nobody holds the desk")
}

func TestALockedSessionUnlocksByThePasswordAndDoesNothingElse(t *testing.T) {
	h := newHouse(t)
	malee := h.Enrolled("malee", mfa.RoleStaff)
	b := h.active(malee)
	a := b.post("/v1/sessions/current/lock", "")
	require.Equal(t, 200, a.StatusCode, a.text)
	assert.EqualValues(t, "locked", a.session().State)
	assert.False(t, a.session().Desk)

	b.get("/v1/sessions").says(t, 403, "mfa_required")
	b.post("/v1/sessions/current/totp", body("code", malee.Code())).says(t, 403, "mfa_required", "a code does not unlock")
	b.post("/v1/sessions/current/lock", "").says(t, 403, "mfa_required")
	b.post("/v1/sessions/current/unlock", body("password", "ไม่ใช่รหัสนี้แน่นอน")).says(t, 401, "login_failed")
	assert.Equal(t, "locked", b.state())

	a = b.post("/v1/sessions/current/unlock", body("password", malee.Password))
	require.Equal(t, 200, a.StatusCode, a.text)
	assert.EqualValues(t, "active", a.session().State)
	assert.True(t, a.session().Desk, "the hold is back, nobody took it")
	require.Len(t, a.Cookies(), 1, "with a new token")
	b.post("/v1/sessions/current/unlock", body("password", malee.Password)).says(t, 403, "mfa_required", "only a locked one")
}

func TestIdleCountsThePersonsOwnActsAndNoPolling(t *testing.T) {
	h := newHouse(t)
	b := h.active(h.Enrolled("malee", mfa.RoleStaff))
	for range 61 { // an hour and a minute of a page that looks every minute
		h.Clock.Forward(time.Minute)
		b.get("/v1/sessions/current")
		b.get("/v1/sessions")
		b.get("/v1/things", "Sec-Fetch-Site: same-origin", "Sec-Fetch-Mode: cors", "Sec-Fetch-Dest: empty")
	}
	assert.Equal(t, "locked", b.state())

	b = h.active(h.Enrolled("anan", mfa.RoleStaff))
	for range 61 {
		h.Clock.Forward(time.Minute)
		require.Equal(t, 200, b.post("/v1/desk", "").StatusCode, "an act of the person")
	}
	assert.Equal(t, "active", b.state())
}

func TestAWebAppsRequestsKeepNobodyAwake(t *testing.T) {
	h := newHouse(t)
	b := h.active(h.Enrolled("malee", mfa.RoleStaff))
	for range 59 {
		h.Clock.Forward(time.Minute)
		require.Equal(t, 200, h.send(post("/v1/things", `{"name":"a"}`)).StatusCode)
	}
	h.Clock.Forward(time.Minute)
	h.send(post("/v1/things", `{"name":"a"}`)).says(t, 403, "mfa_required")
	assert.Equal(t, "locked", b.state())
}

func TestOnesSessionsAreListedAndEndedOneByOne(t *testing.T) {
	h := newHouse(t)
	malee, anan := h.Enrolled("malee", mfa.RoleStaff), h.Enrolled("anan", mfa.RoleStaff)
	first := h.active(malee)
	other := h.active(anan)
	h.Clock.Forward(time.Second)
	h.half(malee)
	h.Clock.Forward(time.Second)
	second := h.active(malee)

	list := func(b *browser) []SessionInfo {
		var out struct {
			Sessions []SessionInfo `json:"sessions"`
		}
		a := b.get("/v1/sessions")
		require.Equal(t, 200, a.StatusCode, a.text)
		require.NoError(t, json.Unmarshal([]byte(a.text), &out))
		return out.Sessions
	}
	sessions := list(second)
	require.Len(t, sessions, 3)
	assert.True(t, sessions[0].Current)
	assert.Equal(t, []method{"password", "totp"}, sessions[0].Methods)
	assert.Equal(t, "127.0.0.1", sessions[0].Address)
	assert.Equal(t, "Browser of a test", sessions[0].Agent)
	assert.EqualValues(t, "second_factor_required", sessions[1].State)
	for _, s := range sessions {
		for _, v := range second.cookies {
			assert.NotContains(t, s.ID, v)
		}
	}
	oldest := sessions[2].ID
	other.do("DELETE", "/v1/sessions/"+oldest, "").says(t, 404, "session_unknown", "another user's is none")
	second.do("DELETE", "/v1/sessions/nothing", "").says(t, 404, "session_unknown")
	require.Equal(t, 204, second.do("DELETE", "/v1/sessions/"+oldest, "").StatusCode)
	assert.Equal(t, "mfa_required", first.state())
	assert.Len(t, list(second), 2)
	second.do("DELETE", "/v1/sessions/"+oldest, "").says(t, 404, "session_unknown", "it is over")
}

func TestTheNextLoginShowsWhatHappenedSinceTheLastOne(t *testing.T) {
	h := newHouse(t)
	malee := h.Enrolled("malee", mfa.RoleStaff)
	h.active(malee)
	h.Clock.Forward(time.Hour)
	b := h.half(malee)
	require.Equal(t, 200, b.post("/v1/sessions/current/backup-code", body("code", malee.BackupCodes[0])).StatusCode)
	h.Clock.Forward(time.Hour)
	b = h.half(malee)
	a := b.post("/v1/sessions/current/totp", body("code", malee.Code()))
	require.Equal(t, 200, a.StatusCode, a.text)
	assert.Nil(t, h.half(malee).get("/v1/sessions/current").session().Notices, "only who has both factors is told")
	var kinds []noticeKind
	for _, n := range a.session().Notices {
		kinds = append(kinds, n.Kind)
	}
	assert.Contains(t, kinds, noticeKind(mfa.NoticeBackupUsed))
}

func TestTheDeskCanBeTakenBackWithoutANewLogin(t *testing.T) {
	h := newHouse(t)
	clerk := h.active(h.Enrolled("malee", mfa.RoleStaff))
	admin := h.active(h.Enrolled("admin", mfa.RoleAdmin))
	dpo := h.active(h.Enrolled("dpo", mfa.RoleDPO))
	holder := func() string {
		held, err := h.MFA.Holder(t.Context())
		if err != nil {
			return "nobody"
		}
		return held.User.Name
	}
	require.Equal(t, "dpo", holder(), "who logs in last has it")
	h.send(post("/v1/things", `{"name":"a"}`))
	require.Equal(t, 200, clerk.post("/v1/desk", "").StatusCode)
	assert.Equal(t, "malee", holder())
	a := clerk.do("DELETE", "/v1/desk", "")
	require.Equal(t, 200, a.StatusCode)
	assert.False(t, a.session().Desk)
	assert.Equal(t, "nobody", holder())
	require.Equal(t, 200, admin.post("/v1/desk", "").StatusCode)
	dpo.post("/v1/desk", "").says(t, 403, "role_refused", "the data protection officer serves nobody")
	assert.Equal(t, "admin", holder())
	assert.Len(t, h.Entries(audit.Kind(mfa.EventDeskTaken)), 5)
}

func TestNobodyIsToldOfASessionWithoutACookie(t *testing.T) {
	h := newHouse(t)
	b := h.browser()
	assert.Equal(t, "mfa_required", b.state())
	b.cookies[h.Cookie()+"_n"] = "never-handed-out"
	assert.Equal(t, "mfa_required", b.state())
	b.cookies[h.Cookie()+"_n"] = ""
	assert.Equal(t, "mfa_required", b.state())
	assert.Equal(t, http.StatusForbidden, b.do("DELETE", "/v1/sessions/current", "").StatusCode)
}
