package mfa_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/mfa"
)

func TestALoginGoesFromOneFactorToTwo(t *testing.T) {
	o := newOffice(t)
	p := o.enrolled("malee", mfa.RoleDPO)
	half := o.half(p)
	assert.Equal(t, []string{"pwd"}, half.Session.AMR())
	assert.Equal(t, o.clock.Now().Add(mfa.HalfOpenLimit), half.Session.Ends)

	e, err := o.GiveTOTP(t.Context(), half.Token, o.code(p))
	require.NoError(t, err)
	assert.Equal(t, mfa.StateActive, e.Session.State)
	assert.Equal(t, []string{"pwd", "otp", "mfa"}, e.Session.AMR())
	assert.Equal(t, o.clock.Now().Add(mfa.AbsoluteLimit), e.Session.Ends)
	assert.Equal(t, half.Session.ID, e.Session.ID, "it is still the same session")
	assert.Equal(t, mfa.RoleDPO, e.Session.User.Role)
	assert.Equal(t, e.Session, o.session(e), "and shows itself the same way again")
}

func TestAHalfOpenLoginDoesNotWaitForEver(t *testing.T) {
	o := newOffice(t)
	p := o.enrolled("malee", mfa.RoleStaff)
	e := o.half(p)
	o.clock.Forward(mfa.HalfOpenLimit)
	o.gone(e, "its ten minutes are over")
	_, err := o.GiveTOTP(t.Context(), e.Token, o.code(p))
	assert.ErrorIs(t, err, mfa.ErrMFARequired)
}

func TestEveryRiseBringsANewTokenAndCSRFValue(t *testing.T) {
	o := newOffice(t)
	p := o.enrolled("malee", mfa.RoleStaff)
	before := o.half(p)
	rises := []struct {
		name string
		rise func(e mfa.Entry) (mfa.Entry, error)
	}{
		{"second factor", func(e mfa.Entry) (mfa.Entry, error) { return o.GiveTOTP(t.Context(), e.Token, o.code(p)) }},
		{"step-up", func(e mfa.Entry) (mfa.Entry, error) { return o.GiveTOTP(t.Context(), e.Token, o.code(p)) }},
		{"unlock", func(e mfa.Entry) (mfa.Entry, error) {
			require.NoError(t, o.Lock(t.Context(), e.Token))
			return o.Unlock(t.Context(), e.Token, mfa.Hide(p.password))
		}},
		{"backup code", func(e mfa.Entry) (mfa.Entry, error) { return o.GiveBackupCode(t.Context(), e.Token, p.codes[0]) }},
		{"password change", func(e mfa.Entry) (mfa.Entry, error) {
			return o.ChangePassword(t.Context(), e.Token, mfa.Hide(p.password), mfa.Hide("ปลาสี่ตัวในบ่อหลังบ้าน"))
		}},
	}
	for _, r := range rises {
		after, err := r.rise(before)
		require.NoError(t, err, r.name)
		assert.NotEqual(t, before.Token.Reveal(), after.Token.Reveal(), r.name)
		assert.NotEqual(t, before.Session.CSRF.Reveal(), after.Session.CSRF.Reveal(), r.name)
		o.gone(before, "the token from before "+r.name)
		assert.ErrorIs(t, after.Session.CheckCSRF(before.Session.CSRF.Reveal()), mfa.ErrCSRFRefused, r.name)
		assert.NoError(t, after.Session.CheckCSRF(after.Session.CSRF.Reveal()))
		before = after
		o.nextStep()
	}
}

func TestTheCSRFValueIsTiedToOneSession(t *testing.T) {
	o := newOffice(t)
	p := o.enrolled("malee", mfa.RoleStaff)
	one, other := o.login(p), o.login(p)
	assert.ErrorIs(t, one.Session.CheckCSRF(other.Session.CSRF.Reveal()), mfa.ErrCSRFRefused)
	assert.ErrorIs(t, one.Session.CheckCSRF(one.Token.Reveal()), mfa.ErrCSRFRefused)
	assert.ErrorIs(t, one.Session.CheckCSRF(one.Session.CSRF.Reveal()+"A"), mfa.ErrCSRFRefused)
	assert.NoError(t, one.Session.CheckCSRF(o.session(one).CSRF.Reveal()), "it can be had again, after a reload")
}

