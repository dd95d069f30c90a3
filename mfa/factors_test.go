package mfa_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"chipproof/mfa"
)

func TestABackupCodeStandsInForThePhoneOnce(t *testing.T) {
	o := newOffice(t)
	p := o.enrolled("malee", mfa.RoleStaff)
	require.Len(t, p.codes, mfa.BackupCodeCount)
	e, err := o.GiveBackupCode(t.Context(), o.half(p).Token, p.codes[3])
	require.NoError(t, err)
	assert.Equal(t, mfa.StateActive, e.Session.State)
	left, err := o.BackupCodesLeft(t.Context(), e.Token)
	require.NoError(t, err)
	assert.Equal(t, mfa.BackupCodeCount-1, left)
	_, err = o.GiveBackupCode(t.Context(), o.half(p).Token, p.codes[3])
	assert.ErrorIs(t, err, mfa.ErrLoginFailed)
	assert.Equal(t, "9", o.events(mfa.EventBackupCodeUsed)[0].Attributes["left"])
}

func TestTwoBackupCodesAreNotTwoFactors(t *testing.T) {
	o := newOffice(t)
	p := o.enrolled("malee", mfa.RoleStaff)
	e := o.login(p)
	o.sql(`DELETE FROM session_factor WHERE method = 'password'`)
	require.Equal(t, mfa.StateSecondFactorRequired, o.session(e).State)
	for _, code := range p.codes[:2] {
		var err error
		e, err = o.GiveBackupCode(t.Context(), e.Token, code)
		require.NoError(t, err)
		assert.Equal(t, mfa.StateSecondFactorRequired, e.Session.State)
	}
}

func TestACodeFromPaperMayBeTypedAsItIsRead(t *testing.T) {
	o := newOffice(t)
	p := o.enrolled("malee", mfa.RoleStaff)
	for i, typed := range []func(string) string{
		strings.ToLower,
		func(s string) string { return strings.ReplaceAll(s, "-", "") },
		func(s string) string { return strings.ReplaceAll(s, "-", " ") },
		func(s string) string { return strings.NewReplacer("0", "O", "1", "l").Replace(s) },
	} {
		_, err := o.GiveBackupCode(t.Context(), o.half(p).Token, mfa.Hide(typed(p.codes[i].Reveal())))
		require.NoError(t, err, "%d", i)
		_, err = o.GiveBackupCode(t.Context(), o.half(p).Token, p.codes[i])
		require.ErrorIs(t, err, mfa.ErrLoginFailed, "it is the same code, and used")
	}
}

func TestANewSetOfBackupCodesVoidsTheOld(t *testing.T) {
	o := newOffice(t)
	p := o.enrolled("malee", mfa.RoleStaff)
	e := o.login(p)
	codes, err := o.NewBackupCodes(t.Context(), e.Token)
	require.NoError(t, err)
	require.Len(t, codes, mfa.BackupCodeCount)
	_, err = o.GiveBackupCode(t.Context(), o.half(p).Token, p.codes[0])
	assert.ErrorIs(t, err, mfa.ErrLoginFailed)
	_, err = o.GiveBackupCode(t.Context(), o.half(p).Token, codes[0])
	assert.NoError(t, err)
}

func TestTheFormOfACodeSaysItsKind(t *testing.T) {
	o := newOffice(t)
	p := o.enrolled("admin", mfa.RoleAdmin)
	emergency, err := o.NewEmergencyCode(t.Context(), mfa.ByOS("0"))
	require.NoError(t, err)
	assert.Equal(t, mfa.MethodTOTP, mfa.KindOfCode(o.code(p)))
	assert.Equal(t, mfa.MethodBackupCode, mfa.KindOfCode(p.codes[0]))
	assert.Equal(t, mfa.MethodEmergencyCode, mfa.KindOfCode(emergency))
	for _, typed := range []string{"", "12345", "๑๒๓๔๕๖", "ABCD-EFGH", "UUUU-UUUU-UUUU-UUUU", strings.Repeat("A", 1000)} {
		assert.Empty(t, mfa.KindOfCode(mfa.Hide(typed)), "%q", typed)
	}
	seen := []string{emergency.Reveal()}
	for _, c := range p.codes {
		assert.Regexp(t, `^[0-9A-HJKMNP-TV-Z]{4}(-[0-9A-HJKMNP-TV-Z]{4}){3}$`, c.Reveal(), "16 signs of 5 bits: 80 bits")
		assert.False(t, slices.Contains(seen, c.Reveal()))
		seen = append(seen, c.Reveal())
	}
}

