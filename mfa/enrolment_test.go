package mfa_test

import (
	"bytes"
	"image/png"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/mfa"
)

func TestANewUserEnrolsByAGrantAndLogsInWithTheNextCode(t *testing.T) {
	o := newOffice(t)
	inv := o.add("malee", mfa.RoleStaff)
	assert.Equal(t, mfa.PurposeEnrol, inv.Purpose)
	assert.Equal(t, o.clock.Now().Add(mfa.GrantLife), inv.Ends)
	p := &person{name: "malee", password: goodPassword}
	key, err := o.StartEnrolment(t.Context(), inv.Grant, mfa.Hide(p.password))
	require.NoError(t, err)
	p.secret = key.Secret
	codes, err := o.FinishEnrolment(t.Context(), inv.Grant, o.code(p))
	require.NoError(t, err)
	assert.Len(t, codes, mfa.BackupCodeCount)

	e := o.half(p)
	_, err = o.GiveTOTP(t.Context(), e.Token, o.code(p))
	require.ErrorIs(t, err, mfa.ErrLoginFailed, "the code that confirmed the key is used")
	assert.False(t, e.Session.NextCode.IsZero(), "and the page says when the next one comes")
	o.nextStep()
	o.login(p)
}

func TestTheFirstStepMayBeDoneAgainWithAnotherPassword(t *testing.T) {
	o := newOffice(t)
	inv := o.add("malee", mfa.RoleStaff)
	_, err := o.StartEnrolment(t.Context(), inv.Grant, mfa.Hide("short"))
	require.Equal(t, mfa.PasswordTooShort, refusedFor(err), "a refused password uses nothing up")
	first, err := o.StartEnrolment(t.Context(), inv.Grant, mfa.Hide("รหัสแรกที่พิมพ์ผิดไป"))
	require.NoError(t, err)
	second, err := o.StartEnrolment(t.Context(), inv.Grant, mfa.Hide(goodPassword))
	require.NoError(t, err)
	_, err = o.FinishEnrolment(t.Context(), inv.Grant, codeAt(first.Secret, mfa.Step(o.clock.Now())))
	require.ErrorIs(t, err, mfa.ErrLoginFailed, "the first key is worth nothing now")
	_, err = o.FinishEnrolment(t.Context(), inv.Grant, codeAt(second.Secret, mfa.Step(o.clock.Now())))
	require.NoError(t, err)
	_, err = o.tryPassword("malee", "รหัสแรกที่พิมพ์ผิดไป")
	assert.ErrorIs(t, err, mfa.ErrLoginFailed)
	_, err = o.tryPassword("malee", goodPassword)
	assert.NoError(t, err)
}

func TestTheKeyCanBeScannedAndTyped(t *testing.T) {
	o := newOffice(t, func(c *mfa.Config) { c.Issuer = "เทศบาล A&B + ลูก: หนึ่ง" })
	inv := o.add("malee.jaidee", mfa.RoleStaff)
	key, err := o.StartEnrolment(t.Context(), inv.Grant, mfa.Hide(goodPassword))
	require.NoError(t, err)
	uri := key.URI.Reveal()
	assert.NotContains(t, uri, "+", "some apps read a plus sign literally")
	u, err := url.Parse(uri)
	require.NoError(t, err)
	assert.Equal(t, "otpauth", u.Scheme)
	assert.Equal(t, "totp", u.Host)
	assert.Equal(t, "/เทศบาล A&B + ลูก: หนึ่ง:malee.jaidee", u.Path)
	assert.Equal(t, 1, strings.Count(u.EscapedPath(), ":"), "one colon parts issuer and account")
	assert.Equal(t, url.Values{
		"secret": {key.Secret.Reveal()}, "issuer": {"เทศบาล A&B + ลูก: หนึ่ง"}, "algorithm": {"SHA1"}, "digits": {"6"}, "period": {"30"},
	}, u.Query())
	picture, err := key.QR()
	require.NoError(t, err)
	img, err := png.Decode(bytes.NewReader(picture))
	require.NoError(t, err)
	assert.Equal(t, 320, img.Bounds().Dx())
}

func TestALostPhoneIsReplacedByGrantAndPresentPassword(t *testing.T) {
	o := newOffice(t)
	p := o.enrolled("malee", mfa.RoleStaff)
	lostSecret := p.secret
	oldCodes := p.codes
	inv := o.reset("malee", mfa.LostPhone)
	assert.Equal(t, mfa.PurposePhone, inv.Purpose)
	_, err := o.StartEnrolment(t.Context(), inv.Grant, mfa.Hide("ปลาสี่ตัวในบ่อหลังบ้าน"))
	require.ErrorIs(t, err, mfa.ErrLoginFailed, "the grant alone is one code: a thief of it gets nowhere")
	o.enrol(p, inv)
	o.login(p)
	e := o.half(p)
	_, err = o.GiveTOTP(t.Context(), e.Token, codeAt(lostSecret, mfa.Step(o.clock.Now())))
	assert.ErrorIs(t, err, mfa.ErrLoginFailed)
	_, err = o.GiveBackupCode(t.Context(), e.Token, oldCodes[0])
	assert.ErrorIs(t, err, mfa.ErrLoginFailed, "old codes may have been beside the phone")
	_, err = o.GiveBackupCode(t.Context(), e.Token, p.codes[0])
	assert.NoError(t, err)
}

