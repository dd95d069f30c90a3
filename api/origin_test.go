package api

import (
	"fmt"
	"net"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// O12 of agent-security §5, as far as it is about the origin itself.
func TestO12AnOriginThatMayNotBeApprovedIsRefusedNamingWhatWouldBeRight(t *testing.T) {
	for s, says := range map[string]string{
		"http://a.example":           "write https://a.example",
		"*":                          "no pattern",
		"https://*.example":          "no pattern",
		"https://a.example/path":     "write https://a.example",
		"https://a.example/":         "write https://a.example",
		"https://a.example?q":        "write https://a.example",
		"https://a.example#f":        "write https://a.example",
		"https://a.example:443":      "write https://a.example",
		"https://A.Example":          "write https://a.example",
		"HTTPS://a.example":          "write https://a.example",
		"https://me@a.example":       "write https://a.example",
		"https://a.example.":         "write https://a.example",
		"https://กรม.example":        "write https://xn--",
		"a.example":                  "write https://a.example",
		"https://a.example:08443":    "write https://",
		"https://a.example:0":        "write https://",
		"https://a.example:65536":    "write https://",
		"https://a.example:":         "write https://a.example",
		"https://":                   "write https://",
		"":                           "write https://",
		"https://127.1":              "write https://",
		"https://0x7f.1":             "write https://",
		"https://[::0001]":           "test mode only",
		"https://[::ffff:127.0.0.1]": "test mode only",
		"https://localhost":          "test mode only",
		"https://a..example":         "write https://",
		"https://-a.example":         "write https://",
		"https://a b.example":        "write https://",
		"ftp://a.example":            "write https://a.example",
		"null":                       "sandboxed",
		"http://localhost:8731":      "chipproof itself",
		"http://127.0.0.1:8731":      "chipproof itself",
		"http://[::1]:8731":          "chipproof itself",
		"http://localhost:3000":      "test mode only",
		" https://a.example":         "write https://",
		"https://a.example\n":        "write https://",
		"https://a.example\x00":      "write https://",
		"https://" + strings.Repeat("a", 64) + ".example":   "write https://",
		"https://" + strings.Repeat("aa.", 90) + "example":  "write https://",
		"chrome-extension://abcdefghijklmnopabcdefghijklmn": "write https://",
	} {
		_, err := ParseOrigin(s, OriginRules{Mode: Production, Ports: []int{8731}})
		require.ErrorIs(t, err, ErrOriginInvalid, s)
		assert.ErrorContains(t, err, says, s)
	}
}

func TestAnOriginAsBrowsersSendItIsTaken(t *testing.T) {
	for _, s := range []string{
		"https://app.example.go.th", "https://a.example:8443", "https://intranet", "https://xn--12c1fe0br.example",
		"https://192.0.2.7", "https://[2001:db8::1]:8443", "https://a_b.example",
	} {
		got, err := ParseOrigin(s, OriginRules{Mode: Production})
		require.NoError(t, err, s)
		assert.Equal(t, s, got)
	}
}

func TestOnlyTestModeTakesLocalhostAndOnlyWithAPortOfItsOwn(t *testing.T) {
	rules := OriginRules{Mode: Test, Ports: []int{8731}}
	_, err := ParseOrigin("http://localhost:8000", rules)
	require.NoError(t, err)
	for s, says := range map[string]string{
		"http://localhost": "write https://localhost", "http://localhost:80": "write https://", "http://127.0.0.1:8000": "write https://127.0.0.1:8000",
		"http://localhost:8731": "itself", "http://LOCALHOST:8000": "write http://localhost:8000", "http://localhost:8000/": "write http://localhost:8000",
	} {
		_, err := ParseOrigin(s, rules)
		require.ErrorIs(t, err, ErrOriginInvalid, s)
		assert.ErrorContains(t, err, says, s)
	}
}

func TestWhatIsSuggestedWouldBeTaken(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.OneOf(rapid.String(), rapid.StringMatching(`(https?://)?[a-zA-Zก-ฮ0-9.:\[\]/@-]{0,20}(:[0-9]{1,5})?/?`)).Draw(t, "s")
		rules := OriginRules{Mode: rapid.SampledFrom([]Mode{Production, Test}).Draw(t, "mode"), Ports: []int{8731}}
		_, err := ParseOrigin(s, rules)
		if err == nil {
			return
		}
		if _, right, found := strings.Cut(err.Error(), ": write http"); found && !strings.Contains(right, ", ") {
			_, err := ParseOrigin("http"+right, rules)
			assert.NoError(t, err)
		}
	})
}

