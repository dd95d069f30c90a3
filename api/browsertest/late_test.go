//go:build !race

package browsertest

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"

	"chipproof/proofing"
)

// holdBack keeps answers of the agent from the page until [browser.letGo]: those of
// addresses that end so. So a card can leave while an answer is on its way.
func (b *browser) holdBack(ending string) {
	b.t.Helper()
	eval[bool](b, fmt.Sprintf(`(() => {
		const ask = window.fetch;
		const held = new Promise((go) => { window.letGo = go; });
		window.held = 0;
		window.fetch = async (path, init) => {
			const answer = await ask(path, init);
			if (init.method === 'POST' && path.endsWith(%[1]q) || path.startsWith(%[1]q)) { window.held++; await held; }
			return answer;
		};
		return true;
	})()`, ending))
}

func (b *browser) letGo() {
	b.t.Helper()
	eval[bool](b, `(window.letGo(), new Promise((done) => setTimeout(() => done(true), 200)))`)
}

// whole are those texts of the default person that no page may hold.
var whole = []string{"สมชาย", "ใจดี", "1101700230708", "1 1017 00230 70 8", "Somchai"}

// A card that leaves while the page waits for an answer about it: nobody is shown.
func TestAnAnswerThatComesAfterTheCardHasLeftShowsNobody(t *testing.T) {
	a := newAgent(t)
	a.insert("default")
	b := newBrowser(t, a, "th")
	b.enters("/", a.clerk)
	b.see("มีบัตรในเครื่องอ่านแล้ว")
	b.click("#fields summary")
	b.click("#field-boxes input[value=photo]") // so that the answer is all there is
	b.holdBack("/v1/reads")
	b.click("#read")
	b.when(`window.held === 1`)
	a.remove()
	b.when(`document.querySelector('#reader').dataset.state === 'absent'`)
	b.letGo()
	b.when(`!document.querySelector('#form').hidden && !document.querySelector('.result')`)
	b.unsee(whole...)

	b.open("/")
	a.insert("default")
	b.see("มีบัตรในเครื่องอ่านแล้ว")
	b.click(identityProofing)
	b.holdBack("/view")
	b.click("#read")
	b.when(`window.held > 1`) // the text while the photo is read, and what the clerk looks at
	a.remove()
	b.when(`document.querySelector('#reader').dataset.state === 'absent'`)
	b.letGo()
	b.when(`document.querySelector('.failure .code')?.textContent.startsWith('card_removed')`)
	b.unsee(whole...)
	a.insert("default")
	b.see("มีบัตรในเครื่องอ่านแล้ว")
	b.click("#read")
	b.see("สมชาย") // the counter goes on
}

// What is decided stays to be read when the card is pulled at once; the person does not.
func TestADecisionThatComesAfterTheCardHasLeftIsShownWithoutThePerson(t *testing.T) {
	a := newAgent(t)
	a.insert("default")
	b := newBrowser(t, a, "th")
	b.enters("/", a.clerk)
	b.see("มีบัตรในเครื่องอ่านแล้ว")
	b.click(identityProofing)
	b.click("#read")
	b.see("หน้าตรงกับรูปในชิปหรือไม่")
	b.holdBack("/result")
	b.click(".answers .yes")
	b.when(`window.held === 1`)
	a.remove()
	b.when(`document.querySelector('#reader').dataset.state === 'absent'`)
	b.letGo()
	b.when(`document.querySelector('.verdict.accepted')`)
	b.unsee(whole...)
}

func TestASlipIsNotMadeOfSomebodyWhoHasLeftTheScreen(t *testing.T) {
	a := newAgent(t)
	a.insert("default")
	b := newBrowser(t, a, "th")
	b.enters("/", a.clerk)
	b.see("มีบัตรในเครื่องอ่านแล้ว")
	b.click(identityProofing)
	b.click("#read")
	b.click(".answers .yes")
	b.when(`document.querySelector('.verdict.accepted')`)
	b.holdBack("/v1/txn-qr/")
	b.click(".buttons .secondary")
	b.when(`window.held === 1`)
	a.remove()
	b.when(`!document.querySelector('.result')`)
	b.letGo()
	b.holds(`!document.querySelector('.slip') && !document.body.classList.contains('printing')`, "nothing of the slip")
}

