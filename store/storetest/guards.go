package storetest

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/mfa"
)

func (r *rig) totp(u mfa.User, id string, confirmed time.Time) mfa.TOTP {
	r.Helper()
	k := mfa.TOTP{ID: id, User: u.ID, Label: "phone", Secret: []byte("sealed " + id), Created: noon, Confirmed: confirmed}
	if confirmed.IsZero() {
		k.PendingFor = "session:" + u.ID
	}
	r.update(func(ctx context.Context, tx mfa.Tx) { require.NoError(r, tx.InsertTOTP(ctx, k)) })
	return k
}

func testTOTP(t *testing.T, r *rig) {
	u := r.user("malee")
	active, pending := r.totp(u, "active", noon), r.totp(u, "pending", time.Time{})
	advance := func(id string, step int64) func(context.Context, mfa.Tx) (bool, error) {
		return func(ctx context.Context, tx mfa.Tx) (bool, error) { return tx.AdvanceStep(ctx, id, step) }
	}
	r.want(true, advance("active", 100), "a first step is taken")
	r.want(false, advance("active", 100), "but not twice")
	r.want(false, advance("active", 99), "nor an older one after it")
	r.want(true, advance("active", 101), "a later one is")
	r.want(false, advance("pending", 100), "an inactive key takes none")
	r.want(false, advance("unknown", 100), "nor does one that isn't there")
	r.race("take a step", func(ctx context.Context, tx mfa.Tx, _ int) (bool, error) { return tx.AdvanceStep(ctx, "active", 200) })

	r.race("confirm a key", func(ctx context.Context, tx mfa.Tx, _ int) (bool, error) {
		return tx.ConfirmTOTP(ctx, "pending", 300, noon.Add(time.Hour))
	})
	r.want(false, advance("pending", 300), "the code that confirmed a key is used")
	r.want(true, func(ctx context.Context, tx mfa.Tx) (bool, error) {
		return tx.ResealTOTP(ctx, "active", active.Secret, []byte("anew"))
	}, "a secret is sealed anew")
	r.want(false, func(ctx context.Context, tx mfa.Tx) (bool, error) {
		return tx.ResealTOTP(ctx, "active", active.Secret, []byte("again"))
	}, "by one of two")

	active.LastStep, active.Secret = 200, []byte("anew")
	pending.LastStep, pending.Confirmed, pending.PendingFor = 300, noon.Add(time.Hour), ""
	other := r.user("anan")
	r.want(false, func(ctx context.Context, tx mfa.Tx) (bool, error) { return tx.DeleteTOTP(ctx, other.ID, "active") }, "only its owner's key can go")
	r.update(func(ctx context.Context, tx mfa.Tx) {
		require.NoError(t, tx.DeletePendingTOTP(ctx, "session:"+u.ID))
		list, err := tx.TOTPs(ctx, u.ID)
		require.NoError(t, err)
		assert.Equal(t, []mfa.TOTP{active, pending}, list, "confirmed ones are never deleted as pending")
		everyone, err := tx.AllTOTPs(ctx)
		require.NoError(t, err)
		assert.Len(t, everyone, 2)
	})
	r.want(true, func(ctx context.Context, tx mfa.Tx) (bool, error) { return tx.DeleteTOTP(ctx, u.ID, "active") }, "the owner's goes")
}

func testBackupCodes(t *testing.T, r *rig) {
	malee, anan := r.user("malee"), r.user("anan")
	set := func(u mfa.User, names ...string) {
		var codes []mfa.BackupCode
		for _, n := range names {
			codes = append(codes, mfa.BackupCode{ID: n, User: u.ID, Hash: hash("hash of %s", n), Created: noon})
		}
		r.update(func(ctx context.Context, tx mfa.Tx) { require.NoError(t, tx.ReplaceBackupCodes(ctx, u.ID, codes)) })
	}
	use := func(u mfa.User, n string) func(context.Context, mfa.Tx) (bool, error) {
		return func(ctx context.Context, tx mfa.Tx) (bool, error) {
			id, ok, err := tx.UseBackupCode(ctx, u.ID, hash("hash of %s", n), noon)
			if ok {
				assert.Equal(t, n, id)
			}
			return ok, err
		}
	}
	left := func(u mfa.User, want int) {
		r.view(func(ctx context.Context, tx mfa.Tx) {
			n, err := tx.BackupCodes(ctx, u.ID)
			require.NoError(t, err)
			assert.Equal(t, want, n)
		})
	}
	set(malee, "m1", "m2", "m3")
	set(anan, "a1")
	r.want(false, use(anan, "m1"), "another user's code is none")
	r.want(true, use(malee, "m1"), "a code is used")
	r.want(false, use(malee, "m1"), "once")
	r.race("use a code", func(ctx context.Context, tx mfa.Tx, _ int) (bool, error) { return use(malee, "m2")(ctx, tx) })
	left(malee, 1)
	set(malee, "m4", "m5")
	r.want(false, use(malee, "m3"), "a new set voids the old")
	left(malee, 2)
	set(malee)
	left(malee, 0)
	left(anan, 1)
}

