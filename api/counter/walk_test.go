package counter

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/api"
	"chipproof/api/apitest"
	"chipproof/audit"
	"chipproof/mfa"
	"chipproof/simulator"
)

// visitor is somebody who tries every route, with what must be true of what they
// are answered.
type visitor struct {
	name string
	page *page // nil: no cookie
	// state is the session's: none, half, locked, active.
	state string
	role  mfa.Role
	fresh bool // a second factor not older than five minutes
	holds bool // the desk
}

// may says, from the table of agent-security §4 and without a line in common
// with the guard, whether the visitor comes as far as the route's own code.
func (v visitor) may(r api.Route) (bool, string) {
	switch r.Class {
	case api.Open, api.Own:
		return true, ""
	}
	if v.state == "none" {
		return false, "mfa_required"
	}
	switch r.ID {
	case "show-session", "log-out":
		return true, ""
	case "give-totp", "give-backup-code", "give-emergency-code":
		return v.state == "half" || v.state == "active", "mfa_required"
	case "unlock-session":
		return v.state == "locked", "mfa_required"
	}
	switch {
	case v.state != "active":
		return false, "mfa_required"
	case len(r.Roles) > 0 && !slices.Contains(r.Roles, v.role):
		return false, "role_refused"
	case r.StepUp && !v.fresh:
		return false, "step_up_required"
	case r.AtDesk && !v.holds:
		return false, "mfa_required"
	}
	return true, ""
}

// visitors are A7's: nobody, one factor, each role with and without a fresh
// factor, locked, idle, expired, disabled, ended, and another of our names.
func visitors(t *testing.T, d *desk) []visitor {
	t.Helper()
	o := d.office
	stale := map[mfa.Role]mfa.Entry{}
	for _, role := range mfa.Roles() {
		stale[role] = o.Enrolled("stale-"+string(role), role).Login()
	}
	idle := o.Enrolled("idle", mfa.RoleAdmin).Login()
	expired := o.Enrolled("expired", mfa.RoleAdmin).Login()
	o.Clock.Forward(50 * time.Minute)
	for _, e := range stale { // an act of theirs, so that only the others are idle by now
		require.NoError(t, o.MFA.Touch(t.Context(), e.Token))
	}
	o.Clock.Forward(11 * time.Minute)

	locked := o.Enrolled("locked", mfa.RoleAdmin).Login()
	require.NoError(t, o.MFA.Lock(t.Context(), locked.Token))
	disabled := o.Enrolled("disabled", mfa.RoleAdmin).Login()
	require.NoError(t, o.MFA.DisableUser(t.Context(), mfa.ByOS("0"), "disabled"))
	ended := o.Enrolled("ended", mfa.RoleAdmin).Login()
	require.NoError(t, o.MFA.Logout(t.Context(), ended.Token))
	elsewhere := d.pageOf(o.Enrolled("elsewhere", mfa.RoleAdmin).Login())
	elsewhere.cookie = strings.Replace(elsewhere.cookie, "_n=", "_4=", 1) // handed out to http://127.0.0.1
	half, err := o.MFA.Login(t.Context(), mfa.Login{UserName: "idle", Password: mfa.Hide(apitest.Password)})
	require.NoError(t, err)

	list := []visitor{
		{name: "no session", state: "none"},
		{name: "a cookie that was never handed out", state: "none", page: &page{d: d, cookie: o.Cookie() + "_n=" + strings.Repeat("A", 43), csrf: "x"}},
		{name: "password only", page: d.pageOf(half), state: "half", role: mfa.RoleAdmin},
		{name: "idle for an hour", page: d.pageOf(idle), state: "locked", role: mfa.RoleAdmin},
		{name: "locked", page: d.pageOf(locked), state: "locked", role: mfa.RoleAdmin},
		{name: "disabled", page: d.pageOf(disabled), state: "none"},
		{name: "logged out", page: d.pageOf(ended), state: "none"},
		{name: "under another of our names", page: elsewhere, state: "none"},
	}
	for _, role := range mfa.Roles() {
		list = append(list, visitor{name: "stale " + string(role), page: d.pageOf(stale[role]), state: "active", role: role})
		fresh := o.Enrolled("fresh-"+string(role), role).Login()
		list = append(list, visitor{name: "fresh " + string(role), page: d.pageOf(fresh), state: "active", role: role, fresh: true})
	}
	return append(list, visitor{name: "expired", page: d.pageOf(expired), state: "expired"})
}

