package mfa_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/mfa"
)

// One test for each mistake of the page "mfa", section 10, as far as it can be
// made below HTTP. Rows 7, 14 and 20 (methods, forwarded headers) and the walks
// over routes of 12, 17, 18, 21, 28 and 30 are the API's; 24 to 26 wait for
// passkeys and codes to a phone.

func TestMistake01_CVE_2025_55000_CVE_2025_6014_ACodeInDisguiseIsNoSecondUse(t *testing.T) {
	o := newOffice(t)
	p := o.enrolled("malee", mfa.RoleStaff)
	code := o.code(p).Reveal()
	_, err := o.GiveTOTP(t.Context(), o.half(p).Token, mfa.Hide(code))
	require.NoError(t, err)
	thai := strings.Map(func(r rune) rune { return '๐' + r - '0' }, code)
	wide := strings.Map(func(r rune) rune { return '０' + r - '0' }, code)
	for _, again := range []string{
		code, " " + code, code + " ", code + "\n", "\u00a0" + code, code + "\u3000", "\u2003" + code, code + "\t", thai, wide, code[:3] + " " + code[3:],
	} {
		e := o.half(p)
		_, err := o.GiveTOTP(t.Context(), e.Token, mfa.Hide(again))
		require.ErrorIs(t, err, mfa.ErrLoginFailed, "%q", again)
		require.NoError(t, o.UnlockUser(t.Context(), mfa.ByOS("0"), "malee"))
	}
}

// replay logs in with the code of one step and tries one of another step later.
func replay(t *testing.T, used, later int64, after time.Duration) {
	t.Helper()
	o := newOffice(t)
	p := o.enrolled("malee", mfa.RoleStaff)
	o.clock.Forward(10 * mfa.StepLength)
	now := mfa.Step(o.clock.Now())
	_, err := o.GiveTOTP(t.Context(), o.half(p).Token, codeAt(p.secret, now+used))
	require.NoError(t, err)
	o.clock.Forward(after)
	_, err = o.GiveTOTP(t.Context(), o.half(p).Token, codeAt(p.secret, now+later))
	assert.ErrorIs(t, err, mfa.ErrLoginFailed)
}

func TestMistake03_CVE_2021_43177_CVE_2015_7225_ACodeIsDeadInItsTrailingInterval(t *testing.T) {
	replay(t, 0, 0, 0)
	replay(t, 0, 0, mfa.StepLength)
	replay(t, 1, 1, mfa.StepLength)
}

func TestMistake04_CVE_2021_45331_ACodeIsUsedOnce(t *testing.T) {
	replay(t, 0, 0, time.Second)
	replay(t, -1, -1, 0)
}

func TestMistake05_CVE_2026_82470_AnOlderCodeIsDeadOnceANewerWasUsed(t *testing.T) {
	replay(t, 0, -1, 0)
	replay(t, 1, 0, 0)
	replay(t, 1, 0, mfa.StepLength)
}

func TestMistake06_CVE_2026_103655_ACodeUsedInParallelIsUsedOnce(t *testing.T) {
	o := newOffice(t)
	p := o.enrolled("malee", mfa.RoleStaff)
	sessions := []mfa.Entry{o.half(p), o.half(p), o.half(p), o.half(p), o.half(p)} // no more than the throttle lets through at once
	right, wrong := together(len(sessions), func(i int) error {
		_, err := o.GiveTOTP(t.Context(), sessions[i].Token, o.code(p))
		return err
	})
	assert.Equal(t, 1, right)
	for _, err := range wrong {
		assert.ErrorIs(t, err, mfa.ErrLoginFailed, "refused by the guard, not by the throttle")
	}
}

func TestMistake12_CVE_2026_105211_NoAnswerEntryOrRowHoldsACode(t *testing.T) {
	o := newOffice(t)
	inv := o.add("malee", mfa.RoleAdmin)
	p := &person{name: "malee", password: goodPassword}
	o.enrol(p, inv)
	emergency, err := o.NewEmergencyCode(t.Context(), mfa.ByOS("0"))
	require.NoError(t, err)
	half := o.half(p)
	code := o.code(p)
	e, err := o.GiveTOTP(t.Context(), half.Token, code)
	require.NoError(t, err)
	_, failure := o.GiveBackupCode(t.Context(), e.Token, mfa.Hide("0123-4567-89AB-CDEF"))
	require.ErrorIs(t, failure, mfa.ErrLoginFailed)
	_, err = o.tryPassword("unknown-password-as-name", "typed-unknown-password")
	require.ErrorIs(t, err, mfa.ErrLoginFailed)

	secrets := map[string]string{
		"password": p.password, "grant": inv.Grant.Reveal(), "totp secret": p.secret.Reveal(), "backup code": p.codes[0].Reveal(),
		"emergency code": emergency.Reveal(), "token": e.Token.Reveal(), "token of one factor": half.Token.Reveal(), "csrf": e.Session.CSRF.Reveal(),
		"wrong code": "0123-4567-89AB-CDEF", "wrong password": "typed-unknown-password", "name typed": "unknown-password-as-name",
		"keys": string(o.config.Keys.Reveal()[90:120]),
	}
	said := ""
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
		for _, value := range []any{e, half, failure, inv, p.secret, p.codes, emergency, o.config.Keys, o.config.Pepper} {
			said += fmt.Sprintf(verb, value)
		}
	}
	said += fmt.Sprint(o.events())
	files := o.files()
	for what, secret := range secrets {
		assert.NotContains(t, said, secret, "%s in an answer or entry", what)
		assert.NotContains(t, files, secret, "%s in the database", what)
	}
	for _, e := range o.events() { // six digits could stand in a file by chance, but not in an entry's attributes
		for _, v := range e.Attributes {
			assert.NotEqual(t, code.Reveal(), v)
		}
	}
}

// files is everything that stands on the disk, write-ahead log included.
func (o *office) files() string {
	o.Helper()
	var all strings.Builder
	entries, err := os.ReadDir(o.dir)
	require.NoError(o, err)
	for _, e := range entries {
		b, err := os.ReadFile(filepath.Join(o.dir, e.Name()))
		require.NoError(o, err)
		all.Write(b)
	}
	return all.String()
}

func TestMistake16_CVE_2025_64175_ABackupCodeIsItsOwnersOnly(t *testing.T) {
	o := newOffice(t)
	malee, anan := o.enrolled("malee", mfa.RoleStaff), o.enrolled("anan", mfa.RoleStaff)
	_, err := o.GiveBackupCode(t.Context(), o.half(anan).Token, malee.codes[0])
	require.ErrorIs(t, err, mfa.ErrLoginFailed)
	e, err := o.GiveBackupCode(t.Context(), o.half(malee).Token, malee.codes[0])
	require.NoError(t, err, "and that try has not used it up")
	assert.Equal(t, mfa.StateActive, e.Session.State)
}
