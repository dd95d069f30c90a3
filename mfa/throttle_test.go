package mfa_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/mfa"
)

func TestTheWaitsAreThoseOfTheRule(t *testing.T) {
	for n, want := range map[int]time.Duration{
		0: 0, 1: 0, 5: 0, 6: 30 * time.Second, 7: time.Minute, 8: 2 * time.Minute, 12: 32 * time.Minute, 13: time.Hour, 99: time.Hour,
	} {
		assert.Equal(t, want, mfa.Throttling.Wait(n), "failure %d", n)
	}
}

func TestFiveWrongAndOneRightTakeNoWait(t *testing.T) {
	o := newOffice(t)
	p := o.enrolled("malee", mfa.RoleStaff)
	for range 3 { // a finished login begins anew
		for range 5 {
			_, err := o.tryPassword("malee", "ไม่ใช่รหัสนี้แน่นอน")
			require.ErrorIs(t, err, mfa.ErrLoginFailed)
		}
		o.login(p)
		for range 5 {
			_, err := o.GiveTOTP(t.Context(), o.half(p).Token, o.wrongCode(p))
			require.ErrorIs(t, err, mfa.ErrLoginFailed)
		}
		o.login(p)
	}
}

func TestTheSixthFailureCostsThirtySecondsAndEachOneMoreTheDouble(t *testing.T) {
	o := newOffice(t)
	p := o.enrolled("malee", mfa.RoleStaff)
	wrong := func() error {
		_, err := o.tryPassword("malee", "ไม่ใช่รหัสนี้แน่นอน")
		return err
	}
	for range 6 {
		require.ErrorIs(t, wrong(), mfa.ErrLoginFailed)
	}
	for _, want := range []time.Duration{30 * time.Second, time.Minute, 2 * time.Minute} {
		wait, locked := throttle(wrong())
		assert.Equal(t, want, wait)
		assert.False(t, locked)
		o.clock.Forward(wait - time.Millisecond)
		_, err := o.tryPassword("malee", p.password)
		require.True(t, isThrottled(err), "nor is the right one checked before")
		o.clock.Forward(time.Millisecond)
		require.ErrorIs(t, wrong(), mfa.ErrLoginFailed)
	}
	assert.NotEmpty(t, o.events(mfa.EventLoginThrottled))
}

func TestARightPasswordResetsNothingOfTheSecondFactors(t *testing.T) {
	o := newOffice(t)
	p := o.enrolled("malee", mfa.RoleStaff)
	for range 6 {
		_, err := o.GiveTOTP(t.Context(), o.half(p).Token, o.wrongCode(p))
		require.ErrorIs(t, err, mfa.ErrLoginFailed)
	}
	o.clock.Forward(30 * time.Second)
	e := o.half(p) // right, and given back
	_, err := o.GiveTOTP(t.Context(), e.Token, o.wrongCode(p))
	require.ErrorIs(t, err, mfa.ErrLoginFailed)
	_, err = o.GiveTOTP(t.Context(), e.Token, o.wrongCode(p))
	wait, _ := throttle(err)
	assert.Equal(t, time.Minute, wait, "the seventh failure, whatever came between")
}

func TestUnlockingAndSteppingUpResetNothing(t *testing.T) {
	o := newOffice(t)
	p := o.enrolled("malee", mfa.RoleStaff)
	e := o.login(p)
	for range 5 {
		_, err := o.tryPassword("malee", "ไม่ใช่รหัสนี้แน่นอน")
		require.ErrorIs(t, err, mfa.ErrLoginFailed)
	}
	e = o.stepUp(e, p)
	require.NoError(t, o.Lock(t.Context(), e.Token))
	_, err := o.Unlock(t.Context(), e.Token, mfa.Hide(p.password))
	require.NoError(t, err)
	_, err = o.tryPassword("malee", "ไม่ใช่รหัสนี้แน่นอน")
	require.ErrorIs(t, err, mfa.ErrLoginFailed)
	_, err = o.tryPassword("malee", p.password)
	assert.True(t, isThrottled(err), "the sixth failure has its wait")
}

