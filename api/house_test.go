package api

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"chipproof/api/apitest"
	"chipproof/mfa"
)

// house is a server over a real installation, with the routes of the other tests
// beside those of the login. Requests come in as bytes and go through all of it.
type house struct {
	*apitest.Office
	server *Server
	logins *Logins
}

func newHouse(t testing.TB, change ...func(*Options)) *house {
	t.Helper()
	h := &house{Office: apitest.New(t)}
	h.logins = NewLogins(h.MFA, h.Cookie())
	o := testOptions()
	o.Gates, o.Now = h.logins.Gates(), h.Clock.Now
	o.Limits.Rate, o.Limits.Logins = 1<<30, 1<<30
	for _, c := range change {
		c(&o)
	}
	h.server = newTestServer(t, o)
	RegisterLogins(h.server, h.logins)
	RegisterDesk(h.server, h.logins)
	return h
}

// send takes a request as bytes.
func (h *house) send(raw string) answer {
	h.Helper()
	r, err := parse([]byte(raw))
	require.NoError(h, err, raw)
	r.RemoteAddr = "127.0.0.1:50505"
	w := httptest.NewRecorder()
	h.server.ServeHTTP(w, r)
	return answer{w.Result(), w.Body.String()}
}

// browser is a person's browser on our own pages: it keeps the cookie, and the
// page in it sends the csrf value of the last answer.
type browser struct {
	house   *house
	host    string
	cookies map[string]string
	csrf    string
	agent   string
}

func (h *house) browser() *browser {
	return &browser{house: h, host: "localhost:8731", cookies: map[string]string{}, agent: "Browser of a test"}
}

// do sends a request as the page's script does. A line without a value leaves
// out what the page would send.
func (b *browser) do(method, path, body string, lines ...string) answer {
	b.house.Helper()
	headers := map[string]string{"Host": b.host, "User-Agent": b.agent}
	if len(b.cookies) > 0 {
		var pairs []string
		for _, name := range slices.Sorted(maps.Keys(b.cookies)) {
			pairs = append(pairs, name+"="+b.cookies[name])
		}
		headers["Cookie"] = strings.Join(pairs, "; ")
	}
	if method != "GET" {
		headers["Origin"] = "http://" + b.host
		headers["X-Chipproof-CSRF"] = b.csrf
		headers["Content-Type"] = "application/json"
		headers["Content-Length"] = fmt.Sprint(len(body))
	}
	for _, line := range lines {
		name, value, _ := strings.Cut(line, ": ")
		headers[name] = value
	}
	raw := method + " " + path + " HTTP/1.1\r\n"
	for _, name := range slices.Sorted(maps.Keys(headers)) {
		if headers[name] != "" {
			raw += name + ": " + headers[name] + "\r\n"
		}
	}
	a := b.house.send(raw + "\r\n" + body)
	b.remember(a)
	return a
}

func (b *browser) remember(a answer) {
	for _, c := range a.Cookies() {
		b.cookies[c.Name] = c.Value
		if c.MaxAge < 0 {
			delete(b.cookies, c.Name)
		}
	}
	if s := a.session(); s.CSRF != "" {
		b.csrf = s.CSRF
	}
}

func (b *browser) get(path string, lines ...string) answer { return b.do("GET", path, "", lines...) }

func (b *browser) post(path, body string, lines ...string) answer {
	return b.do("POST", path, body, lines...)
}

// body is a JSON object of words.
func body(pairs ...string) string {
	members := map[string]string{}
	for i := 0; i < len(pairs); i += 2 {
		members[pairs[i]] = pairs[i+1]
	}
	b, _ := json.Marshal(members)
	return string(b)
}

// session is what an answer says of the session; zero if it is about something
// else.
func (a answer) session() (s SessionAnswer) {
	_ = json.Unmarshal([]byte(a.text), &s)
	return s
}

// says compares status and code.
func (a answer) says(t testing.TB, status int, code string, why ...any) {
	t.Helper()
	require.Equal(t, fmt.Sprint(status, " ", code), fmt.Sprint(a.StatusCode, " ", a.code()), append(why, a.text)...)
}

// half logs in with the password.
func (h *house) half(p *apitest.Person) *browser {
	h.Helper()
	b := h.browser()
	a := b.post("/v1/sessions", body("username", p.Name, "password", p.Password))
	require.Equal(h, http.StatusOK, a.StatusCode, a.text)
	require.EqualValues(h, mfa.StateSecondFactorRequired, a.session().State)
	return b
}

// active logs in with both factors.
func (h *house) active(p *apitest.Person) *browser {
	h.Helper()
	b := h.half(p)
	b.stepUp(p)
	return b
}

// stepUp gives the next code.
func (b *browser) stepUp(p *apitest.Person) {
	b.house.Helper()
	a := b.post("/v1/sessions/current/totp", body("code", p.Code()))
	require.Equal(b.house, http.StatusOK, a.StatusCode, a.text)
	require.EqualValues(b.house, mfa.StateActive, a.session().State)
}

// state is what the session is told of itself, or why it is told nothing.
func (b *browser) state() string {
	b.house.Helper()
	a := b.get("/v1/sessions/current")
	if a.StatusCode != http.StatusOK {
		return a.code()
	}
	return string(a.session().State)
}

// pathOf is a path that a route matches.
func pathOf(r Route) string { return strings.ReplaceAll(r.Path, "{id}", "7") }