// A route that somebody adds is walked over like all others: the list is the
// server's own.
func TestA7EveryRouteAnswersOnlyWhomItShould(t *testing.T) {
	d := prepareDesk(t, simulator.NewMachine(reader), Patience{})
	list := visitors(t, d)
	routes := d.server.Routes()
	require.Greater(t, len(routes), 30)
	for _, v := range list {
		if v.state == "expired" {
			d.office.Clock.Forward(23 * time.Hour) // all others are over now, too
			v.state = "none"
		}
		// The routes that end the session or change its state come last.
		ending := func(r api.Route) int { return slices.Index([]string{"leave-desk", "lock-session", "log-out"}, r.ID) }
		slices.SortStableFunc(routes, func(a, b api.Route) int { return ending(a) - ending(b) })
		for _, r := range routes {
			if r.ID == "log-out" && v.state == "active" {
				v.state = "locked" // by the route before
			}
			d.walks(t, v, r)
			if r.ID == "take-desk" {
				v.holds, _ = v.may(r)
			}
		}
	}
}

func (d *desk) walks(t *testing.T, v visitor, r api.Route) {
	t.Helper()
	path := strings.ReplaceAll(r.Path, "{id}", "7")
	may, code := v.may(r)
	if r.ID == "follow-events" && may {
		return // a stream: the rows W follow it
	}
	visitor := v.page
	if visitor == nil {
		visitor = &page{d: d}
	}
	var a answer
	switch {
	case r.Kind != api.Data:
		a = d.raw(head(r.Method, path))
	default:
		a = visitor.do(r.Method, path, "{}")
	}
	why := fmt.Sprintf("%s: %s %s: %d %s", v.name, r.Method, r.Path, a.status, a.body)
	if !may {
		a.says(t, 403, code, why)
		assert.Empty(t, a.header["Set-Cookie"], why)
		return
	}
	// What comes as far as the route's own code is answered by that: nothing
	// that this walk sends is a good request.
	assert.NotContains(t, []string{"mfa_required", "csrf_refused", "role_refused", "step_up_required", "origin_refused", "request_context_refused"}, a.code(), why)
	assert.NotEqual(t, 500, a.status, why)
}

// The same routes again, asked by an approved site: only those of web apps
// answer it, and only while the desk is held.
func TestA7NoRouteOfOursAnswersASite(t *testing.T) {
	d := newDesk(t)
	admin := d.pageOf(d.office.Enrolled("admin", mfa.RoleAdmin).Login())
	for _, r := range d.server.Routes() {
		path := strings.ReplaceAll(r.Path, "{id}", "7")
		lines := []string{fromSite, "Cookie: " + admin.cookie, "X-Chipproof-CSRF: " + admin.csrf}
		a := answer{status: 200}
		switch {
		case r.ID == "follow-events":
			d.follow(lines...)
		case r.Method == "GET":
			a = d.raw(head("GET", path, lines...))
		default:
			a = d.raw(head(r.Method, path, append(lines, "Content-Type: application/json", "Content-Length: 2")...) + "{}")
		}
		if r.Class != api.WebApp {
			a.says(t, 403, "origin_refused", r.Path)
			assert.Empty(t, a.header.Get("Access-Control-Allow-Origin"), r.Path)
			continue
		}
		assert.NotEqual(t, 403, a.status, r.Path)
	}
}

func TestEveryRouteThatActsNamesWhatItLeavesInTheAuditLog(t *testing.T) {
	for _, r := range shipped(t).Routes() {
		if r.ID == "view-proofing" {
			continue // it looks, and is a POST because no GET returns a citizen's data
		}
		if r.Method == "GET" {
			assert.Empty(t, r.Audit, "%s: no state changes on GET", r.ID)
			continue
		}
		assert.NotEmpty(t, r.Audit, r.ID)
		for _, kind := range r.Audit {
			_, known := audit.Kind(kind).Class()
			assert.True(t, known, "%s: no kind of entry is called %s", r.ID, kind)
		}
		assert.Contains(t, []api.Class{api.Own, api.Console, api.WebApp}, r.Class, r.ID)
	}
}