func TestPlainHTTPIsTakenWithTheWordForItAndOnlyThen(t *testing.T) {
	plain := OriginRules{Mode: Production, PlainHTTP: true}
	for _, s := range []string{"http://intranet.example.go.th", "http://intranet:8080", "http://10.1.2.3"} {
		_, err := ParseOrigin(s, OriginRules{Mode: Production})
		assert.ErrorContains(t, err, "--plain-http", s)
		got, err := ParseOrigin(s, plain)
		require.NoError(t, err)
		assert.Equal(t, s, got)
	}
	for s, advice := range map[string]string{
		"https://app.example.go.th":     "needs no --plain-http",
		"http://intranet:80":            "write http://intranet",
		"http://Intranet.example.go.th": "write http://intranet.example.go.th",
		"http://localhost:8731":         "",
		"http://127.0.0.1":              "",
		"http://[::1]:9000":             "",
		"http://0.0.0.0":                "",
		"http://x.localhost":            "",
		"http://127.1.2.3:9000":         "",
		"http://intranet/":              "write http://intranet",
		"http://*.example.go.th":        "no pattern",
	} {
		_, err := ParseOrigin(s, plain)
		assert.ErrorIs(t, err, ErrOriginInvalid, s)
		assert.ErrorContains(t, err, advice, s)
	}
}

func TestAProgramWithoutWebAppsApprovesNone(t *testing.T) {
	o := testOptions()
	o.Origins = nil
	s := newTestServer(t, o)
	_, err := s.options.Origins.Approved(t.Context(), site)
	assert.ErrorIs(t, err, ErrOriginRefused)
}

func TestO11RefusedOriginsAreRememberedForAnHourOnceEachTheNewestTwenty(t *testing.T) {
	now := time.Unix(1_700_000_000, 0)
	refused := newRefusedOrigins(func() time.Time { return now }, OriginRules{Mode: Production})
	for range 10 {
		refused.note("https://first.example", ErrOriginRefused)
		now = now.Add(time.Second)
	}
	require.Len(t, refused.List(), 1)
	assert.Equal(t, "https://first.example", refused.List()[0].Origin)
	assert.Equal(t, 10, refused.List()[0].Times)
	assert.Equal(t, now.Add(-10*time.Second), refused.List()[0].First)

	for i := range 20 {
		refused.note("https://n"+strconv.Itoa(i)+".example", ErrOriginRefused)
	}
	require.Len(t, refused.List(), 20)
	assert.Equal(t, "https://n19.example", refused.List()[0].Origin, "the newest first")
	assert.NotContains(t, fmt.Sprint(refused.List()), "first.example")

	for _, never := range []string{"https://<script>alert(1)</script>", "null", "https://a.example/", "http://a.example", "https://A.example"} {
		refused.note(never, ErrOriginRefused)
	}
	refused.note("https://unknown.example", net.ErrClosed)
	assert.Len(t, refused.List(), 20, "what no browser sends, and what was not refused, is not listed")
	assert.NotContains(t, fmt.Sprint(refused.List()), "unknown.example")

	now = now.Add(61 * time.Minute)
	assert.Empty(t, refused.List())
}

// naiveOrigin is the rule of an approvable origin, written a second time and
// another way.
var (
	naiveName  = regexp.MustCompile(`^https://([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?\.)*([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?)(:[1-9][0-9]{0,4})?$`)
	naiveV4    = regexp.MustCompile(`^https://((25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])(\.|(:[1-9][0-9]{0,4})?$)){4}$`)
	naiveLocal = regexp.MustCompile(`^http://localhost:[1-9][0-9]{0,4}$`)
	numberLast = regexp.MustCompile(`(^|[./])([0-9]+|0x[0-9a-f]*)(:[0-9]+)?$`)
)

func naiveApprovable(s string, rules OriginRules) bool {
	u := strings.TrimPrefix(strings.TrimPrefix(s, "https://"), "http://")
	port := 0
	if i := strings.LastIndex(u, ":"); i >= 0 && !strings.HasSuffix(u, "]") {
		port, _ = strconv.Atoi(u[i+1:])
		u = u[:i]
		if port > 65535 {
			return false
		}
	}
	switch {
	case naiveLocal.MatchString(s):
		return rules.Mode == Test && port != 80 && port != 8731
	case port == 443 || len(u) > 253 || !strings.HasPrefix(s, "https://"):
		return false
	case strings.HasPrefix(u, "["):
		ip := net.ParseIP(strings.Trim(u, "[]"))
		return ip != nil && ip.To4() == nil && "["+ip.String()+"]" == u && regexp.MustCompile(`^https://\[[0-9a-f:]+\](:[1-9][0-9]{0,4})?$`).MatchString(s)
	case numberLast.MatchString(s):
		return naiveV4.MatchString(s)
	}
	return naiveName.MatchString(s)
}

func FuzzParseOrigin(f *testing.F) {
	for _, s := range []string{
		"https://app.example.go.th", "https://a.example:8443", "http://localhost:8000", "http://localhost:8731", "https://192.0.2.7:444",
		"https://[2001:db8::1]", "https://[::ffff:1.2.3.4]", "https://1.2.3", "https://0x7f", "https://a-.b", "https://a.0x", "null", "*", "https://ก.ไทย",
	} {
		f.Add(s, true)
		f.Add(s, false)
	}
	f.Fuzz(func(t *testing.T, s string, testMode bool) {
		rules := OriginRules{Mode: Production, Ports: []int{8731}}
		if testMode {
			rules.Mode = Test
		}
		got, err := ParseOrigin(s, rules)
		if err == nil {
			require.Equal(t, s, got, "canonical form, or refused")
		} else {
			require.ErrorIs(t, err, ErrOriginInvalid)
		}
		require.Equal(t, naiveApprovable(s, rules), err == nil, "%q", s)
	})
}
