package api

import (
	"bytes"
	"encoding/json"
	"image/png"
	"regexp"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/api/apitest"
	"chipproof/mfa"
)

// read decodes an answer that must be one.
func read[T any](t testing.TB, a answer) (v T) {
	t.Helper()
	require.Equal(t, 200, a.StatusCode, a.text)
	require.NoError(t, json.Unmarshal([]byte(a.text), &v))
	return v
}

var secretInURI = regexp.MustCompile(`[?&]secret=([A-Z2-7]+)`)

// phone is a person who has put a key into an app.
func (h *house) phone(t testing.TB, name string, key NewKey) *apitest.Person {
	t.Helper()
	found := secretInURI.FindStringSubmatch(key.OTPAuthURI)
	require.NotNil(t, found, key.OTPAuthURI)
	secret, err := mfa.ParseSecret(found[1])
	require.NoError(t, err)
	assert.Equal(t, found[1], key.Secret, "the same as text, for typing in")
	return h.Carrying(name, secret)
}

func TestEnrolmentTakesAGrantAPasswordAndACode(t *testing.T) {
	h := newHouse(t)
	grant := h.Invite("malee", mfa.RoleStaff).Grant.Reveal()
	b := h.browser()
	key := read[NewKey](t, b.post("/v1/enrolments", body("grant", grant, "password", apitest.Password)))
	malee := h.phone(t, "malee", key)
	picture, err := png.Decode(bytes.NewReader(key.QRPNG))
	require.NoError(t, err)
	assert.Greater(t, picture.Bounds().Dx(), 100)

	codes := read[BackupCodes](t, b.post("/v1/enrolments/confirm", body("grant", grant, "code", malee.Code())))
	assert.Len(t, codes.BackupCodes, mfa.BackupCodeCount)
	assert.Empty(t, b.cookies, "nobody is logged in by it")
	b.post("/v1/enrolments/confirm", body("grant", grant, "code", malee.Code())).says(t, 403, "grant_refused", "shown once")

	logged := h.active(malee)
	malee.Code()
	a := logged.post("/v1/sessions/current/backup-code", body("code", codes.BackupCodes[3]))
	require.Equal(t, 200, a.StatusCode, a.text)
}

func TestAPasswordThatIsRefusedSaysWhyInBothLanguages(t *testing.T) {
	h := newHouse(t)
	grant := h.Invite("malee", mfa.RoleStaff).Grant.Reveal()
	for password, remedy := range map[string]string{"สั้น": "too short", "password1234": "many people", "qwertyuiop": "run of keys"} {
		a := h.browser().post("/v1/enrolments", body("grant", grant, "password", password), "Accept-Language: en")
		a.says(t, 422, "password_refused")
		assert.Contains(t, a.text, remedy)
		assert.Contains(t, a.text, `"field":"password"`)
		assert.NotContains(t, a.text, password)
	}
	texts := passwordRemedies()
	for _, reason := range mfa.PasswordReasons() {
		assert.NotEmpty(t, texts[reason].TH, reason)
		assert.NotEmpty(t, texts[reason].EN, reason)
		row := Problems().Find(mfa.ErrPasswordRefused{Reason: reason})
		assert.Equal(t, texts[reason], row.Remedy, reason)
	}
}

func TestAResetOfThePasswordAloneLeavesTheKeyInUse(t *testing.T) {
	h := newHouse(t)
	malee := h.Enrolled("malee", mfa.RoleStaff)
	inv, err := h.MFA.ResetUser(t.Context(), mfa.ByOS("0"), "malee", mfa.LostPassword)
	require.NoError(t, err)
	b := h.browser()
	a := b.post("/v1/enrolments", body("grant", inv.Grant.Reveal(), "password", "ปลาสี่ตัวในบ่อหลังบ้าน"))
	assert.Equal(t, "{}\n", a.text, "no new key")
	codes := read[BackupCodes](t, b.post("/v1/enrolments/confirm", body("grant", inv.Grant.Reveal(), "code", malee.Code())))
	assert.Equal(t, []string{}, codes.BackupCodes, "the old ones stay good")
	malee.Password = "ปลาสี่ตัวในบ่อหลังบ้าน"
	h.active(malee)
}

func TestOnesOwnAuthenticatorsAreAddedByAStepUpAndACode(t *testing.T) {
	h := newHouse(t)
	malee := h.Enrolled("malee", mfa.RoleStaff)
	b, other := h.active(malee), h.active(malee)
	h.Clock.Forward(mfa.StepUpAge)
	b.post("/v1/authenticators", body("label", "โทรศัพท์สำรอง")).says(t, 403, "step_up_required")
	b.stepUp(malee)
	type own struct {
		ID string `json:"id"`
		NewKey
	}
	key := read[own](t, b.post("/v1/authenticators", body("label", "โทรศัพท์สำรอง")))
	second := h.phone(t, "malee", key.NewKey)
	b.post("/v1/authenticators/"+key.ID+"/confirm", body("code", second.WrongCode())).says(t, 401, "login_failed")
	b.post("/v1/authenticators/nothing/confirm", body("code", second.Code())).says(t, 404, "authenticator_unknown")
	a := b.post("/v1/authenticators/"+key.ID+"/confirm", body("code", second.Code()))
	require.Equal(t, 200, a.StatusCode, a.text)
	assert.Equal(t, "mfa_required", other.state(), "all other sessions end")

	list := read[struct{ Authenticators []Authenticator }](t, b.get("/v1/authenticators"))
	require.Len(t, list.Authenticators, 2)
	assert.Equal(t, "โทรศัพท์สำรอง", list.Authenticators[1].Label)
	require.Equal(t, 204, b.do("DELETE", "/v1/authenticators/"+list.Authenticators[1].ID, "").StatusCode)
	b.do("DELETE", "/v1/authenticators/"+list.Authenticators[0].ID, "").says(t, 409, "authenticator_last")
	b.do("DELETE", "/v1/authenticators/"+key.ID, "").says(t, 404, "authenticator_unknown")
}

