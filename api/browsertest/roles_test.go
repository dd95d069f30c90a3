//go:build !race

package browsertest

import (
	"testing"

	"chipproof/api"
	"chipproof/mfa"
)

func TestTheDataProtectionOfficerFindsTheirOwnWorkAtTheFrontDoor(t *testing.T) {
	a := newAgent(t)
	officer := a.office.Enrolled("wipa", mfa.RoleDPO)
	a.insert("default")
	b := newBrowser(t, a, "th")
	b.enters("/", officer)
	b.see("งานของเจ้าหน้าที่คุ้มครองข้อมูลส่วนบุคคล")
	b.holds(`!document.body.innerText.includes('ท่านยังไม่ได้ประจำโต๊ะนี้') && !document.body.innerText.includes('อ่านบัตรประชาชน')`, "nothing that this role may not do")
	b.holds(`document.querySelector('#read').getBoundingClientRect().height === 0`, "no card is read by this role")
	b.everywhere("th-dpo")
	b.click(`#for-dpo a[href="/audit"]`)
	b.see("บันทึกการตรวจสอบ")
	b.see("เข้าระบบ")
	b.open("/?lang=en")
	b.see("For the data protection officer")
	b.everywhere("en-dpo")
}

func TestTheKeysOfProofsAreListedByThumbprintAndState(t *testing.T) {
	a := newAgent(t)
	a.proofKeys = []api.KeyLine{
		{Ring: "proof", ID: "k3xZ-next", State: api.KeyNext},
		{Ring: "proof", ID: "k2xY-current", State: api.KeyCurrent},
		{Ring: "proof", ID: "k1xX-retired", State: api.KeyRetired},
		{Ring: "proof", ID: "k0xW-revoked", State: api.KeyRevoked},
		{Ring: "proof-test", ID: "-", State: api.KeyMissing},
	}
	b := newBrowser(t, a, "th")
	b.enters("/keys", a.admin)
	for _, line := range a.proofKeys {
		b.see(line.ID)
	}
	b.see("ลงนามผลพิสูจน์ตัวตน")
	b.see("ลงนามผลพิสูจน์ในโหมดทดสอบ")
	for _, state := range []string{"กุญแจถัดไป", "ใช้อยู่", "เลิกใช้", "เพิกถอน", "ไม่มีไฟล์"} {
		b.see(state)
	}
	b.everywhere("th-keys-proof")
}
