//go:build !race

package browsertest

import (
	"context"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/coder/websocket"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/api"
	"chipproof/api/compat"
	"chipproof/api/counter"
	"chipproof/proofing"
)

// dropIn opens the port that stands for go-thai-smartcard, until the test ends.
func (a *agent) dropIn(ports *compat.Ports, base api.Options) string {
	a.t.Helper()
	listeners, err := api.Listen(a.t.Context(), "localhost:0")
	require.NoError(a.t, err)
	server, err := ports.Server(compat.GoThai, listeners.Ports()[0], base)
	require.NoError(a.t, err)
	ctx, cancel := context.WithCancel(context.Background())
	var running sync.WaitGroup
	running.Go(func() { _ = ports.Run(ctx) })
	running.Go(func() { assert.NoError(a.t, server.Serve(ctx, listeners)) })
	a.t.Cleanup(func() {
		cancel()
		running.Wait()
	})
	return listeners.URL()
}

func TestDropInPortsAreShownWhileTheyAreOpenAndASiteIsArmedByAClick(t *testing.T) {
	a := newAgent(t)
	const site = "https://old.example.go.th"
	grant := counter.DefaultGrant()
	_, err := a.office.Records.SaveOrigin(t.Context(), proofing.Actor{ID: "os:0"}, proofing.Origin{
		Origin: site, Audience: site, Fields: grant.Fields, Purposes: []string{proofing.Compat}, Ask: proofing.AskNever, ApprovedAt: a.office.Clock.Now(),
	})
	require.NoError(t, err)
	b := newBrowser(t, a, "th")
	b.enters("/", a.clerk)
	b.see("เสียบบัตรประชาชน")
	b.holds(`document.querySelector('#ports').hidden`, "nothing is said of ports that are not open")

	address := a.openPort()
	b.see("พอร์ตทดแทนเปิดอยู่")
	b.see("go-thai-smartcard")
	page, res, err := websocket.Dial(t.Context(), strings.Replace(address, "http", "ws", 1)+"/ws", &websocket.DialOptions{HTTPHeader: http.Header{"Origin": {site}}})
	require.NoError(t, err)
	if res.Body != nil {
		defer res.Body.Close()
	}
	defer func() { _ = page.CloseNow() }()
	b.see(site)
	b.shot("th-ports")
	b.click("#ports-sites button")
	b.see("บัตรทุกใบที่เสียบจะถูกส่งให้เว็บนี้")
	b.everywhere("th-ports-armed")
	b.holds(`document.activeElement.closest('#ports-sites')`, "the focus stays at the switch")
	a.insert("default")
	var told string
	for !strings.Contains(told, "smc-data") {
		_, frame, err := page.Read(t.Context())
		require.NoError(t, err)
		told = string(frame)
	}
	assert.Contains(t, told, "1101700230708")
	b.unsee("สมชาย", "1101700230708")

	b.click("#ports-sites button")
	b.see("ยังไม่ส่งข้อมูลใด")
	b.click("#ports-sites button")
	b.see("บัตรทุกใบที่เสียบจะถูกส่งให้เว็บนี้")
	b.click("#lock")
	b.see("หน้าจอล็อกอยู่")
	require.Eventually(t, func() bool { return len(a.office.Entries("compat_disarmed")) == 2 }, patience, 50*time.Millisecond, "by a click, and by the lock")
	b.fill("#unlock-password", a.clerk.Password+enter)
	b.see("พอร์ตทดแทนเปิดอยู่")
	b.when(`document.querySelector('#ports-sites').children.length === 0 || document.querySelector('#ports-sites').textContent.includes('ยังไม่ส่งข้อมูลใด')`)
	assert.Len(t, a.office.Entries("compat_armed"), 2)
}
