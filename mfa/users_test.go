package mfa_test

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/mfa"
	"chipproof/store"
	"chipproof/store/storetest"
)

func TestOnlyAnAdministratorWithAFreshFactorChangesAccounts(t *testing.T) {
	o := newOffice(t)
	acts := func(e mfa.Entry) map[string]func() error {
		all := o.acts(e)
		for name := range all {
			if !slices.Contains([]string{"add a user", "reset a user", "disable a user", "enable a user", "unlock a user", "change a role", "reseal", "restore", "emergency code"}, name) {
				delete(all, name)
			}
		}
		require.Len(t, all, 9)
		return all
	}
	for _, role := range []mfa.Role{mfa.RoleStaff, mfa.RoleDPO} {
		e := o.login(o.enrolled(string(role), role))
		for name, act := range acts(e) {
			assert.ErrorIs(t, act(), mfa.ErrRoleRefused, "%s: %s", role, name)
		}
		_, err := o.Accounts(t.Context(), mfa.BySession(e.Token))
		assert.ErrorIs(t, err, mfa.ErrRoleRefused)
	}
	admin := o.enrolled("admin", mfa.RoleAdmin)
	e := o.login(admin)
	o.clock.Forward(mfa.StepUpAge)
	for name, act := range acts(e) {
		assert.ErrorIs(t, act(), mfa.ErrStepUpRequired, name)
	}
	_, err := o.Accounts(t.Context(), mfa.BySession(e.Token))
	assert.NoError(t, err, "looking needs no step-up")
	assert.Len(t, o.events(mfa.EventRefused), 2*(9+1)+9)

	e = o.stepUp(e, admin)
	by := mfa.BySession(e.Token)
	_, err = o.AddUser(t.Context(), by, "Suda", mfa.RoleStaff)
	require.NoError(t, err)
	require.NoError(t, o.SetRole(t.Context(), by, "suda", mfa.RoleDPO))
	require.NoError(t, o.DisableUser(t.Context(), by, "suda"))
	require.NoError(t, o.EnableUser(t.Context(), by, "suda"))
	_, err = o.ResetUser(t.Context(), by, "suda", mfa.LostBoth)
	require.NoError(t, err)
	list, err := o.Accounts(t.Context(), by)
	require.NoError(t, err)
	var names []string
	for _, a := range list {
		names = append(names, a.Name)
		assert.Equal(t, a.Name != "suda", a.Enrolled)
	}
	assert.Equal(t, []string{"admin", "dpo", "staff", "suda"}, names)
	assert.Equal(t, mfa.RoleDPO, list[3].Role)
}

func TestAuthoriseJudgesActsOfOtherPackages(t *testing.T) {
	o := newOffice(t)
	p := o.enrolled("admin", mfa.RoleAdmin)
	e := o.login(p)
	d := mfa.Demand{Act: "add_origin", Roles: []mfa.Role{mfa.RoleAdmin}, StepUp: true}
	s, err := o.Authorise(t.Context(), e.Token, d)
	require.NoError(t, err)
	assert.Equal(t, "admin", s.User.Name)
	o.clock.Forward(mfa.StepUpAge)
	_, err = o.Authorise(t.Context(), e.Token, d)
	require.ErrorIs(t, err, mfa.ErrStepUpRequired)
	_, err = o.Authorise(t.Context(), e.Token, mfa.Demand{Act: "read", Roles: []mfa.Role{mfa.RoleDPO, mfa.RoleAdmin}})
	require.NoError(t, err)
	_, err = o.Authorise(t.Context(), e.Token, mfa.Demand{Act: "incident", Roles: []mfa.Role{mfa.RoleDPO}, StepUp: true})
	require.ErrorIs(t, err, mfa.ErrRoleRefused, "the role comes first")
	_, err = o.Authorise(t.Context(), o.half(p).Token, d)
	require.ErrorIs(t, err, mfa.ErrMFARequired)
	refused := o.events(mfa.EventRefused)
	require.Len(t, refused, 2)
	assert.Equal(t, map[string]string{"act": "add_origin", "reason": "step_up"}, refused[0].Attributes)
	assert.Equal(t, map[string]string{"act": "incident", "reason": "role"}, refused[1].Attributes)
}

