//go:build !race

package browsertest

import (
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/api"
	"chipproof/mfa"
)

func TestAClerkCanLogInAndReadByKeyboardAlone(t *testing.T) {
	a := newAgent(t)
	a.insert("default")
	b := newBrowser(t, a, "th")
	b.open("/")
	b.when(`document.activeElement.id === 'username'`)
	b.types(a.clerk.Name)
	b.press(kb.Tab)
	b.types(a.clerk.Password)
	b.press(enter)
	b.when(`document.activeElement.id === 'code'`)
	b.types(thai(a.clerk.Code()))
	b.press(enter)
	b.when(`document.querySelector('#reader').dataset.state === 'present'`)
	b.tabTo("#read")
	b.holds(`getComputedStyle(document.activeElement).outlineStyle === 'solid'`, "the focus is seen")
	b.press(enter)
	b.see("สมชาย")
	b.holds(`document.activeElement.classList.contains('name-th')`, "the focus goes to the person")
	b.press(kb.Tab)
	b.holds(`document.activeElement.classList.contains('copy')`, "and the next stop is to copy")

	b.open("/")
	b.when(`!document.querySelector('#page').hidden`)
	b.press(kb.Tab)
	b.holds(`document.activeElement.classList.contains('skip')`, "the first stop skips the menu")
	b.press(enter)
	b.holds(`document.activeElement.id === 'main'`, "and leads to the content")
}

// types writes into whatever has the focus, as an input method does.
func (b *browser) types(text string) {
	b.t.Helper()
	b.do(chromedp.ActionFunc(insertText(text)))
}

// tabTo presses Tab until an element has the focus.
func (b *browser) tabTo(selector string) {
	b.t.Helper()
	for range 40 {
		if eval[bool](b, `document.activeElement === document.querySelector('`+selector+`')`) {
			return
		}
		b.press(kb.Tab)
	}
	require.Fail(b.t, "Tab does not reach "+selector)
}

func TestAUsedCodeIsToldFromAWrongOneWithACountdownAndTheMachinesClock(t *testing.T) {
	a := newAgent(t)
	a.doubts = []api.Doubt{api.DoubtSystem, api.DoubtLog}
	code := a.clerk.Code() // of the present step
	used := a.clerk.LoginWith(code)
	require.Equal(t, mfa.StateActive, used.Session.State)
	b := newBrowser(t, a, "th")
	b.open("/")
	b.see("นาฬิกาของเครื่องนี้อาจไม่ตรง")
	b.see("ระบบปฏิบัติการแจ้งว่าไม่ได้ตั้งเวลาจากเครือข่าย")
	b.fill("#username", a.clerk.Name)
	b.fill("#password", "ผิดแน่นอนเลย"+enter)
	b.see("เข้าสู่ระบบไม่สำเร็จ")
	b.shot("th-login-failed")
	b.fill("#password", a.clerk.Password+enter)
	b.see("รหัสถัดไปใช้ได้ในอีก")
	b.fill("#code", code+enter)
	b.see("เข้าสู่ระบบไม่สำเร็จ")
	b.shot("th-code-used")
	b.accessible("code used")
	b.fill("#code", a.clerk.Code()+enter)
	b.when(`!document.querySelector('#page').hidden`)
}

func TestALockedDeskIsUnlockedByItsClerkOrTakenOverByTheNext(t *testing.T) {
	a := newAgent(t)
	a.insert("default")
	b := newBrowser(t, a, "th")
	b.enters("/", a.clerk)
	b.click("#read")
	b.see("สมชาย")
	b.click("#lock")
	b.see("หน้าจอล็อกอยู่")
	b.unsee("สมชาย", "1101700230708")
	b.shot("th-locked")
	b.everywhere("th-locked")
	b.fill("#unlock-password", a.clerk.Password+enter)
	b.when(`!document.querySelector('#form').hidden && !document.querySelector('#page').hidden`)

	b.click("#read")
	b.see("สมชาย")
	a.office.Clock.Forward(61 * time.Minute)
	b.see("หน้าจอล็อกอยู่")
	b.unsee("สมชาย", "1101700230708")
	b.click("#take-over")
	b.see("ท่านจะรับเวรต่อ")
	b.login(a.admin, a.admin.Code())
	b.see("prasit")
	b.when(`!document.querySelector('#form').hidden`)
	assert.NotEmpty(t, a.office.Entries("desk_taken"))
}

func TestTheDeskIsTakenFromAClerkWhoStaysLoggedIn(t *testing.T) {
	a := newAgent(t)
	b := newBrowser(t, a, "th")
	b.enters("/", a.clerk)
	a.admin.Login()
	b.see("ท่านยังไม่ได้ประจำโต๊ะนี้")
	b.holds(`document.querySelector('#form').hidden`, "nothing can be read without the desk")
	b.shot("th-no-desk")
	b.accessible("no desk")
	b.click("#take-desk")
	b.when(`!document.querySelector('#form').hidden`)
}

func TestTheLanguageIsSwitchedByALinkAndStaysWithTheLinks(t *testing.T) {
	a := newAgent(t)
	b := newBrowser(t, a, "en-US")
	b.open("/")
	b.see("Log in")
	b.click("#switch")
	b.see("เข้าสู่ระบบ")
	b.login(a.clerk, a.clerk.Code())
	b.click(`a[href="/account?lang=th"]`)
	b.see("แอปยืนยันตัวตน")
	b.holds(`document.documentElement.lang === 'th' && document.cookie === '' && localStorage.length === 0`, "nothing but the link holds it")
}

func TestAnAdministratorWithoutPhoneComesInByTheSealedSheetAndEnrols(t *testing.T) {
	a := newAgent(t)
	sheet, err := a.office.MFA.NewEmergencyCode(t.Context(), mfa.ByOS("0"))
	require.NoError(t, err)
	b := newBrowser(t, a, "th")
	b.open("/")
	b.fill("#username", a.admin.Name)
	b.fill("#password", a.admin.Password+enter)
	b.click("#no-phone summary")
	b.click(`[data-method="emergency-code"]`)
	b.see("รหัสจากซองปิดผนึก")
	b.fill("#code", sheet.Reveal()+enter)
	b.see("เข้าสู่ระบบด้วยรหัสฉุกเฉิน")
	b.shot("th-emergency")
	b.accessible("emergency")
	b.click(`#banner-emergency a`)
	b.fill("#label", "โทรศัพท์ใหม่"+enter)
	b.when(`document.querySelector('#new-app .qr')?.naturalWidth > 100`)
	secret, err := mfa.ParseSecret(eval[string](b, `document.querySelector('.secret').textContent.replaceAll(' ', '')`))
	require.NoError(t, err)
	b.fill("#new-app input[name=code]", a.office.Carrying("prasit", secret).Code()+enter)
	b.when(`document.querySelectorAll('#apps li').length === 2`)
}
