//go:build !race

package browsertest

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"chipproof/simulator"
)

func TestAFormIsFilledByTheTenLinesOfTheGuide(t *testing.T) {
	a := newAgent(t)
	s := newSite(a, secureHost)
	s.list()
	b := newBrowser(t, a, "th", public(s)...)
	b.enters("/", a.clerk)
	v := s.visit(b, "/")
	v.let(granted)
	v.open("/guide/")
	v.click("button")
	v.when(`document.forms.patient.said.value.includes('ยังไม่ได้เสียบบัตร')`)
	v.shot("th-guide-no-card")
	a.insert("default")
	v.click("button")
	v.when(`document.forms.patient.number.value === '1101700230708'`)
	v.holds(`document.forms.patient.given.value === 'สมชาย' && document.forms.patient.family.value === 'ใจดี'`, "the name is there")
	v.shot("th-guide-filled")
	assert.Len(t, a.office.Entries("read"), 1)
}

// The whole story of `sim rp`: a site of another origin, its page, its backend, the
// clerk at the console in another tab, and back.
func TestASiteOnAnotherOriginFillsItsFormAndHasItsBackendVerifyAProof(t *testing.T) {
	a := newAgent(t)
	s := newSite(a, secureHost)
	s.list()
	for _, lang := range []string{"th", "en"} {
		t.Run(lang, func(t *testing.T) {
			a.insert("default", simulator.CardOptions{Line: simulator.LineTA18})
			b := newBrowser(t, a, lang, public(s)...)
			b.enters("/?lang="+lang, a.clerk)
			v := s.visit(b, "/?lang="+lang)
			v.let(unanswered)
			v.open("/?lang=" + lang)
			v.when(`!document.querySelector('#ask').hidden`)
			v.everywhere(lang + "-rp")
			v.let(granted)
			v.open("/?lang=" + lang)
			v.holds(`document.querySelector('#ask').hidden`, "nothing will be asked")

			v.click("#fill")
			v.when(`document.querySelector('#bar').value > 0`)
			v.shot(lang + "-rp-reading")
			v.when(`document.querySelector('#citizen_id').value === '1101700230708'`)
			v.when(`document.querySelector('#bar').hidden`)
			v.shot(lang + "-rp-filled")
			v.accessible("filled")
			v.click("#fill")
			v.when(`document.querySelector('#problem-code').textContent === 'read_already'`)
			v.holds(`document.querySelector('#citizen_id').value === ''`, "nobody's data stays beside a failure")
			v.shot(lang + "-rp-read-already")
			v.accessible("problem")

			a.remove()
			a.insert("default", simulator.CardOptions{Line: simulator.LineTA96})
			v.click("#prove")
			v.when(`document.querySelector('#bar').value > 0`)
			b.see(s.origin)
			v.see(map[string]string{"th": "กำลังรอ: เจ้าหน้าที่เทียบใบหน้า", "en": "waiting for: the clerk to compare the face"}[lang])
			v.shot(lang + "-rp-waiting")
			b.click(".answers .yes")
			v.when(`document.querySelector('#result h2.passed')`)
			v.see("1101700230708")
			v.everywhere(lang + "-rp-accepted")
			v.holds(`localStorage.length === 0 && sessionStorage.length === 0`, "nothing is stored")
			a.remove()
			b.unsee("1101700230708")
			b.click("#logout")
			b.when(`!document.querySelector('#door-password').hidden`)
		})
	}
	assert.Len(t, a.office.Entries("proofing"), 2)
}

func TestAClerkWhoSaysNoLeavesTheSiteWithoutAProof(t *testing.T) {
	a := newAgent(t)
	s := newSite(a, secureHost)
	s.list()
	a.insert("default")
	b := newBrowser(t, a, "th", public(s)...)
	b.enters("/", a.clerk)
	v := s.visit(b, "/")
	v.let(granted)
	v.click("#prove")
	b.see(s.origin)
	b.click(".answers .no")
	v.when(`document.querySelector('#result h2.refused')`)
	v.holds(`!document.body.textContent.includes('1101700230708')`, "nobody is named")
	v.everywhere("th-rp-refused")
}
