//go:build !race

package browsertest

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	cdplog "github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// patience is how long a page may take to show what it must.
const patience = 40 * time.Second

// browser is a Chromium with a profile of its own, and what it did.
type browser struct {
	t   testing.TB
	ctx context.Context
	url string
	// elsewhere is the one other site that a test has the browser go to.
	elsewhere string
	profile   string // the folder in which it keeps what it keeps

	mu       sync.Mutex
	asked    []string // addresses of every request
	failures []string // exceptions, and what the policy blocked
}

// newBrowser opens a Chromium that prefers that language, with more flags where a
// test needs them.
func newBrowser(t testing.TB, a *agent, lang string, flags ...chromedp.ExecAllocatorOption) *browser {
	t.Helper()
	path := "/usr/bin/chromium"
	require.FileExists(t, path, "Debian's chromium is needed: .ci/deps")
	profile, err := os.MkdirTemp("", "chipproof-browser-*")
	require.NoError(t, err)
	// What Chromium still writes while it ends is the system's to clear.
	t.Cleanup(func() { _ = os.RemoveAll(profile) })
	options := append([]chromedp.ExecAllocatorOption{}, chromedp.NoFirstRun, chromedp.NoDefaultBrowserCheck, chromedp.Headless, chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.ExecPath(path), chromedp.UserDataDir(profile),
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-background-networking", true), chromedp.Flag("disable-component-update", true),
		chromedp.Flag("disable-sync", true), chromedp.Flag("accept-lang", lang), chromedp.Flag("hide-scrollbars", true),
		chromedp.Flag("disable-dev-shm-usage", true), chromedp.WindowSize(1280, 900))
	allocated, stop := chromedp.NewExecAllocator(context.Background(), append(options, flags...)...)
	ctx, cancel := chromedp.NewContext(allocated)
	t.Cleanup(func() { cancel(); stop() })
	b := &browser{t: t, ctx: ctx, url: a.url, profile: profile}
	chromedp.ListenTarget(ctx, b.heard)
	b.do(network.Enable(), cdplog.Enable(), runtime.Enable())
	b.size(1280, 900, 1)
	t.Cleanup(b.behaved)
	return b
}

func (b *browser) heard(event any) {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch e := event.(type) {
	case *network.EventRequestWillBeSent:
		b.asked = append(b.asked, e.Request.URL)
	case *runtime.EventExceptionThrown:
		b.failures = append(b.failures, e.ExceptionDetails.Error())
	case *cdplog.EventEntryAdded:
		if strings.Contains(e.Entry.Text, "Content Security Policy") || e.Entry.Source == cdplog.SourceSecurity {
			b.failures = append(b.failures, e.Entry.Text)
		}
	}
}

// behaved holds what is true of every page: nothing was asked of anybody else, no
// script failed, and the policy had nothing to block.
func (b *browser) behaved() {
	b.mu.Lock()
	defer b.mu.Unlock()
	assert.NotEmpty(b.t, b.asked)
	for _, address := range b.asked {
		u, err := url.Parse(address)
		ours := err == nil && (u.Scheme == "data" || u.Scheme == "blob" || u.Scheme == "chrome" || address == "about:blank" || strings.HasPrefix(address, b.url+"/") ||
			b.elsewhere != "" && strings.HasPrefix(address, b.elsewhere+"/"))
		assert.True(b.t, ours, "outside request: %.200s", address)
	}
	assert.Empty(b.t, b.failures)
}

// do runs actions, and fails with a picture of the page when they do not end.
func (b *browser) do(actions ...chromedp.Action) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	// The first run starts the browser, which must not end with the time limit.
	if chromedp.FromContext(b.ctx).Browser == nil {
		ctx = b.ctx
	}
	if err := chromedp.Run(ctx, actions...); err != nil {
		b.shot("failed-" + strings.ReplaceAll(b.t.Name(), "/", "-"))
		b.t.Fatalf("%v; the page says: %s", err, b.text())
	}
}

