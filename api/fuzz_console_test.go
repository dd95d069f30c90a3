package api

import (
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"chipproof/mfa"
)

// Whatever stands in Cookie and X-Chipproof-CSRF, only the one right cookie
// passes, and on everything but GET only together with the one right value.
func FuzzConsole(f *testing.F) {
	h := newHouse(f)
	b := h.active(h.Enrolled("admin", mfa.RoleAdmin))
	good := cookieLine(b)
	name, token, _ := strings.Cut(good, "=")
	for _, cookie := range []string{"GOOD", "", "NAME=", "NAME=\"TOKEN\"", "x=1; GOOD", "GOOD; GOOD", "NAME=x; GOOD", "other=TOKEN", "NAME_4=TOKEN", "GOOD;"} {
		for _, csrf := range []string{"CSRF", "", "x", "CSRF ", "CSRFx"} {
			f.Add(cookie, csrf)
		}
	}
	f.Fuzz(func(t *testing.T, cookie, csrf string) {
		fill := strings.NewReplacer("GOOD", good, "NAME", name, "TOKEN", token, "CSRF", b.csrf)
		cookie, csrf = fill.Replace(cookie), fill.Replace(csrf)
		for _, method := range []string{"GET", "DELETE"} {
			r, err := parse([]byte(method + " /v1/staff HTTP/1.1\r\nHost: localhost:8731\r\nOrigin: http://localhost:8731\r\nCookie: " +
				cookie + "\r\nX-Chipproof-CSRF: " + csrf + "\r\n\r\n"))
			if err != nil || len(r.Header["Cookie"]) > 1 || len(r.Header["Origin"]) != 1 {
				return // line ends in it made another request
			}
			_, err = h.server.guard.check(httptest.NewRecorder(), r)
			if err != nil {
				continue
			}
			// A second, naive look at what passed.
			named := 0
			for pair := range strings.SplitSeq(r.Header.Get("Cookie"), ";") {
				if strings.HasPrefix(strings.TrimSpace(pair), name+"=") {
					named++
				}
			}
			// What is no cookie, by RFC 6265 §4.2.1, counts as none beside a good one.
			require.Positive(t, named, "%q", cookie)
			require.Contains(t, r.Header.Get("Cookie"), token)
			if method != "GET" {
				require.Equal(t, []string{b.csrf}, r.Header["X-Chipproof-Csrf"])
			}
		}
	})
}
