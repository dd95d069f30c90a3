package console

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/http"
	"net/http/httptest"
	"regexp"
	"testing"
	"testing/fstest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/api"
)

// served is a server with the common pages, and a page whose forms may go
// elsewhere.
func served(t *testing.T, targets func(context.Context) ([]string, error)) http.Handler {
	t.Helper()
	site, err := New(Options{Mode: api.Test, Parts: []Part{Common(), {
		Static: fstest.MapFS{}, Templates: fstest.MapFS{"far.html": {Data: []byte(`{{define "body"}}<h1>far</h1>{{end}}`)}},
		Pages: []Page{{Path: "/far", Title: "account.title", Template: "far", Script: "account.js", FormTargets: targets}},
	}}})
	require.NoError(t, err)
	server, err := api.NewServer(api.Options{Title: "test", Version: "1", Problems: api.Problems(), Now: time.Now, Rules: api.OriginRules{Ports: []int{8731}}})
	require.NoError(t, err)
	site.Register(server)
	return server
}

func ask(h http.Handler, path string, headers ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(http.MethodGet, path, nil)
	r.Host = "localhost:8731"
	r = r.WithContext(context.WithValue(r.Context(), http.LocalAddrContextKey, &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 8731}))
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

const ours = "http://localhost:8731"

func TestAPageIsAShellInTheLanguageThatWasChosen(t *testing.T) {
	h := served(t, nil)
	for _, row := range []struct{ path, accept, lang, holds string }{
		{"/account", "", "th", "บัญชีของฉัน"},
		{"/account", "en-US,en;q=0.9", "en", "My account"},
		{"/account?lang=th", "en-US", "th", `href="/audit?lang=th"`},
		{"/account?lang=en", "th", "en", `href="/audit?lang=en"`},
		{"/account?lang=de", "th", "th", `href="/audit"`},
	} {
		w := ask(h, row.path, "Accept-Language", row.accept, "Sec-Fetch-Site", "none", "Sec-Fetch-Mode", "navigate", "Sec-Fetch-Dest", "document")
		require.Equal(t, http.StatusOK, w.Code, row.path)
		assert.Contains(t, w.Body.String(), fmt.Sprintf(`<html lang="%s">`, row.lang))
		assert.Contains(t, w.Body.String(), row.holds)
		assert.Equal(t, row.lang, w.Header().Get("Content-Language"))
		assert.Empty(t, w.Header()["Set-Cookie"], "no cookie holds the choice")
	}
}

func TestOnlyWhereThereIsADeskItCanBeTakenOver(t *testing.T) {
	for _, desk := range []bool{true, false} {
		site, err := New(Options{Mode: api.Test, Parts: []Part{Common(), {Static: fstest.MapFS{}, Templates: fstest.MapFS{}, Desk: desk}}})
		require.NoError(t, err)
		for _, p := range site.pages {
			page, err := site.render(p, api.Thai, "", p.Path)
			require.NoError(t, err)
			assert.Equal(t, desk, bytes.Contains(page, []byte("รับเวรต่อ")), p.Path)
			assert.Contains(t, string(page), `id="take-over"`, "the next person can log in all the same")
		}
	}
}

func TestAPageHasTheHeadersOfAPage(t *testing.T) {
	w := ask(served(t, nil), "/account")
	assert.Equal(t, "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; "+
		"form-action 'self'; frame-ancestors 'none'; base-uri 'none'", w.Header().Get("Content-Security-Policy"))
	assert.Equal(t, "same-origin", w.Header().Get("Cross-Origin-Opener-Policy"))
	assert.Equal(t, "no-store", w.Header().Get("Cache-Control"))
	assert.Equal(t, "DENY", w.Header().Get("X-Frame-Options"))
}

