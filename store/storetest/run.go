package storetest

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/mfa"
)

// Open gives a new, empty store that is closed when the test ends.
type Open func(t testing.TB) mfa.Store

// Run runs the whole suite.
func Run(t *testing.T, open Open) {
	for _, part := range []struct {
		name string
		test func(*testing.T, *rig)
	}{
		{"transactions", testTransactions},
		{"users", testUsers},
		{"passwords", testPasswords},
		{"totp keys", testTOTP},
		{"backup codes", testBackupCodes},
		{"emergency code", testEmergencyCode},
		{"grants", testGrants},
		{"throttle", testThrottle},
		{"sessions", testSessions},
		{"factors", testFactors},
		{"desk", testDesk},
		{"notices", testNotices},
		{"clock", testClock},
		{"keys", testKeys},
		{"restore", testRestore},
		{"sweep", testSweep},
	} {
		t.Run(part.name, func(t *testing.T) {
			part.test(t, &rig{T: t, store: open(t)})
		})
	}
}

// rig is one test with its store.
type rig struct {
	*testing.T
	store mfa.Store
}

var (
	noon   = time.Date(2026, 11, 25, 12, 0, 0, 0, time.UTC)
	errFor = errors.New("for this test")
)

func (r *rig) update(fn func(ctx context.Context, tx mfa.Tx)) {
	r.Helper()
	require.NoError(r, r.store.Update(r.Context(), func(tx mfa.Tx) error {
		fn(r.Context(), tx)
		return nil
	}))
}

func (r *rig) view(fn func(ctx context.Context, tx mfa.Tx)) {
	r.Helper()
	require.NoError(r, r.store.View(r.Context(), func(tx mfa.Tx) error {
		fn(r.Context(), tx)
		return nil
	}))
}

// user adds a synthetic account.
func (r *rig) user(name string) mfa.User {
	r.Helper()
	u := mfa.User{ID: "id-" + name, Name: name, Role: mfa.RoleStaff, Created: noon}
	r.update(func(ctx context.Context, tx mfa.Tx) {
		ok, err := tx.InsertUser(ctx, u)
		require.NoError(r, err)
		require.True(r, ok)
	})
	return u
}

// want makes sure that a guard says ok.
func (r *rig) want(ok bool, guard func(ctx context.Context, tx mfa.Tx) (bool, error), why string) {
	r.Helper()
	r.update(func(ctx context.Context, tx mfa.Tx) {
		got, err := guard(ctx, tx)
		require.NoError(r, err)
		assert.Equal(r, ok, got, why)
	})
}

// race calls a guard from fifty transactions at once and wants one winner.
func (r *rig) race(what string, guard func(ctx context.Context, tx mfa.Tx, i int) (bool, error)) {
	r.Helper()
	var (
		wins  atomic.Int64
		group sync.WaitGroup
	)
	for i := range 50 {
		group.Go(func() {
			err := r.store.Update(r.Context(), func(tx mfa.Tx) error {
				ok, err := guard(r.Context(), tx, i)
				if err == nil && ok {
					wins.Add(1)
				}
				return err
			})
			assert.NoError(r, err)
		})
	}
	group.Wait()
	assert.EqualValues(r, 1, wins.Load(), "of fifty at once exactly one may %s", what)
}

func hash(format string, args ...any) []byte {
	return fmt.Appendf(nil, format, args...)
}
