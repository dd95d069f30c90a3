package mfa_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/mfa"
)

func TestTheDeskIsHeldByWhoLoggedInLastWithBothFactors(t *testing.T) {
	o := newOffice(t)
	malee, anan := o.enrolled("malee", mfa.RoleStaff), o.enrolled("anan", mfa.RoleStaff)
	assert.Equal(t, "nobody", o.holder())
	e := o.login(malee)
	assert.True(t, e.Session.HoldsDesk)
	assert.Equal(t, "malee", o.holder())

	half := o.half(anan)
	assert.Equal(t, "malee", o.holder(), "a password alone takes nothing")
	assert.ErrorIs(t, o.TakeDesk(t.Context(), half.Token), mfa.ErrMFARequired)
	assert.True(t, o.session(e).HoldsDesk, "and ends nobody's hold")

	next, err := o.GiveTOTP(t.Context(), half.Token, o.code(anan))
	require.NoError(t, err)
	assert.True(t, next.Session.HoldsDesk)
	assert.Equal(t, "anan", o.holder())
	assert.False(t, o.session(e).HoldsDesk, "the former is still logged in, without the desk")
	assert.Equal(t, mfa.StateActive, o.session(e).State)

	taken := o.events(mfa.EventDeskTaken)
	require.Len(t, taken, 2)
	assert.Equal(t, next.Session.User.ID, taken[1].Actor, "both names stand in the entry")
	assert.Equal(t, e.Session.User.ID, taken[1].Attributes["former"])
}

func TestWhatWaitsInTheFormersNameIsOver(t *testing.T) {
	o := newOffice(t)
	malee, anan := o.enrolled("malee", mfa.RoleStaff), o.enrolled("anan", mfa.RoleStaff)
	ways := map[string]func(e mfa.Entry){
		"take-over": func(mfa.Entry) { o.login(anan) },
		"left":      func(e mfa.Entry) { require.NoError(t, o.LeaveDesk(t.Context(), e.Token)) },
		"lock":      func(e mfa.Entry) { require.NoError(t, o.Lock(t.Context(), e.Token)) },
		"lock and unlock": func(e mfa.Entry) {
			require.NoError(t, o.Lock(t.Context(), e.Token))
			_, err := o.Unlock(t.Context(), e.Token, mfa.Hide(malee.password))
			require.NoError(t, err)
		},
		"idle":              func(mfa.Entry) { o.clock.Forward(mfa.IdleLimit) },
		"logout":            func(e mfa.Entry) { require.NoError(t, o.Logout(t.Context(), e.Token)) },
		"ended by the list": func(e mfa.Entry) { require.NoError(t, o.EndSession(t.Context(), e.Token, e.Session.ID)) },
		"disabled": func(mfa.Entry) {
			require.NoError(t, o.DisableUser(t.Context(), mfa.ByOS("0"), "malee"))
			require.NoError(t, o.EnableUser(t.Context(), mfa.ByOS("0"), "malee"))
		},
		"its end": func(mfa.Entry) { o.clock.Forward(mfa.AbsoluteLimit) },
		"take-over and back": func(e mfa.Entry) {
			other := o.login(anan)
			require.NoError(t, o.Logout(t.Context(), other.Token))
			require.NoError(t, o.TakeDesk(t.Context(), e.Token))
		},
	}
	for name, end := range ways {
		e := o.login(malee)
		h, err := o.Holder(t.Context())
		require.NoError(t, err)
		require.Equal(t, "malee", h.User.Name)
		require.NoError(t, o.StillHolds(t.Context(), h.Hold), "nothing has happened yet")
		end(e)
		assert.ErrorIs(t, o.StillHolds(t.Context(), h.Hold), mfa.ErrMFARequired, name)
	}
}

func TestTheHolderIsKnownByTheFactorsOfTheSession(t *testing.T) {
	o := newOffice(t)
	e := o.login(o.enrolled("malee", mfa.RoleStaff))
	h, err := o.Holder(t.Context())
	require.NoError(t, err)
	assert.Equal(t, e.Session.AMR(), h.AMR())
	assert.Equal(t, []string{"pwd", "otp", "mfa"}, h.AMR())
	assert.Equal(t, e.Session.Factors[1].At, h.AuthTime(), "the last factor, which came after the password")
	assert.True(t, mfa.Holder{}.AuthTime().IsZero())
}

