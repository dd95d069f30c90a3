package api

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/mfa"
)

// loggedIn is a console whose session is the cookie s=1.
func loggedIn(ctx context.Context, r *http.Request, _ Route) (context.Context, error) {
	if c, err := r.Cookie("s"); err != nil || c.Value != "1" {
		return ctx, mfa.ErrMFARequired
	}
	return ctx, nil
}

func guardedServer(t testing.TB) *Server {
	o := testOptions()
	o.Gates[Console] = loggedIn
	o.Limits.Rate = 1 << 30
	return newTestServer(t, o)
}

// parse reads a request as net/http does and gives it a loopback connection.
func parse(raw []byte) (*http.Request, error) {
	r, err := http.ReadRequest(bufio.NewReader(bytes.NewReader(raw)))
	if err != nil {
		return nil, err
	}
	return r.WithContext(context.WithValue(context.Background(), http.LocalAddrContextKey, localAddr)), nil
}

// naiveRoutes is the route table of the test server, written a second time.
var naiveRoutes = []struct {
	method string
	path   *regexp.Regexp
	class  Class
	kind   Kind
}{
	{"POST", regexp.MustCompile(`^/v1/things$`), WebApp, Data},
	{"GET", regexp.MustCompile(`^/v1/things$`), WebApp, Data},
	{"GET", regexp.MustCompile(`^/v1/ticks$`), WebApp, Data},
	{"POST", regexp.MustCompile(`^/v1/things/[^/]+/facts$`), Console, Data},
	{"GET", regexp.MustCompile(`^/v1/staff$`), Console, Data},
	{"DELETE", regexp.MustCompile(`^/v1/staff$`), Console, Data},
	{"POST", regexp.MustCompile(`^/v1/logins$`), Own, Data},
	{"GET", regexp.MustCompile(`^/healthz$`), Open, Data},
	{"GET", regexp.MustCompile(`^/openapi\.json$`), Open, Data},
	{"GET", regexp.MustCompile(`^/$`), Open, Shell},
	{"GET", regexp.MustCompile(`^/static/app\.js$`), Open, Static},
}

// mayPass is what must be true of a request that the guard let through, step by
// step and without a line in common with the guard.
func mayPass(t testing.TB, r *http.Request, preflight bool) {
	require.Contains(t, []string{"127.0.0.1:8731", "localhost:8731", "[::1]:8731"}, r.Host)
	require.Equal(t, byte('/'), r.RequestURI[0])
	method := r.Method
	if preflight {
		require.Equal(t, "OPTIONS", r.Method)
		method = r.Header.Get("Access-Control-Request-Method")
	}
	i := slices.IndexFunc(naiveRoutes, func(n struct {
		method string
		path   *regexp.Regexp
		class  Class
		kind   Kind
	},
	) bool {
		return n.method == method && n.path.MatchString(r.RequestURI) || n.method == method && n.path.MatchString(strings.SplitN(r.RequestURI, "?", 2)[0])
	})
	require.GreaterOrEqual(t, i, 0, "a route that nobody registered: %s %s", method, r.RequestURI)
	route := naiveRoutes[i]

	origins, own := r.Header.Values("Origin"), "http://"+r.Host
	require.LessOrEqual(t, len(origins), 1)
	app := len(origins) == 1 && origins[0] == site
	ours := len(origins) == 1 && origins[0] == own
	require.True(t, app || ours || len(origins) == 0, "an origin that nobody approved")
	if preflight {
		require.True(t, app && route.class == WebApp)
		return
	}
	console := false
	switch route.class {
	case WebApp:
		console = !app
	case Console:
		console = true
		require.False(t, app)
	case Own:
		require.True(t, ours)
	case Open:
		require.False(t, app)
	}
	if console {
		require.True(t, ours || method == "GET")
		require.Regexp(t, `(^|;\s*)s=("?)1("?)(;|$)`, strings.Join(r.Header.Values("Cookie"), "; "))
	}
	siteHeader, mode, dest := r.Header.Get("Sec-Fetch-Site"), r.Header.Get("Sec-Fetch-Mode"), r.Header.Get("Sec-Fetch-Dest")
	require.NotContains(t, []string{"iframe", "frame", "object", "embed"}, dest)
	if siteHeader == "cross-site" || siteHeader == "same-site" {
		require.NotEqual(t, "no-cors", mode)
		require.True(t, app || route.kind == Shell)
	}
	if route.class == WebApp && len(origins) == 0 {
		require.Equal(t, "same-origin", siteHeader)
	}
	if method == "POST" {
		require.Regexp(t, `^(?i)\s*application/json\s*(;|$)`, r.Header.Get("Content-Type"))
	}
}

