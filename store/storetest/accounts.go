package storetest

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/mfa"
)

func testTransactions(t *testing.T, r *rig) {
	u := mfa.User{ID: "id-malee", Name: "malee", Role: mfa.RoleStaff, Created: noon}

	err := r.store.Update(t.Context(), func(tx mfa.Tx) error {
		ok, err := tx.InsertUser(t.Context(), u)
		require.NoError(t, err)
		require.True(t, ok)
		return errFor
	})
	require.ErrorIs(t, err, errFor, "the function's error comes through")
	r.view(func(ctx context.Context, tx mfa.Tx) {
		_, err := tx.User(ctx, u.ID)
		assert.ErrorIs(t, err, mfa.ErrUserUnknown, "and nothing has happened")
	})

	assert.Panics(t, func() {
		_ = r.store.Update(t.Context(), func(tx mfa.Tx) error {
			_, err := tx.InsertUser(t.Context(), u)
			require.NoError(t, err)
			panic("in the middle")
		})
	})
	r.view(func(ctx context.Context, tx mfa.Tx) {
		_, err := tx.User(ctx, u.ID)
		assert.ErrorIs(t, err, mfa.ErrUserUnknown, "a panic undoes it too")
	})

	err = r.store.View(t.Context(), func(tx mfa.Tx) error {
		_, err := tx.InsertUser(t.Context(), u)
		return err
	})
	require.Error(t, err, "a view writes nothing")

	r.user("malee")
	r.view(func(ctx context.Context, tx mfa.Tx) {
		got, err := tx.User(ctx, u.ID)
		require.NoError(t, err)
		assert.Equal(t, u, got, "and after all that the store works on")
	})
}

func testUsers(t *testing.T, r *rig) {
	malee, anan := r.user("malee"), r.user("anan")
	r.want(false, func(ctx context.Context, tx mfa.Tx) (bool, error) {
		return tx.InsertUser(ctx, mfa.User{ID: "another", Name: "malee", Role: mfa.RoleAdmin, Created: noon})
	}, "a name is given once")

	malee.Role, malee.Disabled, malee.LastLogin = mfa.RoleDPO, noon.Add(time.Hour), noon.Add(time.Minute)
	r.update(func(ctx context.Context, tx mfa.Tx) {
		require.NoError(t, tx.UpdateUser(ctx, malee))
		assert.ErrorIs(t, tx.UpdateUser(ctx, mfa.User{ID: "nobody", Role: mfa.RoleStaff}), mfa.ErrUserUnknown)
	})
	r.view(func(ctx context.Context, tx mfa.Tx) {
		list, err := tx.Users(ctx)
		require.NoError(t, err)
		assert.Equal(t, []mfa.User{anan, malee}, list, "by name, with what was changed")
		got, err := tx.UserNamed(ctx, "malee")
		require.NoError(t, err)
		assert.Equal(t, malee, got)
		_, err = tx.UserNamed(ctx, "Malee")
		assert.ErrorIs(t, err, mfa.ErrUserUnknown, "names are compared byte for byte")
	})
}

func testPasswords(t *testing.T, r *rig) {
	u := r.user("malee")
	first := mfa.Password{User: u.ID, PHC: "$first", Pepper: "k1", Changed: noon}
	second := mfa.Password{User: u.ID, PHC: "$second", Pepper: "k2", Changed: noon.Add(time.Hour)}
	r.update(func(ctx context.Context, tx mfa.Tx) {
		none, err := tx.Password(ctx, u.ID)
		require.NoError(t, err)
		assert.Zero(t, none, "no password is a zero row")
		require.NoError(t, tx.SetPassword(ctx, first))
		require.NoError(t, tx.SetPassword(ctx, second))
	})
	r.update(func(ctx context.Context, tx mfa.Tx) {
		got, err := tx.Password(ctx, u.ID)
		require.NoError(t, err)
		assert.Equal(t, second, got, "the second replaces the first")
		require.NoError(t, tx.DropPassword(ctx, u.ID))
		got, err = tx.Password(ctx, u.ID)
		require.NoError(t, err)
		assert.Zero(t, got)
	})
}

func testNotices(t *testing.T, r *rig) {
	malee, anan := r.user("malee"), r.user("anan")
	notice := func(u mfa.User, at time.Duration, kind mfa.NoticeKind) mfa.Notice {
		n := mfa.Notice{User: u.ID, At: noon.Add(at), Kind: kind, Detail: "detail"}
		r.update(func(ctx context.Context, tx mfa.Tx) { require.NoError(t, tx.InsertNotice(ctx, n)) })
		return n
	}
	notice(malee, -time.Hour, mfa.NoticeReset)
	second := notice(malee, 0, mfa.NoticeFactorAdded)
	third := notice(malee, time.Hour, mfa.NoticeBackupUsed)
	notice(anan, time.Hour, mfa.NoticeReset)
	r.view(func(ctx context.Context, tx mfa.Tx) {
		list, err := tx.Notices(ctx, malee.ID, noon)
		require.NoError(t, err)
		assert.Equal(t, []mfa.Notice{second, third}, list, "one's own, from that moment on, oldest first")
		all, err := tx.Notices(ctx, malee.ID, time.Time{})
		require.NoError(t, err)
		assert.Len(t, all, 3, "from a zero time on: all")
	})
}
