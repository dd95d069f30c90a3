package storetest

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/mfa"
)

func (r *rig) session(u mfa.User, id string) mfa.SessionRow {
	r.Helper()
	row := mfa.SessionRow{
		ID: id, User: u.ID, TokenHash: hash("token of %s", id), KeyID: "k1", Created: noon, LastAct: noon, Ends: noon.Add(time.Hour),
		Address: "127.0.0.1", Agent: "browser of " + id,
	}
	r.update(func(ctx context.Context, tx mfa.Tx) { require.NoError(r, tx.InsertSession(ctx, row)) })
	return row
}

func (r *rig) read(id string) (row mfa.SessionRow) {
	r.Helper()
	r.view(func(ctx context.Context, tx mfa.Tx) {
		var err error
		row, err = tx.Session(ctx, id)
		require.NoError(r, err)
	})
	return row
}

func testSessions(t *testing.T, r *rig) {
	u := r.user("malee")
	row := r.session(u, "s1")
	r.view(func(ctx context.Context, tx mfa.Tx) {
		got, err := tx.SessionByToken(ctx, row.TokenHash)
		require.NoError(t, err)
		assert.Equal(t, row, got)
		none, err := tx.SessionByToken(ctx, hash("unknown"))
		require.NoError(t, err)
		assert.Zero(t, none)
	})

	rise := mfa.Rise{
		Session: "s1", From: row.TokenHash, To: hash("new token"), KeyID: "k2", At: noon.Add(time.Minute),
		Ends: noon.Add(24 * time.Hour), LoggedIn: noon.Add(time.Minute), Since: noon.Add(-time.Hour),
	}
	r.race("raise a session", func(ctx context.Context, tx mfa.Tx, i int) (bool, error) {
		mine := rise
		mine.To = fmt.Appendf(nil, "new token %d", i)
		return tx.RaiseSession(ctx, mine)
	})
	got := r.read("s1")
	row.TokenHash, row.KeyID, row.LastAct, row.Ends, row.LoggedIn, row.Since = got.TokenHash, rise.KeyID, rise.At, rise.Ends, rise.LoggedIn, rise.Since
	assert.Equal(t, row, got)

	touch := func(now time.Time) func(context.Context, mfa.Tx) (bool, error) {
		return func(ctx context.Context, tx mfa.Tx) (bool, error) {
			return tx.TouchSession(ctx, "s1", now, now.Add(-time.Hour))
		}
	}
	lock := func(ctx context.Context, tx mfa.Tx) (bool, error) {
		return tx.LockSession(ctx, "s1", noon.Add(time.Hour))
	}
	r.want(true, touch(noon.Add(30*time.Minute)), "an act is noted")
	r.want(false, touch(noon.Add(90*time.Minute)), "but none after an hour of idleness")
	r.want(true, lock, "a session is locked")
	r.want(false, lock, "once")
	r.want(false, touch(noon.Add(31*time.Minute)), "a locked one notes no act")
	rise.From, rise.To = got.TokenHash, hash("after the lock")
	r.want(true, func(ctx context.Context, tx mfa.Tx) (bool, error) { return tx.RaiseSession(ctx, rise) }, "it can be raised")
	assert.Zero(t, r.read("s1").Locked, "and is locked no more")

	end := mfa.End{At: noon.Add(2 * time.Hour), By: u.ID, Reason: mfa.EndLogout}
	finish := func(ctx context.Context, tx mfa.Tx) (bool, error) { return tx.EndSession(ctx, "s1", end) }
	r.want(true, finish, "it ends")
	r.want(false, finish, "once")
	assert.Equal(t, end, r.read("s1").Ended)
	rise.From = rise.To
	r.want(false, func(ctx context.Context, tx mfa.Tx) (bool, error) { return tx.RaiseSession(ctx, rise) }, "an ended one isn't raised")
	r.want(false, lock, "nor locked")

	for i := range 4 {
		r.session(u, fmt.Sprintf("m%d", i))
	}
	r.session(r.user("anan"), "other")
	r.update(func(ctx context.Context, tx mfa.Tx) {
		n, err := tx.EndSessions(ctx, u.ID, "m2", end)
		require.NoError(t, err)
		assert.EqualValues(t, 3, n, "all of a user but the one")
		list, err := tx.Sessions(ctx, u.ID)
		require.NoError(t, err)
		require.Len(t, list, 1, "those that ended aren't listed")
		assert.Equal(t, "m2", list[0].ID)
	})
	assert.Zero(t, r.read("other").Ended)
}