func testEmergencyCode(t *testing.T, r *rig) {
	u := r.user("admin")
	make := func(id string, at time.Duration) {
		r.update(func(ctx context.Context, tx mfa.Tx) {
			require.NoError(t, tx.ReplaceEmergencyCode(ctx, mfa.EmergencyCode{ID: id, Hash: hash("%s", id), Created: noon.Add(at)}))
		})
	}
	use := func(ctx context.Context, tx mfa.Tx, id string) (bool, error) {
		_, ok, err := tx.UseEmergencyCode(ctx, hash("%s", id), u.ID, noon)
		return ok, err
	}
	r.view(func(ctx context.Context, tx mfa.Tx) {
		none, err := tx.EmergencyCode(ctx)
		require.NoError(t, err)
		assert.Zero(t, none)
	})
	make("first", 0)
	make("second", time.Hour)
	r.want(false, func(ctx context.Context, tx mfa.Tx) (bool, error) { return use(ctx, tx, "first") }, "a new sheet voids the old")
	r.race("use the emergency code", func(ctx context.Context, tx mfa.Tx, _ int) (bool, error) { return use(ctx, tx, "second") })
	r.view(func(ctx context.Context, tx mfa.Tx) {
		c, err := tx.EmergencyCode(ctx)
		require.NoError(t, err)
		assert.Equal(t, "second", c.ID)
		assert.Equal(t, u.ID, c.UsedBy)
		assert.Equal(t, noon, c.Used)
		assert.Zero(t, c.Void)
	})
}

func testGrants(t *testing.T, r *rig) {
	u := r.user("malee")
	add := func(id string) {
		r.update(func(ctx context.Context, tx mfa.Tx) {
			require.NoError(t, tx.InsertGrant(ctx, mfa.Grant{
				ID: id, User: u.ID, Purpose: mfa.PurposeEnrol, Hash: hash("%s", id), MadeBy: "os:0", Created: noon, Ends: noon.Add(time.Hour),
			}))
		})
	}
	pending := mfa.Password{PHC: "$waits", Pepper: "k1"}
	start := func(id string, now time.Time) func(context.Context, mfa.Tx) (bool, error) {
		return func(ctx context.Context, tx mfa.Tx) (bool, error) { return tx.StartGrant(ctx, id, pending, now) }
	}
	use := func(id string, now time.Time) func(context.Context, mfa.Tx) (bool, error) {
		return func(ctx context.Context, tx mfa.Tx) (bool, error) { return tx.UseGrant(ctx, id, now) }
	}
	add("one")
	r.want(false, use("one", noon), "a grant that isn't started can't be used")
	r.want(true, start("one", noon), "it is started")
	r.want(true, start("one", noon.Add(time.Minute)), "and may be again")
	r.want(false, start("one", noon.Add(time.Hour)), "but not past its end")
	r.want(false, use("one", noon.Add(time.Hour)), "nor used then")
	r.view(func(ctx context.Context, tx mfa.Tx) {
		g, err := tx.GrantByHash(ctx, hash("one"))
		require.NoError(t, err)
		assert.Equal(t, pending, g.Pending)
		assert.Equal(t, noon.Add(time.Minute), g.Started)
		none, err := tx.GrantByHash(ctx, hash("unknown"))
		require.NoError(t, err)
		assert.Zero(t, none)
	})
	r.race("use a grant", func(ctx context.Context, tx mfa.Tx, _ int) (bool, error) { return use("one", noon)(ctx, tx) })
	r.want(false, start("one", noon), "a used grant can't be started")
	add("two")
	r.want(true, start("two", noon), "another one")
	r.update(func(ctx context.Context, tx mfa.Tx) { require.NoError(t, tx.VoidGrants(ctx, u.ID, noon)) })
	r.want(false, use("two", noon), "a void one can't be used")
	r.view(func(ctx context.Context, tx mfa.Tx) {
		for _, id := range []string{"one", "two"} {
			g, err := tx.GrantByHash(ctx, hash("%s", id))
			require.NoError(t, err)
			assert.Zero(t, g.Pending, "no password waits in a grant that is over")
		}
	})
}