func TestTheEmergencyCodeLetsAnAdministratorInOnce(t *testing.T) {
	o := newOffice(t)
	admin := o.enrolled("admin", mfa.RoleAdmin)
	other := o.enrolled("other", mfa.RoleAdmin)
	made := o.clock.Now()
	code, err := o.NewEmergencyCode(t.Context(), mfa.ByOS("0"))
	require.NoError(t, err)
	for _, role := range []mfa.Role{mfa.RoleStaff, mfa.RoleDPO} {
		p := o.enrolled(string(role), role)
		_, err := o.GiveEmergencyCode(t.Context(), o.half(p).Token, code)
		require.ErrorIs(t, err, mfa.ErrLoginFailed, "%s", role)
	}
	e, err := o.GiveEmergencyCode(t.Context(), o.half(admin).Token, code)
	require.NoError(t, err)
	assert.Equal(t, mfa.StateActive, e.Session.State)
	assert.True(t, e.Session.Emergency, "every page carries the banner")
	used := o.events(mfa.EventEmergencyUsed)
	require.Len(t, used, 1)
	assert.Equal(t, e.Session.User.ID, used[0].Actor)
	assert.Equal(t, "broken", used[0].Attributes["seal"])

	for _, p := range []*person{admin, other} {
		_, err = o.GiveEmergencyCode(t.Context(), o.half(p).Token, code)
		assert.ErrorIs(t, err, mfa.ErrLoginFailed, "twice")
	}
	sheet, err := o.EmergencySheet(t.Context(), mfa.BySession(e.Token))
	require.NoError(t, err)
	assert.Equal(t, mfa.EmergencySheet{Made: made, Used: o.clock.Now()}, sheet)
	e = o.login(other)
	notices, err := o.Notices(t.Context(), e.Token)
	require.NoError(t, err)
	assert.True(t, slices.ContainsFunc(notices, func(n mfa.Notice) bool { return n.Kind == mfa.NoticeEmergencyUsed }),
		"the other administrators learn of it")
}

func TestOfFiftyEmergencyLoginsExactlyOneWins(t *testing.T) {
	o := newOffice(t)
	admin := o.enrolled("admin", mfa.RoleAdmin)
	code, err := o.NewEmergencyCode(t.Context(), mfa.ByOS("0"))
	require.NoError(t, err)
	var sessions []mfa.Entry
	for range 50 {
		sessions = append(sessions, o.half(admin))
	}
	right, _ := together(50, func(i int) error {
		_, err := o.GiveEmergencyCode(t.Context(), sessions[i].Token, code)
		return err
	})
	assert.Equal(t, 1, right)
}

func TestAnEmergencyLoginIsStepUpForOneNewKeyAndNothingElse(t *testing.T) {
	o := newOffice(t)
	admin := o.enrolled("admin", mfa.RoleAdmin)
	o.enrolled("malee", mfa.RoleStaff)
	sheet := func() mfa.Entry {
		code, err := o.NewEmergencyCode(t.Context(), mfa.ByOS("0"))
		require.NoError(t, err)
		e, err := o.GiveEmergencyCode(t.Context(), o.half(admin).Token, code)
		require.NoError(t, err)
		return e
	}
	e := sheet()
	_, err := o.AddUser(t.Context(), mfa.BySession(e.Token), "new", mfa.RoleStaff)
	assert.ErrorIs(t, err, mfa.ErrStepUpRequired)
	_, err = o.NewBackupCodes(t.Context(), e.Token)
	assert.ErrorIs(t, err, mfa.ErrStepUpRequired)
	_, err = o.NewEmergencyCode(t.Context(), mfa.BySession(e.Token))
	assert.ErrorIs(t, err, mfa.ErrStepUpRequired)
	own, err := o.Authenticators(t.Context(), e.Token)
	require.NoError(t, err)
	assert.ErrorIs(t, o.RemoveTOTP(t.Context(), e.Token, own[0].ID), mfa.ErrStepUpRequired)

	e, key := o.secondKey(e)
	_, err = o.AddTOTP(t.Context(), e.Token, "third")
	require.ErrorIs(t, err, mfa.ErrStepUpRequired, "one act")
	_, err = o.NewBackupCodes(t.Context(), e.Token)
	require.ErrorIs(t, err, mfa.ErrStepUpRequired, "the code that confirmed the key is no step-up")
	o.nextStep()
	e, err = o.GiveTOTP(t.Context(), e.Token, codeAt(key.Secret, mfa.Step(o.clock.Now())))
	require.NoError(t, err, "with that key everything goes on as usual")
	require.NoError(t, o.RemoveTOTP(t.Context(), e.Token, own[0].ID))
	_, err = o.NewEmergencyCode(t.Context(), mfa.BySession(e.Token))
	require.NoError(t, err, "a new sheet, after a step-up by the app")
	assert.True(t, e.Session.Emergency, "the banner stays as long as the session")

	admin.secret = key.Secret
	e = sheet()
	o.clock.Forward(mfa.StepUpAge)
	_, err = o.AddTOTP(t.Context(), e.Token, "late")
	assert.ErrorIs(t, err, mfa.ErrStepUpRequired, "five minutes and no more")
	assert.Equal(t, mfa.StateActive, o.session(e).State)
}