func TestOnlyAPageThatSaysSoMayPostAForm(t *testing.T) {
	h := served(t, func(context.Context) ([]string, error) { return []string{"https://app.example.go.th"}, nil })
	assert.Contains(t, ask(h, "/far").Header().Get("Content-Security-Policy"), "form-action 'self' https://app.example.go.th;")
	assert.NotContains(t, ask(h, "/account").Header().Get("Content-Security-Policy"), "example")
	h = served(t, func(context.Context) ([]string, error) { return nil, errors.New("no database") })
	assert.Equal(t, http.StatusInternalServerError, ask(h, "/far").Code)
}

func TestTheGuardLetsThroughWhatABrowserLoadsAndNothingElse(t *testing.T) {
	h := served(t, nil)
	for _, row := range []struct {
		path, origin, site, mode, dest string
		want                           int
	}{
		{"/static/account.js", ours, "same-origin", "cors", "script", 200},
		{"/static/sarabun-thai-400.woff2", ours, "same-origin", "cors", "font", 200},
		{"/static/console.css", "", "same-origin", "no-cors", "style", 200},
		{"/static/icon.svg", "", "same-origin", "no-cors", "image", 200},
		{"/static/account.js", "", "cross-site", "no-cors", "script", 403},
		{"/static/account.js", "https://evil.example", "cross-site", "cors", "script", 403},
		{"/account", "", "cross-site", "navigate", "iframe", 403},
		{"/account", "", "cross-site", "navigate", "document", 200},
		{"/static/", "", "same-origin", "no-cors", "script", 404},
		{"/static/layout.html", "", "same-origin", "no-cors", "script", 404},
	} {
		headers := []string{"Sec-Fetch-Site", row.site, "Sec-Fetch-Mode", row.mode, "Sec-Fetch-Dest", row.dest}
		if row.origin != "" {
			headers = append(headers, "Origin", row.origin)
		}
		assert.Equal(t, row.want, ask(h, row.path, headers...).Code, "%+v", row)
	}
}

// inline is what the policy would block: script or style that stands in the page.
var inline = regexp.MustCompile(`(?i)<script(?:\s[^>]*)?>[^<]|<style|\sstyle=|\son[a-z]+=|javascript:`)

func TestNoPageHasInlineScriptOrStyleOrAnAddressElsewhere(t *testing.T) {
	h := served(t, nil)
	for _, p := range Common().Pages {
		page := ask(h, p.Path).Body.String()
		assert.NotRegexp(t, inline, page, p.Path)
		assert.NotRegexp(t, `(?:src|href|action)="(?:https?:)?//`, page, p.Path)
	}
	files := Common().Static
	require.NoError(t, fs.WalkDir(files, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		content, err := fs.ReadFile(files, name)
		if regexp.MustCompile(`\.(js|css)$`).MatchString(name) {
			assert.NotRegexp(t, `localStorage|sessionStorage|indexedDB|document\.cookie|innerHTML|\beval\(|new Function`, string(content), name)
			assert.False(t, bytes.Contains(content, []byte(`url(http`)), name)
		}
		return err
	}))
}

func TestPartsThatDoNotFitAreRefused(t *testing.T) {
	twice := Part{Static: fstest.MapFS{"console.css": {}}, Templates: fstest.MapFS{}}
	_, err := New(Options{Parts: []Part{Common(), twice}})
	assert.ErrorIs(t, err, errSite)
	_, err = New(Options{})
	assert.ErrorIs(t, err, errSite)
	body := func(html string) Part {
		return Part{
			Static: fstest.MapFS{}, Templates: fstest.MapFS{"x.html": {Data: []byte(html)}},
			Pages: []Page{{Path: "/x", Title: "account.title", Template: "x", Script: "account.js"}},
		}
	}
	_, err = New(Options{Parts: []Part{Common(), body(`{{define "body"}}{{t "no.such"}}{{end}}`)}})
	assert.ErrorIs(t, err, errMessages, "a page that says what nobody has written")
	lost := body(`{{define "body"}}{{end}}`)
	lost.Pages[0].Script = "nowhere.js"
	_, err = New(Options{Parts: []Part{Common(), lost}})
	assert.ErrorIs(t, err, errSite)
}