func TestAccountsAreNamedOnceAndProperly(t *testing.T) {
	o := newOffice(t)
	o.add("Malee.JaiDee", mfa.RoleStaff)
	for name, want := range map[string]error{
		"malee.jaidee": mfa.ErrUserExists, " MALEE.JAIDEE ": mfa.ErrUserExists, "ｍａｌｅｅ.ｊａｉｄｅｅ": mfa.ErrUserExists,
		"": mfa.ErrUserNameInvalid, "mal ee": mfa.ErrUserNameInvalid, ".malee": mfa.ErrUserNameInvalid, "malee/..": mfa.ErrUserNameInvalid,
		"\u0e34malee": mfa.ErrUserNameInvalid, "malee\u200b": mfa.ErrUserNameInvalid, "มาลี": nil, "เจ้าหน้าที่-2": nil, "a": nil,
	} {
		_, err := o.AddUser(t.Context(), mfa.ByOS("0"), name, mfa.RoleStaff)
		if want == nil {
			assert.NoError(t, err, "%q", name)
			continue
		}
		assert.ErrorIs(t, err, want, "%q", name)
	}
	_, err := o.AddUser(t.Context(), mfa.ByOS("0"), "suda", "root")
	assert.ErrorIs(t, err, mfa.ErrRoleInvalid)
	assert.ErrorIs(t, o.SetRole(t.Context(), mfa.ByOS("0"), "มาลี", "Admin"), mfa.ErrRoleInvalid)
	_, err = o.ResetUser(t.Context(), mfa.ByOS("0"), "มาลี", "everything")
	assert.ErrorIs(t, err, mfa.ErrLostInvalid)
	for _, act := range []func(string) error{
		func(n string) error { return o.DisableUser(t.Context(), mfa.ByOS("0"), n) },
		func(n string) error { return o.EnableUser(t.Context(), mfa.ByOS("0"), n) },
		func(n string) error { return o.UnlockUser(t.Context(), mfa.ByOS("0"), n) },
	} {
		assert.ErrorIs(t, act("nobody"), mfa.ErrUserUnknown)
		assert.ErrorIs(t, act("not a name"), mfa.ErrUserUnknown)
	}
}

func TestAnAdministratorCantShutOutThemselvesOrTheLastOfThem(t *testing.T) {
	o := newOffice(t)
	admin := o.enrolled("admin", mfa.RoleAdmin)
	e := o.login(admin)
	by := mfa.BySession(e.Token)
	assert.ErrorIs(t, o.DisableUser(t.Context(), by, "admin"), mfa.ErrOwnAccount)
	assert.ErrorIs(t, o.SetRole(t.Context(), by, "admin", mfa.RoleStaff), mfa.ErrOwnAccount)
	_, err := o.ResetUser(t.Context(), by, "admin", mfa.LostBoth)
	assert.ErrorIs(t, err, mfa.ErrOwnAccount)

	o.enrolled("second", mfa.RoleAdmin)
	require.NoError(t, o.DisableUser(t.Context(), by, "second"), "while there is another")
	require.NoError(t, o.DisableUser(t.Context(), mfa.ByOS("0"), "admin"), "a command may: it can let one in again")
	require.NoError(t, o.EnableUser(t.Context(), mfa.ByOS("0"), "admin"))
	o.login(admin)
}

