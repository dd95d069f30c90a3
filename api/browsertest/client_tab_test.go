//go:build !race

package browsertest

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"strings"

	cdpbrowser "github.com/chromedp/cdproto/browser"
	"github.com/chromedp/cdproto/cdp"
	cdplog "github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// visitor is another tab of a browser, at a site.
type visitor struct {
	*browser
	site *site
}

// visit opens the site in a tab of its own.
func (s *site) visit(b *browser, path string) *visitor {
	s.a.t.Helper()
	ctx, cancel := chromedp.NewContext(b.ctx)
	s.a.t.Cleanup(cancel)
	v := &visitor{browser: &browser{t: b.t, ctx: ctx, url: s.origin}, site: s}
	chromedp.ListenTarget(ctx, v.heard)
	require.NoError(b.t, chromedp.Run(ctx)) // makes the tab, which must outlive what is done in it
	v.do(network.Enable(), cdplog.Enable(), runtime.Enable())
	v.size(1280, 900, 1)
	b.t.Cleanup(v.behaved)
	v.open(path)
	return v
}

// behaved says that the page asked nobody but its own site and the agent, put no
// number into an address, and that no policy had to stop it.
func (v *visitor) behaved() {
	v.mu.Lock()
	defer v.mu.Unlock()
	agent, err := url.Parse(v.site.a.url)
	require.NoError(v.t, err)
	for _, address := range v.asked {
		u, err := url.Parse(address)
		require.NoError(v.t, err)
		known := u.Scheme == "data" || u.Scheme == "about" || u.Scheme == "chrome-error" ||
			u.Scheme+"://"+u.Host == v.site.origin || u.Host == "127.0.0.1:"+agent.Port() || u.Host == agent.Host
		assert.True(v.t, known, "outside request: %.200s", address)
		assert.NotContains(v.t, address, "1101700230708")
	}
	assert.Empty(v.t, v.failures)
}

// let answers the browser's question for the site: granted, denied, or prompt,
// where nobody answers.
func (v *visitor) let(state cdpbrowser.PermissionSetting) {
	v.t.Helper()
	c := chromedp.FromContext(v.ctx)
	ctx, cancel := context.WithTimeout(v.ctx, patience)
	defer cancel()
	require.NoError(v.t, cdpbrowser.SetPermission(&cdpbrowser.PermissionDescriptor{Name: "loopback-network"}, state).
		WithOrigin(v.site.origin).Do(cdp.WithExecutor(ctx, c.Browser)))
	require.Equal(v.t, string(state), run[string](v, `await permission()`))
}

// run runs a script in the page with all of chipproof.js at hand and `agent`, where
// the agent is, as if in a click; what it throws is `{code, title, remedy, …}`.
func run[T any](v *visitor, script string) (answer T) {
	v.t.Helper()
	var text string
	v.do(chromedp.Evaluate(v.script(script), &text, func(p *runtime.EvaluateParams) *runtime.EvaluateParams {
		return p.WithAwaitPromise(true).WithUserGesture(true)
	}))
	require.NoError(v.t, json.Unmarshal([]byte(text), &answer), text)
	return answer
}

// begin is run for what takes its time: what it gives is in window.done.
func (v *visitor) begin(script string) {
	v.t.Helper()
	v.do(chromedp.Evaluate("window.done = undefined; "+v.script(script)+".then((text) => { window.done = JSON.parse(text); }); true", nil,
		func(p *runtime.EvaluateParams) *runtime.EvaluateParams { return p.WithUserGesture(true) }))
}

func (v *visitor) script(expression string) string {
	port := v.site.a.url[strings.LastIndex(v.site.a.url, ":")+1:]
	return fmt.Sprintf(`(async () => {
		const {fill, prove, proveByPage, onCard, permission, diagnose, ChipproofError} = await import('/chipproof.js');
		const agent = {port: %s};
		try { return JSON.stringify(%s ?? null); } catch (e) {
			return JSON.stringify({typed: e instanceof ChipproofError, name: e.name, code: String(e.code ?? ''), message: e.message, title: e.title, remedy: e.remedy, status: e.status, field: e.field, retryAfter: e.retryAfter, console: e.console});
		}
	})()`, port, expression)
}

// failed is what a call of chipproof.js threw.
type failed struct {
	Typed                                              bool
	Name, Code, Message, Title, Remedy, Field, Console string
	Status, RetryAfter                                 int
}

func evaluate(script string) chromedp.Action { return chromedp.Evaluate(script, nil) }