func FuzzGuard(f *testing.F) {
	for _, raw := range []string{
		post("/v1/things", `{"name":"a"}`),
		request("GET", "/v1/things", "Origin: "+site, "Sec-Fetch-Site: cross-site", "Sec-Fetch-Mode: cors", "Sec-Fetch-Dest: empty"),
		request("GET", "/v1/things", "Sec-Fetch-Site: same-origin", "Cookie: s=1"),
		request("OPTIONS", "/v1/things", "Origin: "+site, "Access-Control-Request-Method: POST", "Access-Control-Request-Headers: content-type"),
		request("OPTIONS", "*"), request("GET", "/healthz"), request("GET", "/"), request("GET", "/static/app.js"),
		request("GET", "http://localhost:8731/healthz"),
		request("POST", "/v1/things/7/facts", "Origin: http://localhost:8731", "Cookie: s=1", "Content-Type: application/json", "Content-Length: 2") + "{}",
		request("DELETE", "/v1/staff", "Origin: http://localhost:8731", "Cookie: s=1"),
		request("POST", "/v1/logins", "Origin: http://localhost:8731", "Content-Type: application/json; charset=utf-8", "Content-Length: 2") + "{}",
		request("GET", "/v1/%74hings", "Origin: "+site), request("GET", "//v1/things"), request("CONNECT", "x:443"), request("PRI", "*"),
		"GET / HTTP/1.0\r\n\r\n", "GET / HTTP/1.1\r\nHost: evil.example:8731\r\n\r\n",
	} {
		f.Add([]byte(raw))
	}
	s := guardedServer(f)
	f.Fuzz(func(t *testing.T, raw []byte) {
		r, err := parse(raw)
		if err != nil {
			return
		}
		w := httptest.NewRecorder()
		p, err := s.guard.check(w, r)
		if err != nil {
			require.NotEqual(t, 500, s.options.Problems.Find(err).Status, "%v", err)
			return
		}
		mayPass(t, r, p.preflight)
	})
}

func FuzzHost(f *testing.F) {
	for _, host := range []string{
		"127.0.0.1:8731", "localhost:8731", "[::1]:8731", "localhost", "LOCALHOST:8731", "localhost.:8731", "127.0.0.2:8731", "[::ffff:127.0.0.1]:8731",
		"evil.example:8731", "localhost:08731", "localhost:8731 ", "\tlocalhost:8731", "localhost:8731@evil", ":8731", "",
	} {
		f.Add(host)
	}
	f.Fuzz(func(t *testing.T, host string) {
		r, err := parse([]byte("GET /healthz HTTP/1.1\r\nHost:" + host + "\r\n\r\n"))
		if err != nil {
			return
		}
		// The bytes of the header field's value, without the blanks round it and
		// before any further line that the fuzzer made.
		value, _, _ := strings.Cut(strings.ReplaceAll(host, "\r\n", "\n"), "\n")
		value = strings.Trim(value, " \t\r")
		naive := value == "127.0.0.1:8731" || value == "localhost:8731" || value == "[::1]:8731"
		if err := checkHost(r); err == nil {
			require.True(t, naive, "%q passed", host)
		} else {
			require.ErrorIs(t, err, ErrHostRefused)
			require.False(t, naive && !strings.Contains(host, "\n"), "%q was refused", host)
		}
	})
}

func FuzzOrigin(f *testing.F) {
	for _, origin := range []string{site, site + "/", site + ":443", "null", "", "http://localhost:8731", "http://127.0.0.1:8731", site + ", " + site, "https://APP.example.go.th"} {
		for _, referer := range []string{"", site + "/page", "https://evil.example/", site, site + "evil"} {
			f.Add(origin, referer)
		}
	}
	s := guardedServer(f)
	f.Fuzz(func(t *testing.T, origin, referer string) {
		for _, class := range []Class{Open, Own, Console, WebApp} {
			r := httptest.NewRequest(http.MethodPost, "/v1/things", nil)
			r.Host = "localhost:8731"
			r.Header = http.Header{"Origin": {origin}, "Referer": {referer}}
			p := pass{route: Route{Class: class, Method: http.MethodPost}}
			err := s.guard.checkOrigin(r, &p)

			ours, app := origin == "http://localhost:8731", origin == site && class == WebApp
			sameReferer := referer == "" || referer == origin || len(referer) > len(origin) && referer[:len(origin)] == origin && referer[len(origin)] == '/'
			require.Equal(t, (ours || app) && sameReferer, err == nil, "%q %q %s", origin, referer, class)
			if err != nil {
				require.ErrorIs(t, err, ErrOriginRefused)
				require.Empty(t, p.origin)
			}
		}
	})
}

