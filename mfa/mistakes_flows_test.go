package mfa_test

import (
	"database/sql"
	"reflect"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/mfa"
)

func TestMistake10_CVE_2025_64103_NoConfigurationLetsOneFactorIn(t *testing.T) {
	for _, c := range []func(*mfa.Config){
		func(c *mfa.Config) { c.Desk = true },
		func(c *mfa.Config) { c.Desk, c.Agency, c.Issuer = false, nil, "" },
		func(c *mfa.Config) { c.Hashers = 1 },
	} {
		o := newOffice(t, c)
		for _, role := range mfa.Roles() {
			p := o.enrolled(string(role), role)
			e := o.half(p)
			assert.Equal(t, mfa.StateSecondFactorRequired, e.Session.State, "%s", role)
			o.mayNothing(e)
		}
	}
	for i := range reflect.TypeFor[mfa.Config]().NumField() {
		f := reflect.TypeFor[mfa.Config]().Field(i)
		if f.Type.Kind() == reflect.Bool {
			assert.Equal(t, "Desk", f.Name, "a switch in the configuration is a way round the second factor until a test here says otherwise")
		}
	}
}

// mayNothing tries every act of a session and wants each refused.
func (o *office) mayNothing(e mfa.Entry) {
	o.Helper()
	for name, act := range o.acts(e) {
		assert.ErrorIs(o, act(), mfa.ErrMFARequired, name)
	}
	assert.Equal(o, "nobody", o.holder())
}

// acts is everything that an active session can be used for.
func (o *office) acts(e mfa.Entry) map[string]func() error {
	ctx, by := o.Context(), mfa.BySession(e.Token)
	return map[string]func() error{
		"touch":           func() error { return o.Touch(ctx, e.Token) },
		"lock":            func() error { return o.Lock(ctx, e.Token) },
		"unlock":          func() error { _, err := o.Unlock(ctx, e.Token, mfa.Hide(goodPassword)); return err },
		"sessions":        func() error { _, err := o.Sessions(ctx, e.Token); return err },
		"end a session":   func() error { return o.EndSession(ctx, e.Token, e.Session.ID) },
		"take the desk":   func() error { return o.TakeDesk(ctx, e.Token) },
		"leave the desk":  func() error { return o.LeaveDesk(ctx, e.Token) },
		"authorise":       func() error { _, err := o.Authorise(ctx, e.Token, mfa.Demand{Act: "test"}); return err },
		"notices":         func() error { _, err := o.Notices(ctx, e.Token); return err },
		"authenticators":  func() error { _, err := o.Authenticators(ctx, e.Token); return err },
		"add a key":       func() error { _, err := o.AddTOTP(ctx, e.Token, "phone"); return err },
		"confirm a key":   func() error { _, err := o.ConfirmTOTP(ctx, e.Token, "id", mfa.Hide("000000")); return err },
		"remove a key":    func() error { return o.RemoveTOTP(ctx, e.Token, "id") },
		"backup codes":    func() error { _, err := o.NewBackupCodes(ctx, e.Token); return err },
		"codes left":      func() error { _, err := o.BackupCodesLeft(ctx, e.Token); return err },
		"emergency code":  func() error { _, err := o.NewEmergencyCode(ctx, by); return err },
		"sheet":           func() error { _, err := o.EmergencySheet(ctx, by); return err },
		"change password": func() error { _, err := o.ChangePassword(ctx, e.Token, mfa.Hide("a"), mfa.Hide("b")); return err },
		"list users":      func() error { _, err := o.Accounts(ctx, by); return err },
		"add a user":      func() error { _, err := o.AddUser(ctx, by, "somebody", mfa.RoleAdmin); return err },
		"reset a user":    func() error { _, err := o.ResetUser(ctx, by, "somebody", mfa.LostBoth); return err },
		"disable a user":  func() error { return o.DisableUser(ctx, by, "somebody") },
		"enable a user":   func() error { return o.EnableUser(ctx, by, "somebody") },
		"unlock a user":   func() error { return o.UnlockUser(ctx, by, "somebody") },
		"change a role":   func() error { return o.SetRole(ctx, by, "somebody", mfa.RoleAdmin) },
		"reseal":          func() error { _, err := o.Reseal(ctx, by); return err },
		"restore":         func() error { return o.AfterRestore(ctx, by, nil) },
	}
}

