package counter

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/api"
	"chipproof/audit"
	"chipproof/mfa"
	"chipproof/proofing"
	"chipproof/simulator"
)

func TestA1AnotherLocalProgramGetsNoMoreThanTheSiteItPlays(t *testing.T) {
	d := newDesk(t)
	d.once = true
	forged := []string{
		fromSite, "Sec-Fetch-Site: cross-site", "Sec-Fetch-Mode: cors", "Sec-Fetch-Dest: empty", "Referer: " + site + "/",
		"Authorization: Bearer " + strings.Repeat("a", 40), "User-Agent: Mozilla/5.0",
	}
	a := d.raw(post("/v1/reads", fill("sex"), forged...))
	assert.Equal(t, map[string]any{"sex": "male"}, a.read(t).Identity, "form filling: as the site would get it")
	d.raw(post("/v1/reads", fill("sex"), forged...)).says(t, 409, "read_already", "once an insertion")
	reads := d.office.Entries(audit.KindRead)
	require.Len(t, reads, 1, "and in the audit log")
	assert.Equal(t, site, reads[0].Attributes["origin"])

	d.raw(get("/v1/users", "Authorization: Bearer x")).says(t, 403, "mfa_required", "the console: no cookie")
	d.raw(post("/v1/desk", "{}", ours, "Authorization: Bearer x", "X-Chipproof-CSRF: x")).says(t, 403, "mfa_required", "")
	d.raw(post("/v1/origins", "{}", ours, "Cookie: "+d.office.Cookie()+"_n=x")).says(t, 403, "mfa_required", "")
}

func TestA2NobodyAtTheDeskMeansNoAnswer(t *testing.T) {
	ask := func(d *desk) answer { return d.readCard("sex") }
	for name, row := range map[string]func(*desk){
		"nobody logged in":  func(d *desk) { require.NoError(d.t, d.office.MFA.Logout(d.t.Context(), d.login.Token)) },
		"one factor only":   func(d *desk) { require.NoError(d.t, d.office.MFA.Logout(d.t.Context(), d.login.Token)); d.half() },
		"idle for an hour":  func(d *desk) { d.office.Clock.Forward(mfa.IdleLimit) },
		"over after a day":  func(d *desk) { d.stayAwake(mfa.AbsoluteLimit) },
		"locked by hand":    func(d *desk) { require.NoError(d.t, d.office.MFA.Lock(d.t.Context(), d.login.Token)) },
		"user disabled":     func(d *desk) { require.NoError(d.t, d.office.MFA.DisableUser(d.t.Context(), mfa.ByOS("0"), "malee")) },
		"left by the clerk": func(d *desk) { require.NoError(d.t, d.office.MFA.LeaveDesk(d.t.Context(), d.login.Token)) },
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t)
			require.Equal(t, 200, ask(d).status)
			row(d)
			a := ask(d)
			a.says(t, 403, "mfa_required", "")
			assert.Equal(t, site, a.header.Get("Access-Control-Allow-Origin"), "the page may read why")
			for _, path := range []string{"/v1/readers", "/v1/events"} {
				d.raw(get(path, fromSite)).says(t, 403, "mfa_required", path)
			}
			before := d.card.Exchanges()
			ask(d)
			assert.Equal(t, before, d.card.Exchanges(), "nothing is read")
		})
	}
}

// half is a login by the clerk's password alone.
func (d *desk) half() *page {
	d.t.Helper()
	e, err := d.office.MFA.Login(d.t.Context(), mfa.Login{UserName: d.clerk.Name, Password: mfa.Hide(d.clerk.Password)})
	require.NoError(d.t, err)
	return d.pageOf(e)
}

// stayAwake moves the clock on, with an act of the clerk now and then.
func (d *desk) stayAwake(long time.Duration) {
	for passed := time.Duration(0); passed < long; passed += 30 * time.Minute {
		_ = d.office.MFA.Touch(d.t.Context(), d.login.Token)
		d.office.Clock.Forward(30 * time.Minute)
	}
}

func TestA3AUsedCodeAndOneTwoStepsOffAreWrong(t *testing.T) {
	d := newDesk(t)
	code := d.clerk.Code()
	require.Equal(t, 200, d.half().post("/v1/sessions/current/totp", words("code", code)).status)
	d.half().post("/v1/sessions/current/totp", words("code", code)).says(t, 401, "login_failed", "twice in its window")
	for offset, right := range map[int64]bool{-2: false, 2: false, 3: false, 1: true} {
		d.office.Clock.Forward(10 * mfa.StepLength)
		a := d.half().post("/v1/sessions/current/totp", words("code", d.clerk.CodeAt(offset)))
		if right {
			assert.Equal(t, 200, a.status, offset)
			continue
		}
		a.says(t, 401, "login_failed", fmt.Sprint(offset))
	}
}

