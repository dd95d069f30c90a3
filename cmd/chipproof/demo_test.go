package main

import (
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/api"
	"chipproof/cmd/internal/program"
	"chipproof/cmd/internal/programtest"
	"chipproof/mfa"
	"chipproof/simulator"
)

func TestADemonstrationsAppShowsNoCodeTwiceAndNoneThatWouldBeRefused(t *testing.T) {
	secret, err := mfa.ParseSecret("JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP")
	require.NoError(t, err)
	app := &demoApp{secret: secret}
	now := time.Date(2026, 11, 25, 9, 0, 10, 0, time.UTC)
	take := func(now time.Time) int64 {
		code, ok, until, err := app.next(now)
		require.NoError(t, err)
		require.True(t, ok)
		step, matches := mfa.Match(secret, code.Reveal(), now, 0)
		assert.True(t, matches, "it is taken at once")
		step2, still := mfa.Match(secret, code.Reveal(), until.Add(-time.Second), 0)
		assert.True(t, still && step == step2, "and as long as was said")
		_, late := mfa.Match(secret, code.Reveal(), until, 0)
		assert.False(t, late, "and no longer")
		return step
	}
	first := take(now)
	assert.Equal(t, first+1, take(now), "the next one is taken ahead of its time")
	_, ok, when, err := app.next(now)
	require.NoError(t, err)
	assert.False(t, ok, "the one after that isn't yet")
	assert.Equal(t, first+2, take(when), "but then it is")
	assert.Equal(t, mfa.Step(now.Add(time.Hour)), take(now.Add(time.Hour)), "codes that nobody asked for are gone")
}

// newDemo is an open demonstration of the test's own.
func newDemo(t *testing.T) *demo {
	t.Helper()
	d := &demo{user: demoUser, log: slog.New(slog.DiscardHandler)}
	s, err := d.open(t.Context(), nil)
	require.NoError(t, err)
	t.Cleanup(func() {
		assert.NoError(t, s.Close(t.Context()))
		assert.NoError(t, d.remove())
		assert.NoDirExists(t, d.dir)
	})
	return d
}

func TestADemonstrationsClerkTakesAndLeavesTheDesk(t *testing.T) {
	d := newDemo(t)
	info, err := os.Stat(d.dir)
	require.NoError(t, err)
	assert.Equal(t, os.FileMode(0o700), info.Mode().Perm(), "what is thrown away is nobody else's business either")
	clerk := &demoClerk{demo: d}
	_, err = d.site.MFA.Holder(t.Context())
	require.ErrorIs(t, err, mfa.ErrMFARequired)
	for range 5 { // with one session, so without a code each time
		require.NoError(t, clerk.take(t.Context()))
		holder, err := d.site.MFA.Holder(t.Context())
		require.NoError(t, err)
		assert.Equal(t, demoUser, holder.User.Name)
		require.NoError(t, clerk.touch(t.Context()))
		require.NoError(t, clerk.leave(t.Context()))
		_, err = d.site.MFA.Holder(t.Context())
		require.ErrorIs(t, err, mfa.ErrMFARequired)
	}
}

func TestADemonstrationsClerkComesBackWhenTheSessionIsOver(t *testing.T) {
	d := newDemo(t)
	clerk := &demoClerk{demo: d}
	require.NoError(t, clerk.take(t.Context()))
	require.NoError(t, d.site.MFA.Logout(t.Context(), clerk.token))
	require.NoError(t, clerk.touch(t.Context()))
	_, err := d.site.MFA.Holder(t.Context())
	require.NoError(t, err)

	// Two codes can be had in one step of 30 seconds, and a step may end meanwhile.
	for logins := 0; err == nil && logins < 4; logins++ {
		require.NoError(t, d.site.MFA.Logout(t.Context(), clerk.token))
		err = clerk.take(t.Context())
	}
	assert.ErrorIs(t, err, errNoCode, "who logs in again and again has to wait for a code")
}

