package counter

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"chipproof/api/apitest"
	"chipproof/mfa"
)

// page is a person's browser on our own console.
type page struct {
	d      *desk
	cookie string // name=value
	csrf   string
}

// pageOf is the console of a session that was opened below HTTP.
func (d *desk) pageOf(e mfa.Entry) *page {
	return &page{d: d, cookie: d.office.Cookie() + "_n=" + e.Token.Reveal(), csrf: e.Session.CSRF.Reveal()}
}

// ours is what our own page sends by itself, besides what is asked.
const ours = "Origin: http://localhost:PORT"

// text is a request of the page.
func (p *page) text(method, path, body string, lines ...string) string {
	lines = append([]string{"Cookie: " + p.cookie}, lines...)
	if method == "GET" {
		return head(method, path, append(lines, "Sec-Fetch-Site: same-origin", "Sec-Fetch-Mode: cors", "Sec-Fetch-Dest: empty")...)
	}
	lines = append(lines, ours, "X-Chipproof-CSRF: "+p.csrf, "Content-Type: application/json", fmt.Sprint("Content-Length: ", len(body)))
	return head(method, path, lines...) + body
}

func (p *page) do(method, path, body string, lines ...string) answer {
	p.d.t.Helper()
	a := p.d.raw(p.text(method, path, body, lines...))
	for _, line := range a.header["Set-Cookie"] {
		p.cookie, _, _ = strings.Cut(line, ";")
	}
	var session struct{ CSRF string }
	if json.Unmarshal([]byte(a.body), &session) == nil && session.CSRF != "" {
		p.csrf = session.CSRF
	}
	return a
}

func (p *page) get(path string) answer { return p.do("GET", path, "") }

func (p *page) post(path, body string) answer { return p.do("POST", path, body) }

// stepUp gives the person's next code.
func (p *page) stepUp(who *apitest.Person) {
	p.d.t.Helper()
	a := p.post("/v1/sessions/current/totp", words("code", who.Code()))
	require.Equal(p.d.t, 200, a.status, a.body)
}

// administrator logs in, and so takes the desk; the clerk takes it back.
func (d *desk) administrator(t testing.TB) (*apitest.Person, *page) {
	t.Helper()
	admin := d.office.Enrolled("admin", mfa.RoleAdmin)
	p := d.pageOf(admin.Login())
	require.NoError(t, d.office.MFA.TakeDesk(t.Context(), d.login.Token))
	return admin, p
}

// words is a JSON object.
func words(pairs ...string) string {
	members := map[string]string{}
	for i := 0; i < len(pairs); i += 2 {
		members[pairs[i]] = pairs[i+1]
	}
	b, _ := json.Marshal(members)
	return string(b)
}