func TestTheNextLoginShowsWhatHappenedSinceTheLast(t *testing.T) {
	o := newOffice(t)
	p := o.enrolled("malee", mfa.RoleStaff)
	shown := func(e mfa.Entry) (kinds []mfa.NoticeKind) {
		list, err := o.Notices(t.Context(), e.Token)
		require.NoError(t, err)
		for _, n := range list {
			kinds = append(kinds, n.Kind)
		}
		return kinds
	}
	from := func(agent string, code mfa.Hidden) mfa.Entry {
		o.clock.Forward(mfa.StepLength)
		e, err := o.Login(t.Context(), mfa.Login{UserName: "malee", Password: mfa.Hide(p.password), Agent: agent})
		require.NoError(t, err)
		if code.Reveal() != "" {
			e, err = o.GiveBackupCode(t.Context(), e.Token, code)
		} else {
			e, err = o.GiveTOTP(t.Context(), e.Token, o.code(p))
		}
		require.NoError(t, err)
		return e
	}
	app := mfa.Hidden{}
	assert.Equal(t, []mfa.NoticeKind{mfa.NoticeFactorAdded}, shown(from("office", app)), "the first login shows the enrolment")
	assert.Empty(t, shown(from("office", app)), "nothing since")
	thief := from("somewhere else", p.codes[0])
	assert.Equal(t, []mfa.NoticeKind{mfa.NoticeBackupUsed, mfa.NoticeNewDevice}, shown(thief))
	e := from("office", app)
	assert.Equal(t, []mfa.NoticeKind{mfa.NoticeBackupUsed, mfa.NoticeNewDevice}, shown(e), "the owner sees what the thief did")
	assert.Equal(t, shown(e), shown(e), "all session long")
	e, _ = o.secondKey(e)
	require.NoError(t, o.SetRole(t.Context(), mfa.ByOS("0"), "malee", mfa.RoleDPO))
	assert.Contains(t, shown(e), mfa.NoticeFactorAdded)
	assert.Equal(t, []mfa.NoticeKind{mfa.NoticeFactorAdded, mfa.NoticeRole}, shown(from("office", app)))
	o.enrol(p, o.reset("malee", mfa.LostPhone))
	assert.Equal(t, []mfa.NoticeKind{mfa.NoticeReset, mfa.NoticeFactorAdded}, shown(from("office", app)))
}

func TestSweepingForgetsWhatIsLongOver(t *testing.T) {
	o := newOffice(t)
	p := o.enrolled("malee", mfa.RoleStaff)
	require.NoError(t, o.Logout(t.Context(), o.login(p).Token))
	for range 6 {
		_, _ = o.tryPassword("nobody", goodPassword)
		_, _ = o.tryPassword("malee", "ไม่ใช่รหัสนี้แน่นอน")
	}
	n, err := o.Sweep(t.Context())
	require.NoError(t, err)
	assert.Zero(t, n)
	assert.Empty(t, o.events(mfa.EventSwept), "no deletion, no entry")
	o.clock.Forward(91 * 24 * time.Hour)
	n, err = o.Sweep(t.Context())
	require.NoError(t, err)
	assert.Equal(t, mfa.Swept{Sessions: 1, Grants: 1}, n)
	require.Len(t, o.events(mfa.EventSwept), 1)
	_, err = o.tryPassword("malee", "ไม่ใช่รหัสนี้แน่นอน")
	require.ErrorIs(t, err, mfa.ErrLoginFailed)
	_, err = o.tryPassword("malee", p.password)
	wait, _ := throttle(err)
	assert.Equal(t, time.Minute, wait, "failures of an account are remembered")
}

// failing writes entries until it is told to fail.
type failing struct{ now *bool }

var errLog = errors.New("audit log can't be written")

func (f failing) Record(ctx context.Context, tx *sql.Tx, e mfa.Event) error {
	if *f.now {
		return errLog
	}
	return storetest.Recorder{}.Record(ctx, tx, e)
}