func TestTheDeskIsWorkedOverHTTPByWhomTheReadersObey(t *testing.T) {
	d := newDemo(t)
	server := httptest.NewServer(controlWithDesk(simulator.Control(simulator.NewMachine("A")), &demoClerk{demo: d}))
	defer server.Close()
	send := func(method, path, body string, headers ...string) int {
		r, err := http.NewRequestWithContext(t.Context(), method, server.URL+path, strings.NewReader(body))
		require.NoError(t, err)
		r.Header.Set("Content-Type", "application/json")
		for i := 0; i < len(headers); i += 2 {
			r.Header.Set(headers[i], headers[i+1])
		}
		res, err := programtest.Client().Do(r)
		require.NoError(t, err)
		_, err = io.Copy(io.Discard, res.Body)
		require.NoError(t, err)
		require.NoError(t, res.Body.Close())
		return res.StatusCode
	}
	assert.Equal(t, http.StatusOK, send("POST", "/desk", `{"held":true}`))
	assert.Equal(t, http.StatusForbidden, send("POST", "/desk", `{"held":false}`, "Origin", "http://localhost:8000"))
	assert.Equal(t, http.StatusForbidden, send("POST", "/desk", `{"held":false}`, "Sec-Fetch-Site", "cross-site"))
	_, err := d.site.MFA.Holder(t.Context())
	assert.NoError(t, err, "a page has not emptied the desk")
	assert.Equal(t, http.StatusBadRequest, send("POST", "/desk", `{"held":1}`))
	assert.Equal(t, http.StatusBadRequest, send("POST", "/desk", `{"held":true,"x":1}`))
	assert.Equal(t, http.StatusMethodNotAllowed, send("PUT", "/desk", `{"held":true}`))
	assert.Equal(t, http.StatusOK, send("GET", "/readers", ``))
	assert.Equal(t, http.StatusNotFound, send("POST", "/chair", `{}`))
	assert.Equal(t, http.StatusOK, send("POST", "/desk", `{"held":false}`))
	_, err = d.site.MFA.Holder(t.Context())
	assert.ErrorIs(t, err, mfa.ErrMFARequired)
}

func TestTheLinesOfADemonstrationAreQuotedForTheShellOfTheSystem(t *testing.T) {
	unix := demoCurl{"linux", "http://localhost:1", "/tmp/d/cookies"}
	assert.Equal(t, `CSRF=$(curl -s -c /tmp/d/cookies http://localhost:1/v1/sessions -H 'Origin: http://localhost:1' -H 'Content-Type: application/json' -d '{"username":"demo","password":"pw"}' | sed 's/.*"csrf":"\([^"]*\)".*/\1/')`,
		unix.password("demo", mfa.Hide("pw")))
	assert.Equal(t, `curl -s -b /tmp/d/cookies -c /tmp/d/cookies http://localhost:1/v1/sessions/current/totp -H 'Origin: http://localhost:1' -H "X-Chipproof-CSRF: $CSRF" -H 'Content-Type: application/json' -d '{"code":"123456"}'`,
		unix.code(mfa.Hide("123456")))
	windows := demoCurl{"windows", "http://localhost:1", `C:\Users\A B\cookies`}
	assert.Contains(t, windows.code(mfa.Hide("123456")), `-b "C:\Users\A B\cookies" -c "C:\Users\A B\cookies"`)
	assert.Contains(t, windows.code(mfa.Hide("123456")), `-H "X-Chipproof-CSRF: %CSRF%"`)
	assert.Contains(t, windows.password("demo", mfa.Hide("pw")), "set CSRF=")
}

func TestTheREADMEsShowADemonstrationAsItIs(t *testing.T) {
	d := newDemo(t)
	same := func(text string) string {
		for _, pattern := range []string{`demo-[a-z2-7]{16}`, `\d\d:\d\d:\d\d`, `\b\d{6}\b`, `/\S+/cookies`} {
			text = regexp.MustCompile(pattern).ReplaceAllString(text, "…")
		}
		return text
	}
	for name, say := range map[string]program.Speech{"README.md": {api.English}, "README.th.md": {api.Thai}} {
		var shown strings.Builder
		p := &program.Program{Streams: program.Streams{Err: &shown}, Say: say}
		d.app.shown = 0 // a clerk who comes anew
		d.introduce(p, "http://localhost:8731")
		page, err := os.ReadFile(filepath.Join("..", "..", name))
		require.NoError(t, err)
		assert.Contains(t, same(string(page)), same(shown.String()), name)
	}
}