func TestPollingForSixtyOneMinutesLocks(t *testing.T) {
	o := newOffice(t)
	p := o.enrolled("malee", mfa.RoleStaff)
	e := o.login(p)
	o.clock.Forward(-mfa.StepLength)
	for range 61 {
		o.clock.Forward(time.Minute)
		_, err := o.Session(t.Context(), e.Token) // what a page that was left open does
		require.NoError(t, err)
		if _, err := o.Holder(t.Context()); err != nil { // what web apps do
			break
		}
	}
	assert.Equal(t, mfa.StateLocked, o.session(e).State)
	assert.Equal(t, "nobody", o.holder())
	assert.ErrorIs(t, o.Touch(t.Context(), e.Token), mfa.ErrMFARequired, "an act comes too late")
	o.mayNothingButUnlock(e)
}

// mayNothingButUnlock is mayNothing for a locked session.
func (o *office) mayNothingButUnlock(e mfa.Entry) {
	o.Helper()
	for name, act := range o.acts(e) {
		if name != "unlock" {
			assert.ErrorIs(o, act(), mfa.ErrMFARequired, name)
		}
	}
}

func TestActsKeepASessionOpenUntilItsAbsoluteEnd(t *testing.T) {
	o := newOffice(t)
	p := o.enrolled("malee", mfa.RoleStaff)
	e := o.login(p)
	o.clock.Forward(-mfa.StepLength)
	for range 24*2 - 1 {
		o.clock.Forward(30 * time.Minute)
		require.NoError(t, o.Touch(t.Context(), e.Token))
	}
	o.clock.Forward(30*time.Minute - time.Millisecond)
	require.Equal(t, mfa.StateActive, o.session(e).State)
	o.clock.Forward(time.Millisecond)
	o.gone(e, "24 hours after the login it is over")
	_, err := o.Unlock(t.Context(), e.Token, mfa.Hide(p.password))
	assert.ErrorIs(t, err, mfa.ErrMFARequired, "and the password alone brings nothing back")
}

func TestALockedSessionIsResumedByThePasswordAlone(t *testing.T) {
	o := newOffice(t)
	p := o.enrolled("malee", mfa.RoleStaff)
	e := o.login(p)
	_, err := o.Unlock(t.Context(), e.Token, mfa.Hide(p.password))
	require.ErrorIs(t, err, mfa.ErrMFARequired, "what isn't locked can't be unlocked")

	require.NoError(t, o.Lock(t.Context(), e.Token))
	assert.Equal(t, mfa.StateLocked, o.session(e).State)
	o.mayNothingButUnlock(e)
	_, err = o.GiveTOTP(t.Context(), e.Token, o.code(p))
	assert.ErrorIs(t, err, mfa.ErrMFARequired, "a code doesn't unlock")
	_, err = o.Unlock(t.Context(), e.Token, mfa.Hide("ไม่ใช่รหัสนี้แน่นอน"))
	require.ErrorIs(t, err, mfa.ErrLoginFailed)
	e, err = o.Unlock(t.Context(), e.Token, mfa.Hide(p.password))
	require.NoError(t, err)
	assert.Equal(t, mfa.StateActive, e.Session.State)

	o.clock.Forward(23 * time.Hour)
	e, err = o.Unlock(t.Context(), e.Token, mfa.Hide(p.password))
	require.NoError(t, err, "also after idleness, within the 24 hours")
	var how []string
	for _, ev := range o.events(mfa.EventUnlocked) {
		how = append(how, ev.Attributes["locked"])
	}
	assert.Equal(t, []string{"by_hand", "idle"}, how)
	o.clock.Forward(time.Hour)
	o.gone(e, "unlocking moves no absolute end")
}