func TestAKeyOfOnesOwnVoidsTheGrantThatWaited(t *testing.T) {
	o := newOffice(t)
	admin := o.enrolled("admin", mfa.RoleAdmin)
	inv := o.reset("admin", mfa.LostPhone)
	code, err := o.NewEmergencyCode(t.Context(), mfa.ByOS("0"))
	require.NoError(t, err)
	e, err := o.GiveEmergencyCode(t.Context(), o.half(admin).Token, code)
	require.NoError(t, err)
	o.secondKey(e)
	_, err = o.StartEnrolment(t.Context(), inv.Grant, mfa.Hide(admin.password))
	assert.ErrorIs(t, err, mfa.ErrGrantRefused, "else grant and password would pass by the new key")
}

func TestTheEmergencyCodeIsNoStepUp(t *testing.T) {
	o := newOffice(t)
	admin := o.enrolled("admin", mfa.RoleAdmin)
	code, err := o.NewEmergencyCode(t.Context(), mfa.ByOS("0"))
	require.NoError(t, err)
	e := o.login(admin)
	_, err = o.GiveEmergencyCode(t.Context(), e.Token, code)
	require.ErrorIs(t, err, mfa.ErrLoginFailed)
	_, err = o.GiveEmergencyCode(t.Context(), o.half(admin).Token, code)
	assert.NoError(t, err, "and the seal is still whole")
}

func TestACodeFromPaperBegetsNoNewSheet(t *testing.T) {
	o := newOffice(t)
	p := o.enrolled("admin", mfa.RoleAdmin)
	e, err := o.GiveBackupCode(t.Context(), o.half(p).Token, p.codes[0])
	require.NoError(t, err)
	_, err = o.NewEmergencyCode(t.Context(), mfa.BySession(e.Token))
	assert.ErrorIs(t, err, mfa.ErrStepUpRequired)
	e = o.stepUp(e, p)
	_, err = o.NewEmergencyCode(t.Context(), mfa.BySession(e.Token))
	assert.NoError(t, err)
}

func TestARestoreVoidsWhatMayHaveBeenUsedSince(t *testing.T) {
	o := newOffice(t)
	p := o.enrolled("admin", mfa.RoleAdmin)
	emergency, err := o.NewEmergencyCode(t.Context(), mfa.ByOS("0"))
	require.NoError(t, err)
	inv := o.add("malee", mfa.RoleStaff)
	o.clock.Forward(time.Hour)
	require.NoError(t, o.AfterRestore(t.Context(), mfa.ByOS("0"), map[string]string{"backup_head": "a", "last_head": "b"}))

	e := o.half(p)
	for _, code := range []mfa.Hidden{codeAt(p.secret, mfa.Step(o.clock.Now())-1), o.code(p), codeAt(p.secret, mfa.Step(o.clock.Now())+1)} {
		_, err = o.GiveTOTP(t.Context(), e.Token, code)
		assert.ErrorIs(t, err, mfa.ErrLoginFailed, "a code of these seconds may have been taken before")
	}
	_, err = o.GiveBackupCode(t.Context(), e.Token, p.codes[0])
	assert.ErrorIs(t, err, mfa.ErrLoginFailed)
	_, err = o.GiveEmergencyCode(t.Context(), e.Token, emergency)
	assert.ErrorIs(t, err, mfa.ErrLoginFailed)
	_, err = o.StartEnrolment(t.Context(), inv.Grant, mfa.Hide(goodPassword))
	assert.ErrorIs(t, err, mfa.ErrGrantRefused)
	o.clock.Forward(2 * mfa.StepLength)
	e = o.login(p)
	sheet, err := o.EmergencySheet(t.Context(), mfa.BySession(e.Token))
	require.NoError(t, err)
	assert.True(t, sheet.Void)
	assert.Equal(t, map[string]string{"backup_head": "a", "last_head": "b"}, o.events(mfa.EventCredentialsVoided)[0].Attributes)
}