func TestWithoutAnEntryNothingHappens(t *testing.T) {
	o := newOffice(t)
	broken := false
	db, err := store.Open(t.Context(), o.dir, store.Options{Recorder: failing{&broken}})
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, db.Close()) })
	o.Service = mustService(t, o, func(c *mfa.Config) { c.Store = db })

	admin := o.enrolled("admin", mfa.RoleAdmin)
	o.enrolled("malee", mfa.RoleStaff)
	inv := o.add("new", mfa.RoleStaff)
	started := o.add("started", mfa.RoleStaff)
	key, err := o.StartEnrolment(t.Context(), started.Grant, mfa.Hide(goodPassword))
	require.NoError(t, err)
	half, locked := o.half(admin), o.login(admin)
	require.NoError(t, o.Lock(t.Context(), locked.Token))
	e := o.login(admin)
	pending, err := o.AddTOTP(t.Context(), e.Token, "pending")
	require.NoError(t, err)

	acts := o.acts(e)
	for _, harmless := range []string{ // they only look, or leave nothing but a time
		"touch", "unlock", "sessions", "take the desk", "authorise", "notices", "authenticators", "codes left", "sheet", "list users",
		"add a key", "confirm a key", "remove a key", "change password", "reset a user", "disable a user", "enable a user", "unlock a user", "change a role",
	} {
		delete(acts, harmless)
	}
	by, ctx := mfa.BySession(e.Token), t.Context()
	codeOf := func(s mfa.Secret) mfa.Hidden { return codeAt(s, mfa.Step(o.clock.Now())) }
	acts["wrong password"] = func() error {
		_, err := o.tryPassword("malee", "ไม่ใช่รหัสนี้แน่นอน")
		return err
	}
	acts["right password"] = func() error { _, err := o.tryPassword("malee", goodPassword); return err }
	acts["unknown user"] = func() error { _, err := o.tryPassword("nobody", goodPassword); return err }
	acts["second factor"] = func() error { _, err := o.GiveTOTP(ctx, half.Token, o.code(admin)); return err }
	acts["backup code"] = func() error { _, err := o.GiveBackupCode(ctx, half.Token, admin.codes[0]); return err }
	acts["step-up"] = func() error { _, err := o.GiveTOTP(ctx, e.Token, o.code(admin)); return err }
	acts["unlock"] = func() error { _, err := o.Unlock(ctx, locked.Token, mfa.Hide(goodPassword)); return err }
	acts["logout"] = func() error { return o.Logout(ctx, half.Token) }
	acts["confirm a key"] = func() error { _, err := o.ConfirmTOTP(ctx, e.Token, pending.ID, codeOf(pending.Secret)); return err }
	acts["change password"] = func() error {
		_, err := o.ChangePassword(ctx, e.Token, mfa.Hide(goodPassword), mfa.Hide("ปลาสี่ตัวในบ่อหลังบ้าน"))
		return err
	}
	acts["disable"] = func() error { return o.DisableUser(ctx, by, "malee") }
	acts["enable"] = func() error { return o.EnableUser(ctx, by, "malee") }
	acts["role"] = func() error { return o.SetRole(ctx, by, "malee", mfa.RoleDPO) }
	acts["reset"] = func() error { _, err := o.ResetUser(ctx, by, "malee", mfa.LostBoth); return err }
	acts["clear throttle"] = func() error { return o.UnlockUser(ctx, by, "malee") }
	acts["start of enrolment"] = func() error { _, err := o.StartEnrolment(ctx, inv.Grant, mfa.Hide(goodPassword)); return err }
	acts["end of enrolment"] = func() error { _, err := o.FinishEnrolment(ctx, started.Grant, codeOf(key.Secret)); return err }
	acts["bad grant"] = func() error { _, err := o.StartEnrolment(ctx, mfa.Hide("x"), mfa.Hide(goodPassword)); return err }

	broken = true
	before := o.rows()
	for name, act := range acts {
		assert.ErrorIs(t, act(), errLog, name)
		assert.Equal(t, before, o.rows(), name)
	}
}

// rows is everything that acts change, but the throttle, which keeps its tries
// whatever comes of them.
func (o *office) rows() (all []string) {
	o.Helper()
	require.NoError(o, o.store.Read(o.Context(), func(tx *sql.Tx) error {
		for _, table := range []string{"account", "password", "totp", "backup_code", "emergency_code", "enrolment_grant", "session", "session_factor", "desk", "notice", "test_event"} {
			rows, err := tx.QueryContext(o.Context(), `SELECT * FROM `+table+` ORDER BY 1, 2`)
			require.NoError(o, err)
			columns, err := rows.Columns()
			require.NoError(o, err)
			for rows.Next() {
				cells, at := make([]sql.NullString, len(columns)), make([]any, len(columns))
				for i := range cells {
					at[i] = &cells[i]
				}
				require.NoError(o, rows.Scan(at...))
				for _, c := range cells {
					all = append(all, c.String)
				}
			}
			require.NoError(o, rows.Err())
			require.NoError(o, rows.Close())
		}
		return nil
	}))
	return all
}