func TestAPersonSeesAndEndsTheirOwnSessions(t *testing.T) {
	o := newOffice(t)
	malee, anan := o.enrolled("malee", mfa.RoleStaff), o.enrolled("anan", mfa.RoleStaff)
	first, second := o.login(malee), o.login(malee)
	waiting, foreign := o.half(malee), o.login(anan)

	list, err := o.Sessions(t.Context(), second.Token)
	require.NoError(t, err)
	states := map[string]mfa.State{}
	for _, s := range list {
		states[s.ID] = s.State
		assert.Equal(t, s.ID == second.Session.ID, s.Current)
		assert.Equal(t, "test browser", s.Agent)
		assert.Equal(t, "127.0.0.1", s.Address)
	}
	assert.Equal(t, map[string]mfa.State{
		first.Session.ID: mfa.StateActive, second.Session.ID: mfa.StateActive, waiting.Session.ID: mfa.StateSecondFactorRequired,
	}, states)

	for name, id := range map[string]string{"another's": foreign.Session.ID, "unknown": "nothing", "empty": ""} {
		assert.ErrorIs(t, o.EndSession(t.Context(), second.Token, id), mfa.ErrSessionUnknown, name)
	}
	require.NoError(t, o.EndSession(t.Context(), second.Token, first.Session.ID))
	o.gone(first, "it was ended from the list")
	assert.ErrorIs(t, o.EndSession(t.Context(), second.Token, first.Session.ID), mfa.ErrSessionUnknown, "once")
	require.NoError(t, o.Logout(t.Context(), waiting.Token), "a session of one factor can end itself")
	o.gone(waiting, "it logged out")
	assert.Equal(t, mfa.StateActive, o.session(foreign).State)
}

func TestAddressAndAgentAreKeptShortAndDecideNothing(t *testing.T) {
	o := newOffice(t)
	p := o.enrolled("malee", mfa.RoleStaff)
	long := "ก\x00\n\xff" + string(make([]byte, 100)) + "browser"
	for range 100 {
		long += "ยาว"
	}
	e, err := o.Login(t.Context(), mfa.Login{UserName: "malee", Password: mfa.Hide(p.password), Address: "junk, 10.0.0.1", Agent: long})
	require.NoError(t, err)
	e, err = o.GiveTOTP(t.Context(), e.Token, o.code(p))
	require.NoError(t, err)
	list, err := o.Sessions(t.Context(), e.Token)
	require.NoError(t, err)
	assert.LessOrEqual(t, len(list[0].Agent), 200)
	assert.Regexp(t, `^กbrowser(ยาว)+ยา?$|^กbrowser(ยาว)+$`, list[0].Agent, "printable, and cut between characters")
}

// Everything that changes what a person logs in with ends the other sessions.
func TestAChangeOfFactorsEndsTheOtherSessions(t *testing.T) {
	changes := map[string]func(o *office, e mfa.Entry, p *person){
		"password change": func(o *office, e mfa.Entry, p *person) {
			_, err := o.ChangePassword(t.Context(), e.Token, mfa.Hide(p.password), mfa.Hide("ปลาสี่ตัวในบ่อหลังบ้าน"))
			require.NoError(t, err)
		},
		"key added": func(o *office, e mfa.Entry, p *person) { o.secondKey(e) },
		"key removed": func(o *office, e mfa.Entry, p *person) {
			e, key := o.secondKey(e)
			require.NoError(t, o.RemoveTOTP(t.Context(), e.Token, key.ID))
		},
		"new backup codes": func(o *office, e mfa.Entry, p *person) {
			_, err := o.NewBackupCodes(t.Context(), e.Token)
			require.NoError(t, err)
		},
	}
	for name, change := range changes {
		t.Run(name, func(t *testing.T) {
			o := newOffice(t)
			p := o.enrolled("malee", mfa.RoleStaff)
			bystander := o.login(o.enrolled("anan", mfa.RoleStaff))
			others := []mfa.Entry{o.login(p), o.half(p)}
			e := o.login(p)
			change(o, e, p)
			for _, other := range others {
				o.gone(other, name)
			}
			assert.Equal(t, mfa.StateActive, o.session(bystander).State, "nobody else's")
			assert.Equal(t, "malee", o.holder(), "the session that made the change goes on, and holds the desk")
		})
	}
	resets := map[string]func(o *office){
		"disabled":      func(o *office) { require.NoError(t, o.DisableUser(t.Context(), mfa.ByOS("0"), "malee")) },
		"lost phone":    func(o *office) { o.reset("malee", mfa.LostPhone) },
		"lost password": func(o *office) { o.reset("malee", mfa.LostPassword) },
		"lost both":     func(o *office) { o.reset("malee", mfa.LostBoth) },
		"after restore": func(o *office) { require.NoError(t, o.AfterRestore(t.Context(), mfa.ByOS("0"), nil)) },
		"enrolled anew": func(o *office) {
			o.enrol(&person{name: "malee", password: goodPassword}, o.reset("malee", mfa.LostBoth))
		},
		"key was rolled": func(o *office) { o.forgetKeys() },
	}
	for name, reset := range resets {
		t.Run(name, func(t *testing.T) {
			o := newOffice(t)
			p := o.enrolled("malee", mfa.RoleStaff)
			all := []mfa.Entry{o.half(p), o.login(p)}
			reset(o)
			for _, e := range all {
				o.gone(e, name)
			}
			assert.Equal(t, "nobody", o.holder())
		})
	}
}