func TestMistake15_CVE_2024_45042_GHSA_wc43_73w7_x2f5_TheLevelIsComputedFromTheFactors(t *testing.T) {
	for name, spoil := range map[string]func(o *office, e mfa.Entry){
		"the second factor's row is gone": func(o *office, e mfa.Entry) { o.sql(`DELETE FROM session_factor WHERE method = 'totp'`) },
		"its authenticator is gone":       func(o *office, e mfa.Entry) { o.sql(`DELETE FROM totp WHERE account_id = ?`, e.Session.User.ID) },
		"its authenticator is inactive":   func(o *office, e mfa.Entry) { o.sql(`UPDATE totp SET confirmed_at = NULL`) },
		"it was another user's": func(o *office, e mfa.Entry) {
			o.sql(`UPDATE totp SET account_id = (SELECT id FROM account WHERE name = 'anan')`)
		},
		"both are of one kind": func(o *office, e mfa.Entry) {
			o.sql(`UPDATE session_factor SET method = 'password', authenticator = ?`, e.Session.User.ID)
		},
		"it is of no known kind": func(o *office, e mfa.Entry) { o.sql(`UPDATE session_factor SET method = 'sms' WHERE method = 'totp'`) },
		"it is too old": func(o *office, e mfa.Entry) {
			o.sql(`UPDATE session_factor SET given_at = given_at - 90000000 WHERE method = 'totp'`)
		},
		"the password was dropped": func(o *office, e mfa.Entry) { o.sql(`DELETE FROM password`) },
	} {
		t.Run(name, func(t *testing.T) {
			o := newOffice(t)
			o.add("anan", mfa.RoleStaff)
			e := o.login(o.enrolled("malee", mfa.RoleStaff))
			require.Equal(t, mfa.StateActive, o.session(e).State)
			spoil(o, e)
			assert.Equal(t, mfa.StateSecondFactorRequired, o.session(e).State)
			o.mayNothing(e)
		})
	}
	o := newOffice(t)
	require.NoError(t, o.store.Read(t.Context(), func(tx *sql.Tx) error {
		rows, err := tx.QueryContext(t.Context(), `SELECT name FROM pragma_table_info('session')`)
		require.NoError(t, err)
		defer rows.Close()
		for rows.Next() {
			var column string
			require.NoError(t, rows.Scan(&column))
			assert.NotContains(t, []string{"level", "aal", "state", "mfa"}, column, "no row holds a level")
		}
		return rows.Err()
	}))
}

func TestMistake18_CVE_2026_94218_ASessionThatMustEnrolCanDoNothingElse(t *testing.T) {
	o := newOffice(t)
	p := o.enrolled("malee", mfa.RoleAdmin)
	_, err := o.ResetUser(t.Context(), mfa.ByOS("0"), "malee", mfa.LostPhone)
	require.NoError(t, err)
	e := o.half(p)
	assert.True(t, e.Session.MustEnrol)
	o.mayNothing(e)
	for range 3 { // starting over changes nothing
		again := o.half(p)
		assert.True(t, o.session(again).MustEnrol)
		assert.Equal(t, mfa.StateSecondFactorRequired, again.Session.State)
		_, err := o.GiveTOTP(t.Context(), again.Token, o.code(p))
		assert.ErrorIs(t, err, mfa.ErrLoginFailed, "the lost phone is worth nothing")
		_, err = o.GiveBackupCode(t.Context(), again.Token, p.codes[0])
		assert.ErrorIs(t, err, mfa.ErrLoginFailed, "nor are the codes")
		require.NoError(t, o.UnlockUser(t.Context(), mfa.ByOS("0"), "malee"))
	}
	// Even an emergency login of somebody without a key can only enrol.
	code, err := o.NewEmergencyCode(t.Context(), mfa.ByOS("0"))
	require.NoError(t, err)
	e, err = o.GiveEmergencyCode(t.Context(), e.Token, code)
	require.NoError(t, err)
	assert.True(t, e.Session.MustEnrol)
	for name, act := range o.acts(e) {
		switch name {
		case "add a key": // that is the one thing
		case "confirm a key":
			assert.ErrorIs(t, act(), mfa.ErrAuthenticatorUnknown)
		default:
			assert.ErrorIs(t, act(), mfa.ErrMFARequired, name)
		}
	}
	key, err := o.AddTOTP(t.Context(), e.Token, "new phone")
	require.NoError(t, err)
	p.secret = key.Secret
	e, err = o.ConfirmTOTP(t.Context(), e.Token, key.ID, o.code(p))
	require.NoError(t, err)
	assert.Equal(t, mfa.StateActive, e.Session.State)
}

