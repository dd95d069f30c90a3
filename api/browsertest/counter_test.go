//go:build !race

package browsertest

import (
	"testing"

	"chipproof/simulator"
)

func TestAClerkLogsInReadsACardAndItLeavesTheScreenWithTheCard(t *testing.T) {
	a := newAgent(t)
	b := newBrowser(t, a, "th")
	b.open("/")
	b.see("เข้าสู่ระบบ")
	b.shot("th-login")
	b.login(a.clerk, thai(a.clerk.Code()))
	b.see("เสียบบัตรประชาชน")
	b.shot("th-counter-empty")

	a.insert("default", simulator.CardOptions{Line: simulator.LineTA96})
	b.see("มีบัตรในเครื่องอ่านแล้ว")
	b.click("#read")
	b.see("กำลังอ่านบัตร")
	b.shot("th-counter-reading")
	b.see("สมชาย")
	b.see("31 ธันวาคม 2525")
	b.when(`document.querySelector('.photo').naturalWidth > 50`)
	b.shot("th-counter-result")

	a.remove()
	b.unsee("สมชาย", "ใจดี", "1101700230708", "1 1017 00230 70 8", "Somchai")
	b.holds(`localStorage.length === 0 && sessionStorage.length === 0`, "nothing is stored in the browser")
	b.shot("th-counter-gone")
}
