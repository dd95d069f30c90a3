//go:build !race

package browsertest

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/simulator"
)

func TestNameAndNumberComeFirstAndThePhotoLast(t *testing.T) {
	a := newAgent(t)
	a.insert("default", simulator.CardOptions{Line: simulator.LineTA18})
	b := newBrowser(t, a, "th")
	b.enters("/", a.clerk)
	b.see("มีบัตรในเครื่องอ่านแล้ว")
	b.click("#read")
	b.see("สมชาย")
	b.holds(`document.querySelector('.photo').hidden && !document.querySelector('.photo-comes').hidden`, "the photo is still being read")
	b.holds(`!document.querySelector('#progress').hidden && document.querySelector('#bar').value > 0`, "and the bar says how far it is")
	b.holds(`document.activeElement.classList.contains('name-th')`, "the focus is on the person")
	assert.Len(t, a.office.Entries("read"), 1, "the entry stands before anything is shown")
	b.shot("th-counter-glimpse")
	b.accessible("text without photo")
	b.when(`document.querySelector('.photo').naturalWidth > 50`)
	b.holds(`document.querySelector('.photo-comes').hidden && document.querySelector('#progress').hidden`, "it is whole")
	b.holds(`document.activeElement.classList.contains('name-th')`, "the focus was not moved")
	assert.Len(t, a.office.Entries("read"), 1, "one read, one entry")
}

func TestWhatWasShownGoesWhenThePhotoCannotBeRead(t *testing.T) {
	a := newAgent(t)
	a.insert("default", simulator.CardOptions{Line: simulator.LineTA18})
	b := newBrowser(t, a, "th")
	b.enters("/", a.clerk)
	b.see("มีบัตรในเครื่องอ่านแล้ว")

	b.click("#read")
	b.see("สมชาย")
	a.remove()
	b.unsee("สมชาย", "ใจดี", "1101700230708", "1 1017 00230 70 8")
	b.when(`document.querySelector('.failure .code')?.textContent.startsWith('card_removed')`)

	a.insert("default", simulator.CardOptions{Line: simulator.LineTA18})
	b.see("มีบัตรในเครื่องอ่านแล้ว")
	b.when(`!document.querySelector('.failure')`)
	b.click("#read")
	b.see("สมชาย")
	swap(a, "middle-name")
	b.unsee("สมชาย", "ใจดี", "1101700230708", "1 1017 00230 70 8")
	b.when(`/^card_(changed|removed)/.test(document.querySelector('.failure .code')?.textContent)`)
	b.shot("th-glimpse-changed")

	b.click("#read")
	b.see("กำลังอ่านรูปถ่าย")
	b.click("#stop")
	b.when(`!document.querySelector('.result') && !document.querySelector('#form').hidden`)
	assert.Len(t, a.office.Entries("read"), 3, "of each the clerk saw the text")
	require.Eventually(t, func() bool { return len(a.office.Entries("read_failed")) == 3 }, patience, 50*time.Millisecond, "and of none the photo")
}

// swap puts another person's card in the place of the one that is in.
func swap(a *agent, name string) {
	a.t.Helper()
	person, err := simulator.PersonNamed(name)
	require.NoError(a.t, err)
	card, err := simulator.NewCard(person, simulator.CardOptions{Line: simulator.LineTA18})
	require.NoError(a.t, err)
	require.NoError(a.t, a.machine.Swap(reader, card))
}

func TestTheClerkSeesWhomItIsAboutWhileThePhotoOfAProofingIsRead(t *testing.T) {
	a := newAgent(t)
	a.insert("default", simulator.CardOptions{Line: simulator.LineTA18})
	b := newBrowser(t, a, "th")
	b.enters("/", a.clerk)
	b.see("มีบัตรในเครื่องอ่านแล้ว")
	b.click(identityProofing)
	b.click("#read")
	b.see("สมชาย")
	b.holds(`document.querySelector('.photo').hidden && !document.querySelector('.question')`, "nothing is asked before the photo is there")
	b.shot("th-proof-glimpse")
	b.accessible("proofing without photo")
	b.see("หน้าตรงกับรูปในชิปหรือไม่")
	b.holds(`document.activeElement.classList.contains('question')`, "no answer has the focus, so none is given by a key held too long")
	b.click(".answers .yes")
	b.when(`document.querySelector('.verdict.accepted')`)
}
