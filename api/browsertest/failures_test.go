//go:build !race

package browsertest

import (
	"bytes"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/proofing"
	"chipproof/simulator"
)

func TestEachFailureHasItsWordsItsPictureAndItsNextStep(t *testing.T) {
	a := newAgent(t)
	b := newBrowser(t, a, "th")
	b.enters("/", a.clerk)
	failsWith := func(title, picture string) {
		t.Helper()
		b.see(title)
		b.when(`document.querySelector('.failure img').src.endsWith('/static/pic-` + picture + `.svg')`)
		b.holds(`document.querySelector('.failure .remedy').textContent.length > 10`, "it says what to do next")
		b.shot("th-failure-" + picture)
		b.accessible(title)
	}
	b.click("#read")
	failsWith("ยังไม่ได้เสียบบัตร", "insert")

	a.insert("default", simulator.CardOptions{Line: simulator.LineTA18})
	b.see("มีบัตรในเครื่องอ่านแล้ว")
	b.click("#read")
	b.when(`document.querySelector('#bar').value > 3`)
	a.remove()
	failsWith("บัตรถูกดึงออก", "removed")

	require.NoError(t, a.machine.Unplug(reader))
	b.see("ไม่พบเครื่องอ่านบัตร")
	b.shot("th-no-reader")
	b.click("#read")
	failsWith("ไม่พบเครื่องอ่านบัตร", "noreader")
	require.NoError(t, a.machine.Plug(reader))
	b.see("เสียบบัตรประชาชน")

	a.machine.StopService()
	b.see("บริการเครื่องอ่านบัตรไม่ทำงาน")
	b.click("#read")
	b.when(`document.querySelector('.failure img').src.endsWith('/static/pic-service.svg')`)
	b.shot("th-failure-service")
	a.machine.StartService()
	a.insert("default")
	b.see("มีบัตรในเครื่องอ่านแล้ว")
	b.click("#read")
	b.see("สมชาย")
}

func TestAPersonLeavesTheScreenAfterAMinute(t *testing.T) {
	a := newAgent(t)
	a.insert("default")
	b := newBrowser(t, a, "th")
	b.enters("/", a.clerk)
	b.click("#read")
	b.see("สมชาย")
	b.see("ข้อมูลจะหายจากจอเมื่อดึงบัตร")
	eval[bool](b, `(() => { const now = Date.now; Date.now = () => now() + 61000; return true; })()`)
	b.unsee("สมชาย", "1101700230708", "ใจดี")
	b.when(`document.activeElement.id === 'read' || !document.querySelector('#form').hidden`)
}

func TestACardIsReadAsItIsInsertedOnlyWhileThePersonAtTheDeskHasArmedThat(t *testing.T) {
	a := newAgent(t)
	b := newBrowser(t, a, "th")
	b.enters("/", a.clerk)
	b.see("เสียบบัตรประชาชน")
	a.insert("default")
	b.see("มีบัตรในเครื่องอ่านแล้ว")
	a.remove()
	b.see("เสียบบัตรประชาชน")
	assert.Empty(t, a.office.Entries("read"), "nobody armed it")

	b.click("#arm")
	a.insert("default")
	b.see("สมชาย")
	a.remove()
	b.unsee("สมชาย")
	assert.Len(t, a.office.Entries("read"), 1)
	a.insert("default")
	b.see("สมชาย")
	assert.Len(t, a.office.Entries("read"), 2, "without a click, one person after the other")

	b.click("#lock")
	b.see("หน้าจอล็อกอยู่")
	b.fill("#unlock-password", a.clerk.Password+enter)
	b.when(`!document.querySelector('#form').hidden`)
	b.holds(`!document.querySelector('#arm').checked`, "a lock disarms")
}

func TestTheClerkSeesExactlyWhoAsksAndAnswersOnTheConsole(t *testing.T) {
	a := newAgent(t)
	const site = "https://app.example.go.th"
	a.approve(site, proofing.AskAlways)
	a.insert("default")
	b := newBrowser(t, a, "th")
	b.enters("/", a.clerk)
	b.see("มีบัตรในเครื่องอ่านแล้ว")
	for _, answer := range []struct {
		button string
		status int
	}{{".approval .no", http.StatusForbidden}, {".approval .yes", http.StatusOK}} {
		status := make(chan int, 1)
		go func() {
			r, _ := http.NewRequestWithContext(t.Context(), http.MethodPost, a.url+"/v1/reads", strings.NewReader(`{"purpose":"form_fill","fields":["name"]}`))
			r.Header = http.Header{"Origin": {site}, "Content-Type": {"application/json"}}
			res, err := http.DefaultClient.Do(r)
			if !assert.NoError(t, err) {
				status <- 0
				return
			}
			_, _ = io.Copy(io.Discard, res.Body)
			_ = res.Body.Close()
			status <- res.StatusCode
		}()
		b.see(site)
		b.shot("th-approval")
		b.accessible("approval")
		b.click(answer.button)
		assert.Equal(t, answer.status, <-status)
		b.when(`!document.querySelector('.approval')`)
	}
}

// printed is the page as it goes to paper.
func (b *browser) printed() []byte {
	b.t.Helper()
	var paper bytes.Buffer
	b.do(printTo(&paper))
	return paper.Bytes()
}
