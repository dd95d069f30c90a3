//go:build !race

package browsertest

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestWhatTheCitizenGaveIsComparedWithTheChipAndOnlyNamesOfFieldsAreShown(t *testing.T) {
	a := newAgent(t)
	a.insert("default")
	b := newBrowser(t, a, "th")
	b.enters("/", a.clerk)
	b.see("มีบัตรในเครื่องอ่านแล้ว")
	b.holds(`document.querySelector('#claims').hidden`, "filling a form compares nothing")
	b.click(identityProofing)
	b.holds(`!document.querySelector('#claims').hidden && !document.querySelector('#claims').open`, "it is there, and folded away")
	b.click("#claims summary")
	b.fill("input[name=claim-citizen_id]", "1-1017-00230-70-8")
	b.fill("input[name=claim-first_name]", "สมหญิง")
	b.fill("input[name=claim-last_name]", "ใจดี")
	b.fill("input[name=claim-birth_date]", "31 ธ.ค. 2525")
	b.everywhere("th-claims")
	b.click("#read")
	b.see("ไม่ตรงกับที่ผู้ขอแจ้ง: ชื่อ")
	b.unsee("สมหญิง")
	b.shot("th-claims-differ")
	b.accessible("differs")
	b.click(".answers .yes")
	b.when(`document.querySelector('.verdict')`)
	b.see("ข้อมูลที่พิมพ์ตรงกับชิป: ไม่ผ่าน (ชื่อ)")
	b.holds(`[...document.querySelectorAll('#claims input')].every((i) => i.value === '')`, "the words went with the read")
	for _, e := range a.office.Entries("proofing", "read", "facts_stated") {
		for _, value := range e.Attributes {
			assert.NotContains(t, value, "สมหญิง")
		}
	}

	a.remove()
	b.see("เสียบบัตรประชาชน")
	b.click("#claims summary")
	b.fill("input[name=claim-first_name]", "สมหญิง")
	a.insert("default")
	b.see("มีบัตรในเครื่องอ่านแล้ว")
	a.remove()
	b.when(`document.querySelector('input[name=claim-first_name]').value === ''`)
}