func testThrottle(t *testing.T, r *rig) {
	key, now := mfa.ThrottleKey{Account: "user:1", Method: mfa.MethodTOTP}, noon
	reserve := func(key mfa.ThrottleKey, now time.Time) (res mfa.Reservation, ok bool) {
		r.update(func(ctx context.Context, tx mfa.Tx) {
			var err error
			res, ok, err = tx.ReserveTry(ctx, key, mfa.Throttling, now)
			require.NoError(t, err)
		})
		return res, ok
	}
	giveBack := func(res mfa.Reservation) {
		r.update(func(ctx context.Context, tx mfa.Tx) { require.NoError(t, tx.ReturnTry(ctx, res)) })
	}
	for n := 1; n <= mfa.Throttling.Limit; n++ {
		res, ok := reserve(key, now)
		require.True(t, ok, "try %d", n)
		wait := mfa.Throttling.Wait(n)
		assert.Equal(t, now.Add(wait), res.Set, "try %d costs %s", n, wait)
		if wait > 0 {
			_, ok := reserve(key, now.Add(wait-time.Millisecond))
			require.False(t, ok, "not before the wait of try %d is over", n)
		}
		now = now.Add(wait)
	}
	_, ok := reserve(key, now.Add(1000*time.Hour))
	assert.False(t, ok, "at the limit no wait helps")

	other := mfa.ThrottleKey{Account: "user:1"}
	for range 5 {
		_, ok := reserve(other, noon)
		require.True(t, ok, "each key counts for itself")
	}
	sixth, ok := reserve(other, noon)
	require.True(t, ok)
	_, ok = reserve(other, noon)
	require.False(t, ok)
	giveBack(sixth)
	again, ok := reserve(other, noon)
	require.True(t, ok, "a try given back takes its wait along")
	later := noon.Add(time.Hour)
	seventh, ok := reserve(other, later)
	require.True(t, ok)
	giveBack(again)
	r.view(func(ctx context.Context, tx mfa.Tx) {
		row, err := tx.Throttle(ctx, other)
		require.NoError(t, err)
		assert.Equal(t, mfa.Throttle{Tries: 6, NotBefore: seventh.Set}, row, "but not the wait that another try has set")
	})
	r.update(func(ctx context.Context, tx mfa.Tx) { require.NoError(t, tx.ResetTries(ctx, "user:1")) })
	for _, k := range []mfa.ThrottleKey{key, other} {
		_, ok := reserve(k, noon)
		assert.True(t, ok, "a reset opens every counter of the account")
	}
	r.update(func(ctx context.Context, tx mfa.Tx) { require.NoError(t, tx.ResetTries(ctx, "user:1")) })
	giveBack(seventh)
	r.view(func(ctx context.Context, tx mfa.Tx) {
		row, err := tx.Throttle(ctx, other)
		require.NoError(t, err)
		assert.Zero(t, row.Tries, "a try given back after a reset counts below nothing")
	})

	crowd, first := mfa.ThrottleKey{Account: "user:2"}, 0
	for range 60 {
		if _, ok := reserve(crowd, noon); ok {
			first++
		}
	}
	assert.Equal(t, mfa.Throttling.Free+1, first, "at one moment no more than the free tries and the one that sets a wait")
}

func testClock(t *testing.T, r *rig) {
	want := func(offset, run int) {
		r.update(func(ctx context.Context, tx mfa.Tx) {
			require.NoError(t, tx.NoteStep(ctx, offset))
			got, err := tx.StepRun(ctx)
			require.NoError(t, err)
			assert.Equal(t, run, got)
		})
	}
	want(0, 0)
	want(-1, -1)
	want(-1, -2)
	want(1, 1)
	want(1, 2)
	want(1, 3)
	want(0, 0)
}
