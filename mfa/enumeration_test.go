package mfa_test

import (
	"database/sql"
	"errors"
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/mfa"
)

// answer is all that a caller can see of a failed login, and what it cost.
type answer struct {
	text, kind string
	hashes     int64
	entries    int
}

func (o *office) answer(try func() error) answer {
	o.Helper()
	hashes, entries := o.hashes.Load(), o.entries()
	err := try()
	require.Error(o, err)
	return answer{err.Error(), fmt.Sprintf("%T %+v", errors.Unwrap(err), err), o.hashes.Load() - hashes, o.entries() - entries}
}

// entries is how many events there are.
func (o *office) entries() (n int) {
	o.Helper()
	require.NoError(o, o.store.Read(o.Context(), func(tx *sql.Tx) error {
		return tx.QueryRowContext(o.Context(), `SELECT count(*) FROM test_event`).Scan(&n)
	}))
	return n
}

func TestAFailedLoginTellsNothingAboutTheAccount(t *testing.T) {
	o := newOffice(t)
	o.enrolled("malee", mfa.RoleStaff)
	o.enrolled("gone", mfa.RoleStaff)
	require.NoError(t, o.DisableUser(t.Context(), mfa.ByOS("0"), "gone"))
	o.add("new", mfa.RoleStaff)
	o.enrolled("reset", mfa.RoleStaff)
	o.reset("reset", mfa.LostPassword)
	const wrong = "ไม่ใช่รหัสนี้แน่นอน"
	cases := []struct{ name, user, password string }{
		{"wrong password", "malee", wrong},
		{"unknown user", "nobody", wrong},
		{"impossible user name", "no body", wrong},
		{"disabled, right password", "gone", goodPassword},
		{"disabled, wrong password", "gone", wrong},
		{"not enrolled", "new", wrong},
		{"without password", "reset", goodPassword},
		{"short password", "malee", "x"},
		{"short password of nobody", "nobody", "x"},
	}
	want := answer{"login failed", "<nil> login failed", 1, 1}
	for _, c := range cases {
		got := o.answer(func() error { _, err := o.tryPassword(c.user, c.password); return err })
		assert.Equal(t, want, got, c.name)
	}
	for _, name := range []string{"malee", "nobody"} {
		got := o.answer(func() error { _, err := o.tryPassword(name, string(make([]byte, 5000))); return err })
		assert.Equal(t, answer{want.text, want.kind, 0, 1}, got, "what no account can have is hashed for none")
	}
}

func TestAWrongSecondFactorAnswersLikeAWrongPassword(t *testing.T) {
	o := newOffice(t)
	p := o.enrolled("malee", mfa.RoleStaff)
	e := o.half(p)
	tries := map[string]func() error{
		"password": func() error {
			_, err := o.tryPassword("malee", "ไม่ใช่รหัสนี้แน่นอน")
			return err
		},
		"code": func() error { _, err := o.GiveTOTP(t.Context(), e.Token, o.wrongCode(p)); return err },
		"backup": func() error {
			_, err := o.GiveBackupCode(t.Context(), e.Token, mfa.Hide("0000-0000-0000-0000"))
			return err
		},
		"emergency": func() error {
			_, err := o.GiveEmergencyCode(t.Context(), e.Token, mfa.Hide("0000-0000-0000-0000-0000"))
			return err
		},
	}
	for name, try := range tries {
		got := o.answer(try)
		assert.Equal(t, "login failed", got.text, name)
		assert.Equal(t, "<nil> login failed", got.kind, name)
		assert.Equal(t, 1, got.entries, name)
	}
}

func TestUnknownUsersAreThrottledExactlyLikeKnownOnes(t *testing.T) {
	o := newOffice(t)
	o.enrolled("malee", mfa.RoleStaff)
	o.enrolled("gone", mfa.RoleStaff)
	require.NoError(t, o.DisableUser(t.Context(), mfa.ByOS("0"), "gone"))
	course := func(name string) (list []answer) {
		start := o.clock.Now()
		for range 120 {
			err := error(nil)
			list = append(list, o.answer(func() error {
				_, err = o.tryPassword(name, "ไม่ใช่รหัสนี้แน่นอน")
				return err
			}))
			if wait, locked := throttle(err); !locked {
				o.clock.Forward(wait)
			}
		}
		o.clock.Forward(start.Sub(o.clock.Now()))
		return list
	}
	known := course("malee")
	assert.Equal(t, known, course("nobody"))
	assert.Equal(t, known, course("gone"))
	assert.Equal(t, known, course("not a name"))
}

func TestABadGrantTellsNothingAboutTheAccount(t *testing.T) {
	o := newOffice(t)
	late := o.add("late", mfa.RoleStaff)
	o.clock.Forward(mfa.GrantLife) // before the others are made: each is bad for its own reason alone
	used := o.add("used", mfa.RoleStaff)
	o.enrol(&person{name: "used", password: goodPassword}, used)
	void := o.add("void", mfa.RoleStaff)
	o.reset("void", mfa.LostBoth)
	disabled := o.add("disabled", mfa.RoleStaff)
	o.sql(`UPDATE account SET disabled_at = 1 WHERE name = 'disabled'`) // its grant is not void
	for name, grant := range map[string]mfa.Hidden{
		"unknown": mfa.Hide("unknown"), "used": used.Grant, "void": void.Grant, "late": late.Grant, "of a disabled user": disabled.Grant,
	} {
		want := answer{"grant refused", "<nil> grant refused", 0, 1}
		for _, password := range []string{goodPassword, "short", "password"} {
			got := o.answer(func() error {
				_, err := o.StartEnrolment(t.Context(), grant, mfa.Hide(password))
				return err
			})
			assert.Equal(t, want, got, "%s", name)
		}
		got := o.answer(func() error { _, err := o.FinishEnrolment(t.Context(), grant, mfa.Hide("123456")); return err })
		assert.Equal(t, want, got, "%s", name)
	}
}
