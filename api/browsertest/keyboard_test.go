//go:build !race

package browsertest

import (
	"testing"

	"github.com/chromedp/chromedp/kb"
	"github.com/stretchr/testify/assert"
)

// chooses goes to a button by Tab and presses it.
func (b *browser) chooses(selector string) {
	b.t.Helper()
	b.tabTo(selector)
	b.press(enter)
}

// The clerk's work from the purpose to the lock and back, without a mouse, in the
// other language than most tests, and accessible at each stop.
func TestAClerkProvesLocksAndUnlocksByKeyboardAlone(t *testing.T) {
	a := newAgent(t)
	a.insert("default")
	b := newBrowser(t, a, "en")
	b.open("/?lang=en")
	b.when(`document.activeElement.id === 'username'`)
	b.types(a.clerk.Name)
	b.press(kb.Tab)
	b.types(a.clerk.Password)
	b.press(enter)
	b.when(`document.activeElement.id === 'code'`)
	b.types(a.clerk.Code())
	b.press(enter)
	b.when(`document.querySelector('#reader').dataset.state === 'present'`)

	b.tabTo("input[name=purpose]:checked")
	b.press(kb.ArrowDown)
	b.holds(`document.querySelector('input[name=purpose]:checked').value === 'identity_proofing'`, "arrows choose the purpose")
	b.chooses("#read")
	b.when(`document.activeElement.classList.contains('question')`)
	b.everywhere("en-proof-question")
	b.press(enter)
	b.holds(`document.querySelector('.question') && !document.querySelector('.verdict')`, "a key that was pressed too long answers nothing")
	b.chooses(".answers .yes")
	b.when(`document.querySelector('.verdict.accepted')`)
	b.everywhere("en-proof-accepted")
	b.chooses(".again")
	b.when(`document.activeElement.id === 'read'`)

	b.press(enter)
	b.when(`document.activeElement.classList.contains('question')`)
	b.chooses(".answers .no")
	b.when(`document.querySelector('.verdict.rejected')`)
	b.accessible("en rejected")
	b.chooses(".again")
	a.remove()
	b.when(`document.querySelector('#reader').dataset.state === 'absent'`)
	b.chooses("#read")
	b.see("No card in the reader")
	b.accessible("en failure")

	b.chooses("#lock")
	b.when(`document.activeElement.id === 'unlock-password'`)
	b.everywhere("en-locked")
	b.types(a.clerk.Password)
	b.press(enter)
	b.when(`!document.querySelector('#form').hidden && !document.querySelector('#page').hidden`)
	b.chooses("#logout")
	b.when(`document.activeElement.id === 'username'`)
	assert.Len(t, a.office.Entries("proofing"), 2)
}