// testFactors: the owner of a factor is looked up in the authenticator's row.
func testFactors(t *testing.T, r *rig) {
	malee, anan := r.user("malee"), r.user("anan")
	r.totp(malee, "key", noon)
	r.totp(malee, "inactive", time.Time{})
	r.totp(anan, "foreign", noon)
	r.update(func(ctx context.Context, tx mfa.Tx) {
		require.NoError(t, tx.SetPassword(ctx, mfa.Password{User: malee.ID, PHC: "$", Pepper: "k", Changed: noon}))
		require.NoError(t, tx.ReplaceBackupCodes(ctx, malee.ID, []mfa.BackupCode{
			{ID: "used", Hash: hash("used"), Created: noon}, {ID: "unused", Hash: hash("unused"), Created: noon},
		}))
		_, ok, err := tx.UseBackupCode(ctx, malee.ID, hash("used"), noon)
		require.NoError(t, err)
		require.True(t, ok)
		require.NoError(t, tx.ReplaceEmergencyCode(ctx, mfa.EmergencyCode{ID: "sheet", Hash: hash("sheet"), Created: noon}))
		_, ok, err = tx.UseEmergencyCode(ctx, hash("sheet"), malee.ID, noon)
		require.NoError(t, err)
		require.True(t, ok)
		row := mfa.SessionRow{ID: "s", User: malee.ID, TokenHash: hash("s"), Created: noon, LastAct: noon, Ends: noon.Add(time.Hour)}
		for _, f := range []mfa.Factor{
			{Method: mfa.MethodPassword, Authenticator: malee.ID},
			{Method: mfa.MethodTOTP, Authenticator: "key"},
			{Method: mfa.MethodTOTP, Authenticator: "inactive"},
			{Method: mfa.MethodTOTP, Authenticator: "foreign"},
			{Method: mfa.MethodBackupCode, Authenticator: "used"},
			{Method: mfa.MethodBackupCode, Authenticator: "unused"},
			{Method: mfa.MethodEmergencyCode, Authenticator: "sheet"},
			{Method: "passkey", Authenticator: "key"},
		} {
			f.At = noon
			row.Factors = append(row.Factors, f)
		}
		require.NoError(t, tx.InsertSession(ctx, row))
	})
	owners := func() (list []string) {
		for _, f := range r.read("s").Factors {
			list = append(list, f.Owner)
		}
		return list
	}
	assert.Equal(t, []string{malee.ID, malee.ID, "", anan.ID, malee.ID, "", malee.ID, ""}, owners())
	r.update(func(ctx context.Context, tx mfa.Tx) {
		require.NoError(t, tx.DropPassword(ctx, malee.ID))
		_, err := tx.DeleteTOTP(ctx, malee.ID, "key")
		require.NoError(t, err)
		require.NoError(t, tx.ReplaceBackupCodes(ctx, malee.ID, nil))
	})
	assert.Equal(t, []string{"", "", "", anan.ID, malee.ID, "", malee.ID, ""}, owners(), "what is gone has no owner; a used code stays used")
}

func testDesk(t *testing.T, r *rig) {
	u := r.user("malee")
	hold := func(id string) mfa.Hold { return mfa.Hold{ID: id, Session: "s-" + id, User: u.ID, Since: noon} }
	take := func(id, former string) func(context.Context, mfa.Tx) (bool, error) {
		return func(ctx context.Context, tx mfa.Tx) (bool, error) { return tx.TakeDesk(ctx, hold(id), former) }
	}
	now := func() (h mfa.Hold) {
		r.view(func(ctx context.Context, tx mfa.Tx) {
			var err error
			h, err = tx.Desk(ctx)
			require.NoError(t, err)
		})
		return h
	}
	leave := func(session string) func(context.Context, mfa.Tx) (bool, error) {
		return func(ctx context.Context, tx mfa.Tx) (bool, error) { return tx.LeaveDesk(ctx, session) }
	}
	assert.Zero(t, now(), "at first nobody holds it")
	r.want(false, leave(""), "so nobody can leave it")
	r.want(true, take("a", ""), "it is taken")
	r.want(false, take("b", ""), "but not by who believes it empty")
	r.want(true, take("b", "a"), "it is taken over from who held it")
	assert.Equal(t, hold("b"), now())
	r.race("take it from the same holder", func(ctx context.Context, tx mfa.Tx, i int) (bool, error) {
		return tx.TakeDesk(ctx, hold(fmt.Sprint(i)), "b")
	})
	r.want(false, leave("s-b"), "who holds it no more can't leave it")
	r.want(true, leave(now().Session), "the holder leaves it")
	assert.Zero(t, now())
}

func testKeys(t *testing.T, r *rig) {
	check := mfa.KeyCheck{Ring: "secrets", KeyID: "k1", Value: []byte("sealed"), Created: noon}
	insert := func(ctx context.Context, tx mfa.Tx) (bool, error) { return tx.InsertKeyCheck(ctx, check) }
	r.want(true, insert, "a check value is kept")
	r.want(false, insert, "and not written over")
	u, other := r.user("malee"), r.user("anan")
	r.update(func(ctx context.Context, tx mfa.Tx) {
		list, err := tx.KeyChecks(ctx)
		require.NoError(t, err)
		assert.Equal(t, []mfa.KeyCheck{check}, list)
		require.NoError(t, tx.SetPassword(ctx, mfa.Password{User: u.ID, PHC: "$", Pepper: "k1", Changed: noon}))
		require.NoError(t, tx.SetPassword(ctx, mfa.Password{User: other.ID, PHC: "$", Pepper: "k1", Changed: noon}))
		require.NoError(t, tx.InsertGrant(ctx, mfa.Grant{ID: "g", User: u.ID, Hash: hash("g"), Created: noon, Ends: noon.Add(time.Hour)}))
		_, err = tx.StartGrant(ctx, "g", mfa.Password{PHC: "$", Pepper: "k2"}, noon)
		require.NoError(t, err)
		uses, err := tx.PepperUse(ctx, noon)
		require.NoError(t, err)
		assert.Equal(t, map[string]int{"k1": 2, "k2": 1}, uses)
		uses, err = tx.PepperUse(ctx, noon.Add(time.Hour))
		require.NoError(t, err)
		assert.Equal(t, map[string]int{"k1": 2}, uses, "a grant that ran out needs no key")
	})
}