func TestA4GuessingIsThrottledWithAWaitAndAnEntry(t *testing.T) {
	d := newDesk(t)
	var last answer
	for range mfa.Throttling.Free + 2 {
		last = d.raw(post("/v1/sessions", words("username", "malee", "password", "ผิดแน่ ๆ ทั้งประโยค"), ours))
	}
	last.says(t, 429, "throttled", "")
	assert.Equal(t, "30", last.header.Get("Retry-After"))
	assert.Len(t, d.office.Entries(audit.Kind(mfa.EventLoginFailed)), mfa.Throttling.Free+1)
	assert.Len(t, d.office.Entries(audit.Kind(mfa.EventLoginThrottled)), 1)
}

func TestA8OnlyAnAdministratorWithAFreshFactorChangesTheList(t *testing.T) {
	d := newDesk(t)
	clerk := d.pageOf(d.login)
	admin, p := d.administrator(t)
	entry := words("origin", "https://new.example.go.th")
	clerk.post("/v1/origins", entry).says(t, 403, "role_refused", "")
	clerk.get("/v1/origins").says(t, 403, "role_refused", "")
	clerk.get("/v1/origins/refused").says(t, 403, "role_refused", "")
	clerk.do("DELETE", "/v1/origins/7", "").says(t, 403, "role_refused", "")
	d.office.Clock.Forward(mfa.StepUpAge)
	require.Equal(t, 200, p.get("/v1/origins").status, "looking needs no step-up")
	p.post("/v1/origins", entry).says(t, 403, "step_up_required", "")
	p.do("DELETE", "/v1/origins/7", "").says(t, 403, "step_up_required", "")
	p.stepUp(admin)
	assert.Equal(t, 200, p.post("/v1/origins", entry).status)
}

func TestW1ASessionIsNoOrigin(t *testing.T) {
	d := newDesk(t)
	p := d.pageOf(d.login)
	d.raw(get("/v1/events", "Origin: http://localhost:3000", "Cookie: "+p.cookie, "Sec-Fetch-Site: same-site")).says(t, 403, "origin_refused", "")
	d.raw(get("/v1/events", "Cookie: "+p.cookie)).says(t, 403, "request_context_refused", "a cookie, and nobody says from where")
	d.raw(get("/v1/events", "Cookie: "+p.cookie, "Sec-Fetch-Site: same-site")).says(t, 403, "request_context_refused", "")
}

func TestOurOwnConsoleFollowsAndReadsByItsSession(t *testing.T) {
	d := newDesk(t)
	p := d.pageOf(d.login)
	s := d.follow("Cookie: "+p.cookie, "Sec-Fetch-Site: same-origin", "Sec-Fetch-Mode: cors", "Sec-Fetch-Dest: empty")
	s.until("card_inserted")
	assert.Equal(t, 200, p.get("/v1/readers").status)
	a := p.post("/v1/reads", fill("sex"))
	require.Equal(t, 200, a.status, a.body)
	own := a.read(t).ID
	assert.Empty(t, a.header.Get("Access-Control-Allow-Origin"))
	p.post("/v1/reads", fill("laser_code")).says(t, 403, "field_refused", "the defaults hold for us, too")
	reads := d.office.Entries(audit.KindRead)
	require.Len(t, reads, 1)
	assert.Equal(t, "console", reads[0].Attributes["origin"])
	assert.Equal(t, d.login.Session.User.ID, reads[0].Actor)
	require.Equal(t, 200, d.readCard("sex").status)
	require.NoError(t, d.machine.Remove(reader))
	steps := 0
	for e := s.next(); e.name != "card_removed"; e = s.next() {
		require.Equal(t, "read_progress", e.name)
		assert.Contains(t, e.data, own, "its own read and nobody else's")
		steps++
	}
	assert.Positive(t, steps)
}

func TestW3AStreamEndsWithTheHoldInWhoseNameItBegan(t *testing.T) {
	for name, happens := range map[string]func(*desk){
		"locked":     func(d *desk) { require.NoError(d.t, d.office.MFA.Lock(d.t.Context(), d.login.Token)) },
		"left":       func(d *desk) { require.NoError(d.t, d.office.MFA.Logout(d.t.Context(), d.login.Token)) },
		"taken over": func(d *desk) { d.office.Enrolled("anan", mfa.RoleStaff).Login() },
		"idle":       func(d *desk) { d.office.Clock.Forward(mfa.IdleLimit) },
		"disabled":   func(d *desk) { require.NoError(d.t, d.office.MFA.DisableUser(d.t.Context(), mfa.ByOS("0"), "malee")) },
		"revoked":    func(d *desk) { d.origins.revoke(site) },
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t)
			s := d.follow(fromSite)
			s.until("card_inserted")
			happens(d)
			require.NoError(t, d.machine.Remove(reader))
			assert.Equal(t, event{}, s.next(), "not one event more")
			if name == "taken over" {
				d.follow(fromSite).until("reader_added") // the page comes back in the next clerk's name
			}
		})
	}
}

