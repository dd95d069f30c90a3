//go:build !race

package browsertest

import (
	"testing"

	cdpbrowser "github.com/chromedp/cdproto/browser"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const (
	granted    = cdpbrowser.PermissionSettingGranted
	denied     = cdpbrowser.PermissionSettingDenied
	unanswered = cdpbrowser.PermissionSettingPrompt
)

const fillName = `await fill({...agent, fields: ['name'], lang: 'en'})`

// The table of agent-security §7 in a real browser: each state of the permission,
// with the agent up or down, and the site known to it or not.
func TestAPageIsToldWhyItDidNotReachTheAgent(t *testing.T) {
	a := newAgent(t)
	a.insert("default")
	s := newSite(a, secureHost)
	b := newBrowser(t, a, "th", public(s)...)
	b.enters("/", a.clerk)
	v := s.visit(b, "/")
	told := func(state cdpbrowser.PermissionSetting, code string) {
		t.Helper()
		v.let(state)
		why := run[failed](v, fillName)
		assert.True(t, why.Typed)
		assert.Equal(t, "ChipproofError", why.Name)
		assert.Equal(t, code, why.Code, string(state))
		assert.NotEmpty(t, why.Remedy)
		assert.Equal(t, a.url+"/", why.Console)
	}
	t.Run("up and not approved", func(t *testing.T) {
		told(granted, "agent_unreachable")
		told(denied, "permission_denied")
		told(unanswered, "agent_not_running")
	})
	s.list()
	t.Run("up and approved", func(t *testing.T) {
		told(denied, "permission_denied")
		told(unanswered, "agent_not_running")
		assert.Empty(t, a.office.Entries("read"), "not one call came through")
		v.let(granted)
		person := run[map[string]map[string]map[string]string](v, fillName)
		require.Equal(t, "สมชาย", person["name"]["th"]["first_name"])
	})
	a.stop()
	t.Run("down", func(t *testing.T) {
		told(granted, "agent_unreachable")
		told(denied, "permission_denied")
		told(unanswered, "agent_not_running")
	})
}

// A page of this same machine needs no permission, so what the browser says of it
// explains nothing.
func TestADevelopersPageOnLocalhostIsAskedNothing(t *testing.T) {
	a := newAgent(t)
	a.insert("default")
	s := newSite(a, ownHost)
	b := newBrowser(t, a, "th")
	b.enters("/", a.clerk)
	v := s.visit(b, "/")
	v.holds(`isSecureContext && document.querySelector('#ask').hidden`, "no question is announced")
	require.Equal(t, "prompt", run[string](v, `await permission()`))
	assert.Equal(t, "agent_unreachable", run[failed](v, fillName).Code)
	assert.Equal(t, "origin_not_approved", run[string](v, `await diagnose(agent)`))
	s.list()
	v.click("#fill")
	v.when(`document.querySelector('#citizen_id').value === '1101700230708'`)
	v.click("#page")
	a.remove()
	a.insert("default")
	v.road()
}

// The console cuts itself off from whoever opened it, and the browser's own page
// for a dead address does not: that is what diagnose goes by.
func TestARealWindowTellsAStrangersPageFromAnAgentThatIsDown(t *testing.T) {
	a := newAgent(t)
	s := newSite(a, secureHost)
	b := newBrowser(t, a, "th", public(s)...)
	b.open("/")
	v := s.visit(b, "/bare")
	find := func(path string) string {
		t.Helper()
		v.open(path)
		return run[string](v, `await diagnose(agent)`)
	}
	for _, path := range []string{"/bare", "/bare?coop=same-origin-allow-popups", "/"} {
		assert.Equal(t, "origin_not_approved", find(path), path)
	}
	assert.Equal(t, "unknown", find("/bare?coop=same-origin"), "that page cuts everybody off")
	a.stop()
	for _, path := range []string{"/bare", "/bare?coop=same-origin-allow-popups", "/"} {
		assert.Equal(t, "agent_not_running", find(path), path)
	}
	assert.Equal(t, "unknown", find("/bare?coop=same-origin"))
}
