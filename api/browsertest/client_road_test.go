//go:build !race

package browsertest

import (
	"testing"

	cdpbrowser "github.com/chromedp/cdproto/browser"
	"github.com/chromedp/cdproto/page"
	"github.com/stretchr/testify/assert"
)

// road goes through the agent's own page in the visitor's tab, where the clerk is
// logged in already, and ends at the site.
func (v *visitor) road() {
	v.t.Helper()
	v.when(`location.pathname === '/prove' && location.hash === '' && document.querySelector('#start')?.checkVisibility()`)
	v.see(v.site.origin)
	v.do(page.BringToFront()) // nobody can click a window that is behind another
	v.click("#start")
	v.click(".answers .yes")
	v.when(`location.pathname.startsWith('/returned/') && document.querySelector('h2.passed')`)
	v.holds(`location.origin === `+"`"+v.site.origin+"`", "it is the site again")
}

// The page road needs nothing of the browser's permission: in each of its states it
// leads to a proof, and a page that could not fetch takes it by itself.
func TestThePageRoadLeadsToAProofWhateverTheBrowserAllows(t *testing.T) {
	a := newAgent(t)
	s := newSite(a, secureHost)
	s.list()
	b := newBrowser(t, a, "th", public(s)...)
	b.enters("/", a.clerk)
	v := s.visit(b, "/")
	for _, state := range []cdpbrowser.PermissionSetting{denied, unanswered} {
		v.let(state)
		a.insert("default")
		v.click("#prove") // by fetch, which fails
		v.road()
		a.remove()
		v.open("/")
	}
	for _, state := range []cdpbrowser.PermissionSetting{granted, denied, unanswered} {
		v.let(state)
		a.insert("default")
		v.click("#page")
		v.road()
		a.remove()
		v.open("/")
	}
	assert.Len(t, a.office.Entries("proofing"), 5)
}

// An intranet site of plain http can't fetch from the agent, and says so in its own
// words; a proof takes the page road.
func TestAPlainHTTPSiteThatIsListedProvesByThePageRoadAlone(t *testing.T) {
	a := newAgent(t)
	a.insert("default")
	s := newSite(a, plainHost)
	s.list()
	b := newBrowser(t, a, "th", public(s)...)
	b.enters("/", a.clerk)
	v := s.visit(b, "/")
	v.holds(`!isSecureContext`, "a browser trusts no such page")
	v.click("#fill")
	v.when(`document.querySelector('#problem-code').textContent === 'page_insecure'`)
	v.see("หน้านี้ไม่ได้ใช้ https")
	v.shot("th-rp-insecure")
	v.accessible("insecure")
	assert.Equal(t, "page_insecure", run[failed](v, `await prove({...agent, request: 'a.b.c'})`).Code)
	assert.Empty(t, a.office.Entries("read"))

	v.click("#prove")
	v.road()
	v.see("1101700230708")
	v.everywhere("th-rp-plain-returned")

	v.open("/?lang=en")
	v.click("#fill")
	v.see("This page did not come by https")
	v.shot("en-rp-insecure")
}