func TestW3AStreamOnWhichNothingHappensEndsByItself(t *testing.T) {
	machine := simulator.NewMachine(reader)
	d := openDesk(t, machine, func(o *api.Options) { o.Limits.Recheck = 5 * time.Millisecond })
	s := d.follow(fromSite)
	s.until("reader_added")
	d.office.Enrolled("anan", mfa.RoleStaff).Login()
	assert.Equal(t, event{}, s.next())
}

// Row 27: whatever ends the clerk's right during a read, nothing is released,
// the insertion is not used up, and an entry says that it came to nothing.
func TestRow27WhenTheClerkIsGoneDuringAReadNothingIsReleased(t *testing.T) {
	for name, row := range map[string]struct {
		happens func(*desk)
		code    string
		again   func(*desk)
	}{
		"locked": {func(d *desk) { require.NoError(d.t, d.office.MFA.Lock(d.t.Context(), d.login.Token)) }, "mfa_required", func(d *desk) {
			_, err := d.office.MFA.Unlock(d.t.Context(), d.login.Token, mfa.Hide(d.clerk.Password))
			require.NoError(d.t, err)
		}},
		"logged out": {func(d *desk) { require.NoError(d.t, d.office.MFA.Logout(d.t.Context(), d.login.Token)) }, "mfa_required", func(d *desk) { d.clerk.Login() }},
		"taken over": {func(d *desk) { d.office.Enrolled("anan", mfa.RoleStaff).Login() }, "mfa_required", func(*desk) {}},
		"role lost": {func(d *desk) {
			require.NoError(d.t, d.office.MFA.SetRole(d.t.Context(), mfa.ByOS("0"), "malee", mfa.RoleDPO))
		}, "role_refused", func(d *desk) { d.office.Enrolled("anan", mfa.RoleStaff).Login() }},
		"disabled":       {func(d *desk) { require.NoError(d.t, d.office.MFA.DisableUser(d.t.Context(), mfa.ByOS("0"), "malee")) }, "mfa_required", func(d *desk) { d.office.Enrolled("anan", mfa.RoleStaff).Login() }},
		"origin revoked": {func(d *desk) { d.origins.revoke(site) }, "origin_refused", func(d *desk) { d.origins.grant(site, DefaultGrant()) }},
	} {
		t.Run(name, func(t *testing.T) {
			machine := simulator.NewMachine(reader)
			insert(t, machine, "default", simulator.LineTA96) // long enough to leave in its middle
			d := openDesk(t, machine)
			d.once = true
			events := d.follow(fromSite)
			result := make(chan answer, 1)
			go func() { result <- d.readCard("citizen_id", "name", "address", "photo") }()
			events.until("read_progress")
			row.happens(d)
			a := <-result
			a.says(t, 403, row.code, "")
			assert.NotContains(t, a.body, "identity")
			assert.Empty(t, d.office.Entries(audit.KindRead))
			failed := d.office.Entries(audit.KindReadFailed)
			require.Len(t, failed, 1)
			assert.Equal(t, row.code, failed[0].Attributes["code"])
			assert.Equal(t, d.login.Session.User.ID, failed[0].Actor, "in whose name it began")

			row.again(d)
			assert.Equal(t, 200, d.readCard("sex").status, "the insertion is not used up")
		})
	}
}

// An entry can have to wait for the disk while the clerk leaves. It stands then,
// as after a crash, and nothing leaves.
func TestRow27TheClerkWhoLeavesWhileTheEntryIsWrittenReleasesNothing(t *testing.T) {
	d := newDesk(t)
	d.counter.records = &slowLedger{Records: d.office.Records, during: func(context.Context) {
		require.NoError(t, d.office.MFA.Lock(t.Context(), d.login.Token))
	}}
	a := d.readCard("sex")
	a.says(t, 403, "mfa_required", "")
	assert.NotContains(t, a.body, "male")
	assert.Len(t, d.office.Entries(audit.KindRead), 1)
}

// slowLedger stands for a disk that keeps an entry waiting while something else
// happens.
type slowLedger struct {
	Records
	during func(context.Context)
}

func (l *slowLedger) RecordRead(ctx context.Context, r proofing.Release) error {
	err := l.Records.RecordRead(ctx, r)
	l.during(ctx)
	return err
}
