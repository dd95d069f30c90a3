package rp_test

import (
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/proofing/proof"
	"chipproof/simulator/rp"
)

func TestTheBackendSignsForItsOwnPageAlone(t *testing.T) {
	s := newStage(t)
	b, other := s.visitor(), s.visitor()
	for name, change := range map[string]func(*http.Request){
		"without the value against forgery":     func(r *http.Request) { r.Header.Del("X-CSRF") },
		"with an empty value":                   func(r *http.Request) { r.Header.Set("X-CSRF", "") },
		"with another session's value":          func(r *http.Request) { r.Header.Set("X-CSRF", other.csrf) },
		"from another origin":                   func(r *http.Request) { r.Header.Set("Origin", "http://localhost:8731") },
		"from the same machine by another name": func(r *http.Request) { r.Header.Set("Origin", strings.Replace(s.origin, "localhost", "127.0.0.1", 1)) },
		"without an origin":                     func(r *http.Request) { r.Header.Del("Origin") },
		"under another name that leads here":    func(r *http.Request) { r.Host = "evil.example" },
		"under this name without a port":        func(r *http.Request) { r.Host = "localhost" },
	} {
		for _, path := range []string{"/requests", "/proofs"} {
			answer, body := b.call(path, map[string]string{}, change)
			assert.Equal(t, http.StatusForbidden, answer.StatusCode, "%s %s: %s", path, name, body)
		}
	}
	withoutSession := s.stranger()
	withoutSession.csrf = b.csrf
	answer, _ := withoutSession.call("/requests", map[string]string{"road": "fetch"})
	assert.Equal(t, http.StatusForbidden, answer.StatusCode)
	answer, _ = b.call("/requests", map[string]string{"road": "fetch"}, func(r *http.Request) { r.Header.Set("Content-Type", "text/plain") })
	assert.Equal(t, http.StatusUnsupportedMediaType, answer.StatusCode)
	answer, _ = b.call("/proofs", map[string]string{"proof": strings.Repeat("a", 64<<10)})
	assert.Equal(t, http.StatusRequestEntityTooLarge, answer.StatusCode)
	for _, path := range []string{"/requests", "/proofs", "/return"} {
		answer, _ := b.get(path)
		assert.Equal(t, http.StatusMethodNotAllowed, answer.StatusCode, path)
	}
}

func TestASessionEndsAnHourAfterItsLastUse(t *testing.T) {
	b := newStage(t).visitor()
	b.pass(time.Hour - time.Second)
	b.request("fetch")
	b.pass(time.Hour)
	answer, _ := b.call("/requests", map[string]string{"road": "fetch"})
	assert.Equal(t, http.StatusForbidden, answer.StatusCode)
}

func TestTheSessionCookieIsForThisSiteAlone(t *testing.T) {
	answer, _ := newStage(t).stranger().get("/")
	require.Len(t, answer.Cookies(), 1)
	cookie := answer.Cookies()[0]
	assert.True(t, cookie.HttpOnly)
	assert.Equal(t, http.SameSiteLaxMode, cookie.SameSite, "Strict would stay away when the page road leads back")
	assert.Len(t, cookie.Value, 22)
	assert.False(t, cookie.Secure, "a browser would drop it at a site of plain http")
}

// With the prefix no other host and no plain http can set it, so nobody gives a
// browser the session of somebody else.
func TestAnHTTPSSiteHasASecureCookieOfItsHostAlone(t *testing.T) {
	site, err := rp.New(rp.Options{Origin: "https://app.example.go.th", Agent: "http://localhost:8731", Key: newKey(t), Clock: time.Now})
	require.NoError(t, err)
	visit := func(cookies ...*http.Cookie) []*http.Cookie {
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.Host = "app.example.go.th"
		for _, c := range cookies {
			r.AddCookie(c)
		}
		answer := httptest.NewRecorder()
		site.ServeHTTP(answer, r)
		require.Equal(t, http.StatusOK, answer.Code)
		return answer.Result().Cookies()
	}
	set := visit()
	require.Len(t, set, 1)
	assert.True(t, strings.HasPrefix(set[0].Name, "__Host-"))
	assert.True(t, set[0].Secure)
	assert.True(t, set[0].HttpOnly)
	assert.Equal(t, http.SameSiteLaxMode, set[0].SameSite)
	assert.Equal(t, "/", set[0].Path)
	assert.Empty(t, set[0].Domain)
	assert.Empty(t, visit(set[0]), "it has its session")
	assert.Len(t, visit(&http.Cookie{Name: strings.TrimPrefix(set[0].Name, "__Host-"), Value: set[0].Value}), 1, "under another name it is none")
}

