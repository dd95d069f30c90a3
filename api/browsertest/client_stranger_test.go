//go:build !race

package browsertest

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/proofing"
)

// A site that nobody approved learns nothing, not even which card is there, and
// shows up for the administrator, who can approve it.
func TestAnUnapprovedSiteGetsNothingAndShowsUpForTheAdministrator(t *testing.T) {
	a := newAgent(t)
	a.insert("default")
	s := newSite(a, secureHost)
	b := newBrowser(t, a, "th", public(s)...)
	b.enters("/origins", a.admin)
	v := s.visit(b, "/")
	v.let(granted)
	v.click("#fill")
	v.when(`document.querySelector('#problem-code').textContent === 'agent_unreachable'`)
	v.see("ยังไม่ได้อนุญาตเว็บไซต์นี้")
	v.everywhere("th-rp-unreachable")
	v.begin(`await new Promise((resolve) => {
		const heard = [];
		const stop = onCard((event) => heard.push(event), {...agent, onError(error) { stop(); resolve({heard, code: error.code}); }});
	})`)
	v.when(`window.done`)
	v.holds(`window.done.heard.length === 0 && window.done.code === 'agent_unreachable'`, "not one event came")
	assert.Equal(t, "agent_unreachable", run[failed](v, `await prove({...agent, request: 'a.b.c'})`).Code)
	assert.Empty(t, a.office.Entries("read", "proofing"))

	b.open("/origins")
	b.see(s.origin)
	b.shot("th-origins-knocked")
	v.click("#fill") // it knocks again, and opens the console
	v.when(`!document.querySelector('#diagnose').hidden`)
	v.click("#diagnose")
	v.see("ผู้ดูแลระบบเห็นคำขอแล้ว")
	v.shot("th-rp-not-approved")

	b.click("#refused button")
	b.see(s.origin)
	b.click("#save-origin")
	b.see("อนุญาตเมื่อ")
	listed, err := a.office.Records.Origins(t.Context())
	require.NoError(t, err)
	require.Len(t, listed, 1)
	assert.Equal(t, s.origin, listed[0].Origin)
	v.click("#fill")
	v.when(`document.querySelector('#citizen_id').value === '1101700230708'`)

	_, err = a.office.Records.RevokeOrigin(t.Context(), proofing.Actor{ID: "os:0"}, listed[0].ID, a.office.Clock.Now())
	require.NoError(t, err)
	assert.Equal(t, "agent_unreachable", run[failed](v, fillName).Code, "revoked at the next call")
}