// size sets the window, in CSS pixels, and how many pixels of the screen one is.
func (b *browser) size(width, height int64, scale float64) {
	b.t.Helper()
	b.do(emulation.SetDeviceMetricsOverride(width, height, scale, false))
}

// dark has the page shown as to somebody who prefers it dark.
func (b *browser) dark() {
	b.t.Helper()
	b.do(emulation.SetEmulatedMedia().WithFeatures([]*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: "dark"}}))
}

func (b *browser) open(path string) {
	b.t.Helper()
	b.do(chromedp.Navigate(b.url + path))
}

func (b *browser) text() string {
	var text string
	_ = chromedp.Run(b.ctx, chromedp.Evaluate(`document.body?.innerText ?? ''`, &text))
	return text
}

func eval[T any](b *browser, script string) (v T) {
	b.t.Helper()
	b.do(chromedp.Evaluate(script, &v, func(p *runtime.EvaluateParams) *runtime.EvaluateParams { return p.WithAwaitPromise(true) }))
	return v
}

// when waits until a condition of the page holds. A page that is being left has no
// answer, and is asked again.
func (b *browser) when(condition string) {
	b.t.Helper()
	look := time.NewTicker(50 * time.Millisecond)
	defer look.Stop()
	late := time.After(patience)
	for {
		var holds bool
		if err := chromedp.Run(b.ctx, chromedp.Evaluate("Boolean("+condition+")", &holds)); err == nil && holds {
			return
		}
		select {
		case <-look.C:
		case <-late:
			b.shot("failed-" + strings.ReplaceAll(b.t.Name(), "/", "-"))
			b.t.Fatalf("%s does not come true; the page says: %s", condition, b.text())
		}
	}
}

// see waits until the page shows a text.
func (b *browser) see(text string) {
	b.t.Helper()
	b.when(fmt.Sprintf("document.body.innerText.includes(%q)", text))
}

// unsee waits until the page's document holds a text no more, shown or not.
func (b *browser) unsee(texts ...string) {
	b.t.Helper()
	for _, text := range texts {
		b.when(fmt.Sprintf("!document.documentElement.outerHTML.includes(%q)", text))
	}
}

func (b *browser) click(selector string) {
	b.t.Helper()
	b.do(chromedp.WaitVisible(selector, chromedp.ByQuery), chromedp.WaitEnabled(selector, chromedp.ByQuery), chromedp.Click(selector, chromedp.ByQuery))
}

// fill types into a field; what ends with [enter] sends its form.
func (b *browser) fill(selector, text string) {
	b.t.Helper()
	text, send := strings.CutSuffix(text, enter)
	b.do(chromedp.WaitVisible(selector, chromedp.ByQuery), chromedp.Evaluate(fmt.Sprintf("document.querySelector(%q).value = ''", selector), nil),
		chromedp.Focus(selector, chromedp.ByQuery), input.InsertText(text))
	if send {
		b.press(enter)
	}
}

func insertText(text string) func(context.Context) error {
	return func(ctx context.Context) error { return input.InsertText(text).Do(ctx) }
}

// press types keys into whatever has the focus.
func (b *browser) press(keys string) {
	b.t.Helper()
	b.do(chromedp.KeyEvent(keys))
}

// enter is the key of forms.
const enter = kb.Enter

// shots is where pictures go.
func shots(t testing.TB) string {
	dir := os.Getenv("CHIPPROOF_SCREENSHOTS")
	if dir == "" {
		dir = filepath.Join("..", "..", "bin", "screenshots")
	}
	require.NoError(t, os.MkdirAll(dir, 0o755))
	return dir
}

// shot takes a picture of the whole page.
func (b *browser) shot(name string) {
	b.t.Helper()
	var picture []byte
	err := chromedp.Run(b.ctx, chromedp.ActionFunc(func(ctx context.Context) (err error) {
		picture, err = page.CaptureScreenshot().WithCaptureBeyondViewport(true).Do(ctx)
		return err
	}))
	require.NoError(b.t, err)
	require.NoError(b.t, os.WriteFile(filepath.Join(shots(b.t), name+".png"), picture, 0o644))
}
