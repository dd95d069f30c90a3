package api

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/mfa"
)

var requestID = regexp.MustCompile(`"request_id":"[A-Z2-7]{16}"`)

// bytes is everything of an answer but what names the one request.
func (a answer) bytes() string {
	text := fmt.Sprintln(a.StatusCode)
	for _, name := range slices.Sorted(maps.Keys(a.Header)) {
		text += fmt.Sprintln(name, a.Header[name])
	}
	return text + requestID.ReplaceAllString(a.text, "")
}

// sameAnswer makes the tries one by one and wants one answer and the same work.
func sameAnswer(t *testing.T, h *house, tries map[string]func() answer) {
	t.Helper()
	want, wanted, runs := "", "", int64(0)
	for _, name := range slices.Sorted(maps.Keys(tries)) {
		before := h.Hashes.Load()
		got := tries[name]().bytes()
		spent := h.Hashes.Load() - before
		if want == "" {
			want, wanted, runs = got, name, spent
			continue
		}
		assert.Equal(t, want, got, "%s, compared with %s", name, wanted)
		assert.Equal(t, runs, spent, "runs of argon2: %s, compared with %s", name, wanted)
	}
}

func TestAFailedLoginTellsNothingAboutTheAccount(t *testing.T) {
	h := newHouse(t)
	h.Enrolled("malee", mfa.RoleStaff)
	h.Enrolled("disabled", mfa.RoleStaff)
	require.NoError(t, h.MFA.DisableUser(t.Context(), mfa.ByOS("0"), "disabled"))
	h.Invite("invited", mfa.RoleAdmin)
	login := func(name, password string) func() answer {
		return func() answer {
			return h.browser().post("/v1/sessions", body("username", name, "password", password))
		}
	}
	sameAnswer(t, h, map[string]func() answer{
		"unknown user":              login("nobody", "แมวสี่ตัวข้ามคลอง"),
		"no name that a user has":   login("no such/name\u0000", "แมวสี่ตัวข้ามคลอง"),
		"wrong password":            login("malee", "แมวสี่ตัวข้ามคลอง"),
		"disabled, right password":  login("disabled", "แมวสามตัวข้ามคลอง"),
		"disabled, wrong password":  login("disabled", "แมวสี่ตัวข้ามคลอง"),
		"not enrolled yet":          login("invited", "แมวสามตัวข้ามคลอง"),
		"a password for a name":     login("แมวสามตัวข้ามคลอง", "malee"),
		"far too long for anything": login("malee", string(make([]rune, 300))),
	})
}

func TestAFailedSecondFactorIsTheSameAnswerAsAFailedFirst(t *testing.T) {
	h := newHouse(t)
	admin := h.Enrolled("admin", mfa.RoleAdmin)
	first := h.browser().post("/v1/sessions", body("username", "nobody", "password", "แมวสี่ตัวข้ามคลอง"))
	used := admin.Code()
	spent := h.half(admin)
	require.Equal(t, 200, spent.post("/v1/sessions/current/totp", body("code", used)).StatusCode)
	for name, give := range map[string]func(*browser) answer{
		"wrong code": func(b *browser) answer { return b.post("/v1/sessions/current/totp", body("code", admin.WrongCode())) },
		"used code":  func(b *browser) answer { return b.post("/v1/sessions/current/totp", body("code", used)) },
		"no code":    func(b *browser) answer { return b.post("/v1/sessions/current/totp", body("code", "abc")) },
		"wrong backup code": func(b *browser) answer {
			return b.post("/v1/sessions/current/backup-code", body("code", "0000-0000-0000-0000"))
		},
		"wrong emergency code": func(b *browser) answer {
			return b.post("/v1/sessions/current/emergency-code", body("code", "0000-0000-0000-0000-0000"))
		},
	} {
		require.NoError(t, h.MFA.UnlockUser(t.Context(), mfa.ByOS("0"), "admin"))
		assert.Equal(t, first.bytes(), give(h.half(admin)).bytes(), name)
	}
}

func TestUnknownAccountsAreThrottledLikeKnownOnes(t *testing.T) {
	h := newHouse(t)
	h.Enrolled("malee", mfa.RoleStaff)
	throttled := 0
	for range 12 {
		known := h.browser().post("/v1/sessions", body("username", "malee", "password", "แมวสี่ตัวข้ามคลอง"))
		unknown := h.browser().post("/v1/sessions", body("username", "nobody", "password", "แมวสี่ตัวข้ามคลอง"))
		assert.Equal(t, known.bytes(), unknown.bytes())
		if known.StatusCode == 429 {
			throttled++
			assert.Equal(t, "30", known.Header.Get("Retry-After"))
		}
	}
	assert.Equal(t, 6, throttled)
	right := h.browser().post("/v1/sessions", body("username", "malee", "password", "แมวสามตัวข้ามคลอง"))
	wrong := h.browser().post("/v1/sessions", body("username", "malee", "password", "แมวสี่ตัวข้ามคลอง"))
	assert.Equal(t, wrong.bytes(), right.bytes(), "nor is it told whether the password would have been right")
}

func TestAGrantThatDoesNotWorkNeverSaysWhy(t *testing.T) {
	h := newHouse(t)
	used := h.Invite("malee", mfa.RoleStaff)
	require.Equal(t, 200, h.browser().post("/v1/enrolments", body("grant", used.Grant.Reveal(), "password", "แมวสามตัวข้ามคลอง")).StatusCode)
	_, err := h.MFA.ResetUser(t.Context(), mfa.ByOS("0"), "malee", mfa.LostBoth)
	require.NoError(t, err)
	disabled := h.Invite("anan", mfa.RoleStaff)
	require.NoError(t, h.MFA.DisableUser(t.Context(), mfa.ByOS("0"), "anan"))
	late := h.Invite("somsri", mfa.RoleStaff)
	h.Clock.Forward(mfa.GrantLife)
	for _, path := range []string{"/v1/enrolments", "/v1/enrolments/confirm"} {
		var want string
		for name, grant := range map[string]string{
			"void": used.Grant.Reveal(), "of a disabled user": disabled.Grant.Reveal(), "too late": late.Grant.Reveal(), "never made": "x",
		} {
			request := body("grant", grant, "password", "แมวสามตัวข้ามคลอง")
			if path != "/v1/enrolments" {
				request = body("grant", grant, "code", "123456")
			}
			a := h.browser().post(path, request)
			a.says(t, 403, "grant_refused", name)
			if want == "" {
				want = a.bytes()
			}
			assert.Equal(t, want, a.bytes(), name)
		}
	}
}