func (o *office) reset(name string, lost mfa.Lost) mfa.Invitation {
	o.Helper()
	inv, err := o.ResetUser(o.Context(), mfa.ByOS("0"), name, lost)
	require.NoError(o, err)
	return inv
}

// secondKey adds a second authenticator to the session's user.
func (o *office) secondKey(e mfa.Entry) (mfa.Entry, mfa.NewKey) {
	o.Helper()
	key, err := o.AddTOTP(o.Context(), e.Token, "second phone")
	require.NoError(o, err)
	e, err = o.ConfirmTOTP(o.Context(), e.Token, key.ID, codeAt(key.Secret, mfa.Step(o.clock.Now())))
	require.NoError(o, err)
	return e, key
}

func TestASessionThatLosesItsOwnKeyAsksForAnother(t *testing.T) {
	o := newOffice(t)
	p := o.enrolled("malee", mfa.RoleStaff)
	e := o.login(p)
	e, key := o.secondKey(e)
	own, err := o.Authenticators(t.Context(), e.Token)
	require.NoError(t, err)
	require.Len(t, own, 2)
	require.NoError(t, o.RemoveTOTP(t.Context(), e.Token, own[0].ID))
	assert.Equal(t, mfa.StateSecondFactorRequired, o.session(e).State, "it was opened by that key")
	_, err = o.GiveTOTP(t.Context(), e.Token, o.code(p))
	require.ErrorIs(t, err, mfa.ErrLoginFailed, "which is worth nothing now")
	o.nextStep()
	ends := o.session(e).Ends
	e, err = o.GiveTOTP(t.Context(), e.Token, codeAt(key.Secret, mfa.Step(o.clock.Now())))
	require.NoError(t, err)
	assert.Equal(t, mfa.StateActive, e.Session.State)
	assert.Equal(t, ends, e.Session.Ends, "this is no new login")
	assert.ErrorIs(t, o.RemoveTOTP(t.Context(), e.Token, key.ID), mfa.ErrLastAuthenticator)
}

func TestASessionThatLostItsKeyDoesNotWaitIdly(t *testing.T) {
	o := newOffice(t)
	e, key := o.secondKey(o.login(o.enrolled("malee", mfa.RoleStaff)))
	own, err := o.Authenticators(t.Context(), e.Token)
	require.NoError(t, err)
	require.NoError(t, o.RemoveTOTP(t.Context(), e.Token, own[0].ID))
	o.clock.Forward(mfa.IdleLimit)
	_, err = o.GiveTOTP(t.Context(), e.Token, codeAt(key.Secret, mfa.Step(o.clock.Now())))
	assert.ErrorIs(t, err, mfa.ErrMFARequired, "after an hour a phone alone must not open what would be locked")
}

func TestTheNextCodeIsAnnouncedRatherThanCalledWrong(t *testing.T) {
	o := newOffice(t)
	p := o.enrolled("malee", mfa.RoleStaff)
	assert.Zero(t, o.half(p).Session.NextCode, "the code shown now can be used")
	e, err := o.GiveTOTP(t.Context(), o.half(p).Token, o.code(p))
	require.NoError(t, err)
	next := e.Session.NextCode
	assert.Equal(t, mfa.StepStart(mfa.Step(o.clock.Now())+1), next)
	_, err = o.GiveTOTP(t.Context(), e.Token, o.code(p))
	require.ErrorIs(t, err, mfa.ErrLoginFailed, "the code of a login confirms no step-up in the same 30 seconds")
	o.clock.Forward(next.Sub(o.clock.Now()))
	assert.Zero(t, o.session(e).NextCode)
	o.stepUp(e, p)
}