func TestThePageRunsNoScriptButItsOwn(t *testing.T) {
	s := newStage(t)
	answer, body := s.stranger().get("/")
	policy := answer.Header.Get("Content-Security-Policy")
	assert.Contains(t, policy, "default-src 'none'")
	assert.Contains(t, policy, "script-src 'self';")
	assert.Contains(t, policy, "connect-src 'self' http://127.0.0.1:8731;")
	assert.Contains(t, policy, "frame-ancestors 'none'")
	assert.NotContains(t, policy, "unsafe")
	assert.NotRegexp(t, `<script(?:>|[^>]*>[^<])`, body, "nothing inline")
	assert.NotRegexp(t, `\son[a-z]+=|javascript:|style=`, body)
	for _, path := range regexp.MustCompile(`(?:src|href)="(/[^"?]*)"`).FindAllStringSubmatch(body, -1) {
		found, _ := s.stranger().get(path[1])
		assert.Equal(t, http.StatusOK, found.StatusCode, path[1])
		assert.Equal(t, "nosniff", found.Header.Get("X-Content-Type-Options"))
	}
}

func TestTheSiteHostsItsOwnCopyOfTheScript(t *testing.T) {
	script := []byte("export const version = '1';")
	s := newStage(t, func(o *rp.Options) { o.Script, o.Agent = script, "http://localhost:9731" })
	answer, body := s.stranger().get("/chipproof.js")
	assert.Equal(t, http.StatusOK, answer.StatusCode)
	assert.Equal(t, "text/javascript; charset=utf-8", answer.Header.Get("Content-Type"))
	assert.Equal(t, string(script), body)
	page, body := s.stranger().get("/")
	assert.Contains(t, body, `data-port="9731"`)
	assert.Contains(t, page.Header.Get("Content-Security-Policy"), "connect-src 'self' http://127.0.0.1:9731;")
	assert.Equal(t, "same-origin-allow-popups", page.Header.Get("Cross-Origin-Opener-Policy"), "it opens the agent's page to see whether there is one")

	answer, _ = newStage(t).stranger().get("/chipproof.js")
	assert.Equal(t, http.StatusNotFound, answer.StatusCode, "a site that was given none has none")
}

func TestThePageSpeaksThaiAndEnglish(t *testing.T) {
	s := newStage(t)
	for header, want := range map[string]string{"": "th", "th-TH,en;q=0.5": "th", "en-GB": "en", "en;q=0.9, th;q=0.1": "en", ";;": "th"} {
		b := s.stranger()
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.origin+"/", nil)
		require.NoError(t, err)
		r.Header.Set("Accept-Language", header)
		_, body := b.do(r)
		assert.Contains(t, body, `<html lang="`+want+`">`, header)
	}
	_, thai := s.stranger().get("/?lang=th")
	assert.Contains(t, thai, "กรอกจากบัตร")
	_, english := s.stranger().get("/?lang=en")
	assert.Contains(t, english, "Fill from the card")
	assert.NotContains(t, english, "กรอก")
}

func TestAReportIsShownAsAPage(t *testing.T) {
	b := newStage(t).visitor()
	_, _ = b.get("/?lang=th") // what it was asked for in, it goes on in
	html := func(r *http.Request) { r.Header.Set("Accept", "text/html") }
	hostile := func(p *proof.Proof) { p.Operator.ID = "<script>alert(1)</script>" }
	answer, body := b.call("/proofs", map[string]string{"proof": b.counter.prove(b.request("fetch"), hostile)}, html)
	assert.Equal(t, http.StatusOK, answer.StatusCode)
	assert.Contains(t, body, "ยอมรับผลพิสูจน์นี้")
	assert.Contains(t, body, "ลายเซ็นถูกต้อง")
	assert.NotContains(t, body, "<script>")
	assert.NotContains(t, body, "<html", "a piece of a page, for the one that asked")
}