func TestResumingBringsTheHoldBackOnlyIfNobodyTookIt(t *testing.T) {
	o := newOffice(t)
	malee, anan := o.enrolled("malee", mfa.RoleStaff), o.enrolled("anan", mfa.RoleStaff)
	unlock := func(e mfa.Entry) mfa.Entry {
		e, err := o.Unlock(t.Context(), e.Token, mfa.Hide(malee.password))
		require.NoError(t, err)
		return e
	}
	e := o.login(malee)
	h, err := o.Holder(t.Context())
	require.NoError(t, err)
	require.NoError(t, o.Lock(t.Context(), e.Token))
	assert.Equal(t, "nobody", o.holder(), "a locked session answers nothing")
	e = unlock(e)
	assert.Equal(t, "malee", o.holder())
	assert.True(t, e.Session.HoldsDesk)
	assert.ErrorIs(t, o.StillHolds(t.Context(), h.Hold), mfa.ErrMFARequired, "what began before the lock is over, however soon it was opened")
	again, err := o.Holder(t.Context())
	require.NoError(t, err)
	assert.NoError(t, o.StillHolds(t.Context(), again.Hold), "and what begins now goes on")
	assert.Equal(t, again.Hold.ID, o.events(mfa.EventUnlocked)[0].Attributes["hold"])

	require.NoError(t, o.Lock(t.Context(), e.Token))
	other := o.login(anan)
	e = unlock(e)
	assert.False(t, e.Session.HoldsDesk)
	assert.Equal(t, "anan", o.holder())

	require.NoError(t, o.TakeDesk(t.Context(), e.Token), "but an active session may take it by a click")
	require.NoError(t, o.Lock(t.Context(), e.Token))
	require.NoError(t, o.TakeDesk(t.Context(), other.Token))
	require.NoError(t, o.Logout(t.Context(), other.Token))
	e = unlock(e)
	assert.Equal(t, "nobody", o.holder(), "somebody took it meanwhile, though they are gone")
	assert.False(t, e.Session.HoldsDesk)
}

func TestTwoLoginsFinishingAtOnceLeaveExactlyOneHolder(t *testing.T) {
	o := newOffice(t)
	people := []*person{o.enrolled("malee", mfa.RoleStaff), o.enrolled("anan", mfa.RoleStaff), o.enrolled("suda", mfa.RoleAdmin)}
	var waiting, done []mfa.Entry
	for _, p := range people {
		waiting = append(waiting, o.half(p))
	}
	done = make([]mfa.Entry, len(people))
	right, wrong := together(len(people), func(i int) (err error) {
		done[i], err = o.GiveTOTP(t.Context(), waiting[i].Token, o.code(people[i]))
		return err
	})
	require.Equal(t, len(people), right, "%v", wrong)
	holders := 0
	for _, e := range done {
		if o.session(e).HoldsDesk {
			holders++
			assert.Equal(t, e.Session.User.Name, o.holder())
		}
	}
	assert.Equal(t, 1, holders)
	taken := o.events(mfa.EventDeskTaken)
	require.Len(t, taken, len(people))
	for i := 1; i < len(taken); i++ {
		assert.Equal(t, taken[i-1].Actor, taken[i].Attributes["former"], "an unbroken row of hand-overs")
	}
}

func TestTheOfficeHasNoDesk(t *testing.T) {
	o := newOffice(t, func(c *mfa.Config) { c.Desk = false })
	e := o.login(o.enrolled("malee", mfa.RoleDPO))
	assert.False(t, e.Session.HoldsDesk)
	assert.ErrorIs(t, o.TakeDesk(t.Context(), e.Token), mfa.ErrMFARequired)
	assert.Equal(t, "nobody", o.holder())
	assert.Empty(t, o.events(mfa.EventDeskTaken))
}

func TestAChangeOfRoleIsSeenByTheHolderAtOnce(t *testing.T) {
	o := newOffice(t)
	p := o.enrolled("malee", mfa.RoleAdmin)
	e := o.login(p)
	require.NoError(t, o.SetRole(t.Context(), mfa.ByOS("0"), "malee", mfa.RoleDPO))
	h, err := o.Holder(t.Context())
	require.NoError(t, err)
	assert.Equal(t, mfa.RoleDPO, h.User.Role)
	_, err = o.Accounts(t.Context(), mfa.BySession(e.Token))
	assert.ErrorIs(t, err, mfa.ErrRoleRefused)
}
