//go:build !race

package browsertest

import (
	"bytes"
	"context"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"unicode/utf16"

	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/storage"
	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// traces are what would tell of the default person: number, names, in the forms in
// which the page or a database of the browser could hold them, and the beginning of
// the photo.
func (a *agent) traces(b *browser) map[string][]byte {
	a.t.Helper()
	photo := eval[string](b, `document.querySelector('.photo').src.split(',')[1].slice(200, 260)`)
	require.Len(a.t, photo, 60)
	list := map[string][]byte{"photo": []byte(photo)}
	for _, text := range []string{"1101700230708", "1 1017 00230 70 8", "สมชาย", "ใจดี", "Somchai", "Jaidee", "สมหญิง"} {
		list[text] = []byte(text)
		var wide bytes.Buffer
		for _, unit := range utf16.Encode([]rune(text)) {
			wide.Write([]byte{byte(unit), byte(unit >> 8)})
		}
		list[text+" in UTF-16"] = wide.Bytes()
	}
	return list
}

func TestNothingOfAPersonStaysInTheBrowser(t *testing.T) {
	a := newAgent(t)
	a.insert("default")
	b := newBrowser(t, a, "th")
	b.enters("/", a.clerk)
	b.see("มีบัตรในเครื่องอ่านแล้ว")
	b.click("#read")
	b.when(`document.querySelector('.photo')?.naturalWidth > 50`)
	traces := a.traces(b)
	b.click(".again")
	b.click(identityProofing)
	b.click("#claims summary")
	b.fill("input[name=claim-first_name]", "สมหญิง")
	b.click("#read")
	b.see("หน้าตรงกับรูปในชิปหรือไม่")
	b.click(".answers .yes")
	b.when(`document.querySelector('.verdict')`)
	a.remove()
	b.unsee("สมชาย", "ใจดี", "1101700230708", "1 1017 00230 70 8", "Somchai", string(traces["photo"]))
	b.open("/account") // so that the page of the person is one of the history
	b.see("แอปยืนยันตัวตน")
	b.do(chromedp.NavigateBack())
	b.see("เสียบบัตรประชาชน")
	b.unsee("สมชาย", "ใจดี", "1101700230708", "Somchai", "สมหญิง", string(traces["photo"]))

	b.holds(`document.cookie === '' && localStorage.length === 0 && sessionStorage.length === 0 && !('state' in history && history.state)`, "nothing is stored")
	assert.Equal(t, 0, eval[int](b, `Promise.all([indexedDB.databases(), caches.keys(), navigator.serviceWorker.getRegistrations()]).then((l) => l.flat().length)`))
	b.do(chromedp.ActionFunc(func(ctx context.Context) error {
		kept, _, _, _, err := storage.GetUsageAndQuota(b.url).Do(ctx)
		assert.Zero(t, kept, "bytes that the browser keeps for our origin")
		if err != nil {
			return err
		}
		_, entries, err := page.GetNavigationHistory().Do(ctx)
		for _, e := range entries {
			for name, trace := range traces {
				assert.NotContains(t, e.URL+e.UserTypedURL+e.Title, string(trace), name)
			}
		}
		return err
	}))
	b.mu.Lock()
	for _, address := range b.asked {
		if address[:5] == "data:" {
			continue // the photo itself, which goes nowhere
		}
		for name, trace := range traces {
			assert.NotContains(t, address, string(trace), name)
		}
	}
	b.mu.Unlock()

	require.NoError(t, chromedp.Cancel(b.ctx), "it ends as when a person closes it, and writes what it keeps")
	assert.True(t, searched(t, b.profile, traces, b.url+"/account"), "the pages that were open are in the history, and so this looks where things are kept")
}

// searched looks for traces in every file below a folder, and says whether it has
// found what must be there.
func searched(t *testing.T, folder string, traces map[string][]byte, must string) (found bool) {
	t.Helper()
	require.NoError(t, filepath.WalkDir(folder, func(path string, e fs.DirEntry, err error) error {
		if err != nil || !e.Type().IsRegular() {
			return err
		}
		content, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		found = found || bytes.Contains(content, []byte(must))
		for name, trace := range traces {
			assert.False(t, bytes.Contains(content, trace), "%s holds %s", path, name)
		}
		return nil
	}))
	return found
}

func TestTwoClicksACitizenAndNoneToGoOn(t *testing.T) {
	a := newAgent(t)
	b := newBrowser(t, a, "th")
	b.enters("/", a.clerk)
	b.click(identityProofing) // once, for all that follow
	eval[bool](b, `(() => { window.clicks = 0; addEventListener('pointerdown', (e) => { window.clicks += e.isTrusted; }, true);
		addEventListener('keydown', () => { window.clicks += 100; }, true); return true; })()`)
	for i, person := range []string{"default", "middle-name"} {
		a.insert(person)
		b.see("มีบัตรในเครื่องอ่านแล้ว")
		b.click("#read")
		b.see("หน้าตรงกับรูปในชิปหรือไม่")
		b.click(".answers .yes")
		b.when(`document.querySelector('.verdict.accepted')`)
		a.remove()
		b.when(`!document.querySelector('.result') && !document.querySelector('#form').hidden`)
		assert.Equal(t, 2*(i+1), eval[int](b, `window.clicks`))
	}
}