func testRestore(t *testing.T, r *rig) {
	u := r.user("admin")
	r.totp(u, "behind", noon)
	r.totp(u, "ahead", noon)
	r.session(u, "s1")
	r.update(func(ctx context.Context, tx mfa.Tx) {
		_, err := tx.AdvanceStep(ctx, "ahead", 900)
		require.NoError(t, err)
		require.NoError(t, tx.ReplaceBackupCodes(ctx, u.ID, []mfa.BackupCode{{ID: "b", Hash: hash("b"), Created: noon}}))
		require.NoError(t, tx.ReplaceEmergencyCode(ctx, mfa.EmergencyCode{ID: "e", Hash: hash("e"), Created: noon}))
		require.NoError(t, tx.InsertGrant(ctx, mfa.Grant{ID: "g", User: u.ID, Hash: hash("g"), Created: noon, Ends: noon.Add(time.Hour)}))
		_, err = tx.TakeDesk(ctx, mfa.Hold{ID: "h", Session: "s1", User: u.ID, Since: noon}, "")
		require.NoError(t, err)

		require.NoError(t, tx.VoidCodes(ctx, noon))
		require.NoError(t, tx.EndAllSessions(ctx, mfa.End{At: noon, By: "os:0", Reason: mfa.EndRestore}))
		require.NoError(t, tx.MoveStepGuards(ctx, 500))
	})
	for id, want := range map[string]int64{"behind": 500, "ahead": 900} {
		r.view(func(ctx context.Context, tx mfa.Tx) {
			list, err := tx.TOTPs(ctx, u.ID)
			require.NoError(t, err)
			for _, k := range list {
				if k.ID == id {
					assert.Equal(t, want, k.LastStep, "guards move forwards only")
				}
			}
		})
	}
	r.update(func(ctx context.Context, tx mfa.Tx) {
		_, ok, err := tx.UseBackupCode(ctx, u.ID, hash("b"), noon)
		require.NoError(t, err)
		assert.False(t, ok)
		_, ok, err = tx.UseEmergencyCode(ctx, hash("e"), u.ID, noon)
		require.NoError(t, err)
		assert.False(t, ok)
		ok, err = tx.StartGrant(ctx, "g", mfa.Password{}, noon)
		require.NoError(t, err)
		assert.False(t, ok)
		h, err := tx.Desk(ctx)
		require.NoError(t, err)
		assert.Zero(t, h)
	})
	assert.Equal(t, mfa.EndRestore, r.read("s1").Ended.Reason)
}

func testSweep(t *testing.T, r *rig) {
	u := r.user("malee")
	old, young := r.session(u, "old"), r.session(u, "young")
	require.NotEqual(t, old.ID, young.ID)
	r.totp(u, "active", noon)
	r.totp(u, "forgotten", time.Time{})
	r.update(func(ctx context.Context, tx mfa.Tx) {
		_, err := tx.EndSession(ctx, "old", mfa.End{At: noon, Reason: mfa.EndLogout})
		require.NoError(t, err)
		require.NoError(t, tx.InsertGrant(ctx, mfa.Grant{ID: "g", User: u.ID, Hash: hash("g"), Created: noon, Ends: noon.Add(time.Minute)}))
		for _, account := range []string{"unknown:1", "user:1"} {
			_, _, err := tx.ReserveTry(ctx, mfa.ThrottleKey{Account: account}, mfa.Throttling, noon)
			require.NoError(t, err)
		}
	})
	late := noon.Add(30 * time.Minute)
	r.update(func(ctx context.Context, tx mfa.Tx) {
		n, err := tx.Sweep(ctx, mfa.Housekeeping{Sessions: late, Grants: late, Pending: late})
		require.NoError(t, err)
		assert.Equal(t, mfa.Swept{Sessions: 1, Grants: 1, Pending: 1}, n)
		for _, account := range []string{"unknown:1", "user:1"} {
			row, err := tx.Throttle(ctx, mfa.ThrottleKey{Account: account})
			require.NoError(t, err)
			assert.Equal(t, 1, row.Tries, "a counter is never swept, of a name without account as little as of one with")
		}
		keys, err := tx.TOTPs(ctx, u.ID)
		require.NoError(t, err)
		require.Len(t, keys, 1)
		assert.Equal(t, "active", keys[0].ID)
	})
	assert.Zero(t, r.read("old").ID)
	assert.Equal(t, "young", r.read("young").ID)
}