func TestAlternatingAddressesChangeNothing(t *testing.T) {
	o := newOffice(t)
	o.enrolled("malee", mfa.RoleStaff)
	checks := 0
	for i := range 50 {
		_, err := o.Login(t.Context(), mfa.Login{
			UserName: []string{"malee", "MALEE", " malee "}[i%3], Password: mfa.Hide("ไม่ใช่รหัสนี้แน่นอน"),
			Address: "10.0.0." + string(rune('0'+i%10)), Agent: time.Duration(i).String(),
		})
		if !isThrottled(err) {
			checks++
		}
	}
	assert.Equal(t, mfa.Throttling.Free+1, checks, "nor do spellings of the name")
}

func TestOnePersonsFailuresThrottleNobodyElse(t *testing.T) {
	o := newOffice(t)
	o.enrolled("malee", mfa.RoleStaff)
	anan := o.enrolled("anan", mfa.RoleStaff)
	for range 10 {
		_, err := o.tryPassword("malee", "ไม่ใช่รหัสนี้แน่นอน")
		require.Error(t, err)
	}
	o.login(anan)
}

func TestAnAdministratorOrACommandOpensAThrottledAccount(t *testing.T) {
	o := newOffice(t)
	admin, malee := o.enrolled("admin", mfa.RoleAdmin), o.enrolled("malee", mfa.RoleStaff)
	shut := func() {
		for range 6 {
			_, err := o.tryPassword("malee", "ไม่ใช่รหัสนี้แน่นอน")
			require.ErrorIs(t, err, mfa.ErrLoginFailed)
		}
		_, err := o.tryPassword("malee", malee.password)
		require.True(t, isThrottled(err))
	}
	shut()
	list, err := o.Accounts(t.Context(), mfa.ByOS("0"))
	require.NoError(t, err)
	assert.Equal(t, o.clock.Now().Add(30*time.Second), list[1].Waits)
	assert.Zero(t, list[0].Waits)
	require.NoError(t, o.UnlockUser(t.Context(), mfa.ByOS("1000"), "malee"))
	o.login(malee)
	shut()
	e := o.login(admin)
	require.NoError(t, o.UnlockUser(t.Context(), mfa.BySession(e.Token), "malee"))
	o.login(malee)
	opened := o.events(mfa.EventUserUnlocked)
	require.Len(t, opened, 2)
	assert.Equal(t, "os:1000", opened[0].Actor)
	assert.Equal(t, e.Session.User.ID, opened[1].Actor)
}

func TestATryWhoseProcessDiesStaysTaken(t *testing.T) {
	o := newOffice(t)
	o.enrolled("malee", mfa.RoleStaff)
	for range 6 { // the check never comes to an end
		ctx, stop := contextThatEnds(t)
		_, err := mustService(t, o, func(c *mfa.Config) { c.OnHash = stop }).Login(ctx, mfa.Login{UserName: "malee", Password: mfa.Hide(goodPassword)})
		require.Error(t, err)
	}
	_, err := o.tryPassword("malee", goodPassword)
	assert.True(t, isThrottled(err))
}

// What happens to an account while argon2 runs counts: the answer is judged
// again in the transaction that would let the person in.
func TestAPasswordThatIsTakenAwayWhileItIsCheckedOpensNothing(t *testing.T) {
	for name, meanwhile := range map[string]func(o *office){
		"disabled":       func(o *office) { require.NoError(t, o.DisableUser(t.Context(), mfa.ByOS("0"), "malee")) },
		"reset":          func(o *office) { o.reset("malee", mfa.LostPassword) },
		"set to another": func(o *office) { o.sql(`UPDATE password SET phc = phc || 'x'`) },
	} {
		o := newOffice(t)
		p := o.enrolled("malee", mfa.RoleStaff)
		slow := mustService(t, o, func(c *mfa.Config) { c.OnHash = func() { meanwhile(o) } })
		_, err := slow.Login(t.Context(), mfa.Login{UserName: "malee", Password: mfa.Hide(p.password)})
		assert.ErrorIs(t, err, mfa.ErrLoginFailed, name)
	}
}