func TestTheKeysOfTheSiteArePublishedAndPublic(t *testing.T) {
	s := newStage(t)
	answer, body := s.stranger().get("/jwks.json")
	assert.Equal(t, "application/jwk-set+json", answer.Header.Get("Content-Type"))
	assert.Equal(t, "max-age=3600", answer.Header.Get("Cache-Control"))
	keys, err := proof.ParseKeys([]byte(body))
	require.NoError(t, err, "no private member is in it")
	assert.Equal(t, s.site.Thumbprints(), keys.Thumbprints())
}

func TestASiteNeedsAKeyAClockAndOrigins(t *testing.T) {
	good := rp.Options{Origin: "http://localhost:8000", Agent: "http://localhost:8731", Key: newKey(t), Clock: time.Now}
	_, err := rp.New(good)
	require.NoError(t, err)
	for name, change := range map[string]func(*rp.Options){
		"no key":                func(o *rp.Options) { o.Key = nil },
		"no clock":              func(o *rp.Options) { o.Clock = nil },
		"an origin with a path": func(o *rp.Options) { o.Origin += "/" },
		"no origin":             func(o *rp.Options) { o.Origin = "" },
		"an agent that is none": func(o *rp.Options) { o.Agent = "localhost:8731" },
		"a policy in an origin": func(o *rp.Options) { o.Agent += "; script-src *" },
		"an agent elsewhere":    func(o *rp.Options) { o.Agent = "http://agent.example.go.th:8731" },
		"an agent by https":     func(o *rp.Options) { o.Agent = "https://localhost:8731" },
		"an agent at no port":   func(o *rp.Options) { o.Agent = "http://localhost" },
	} {
		o := good
		change(&o)
		_, err := rp.New(o)
		require.ErrorIs(t, err, rp.ErrSettings, name)
	}
}

// Visits without a cookie cost nobody the request that a clerk works on.
func TestASessionThatWaitsForAProofIsTheLastToGo(t *testing.T) {
	s := newStage(t)
	waiting := s.visitor()
	token := s.counter.prove(waiting.request("fetch"))
	for range 1000 {
		s.pass(time.Millisecond)
		_, _ = s.stranger().get("/")
	}
	assert.True(t, waiting.bring(token).Accepted)

	// Now it waits for nothing, and is of those who go.
	s.pass(time.Second)
	for range 1000 {
		s.pass(time.Millisecond)
		_, _ = s.stranger().get("/")
	}
	answer, _ := waiting.call("/requests", map[string]string{"road": "fetch"})
	assert.Equal(t, http.StatusForbidden, answer.StatusCode)
}

// A request that is out of date holds no place either; and where all wait, the
// oldest makes room.
func TestAnOutdatedRequestKeepsNoSession(t *testing.T) {
	s := newStage(t)
	outdated := s.visitor()
	outdated.request("fetch")
	s.pass(15 * time.Minute)
	var first *browser
	for range 1000 {
		s.pass(time.Millisecond)
		b := s.visitor()
		b.request("fetch")
		if first == nil {
			first = b
		}
	}
	answer, _ := outdated.call("/requests", map[string]string{"road": "fetch"})
	assert.Equal(t, http.StatusForbidden, answer.StatusCode)
	s.pass(time.Millisecond)
	_ = s.visitor()
	answer, _ = first.call("/requests", map[string]string{"road": "fetch"})
	assert.Equal(t, http.StatusForbidden, answer.StatusCode)
}

func TestNobodyFillsTheMemoryWithSessions(t *testing.T) {
	s := newStage(t)
	first := s.visitor()
	s.pass(time.Second)
	last := first
	for range 1000 {
		last = s.stranger()
		_, _ = last.get("/")
	}
	answer, _ := first.call("/requests", map[string]string{"road": "fetch"})
	assert.Equal(t, http.StatusForbidden, answer.StatusCode, "the oldest one made room")

	b := s.visitor()
	forgotten := s.counter.prove(b.request("fetch"))
	for range 16 {
		b.request("fetch")
	}
	assert.Equal(t, "nonce", refusedAt(b.bring(forgotten)), "so did the oldest request of a session")
}