// Browsers that keep a page which was left would show it again as it was.
func TestAPageThatIsLeftHoldsNobody(t *testing.T) {
	a := newAgent(t)
	a.insert("default")
	b := newBrowser(t, a, "th")
	b.enters("/", a.clerk)
	b.see("มีบัตรในเครื่องอ่านแล้ว")
	b.click("#read")
	b.when(`document.querySelector('.photo')?.naturalWidth > 50`)
	eval[bool](b, `dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true }))`)
	b.holds(`!document.querySelector('.result') && !document.documentElement.outerHTML.includes('สมชาย')`, "at once")
	eval[bool](b, `dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))`)
	b.see("มีบัตรในเครื่องอ่านแล้ว") // and begins anew
	b.unsee(whole...)
}

// A page that polls is refused over and over; what is offered to the clerk stays
// where it is, so that no click meets another site's button.
func TestAnOfferOfOneMoreAnswerStaysInItsPlaceHoweverOftenASiteAsks(t *testing.T) {
	const site, other = "https://app.example.go.th", "https://other.example.go.th"
	a := newAgent(t)
	a.approve(site, proofing.AskNever)
	a.approve(other, proofing.AskNever)
	a.insert("default")
	b := newBrowser(t, a, "th")
	b.enters("/", a.clerk)
	b.see("มีบัตรในเครื่องอ่านแล้ว")
	for _, origin := range []string{site, other} {
		for range 2 {
			a.reads(origin)
		}
		b.see(origin)
	}
	b.when(`document.querySelectorAll('#approvals .yes:enabled').length === 2`)
	eval[bool](b, `(window.first = document.querySelector('#approvals article'), true)`)
	a.reads(site)
	b.click("#approvals article:last-child .no")
	a.reads(other)
	a.reads(site)
	b.follows()
	b.holds(`document.querySelectorAll('#approvals article').length === 1 && document.querySelector('#approvals article') === window.first`, "one is where it was, and no is no")
}

// follows waits until the page has heard of everything up to now.
func (b *browser) follows() {
	b.t.Helper()
	eval[bool](b, `new Promise((done) => { const s = new EventSource('/v1/events'); s.addEventListener('card_inserted', () => { s.close(); setTimeout(() => done(true), 200); }); })`)
}

// What comes up under a hand that meant another page is no answer: the button that
// begins takes no click, and has no focus, until it has been in sight for a moment.
func TestThePageRoadTakesNoClickThatWasMeantForAnotherPage(t *testing.T) {
	a := newAgent(t)
	site := a.newRelyingParty()
	a.insert("default")
	b := newBrowser(t, a, "th")
	b.elsewhere = site.origin
	b.enters("/", a.clerk)
	b.open("/prove#" + site.request("state-of-this-session"))
	b.see(site.origin)
	b.when(`!document.querySelector('#start').disabled`)
	// The same hand, a window that comes to the front.
	assert.Equal(t, "asks true", eval[string](b, `(dispatchEvent(new Event('focus')), document.activeElement.id + ' ' + document.querySelector('#start').disabled)`))
	b.press(enter)
	eval[bool](b, `(document.querySelector('#start').click(), true)`)
	b.when(`!document.querySelector('#start').disabled`)
	b.holds(`document.querySelector('#progress').hidden`, "nothing was begun")
	assert.Empty(t, a.office.Entries("proofing", "read"))

	eval[bool](b, `(document.querySelector('.skip').click(), true)`)
	b.when(`location.hash === ''`)
	b.see(site.origin) // the link that skips the menu takes no request away
	b.click("#start")
	b.click(".answers .yes")
	b.when(`location.pathname === '/done'`)
	<-site.posted
}

// Reading by itself is the word of the person at the desk, and ends with the desk.
func TestReadingOnInsertionEndsWhenSomebodyElseTakesTheDesk(t *testing.T) {
	a := newAgent(t)
	b := newBrowser(t, a, "th")
	b.enters("/", a.clerk)
	b.see("เสียบบัตรประชาชน")
	b.click("#arm")
	b.holds(`document.querySelector('#arm').checked`, "armed")
	a.admin.Login()
	b.click("#take-desk")
	b.see("เสียบบัตรประชาชน")
	b.holds(`!document.querySelector('#arm').checked`, "and not any more, though it is the same person")
}