func TestBackupCodesAndPasswordAreMadeAnewByAStepUp(t *testing.T) {
	h := newHouse(t)
	malee := h.Enrolled("malee", mfa.RoleStaff)
	b := h.active(malee)
	codes := read[BackupCodes](t, b.post("/v1/backup-codes", ""))
	require.Len(t, codes.BackupCodes, mfa.BackupCodeCount)
	b.post("/v1/sessions/current/backup-code", body("code", malee.BackupCodes[0])).says(t, 401, "login_failed", "the old set is void")

	other := h.active(malee)
	a := b.post("/v1/password", body("present", malee.Password, "password", "ปลาสี่ตัวในบ่อหลังบ้าน"))
	require.Equal(t, 200, a.StatusCode, a.text)
	assert.Equal(t, "active", b.state(), "with its new token")
	assert.Equal(t, "mfa_required", other.state())
	b.post("/v1/password", body("present", malee.Password, "password", "ช้างห้าเชือกข้ามถนน")).says(t, 401, "login_failed")
	h.Clock.Forward(mfa.StepUpAge)
	b.post("/v1/backup-codes", "").says(t, 403, "step_up_required")
	b.post("/v1/password", body("present", "x", "password", "y")).says(t, 403, "step_up_required")
}

func TestTheSealedSheetLetsAnAdministratorEnrolANewPhoneAndNothingElse(t *testing.T) {
	h := newHouse(t)
	admin := h.Enrolled("admin", mfa.RoleAdmin)
	staff := h.Enrolled("malee", mfa.RoleStaff)
	code, err := h.MFA.NewEmergencyCode(t.Context(), mfa.ByOS("0"))
	require.NoError(t, err)
	h.Clock.Forward(time.Hour)

	h.half(staff).post("/v1/sessions/current/emergency-code", body("code", code.Reveal())).says(t, 401, "login_failed", "not for staff")
	b := h.half(admin)
	a := b.post("/v1/sessions/current/emergency-code", body("code", code.Reveal()))
	require.Equal(t, 200, a.StatusCode, a.text)
	assert.True(t, a.session().Emergency, "every page says so in red")
	assert.EqualValues(t, "active", a.session().State)
	b.post("/v1/backup-codes", "").says(t, 403, "step_up_required", "it is step-up for one act alone")
	b.post("/v1/emergency-code", "").says(t, 403, "step_up_required")
	h.half(admin).post("/v1/sessions/current/emergency-code", body("code", code.Reveal())).says(t, 401, "login_failed", "once")

	type own struct {
		ID string `json:"id"`
		NewKey
	}
	key := read[own](t, b.post("/v1/authenticators", body("label", "โทรศัพท์ใหม่")))
	phone := h.phone(t, "admin", key.NewKey)
	require.Equal(t, 200, b.post("/v1/authenticators/"+key.ID+"/confirm", body("code", phone.Code())).StatusCode)
	b.stepUp(phone)
	fresh := read[struct {
		EmergencyCode string `json:"emergency_code"`
	}](t, b.post("/v1/emergency-code", ""))
	assert.NotEqual(t, code.Reveal(), fresh.EmergencyCode)
}

func TestAnEmergencyLoginWithoutAnyAuthenticatorCanOnlyEnrol(t *testing.T) {
	h := newHouse(t)
	admin := h.Enrolled("admin", mfa.RoleAdmin)
	_, err := h.MFA.ResetUser(t.Context(), mfa.ByOS("0"), "admin", mfa.LostPhone)
	require.NoError(t, err)
	code, err := h.MFA.NewEmergencyCode(t.Context(), mfa.ByOS("0"))
	require.NoError(t, err)
	b := h.half(admin)
	a := b.post("/v1/sessions/current/emergency-code", body("code", code.Reveal()))
	require.Equal(t, 200, a.StatusCode, a.text)
	assert.True(t, a.session().MustEnrol)
	for _, route := range h.server.Routes() {
		if route.Class != Console || route.Session == AnySession || route.Session == Rising {
			continue
		}
		got := b.do(route.Method, pathOf(route), "{}")
		if route.Session == Enrolling {
			assert.NotEqual(t, "mfa_required", got.code(), route.ID)
			continue
		}
		got.says(t, 403, "mfa_required", route.ID)
	}
	type own struct {
		ID string `json:"id"`
		NewKey
	}
	key := read[own](t, b.post("/v1/authenticators", body("label", "โทรศัพท์ใหม่")))
	phone := h.phone(t, "admin", key.NewKey)
	a = b.post("/v1/authenticators/"+key.ID+"/confirm", body("code", phone.Code()))
	require.Equal(t, 200, a.StatusCode, a.text)
	assert.EqualValues(t, "active", a.session().State)
}