func TestAKeyIsInactiveUntilACodeConfirmsIt(t *testing.T) {
	o := newOffice(t)
	p := o.enrolled("malee", mfa.RoleStaff)
	e := o.login(p)
	key, err := o.AddTOTP(t.Context(), e.Token, "  second phone\n")
	require.NoError(t, err)
	theirs := func() mfa.Hidden { return codeAt(key.Secret, mfa.Step(o.clock.Now())) }
	_, err = o.GiveTOTP(t.Context(), e.Token, theirs())
	require.ErrorIs(t, err, mfa.ErrLoginFailed)
	_, err = o.ConfirmTOTP(t.Context(), e.Token, key.ID, o.code(p))
	require.ErrorIs(t, err, mfa.ErrLoginFailed, "the other key's code confirms nothing")
	stranger := o.login(o.enrolled("anan", mfa.RoleStaff))
	_, err = o.ConfirmTOTP(t.Context(), stranger.Token, key.ID, theirs())
	require.ErrorIs(t, err, mfa.ErrAuthenticatorUnknown)
	e, err = o.ConfirmTOTP(t.Context(), e.Token, key.ID, theirs())
	require.NoError(t, err)
	_, err = o.ConfirmTOTP(t.Context(), e.Token, key.ID, theirs())
	require.ErrorIs(t, err, mfa.ErrAuthenticatorUnknown, "once")
	list, err := o.Authenticators(t.Context(), e.Token)
	require.NoError(t, err)
	require.Len(t, list, 2)
	assert.Equal(t, "second phone", list[1].Label)
	o.nextStep()
	_, err = o.GiveTOTP(t.Context(), o.half(p).Token, theirs())
	assert.NoError(t, err, "either key is a second factor")
}

func TestAKeyWaitsTenMinutesAndForItsOwnSession(t *testing.T) {
	o := newOffice(t)
	p := o.enrolled("malee", mfa.RoleStaff)
	e := o.login(p)
	key, err := o.AddTOTP(t.Context(), e.Token, "phone")
	require.NoError(t, err)
	other := o.login(p)
	_, err = o.ConfirmTOTP(t.Context(), other.Token, key.ID, codeAt(key.Secret, mfa.Step(o.clock.Now())))
	require.ErrorIs(t, err, mfa.ErrAuthenticatorUnknown)
	o.clock.Forward(mfa.PendingLimit - 30*time.Second)
	_, err = o.ConfirmTOTP(t.Context(), e.Token, key.ID, codeAt(key.Secret, mfa.Step(o.clock.Now())))
	assert.ErrorIs(t, err, mfa.ErrAuthenticatorUnknown)
}

func TestTheNumberOfKeysIsBounded(t *testing.T) {
	o := newOffice(t)
	e := o.login(o.enrolled("malee", mfa.RoleStaff))
	for range mfa.MaxAuthenticators - 1 {
		e, _ = o.secondKey(e)
	}
	_, err := o.AddTOTP(t.Context(), e.Token, "one too many")
	assert.ErrorIs(t, err, mfa.ErrTooManyAuthenticator)
}

func TestThreeCodesOfOneNeighbouringStepMakeTheClockSuspect(t *testing.T) {
	o := newOffice(t)
	p := o.enrolled("malee", mfa.RoleStaff)
	report := func() mfa.ClockReport {
		r, err := o.Clock(t.Context())
		require.NoError(t, err)
		return r
	}
	give := func(offset int64) {
		o.clock.Forward(3 * mfa.StepLength)
		_, err := o.GiveTOTP(t.Context(), o.half(p).Token, codeAt(p.secret, mfa.Step(o.clock.Now())+offset))
		require.NoError(t, err)
	}
	give(-1)
	give(-1)
	assert.False(t, report().Suspect)
	give(1)
	assert.False(t, report().Suspect, "codes on both sides are people, not the clock")
	give(1)
	give(1)
	assert.True(t, report().Suspect)
	assert.Equal(t, 3, report().Run)
	_, err := o.GiveTOTP(t.Context(), o.half(p).Token, codeAt(p.secret, mfa.Step(o.clock.Now())+2))
	require.ErrorIs(t, err, mfa.ErrLoginFailed, "which never widens the window")
	give(0)
	assert.Equal(t, mfa.ClockReport{Now: o.clock.Now()}, report())
}

func TestAnyCodeIsAcceptedAtMostOnceInWhateverOrder(t *testing.T) {
	o := newOffice(t)
	p := o.enrolled("malee", mfa.RoleStaff)
	rapid.Check(t, func(r *rapid.T) {
		o.clock.Forward(10 * mfa.StepLength)
		e := o.half(p) // the first code logs in, later ones step up
		accepted, last := map[int64]bool{}, int64(0)
		for _, move := range rapid.SliceOfN(rapid.IntRange(-2, 4), 1, 10).Draw(r, "moves") {
			if move > 2 {
				o.nextStep()
				continue
			}
			step := mfa.Step(o.clock.Now()) + int64(move)
			raised, err := o.GiveTOTP(t.Context(), e.Token, codeAt(p.secret, step))
			if want := !accepted[step] && step > last && move >= -1 && move <= 1; want != (err == nil) {
				r.Fatalf("step %d of %d, last %d: %v", step, mfa.Step(o.clock.Now()), last, err)
			}
			if err == nil {
				e, accepted[step], last = raised, true, step
			} else {
				o.sql(`DELETE FROM throttle`)
			}
		}
	})
}
