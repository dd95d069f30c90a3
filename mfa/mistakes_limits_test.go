package mfa_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/mfa"
)

func TestMistake02_CVE_2025_55003_CVE_2025_6015_TheLimitIsOnAccountAndFactor(t *testing.T) {
	o := newOffice(t)
	p := o.enrolled("malee", mfa.RoleStaff)
	var sessions []mfa.Entry
	for range 20 {
		sessions = append(sessions, o.half(p))
	}
	checked := 0
	for _, e := range sessions { // a new session for every try
		_, err := o.GiveTOTP(t.Context(), e.Token, o.wrongCode(p))
		if !isThrottled(err) {
			require.ErrorIs(t, err, mfa.ErrLoginFailed)
			checked++
		}
	}
	assert.Equal(t, mfa.Throttling.Free+1, checked)
	_, err := o.GiveTOTP(t.Context(), sessions[0].Token, o.code(p))
	assert.True(t, isThrottled(err), "not even the right one is checked now")
}

func TestMistake08_CVE_2024_32868_GHSA_7j7j_66cv_m239_WrongCodesLock(t *testing.T) {
	o := newOffice(t)
	p := o.enrolled("malee", mfa.RoleStaff)
	o.wrongUntilLocked(func() error {
		e, err := o.tryPassword("malee", p.password)
		if err == nil {
			_, err = o.GiveTOTP(t.Context(), e.Token, o.wrongCode(p))
		}
		return err
	})
	o.clock.Forward(1000 * time.Hour)
	_, err := o.tryPassword("malee", p.password)
	assert.True(t, isThrottled(err), "the account over all factors is shut too")
	require.NoError(t, o.UnlockUser(t.Context(), mfa.ByOS("0"), "malee"))
	o.login(p)
}

// wrongUntilLocked makes wrong tries, waits as it is told, and wants exactly as
// many checks as the limit allows.
func (o *office) wrongUntilLocked(try func() error) {
	o.Helper()
	checks := 0
	for {
		err := try()
		if !isThrottled(err) {
			require.ErrorIs(o, err, mfa.ErrLoginFailed)
			checks++
			require.LessOrEqual(o, checks, mfa.Throttling.Limit)
			continue
		}
		wait, locked := throttle(err)
		if locked {
			break
		}
		o.clock.Forward(wait)
	}
	assert.Equal(o, mfa.Throttling.Limit, checks)
}

func TestMistake09_CVE_2025_64102_TheCapIsOverAllFactorsAndSessions(t *testing.T) {
	o := newOffice(t)
	p := o.enrolled("admin", mfa.RoleAdmin)
	_, err := o.NewEmergencyCode(t.Context(), mfa.ByOS("0"))
	require.NoError(t, err)
	e := o.login(p)
	key, err := o.AddTOTP(t.Context(), e.Token, "pending")
	require.NoError(t, err)
	locked := o.login(p)
	require.NoError(t, o.Lock(t.Context(), locked.Token))
	open := []mfa.Entry{}
	for range 3 {
		open = append(open, o.half(p))
	}
	wrong := mfa.Hide("ไม่ใช่รหัสนี้แน่นอน")
	ways := []func() error{
		func() error { _, err := o.tryPassword("admin", wrong.Reveal()); return err },
		func() error { _, err := o.GiveTOTP(t.Context(), open[0].Token, o.wrongCode(p)); return err },
		func() error {
			_, err := o.GiveBackupCode(t.Context(), open[1].Token, mfa.Hide("0000-0000-0000-0000"))
			return err
		},
		func() error {
			_, err := o.GiveEmergencyCode(t.Context(), open[2].Token, mfa.Hide("0000-0000-0000-0000-0000"))
			return err
		},
		func() error { _, err := o.Unlock(t.Context(), locked.Token, wrong); return err },
		func() error { _, err := o.GiveTOTP(t.Context(), e.Token, o.wrongCode(p)); return err },
		func() error {
			_, err := o.ConfirmTOTP(t.Context(), e.Token, key.ID, o.wrongCode(&person{secret: key.Secret}))
			return err
		},
		func() error {
			_, err := o.ChangePassword(t.Context(), e.Token, wrong, mfa.Hide("ปลาสี่ตัวในบ่อหลังบ้าน"))
			return err
		},
	}
	checks, throttled := 0, 0
	for i := range 10 * len(ways) {
		if err := ways[i%len(ways)](); isThrottled(err) {
			throttled++
		} else {
			require.ErrorIs(t, err, mfa.ErrLoginFailed)
			checks++
		}
	}
	assert.Equal(t, mfa.Throttling.Free+1, checks, "whichever way is taken in turn")
	assert.Equal(t, 10*len(ways)-checks, throttled)
}

func TestMistake11_GHSA_7h8m_vrxx_vr4m_CVE_2023_47111_ParallelChecksDontBeatTheLockout(t *testing.T) {
	o := newOffice(t)
	p := o.enrolled("malee", mfa.RoleStaff)
	e, wrongCode := o.half(p), o.wrongCode(p)
	right, wrong := together(50, func(int) error {
		_, err := o.GiveTOTP(t.Context(), e.Token, wrongCode)
		return err
	})
	assert.Zero(t, right)
	checks := 0
	for _, err := range wrong {
		if !isThrottled(err) {
			require.ErrorIs(t, err, mfa.ErrLoginFailed)
			checks++
		}
	}
	assert.Equal(t, mfa.Throttling.Free+1, checks)
}

func TestMistake29_GHSA_85v8_vx4w_q684_CVE_2018_14657_WrongPasswordsCountWithTheSecondFactorOn(t *testing.T) {
	o := newOffice(t)
	p := o.enrolled("malee", mfa.RoleStaff)
	o.wrongUntilLocked(func() error {
		_, err := o.tryPassword("malee", "ไม่ใช่รหัสนี้แน่นอน")
		return err
	})
	_, err := o.tryPassword("malee", p.password)
	assert.True(t, isThrottled(err))
}