// Every pair of steps: a request that is wrong in both gets the earlier code.
func TestOfTwoWrongsTheEarlierIsNamed(t *testing.T) {
	type wrong struct {
		code  string
		apply func(*wrongRequest)
	}
	steps := []wrong{
		{"request_malformed", func(q *wrongRequest) { q.target = "http://localhost:8731" + q.target }},
		{"host_refused", func(q *wrongRequest) { q.host = "evil.example:8731" }},
		{"not_found", func(q *wrongRequest) { q.target = strings.Replace(q.target, "/v1/things", "/v1/nothing", 1) }},
		{"method_refused", func(q *wrongRequest) { q.method = "PUT" }},
		{"origin_refused", func(q *wrongRequest) { q.origin = "https://evil.example" }},
		{"request_context_refused", func(q *wrongRequest) { q.fetchMode = "no-cors" }},
		{"media_type_refused", func(q *wrongRequest) { q.media = "text/plain" }},
		{"mfa_required", func(q *wrongRequest) { q.away = true }},
		{"throttled", func(q *wrongRequest) { q.often = true }},
		{"body_too_large", func(q *wrongRequest) { q.length = 65537 }},
		{"body_invalid", func(q *wrongRequest) { q.body = `{"other":1}` }},
	}
	// These two exclude each other: an unknown path has no method to refuse.
	same := map[string]bool{"not_found method_refused": true}
	for i, earlier := range steps {
		for _, later := range steps[i+1:] {
			if same[earlier.code+" "+later.code] {
				continue
			}
			q := &wrongRequest{method: "POST", target: "/v1/things", host: "localhost:8731", origin: site, fetchMode: "cors", media: "application/json", body: `{"name":"a"}`}
			later.apply(q)
			earlier.apply(q)
			assert.Equal(t, earlier.code, q.send(t), "with %s", later.code)
		}
		q := &wrongRequest{method: "POST", target: "/v1/things", host: "localhost:8731", origin: site, fetchMode: "cors", media: "application/json", body: `{"name":"a"}`}
		earlier.apply(q)
		assert.Equal(t, earlier.code, q.send(t), "alone")
	}
}

type wrongRequest struct {
	method, target, host, origin, fetchMode, media, body string
	length                                               int
	away, often                                          bool
}

// send asks a server of its own, since one wrong is a spent rate.
func (q *wrongRequest) send(t *testing.T) string {
	t.Helper()
	o := testOptions()
	o.Limits.Rate = 120
	deskHeld := true
	o.Gates[WebApp] = func(ctx context.Context, _ *http.Request, _ Route) (context.Context, error) {
		if deskHeld {
			return ctx, nil
		}
		return ctx, mfa.ErrMFARequired
	}
	s := newTestServer(t, o)
	if q.often {
		for range 120 {
			good, err := parse([]byte(post("/v1/things", `{"name":"a"}`)))
			require.NoError(t, err)
			w := httptest.NewRecorder()
			s.ServeHTTP(w, good)
			require.Equal(t, 200, w.Code)
		}
	}
	deskHeld = !q.away
	if q.length == 0 {
		q.length = len(q.body)
	}
	r, err := parse([]byte(q.method + " " + q.target + " HTTP/1.1\r\nHost: " + q.host + "\r\nOrigin: " + q.origin +
		"\r\nSec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: " + q.fetchMode + "\r\nSec-Fetch-Dest: empty\r\nContent-Type: " + q.media +
		"\r\nContent-Length: " + itoa(q.length) + "\r\n\r\n" + q.body))
	require.NoError(t, err)
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	return answer{text: w.Body.String()}.code()
}

func TestAListOfOriginsThatCannotBeReadLetsNobodyIn(t *testing.T) {
	o := testOptions()
	o.Origins = &changing{err: errors.New("disk gone")}
	s := newTestServer(t, o)
	r, err := parse([]byte(post("/v1/things", `{"name":"a"}`)))
	require.NoError(t, err)
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	assert.Equal(t, 500, w.Code)
	assert.Empty(t, w.Header().Get("Access-Control-Allow-Origin"))
}

func TestAClassWithoutAGateLetsNobodyIn(t *testing.T) {
	o := testOptions()
	o.Gates = nil
	s := newTestServer(t, o)
	for _, raw := range []string{
		post("/v1/things", `{"name":"a"}`),
		postAs("/v1/things/7/facts", `{"name":"a"}`, "Origin: http://localhost:8731"),
		request("GET", "/v1/staff"),
	} {
		r, err := parse([]byte(raw))
		require.NoError(t, err)
		w := httptest.NewRecorder()
		s.ServeHTTP(w, r)
		assert.Equal(t, "mfa_required", answer{text: w.Body.String()}.code())
	}
}