func TestMistake21_CVE_2026_49448_EmptyFieldsFail(t *testing.T) {
	o := newOffice(t)
	p := o.enrolled("admin", mfa.RoleAdmin)
	inv := o.add("malee", mfa.RoleStaff)
	half := o.half(p)
	nothing := mfa.Hidden{}
	for name, try := range map[string]func() error{
		"no name":           func() error { _, err := o.tryPassword("", p.password); return err },
		"no password":       func() error { _, err := o.tryPassword("admin", ""); return err },
		"nothing":           func() error { _, err := o.tryPassword("", ""); return err },
		"no password yet":   func() error { _, err := o.tryPassword("malee", ""); return err },
		"no code":           func() error { _, err := o.GiveTOTP(t.Context(), half.Token, nothing); return err },
		"no backup code":    func() error { _, err := o.GiveBackupCode(t.Context(), half.Token, nothing); return err },
		"no emergency code": func() error { _, err := o.GiveEmergencyCode(t.Context(), half.Token, nothing); return err },
	} {
		require.NoError(t, o.UnlockUser(t.Context(), mfa.ByOS("0"), "admin"))
		assert.ErrorIs(t, try(), mfa.ErrLoginFailed, name)
	}
	_, err := o.GiveTOTP(t.Context(), mfa.Token{}, o.code(p))
	assert.ErrorIs(t, err, mfa.ErrMFARequired, "no session")
	_, err = o.Session(t.Context(), mfa.Token{})
	assert.ErrorIs(t, err, mfa.ErrMFARequired)
	_, err = o.StartEnrolment(t.Context(), nothing, mfa.Hide(goodPassword))
	assert.ErrorIs(t, err, mfa.ErrGrantRefused)
	_, err = o.StartEnrolment(t.Context(), inv.Grant, nothing)
	assert.Equal(t, mfa.PasswordTooShort, refusedFor(err))
	_, err = o.FinishEnrolment(t.Context(), inv.Grant, nothing)
	assert.ErrorIs(t, err, mfa.ErrGrantRefused, "the second step without the first")
	_, err = o.StartEnrolment(t.Context(), inv.Grant, mfa.Hide(goodPassword))
	require.NoError(t, err)
	_, err = o.FinishEnrolment(t.Context(), inv.Grant, nothing)
	assert.ErrorIs(t, err, mfa.ErrLoginFailed)
	assert.ErrorIs(t, half.Session.CheckCSRF(""), mfa.ErrCSRFRefused)
	assert.ErrorIs(t, mfa.Session{}.CheckCSRF(""), mfa.ErrCSRFRefused, "an empty value never equals an empty one")
}

func TestMistake22_GHSA_hp74_gm6m_2qm5_StepUpIsMethodAndTimeInTheSession(t *testing.T) {
	o := newOffice(t)
	p := o.enrolled("admin", mfa.RoleAdmin)
	e := o.login(p)
	add := func(e mfa.Entry, name string) error {
		_, err := o.AddUser(t.Context(), mfa.BySession(e.Token), name, mfa.RoleStaff)
		return err
	}
	require.NoError(t, add(e, "one"), "the login's own second factor is fresh at first")
	o.clock.Forward(mfa.StepUpAge)
	require.ErrorIs(t, add(e, "two"), mfa.ErrStepUpRequired)

	// A new token and a new first factor make no step-up.
	require.NoError(t, o.Lock(t.Context(), e.Token))
	e, err := o.Unlock(t.Context(), e.Token, mfa.Hide(p.password))
	require.NoError(t, err)
	require.ErrorIs(t, add(e, "three"), mfa.ErrStepUpRequired, "a fresh token by the password alone")
	other := o.login(p)
	require.ErrorIs(t, add(e, "four"), mfa.ErrStepUpRequired, "nor does a fresh factor in another session")
	require.NoError(t, o.Logout(t.Context(), other.Token))

	e = o.stepUp(e, p)
	require.NoError(t, add(e, "five"))
	o.clock.Forward(mfa.StepUpAge - mfa.StepLength - time.Second)
	require.NoError(t, add(e, "six"))
	o.clock.Forward(time.Second)
	require.ErrorIs(t, add(e, "seven"), mfa.ErrStepUpRequired)
	e, err = o.GiveBackupCode(t.Context(), e.Token, p.codes[0])
	require.NoError(t, err)
	require.NoError(t, add(e, "eight"), "one more backup code is a step-up")
}

func TestMistake23_CVE_2026_43983_ADisabledUsersSessionsEndAtOnce(t *testing.T) {
	o := newOffice(t)
	p := o.enrolled("malee", mfa.RoleStaff)
	locked := o.login(p)
	require.NoError(t, o.Lock(t.Context(), locked.Token))
	sessions := []mfa.Entry{locked, o.half(p), o.login(p)}
	require.Equal(t, "malee", o.holder())
	require.NoError(t, o.DisableUser(t.Context(), mfa.ByOS("0"), "malee"))
	for _, e := range sessions {
		o.gone(e, "every session ends")
		o.mayNothing(e)
		_, err := o.GiveTOTP(t.Context(), e.Token, o.code(p))
		assert.ErrorIs(t, err, mfa.ErrMFARequired, "nothing brings it back")
	}
	assert.Equal(t, "nobody", o.holder())
	_, err := o.tryPassword("malee", p.password)
	assert.ErrorIs(t, err, mfa.ErrLoginFailed)
	require.NoError(t, o.EnableUser(t.Context(), mfa.ByOS("0"), "malee"))
	for _, e := range sessions {
		o.gone(e, "and enabling the user revives none")
	}
	o.login(p)
}