func TestALostPasswordIsReplacedByGrantAndPresentPhone(t *testing.T) {
	o := newOffice(t)
	p := o.enrolled("malee", mfa.RoleStaff)
	codes := p.codes
	inv := o.reset("malee", mfa.LostPassword)
	assert.Equal(t, mfa.PurposePassword, inv.Purpose)
	_, err := o.tryPassword("malee", p.password)
	require.ErrorIs(t, err, mfa.ErrLoginFailed, "the old one is gone at once")
	p.password = "ปลาสี่ตัวในบ่อหลังบ้าน"
	key, err := o.StartEnrolment(t.Context(), inv.Grant, mfa.Hide(p.password))
	require.NoError(t, err)
	assert.Empty(t, key.ID, "no new key")
	_, err = o.FinishEnrolment(t.Context(), inv.Grant, o.wrongCode(p))
	require.ErrorIs(t, err, mfa.ErrLoginFailed)
	shown, err := o.FinishEnrolment(t.Context(), inv.Grant, o.code(p))
	require.NoError(t, err)
	assert.Empty(t, shown)
	o.nextStep()
	o.login(p)
	_, err = o.GiveBackupCode(t.Context(), o.half(p).Token, codes[0])
	assert.NoError(t, err, "the old codes stay good")
}

func TestWhoLostBothStartsAnew(t *testing.T) {
	o := newOffice(t)
	p := o.enrolled("malee", mfa.RoleStaff)
	inv := o.reset("malee", mfa.LostBoth)
	assert.Equal(t, mfa.PurposeEnrol, inv.Purpose)
	_, err := o.tryPassword("malee", p.password)
	require.ErrorIs(t, err, mfa.ErrLoginFailed)
	p.password = "ปลาสี่ตัวในบ่อหลังบ้าน"
	o.enrol(p, inv)
	o.login(p)
}

func TestAResetOfWhoNeverEnrolledIsAFirstEnrolment(t *testing.T) {
	for _, lost := range []mfa.Lost{mfa.LostPhone, mfa.LostPassword, mfa.LostBoth} {
		o := newOffice(t)
		first := o.add("malee", mfa.RoleStaff)
		inv := o.reset("malee", lost)
		assert.Equal(t, mfa.PurposeEnrol, inv.Purpose)
		_, err := o.StartEnrolment(t.Context(), first.Grant, mfa.Hide(goodPassword))
		require.ErrorIs(t, err, mfa.ErrGrantRefused, "a new grant voids the old")
		p := &person{name: "malee", password: goodPassword}
		o.enrol(p, inv)
		o.login(p)
	}
}

func TestGuessingAtAGrantsSecondStepIsThrottledLikeALogin(t *testing.T) {
	o := newOffice(t)
	inv := o.add("malee", mfa.RoleStaff)
	key, err := o.StartEnrolment(t.Context(), inv.Grant, mfa.Hide(goodPassword))
	require.NoError(t, err)
	p := &person{name: "malee", secret: key.Secret}
	for range 6 {
		_, err := o.FinishEnrolment(t.Context(), inv.Grant, o.wrongCode(p))
		require.ErrorIs(t, err, mfa.ErrLoginFailed)
	}
	_, err = o.FinishEnrolment(t.Context(), inv.Grant, o.code(p))
	assert.True(t, isThrottled(err))
	_, err = o.tryPassword("malee", goodPassword)
	assert.True(t, isThrottled(err), "by the same counters")
}

func TestAUserDisabledBetweenTheStepsDoesNotEnrol(t *testing.T) {
	o := newOffice(t)
	inv := o.add("malee", mfa.RoleStaff)
	key, err := o.StartEnrolment(t.Context(), inv.Grant, mfa.Hide(goodPassword))
	require.NoError(t, err)
	require.NoError(t, o.DisableUser(t.Context(), mfa.ByOS("0"), "malee"))
	_, err = o.FinishEnrolment(t.Context(), inv.Grant, codeAt(key.Secret, mfa.Step(o.clock.Now())))
	assert.ErrorIs(t, err, mfa.ErrGrantRefused)
	_, err = o.ResetUser(t.Context(), mfa.ByOS("0"), "malee", mfa.LostBoth)
	assert.ErrorIs(t, err, mfa.ErrUserDisabled)
}
