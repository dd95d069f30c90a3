package rp_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"chipproof/simulator/rp"
)

// stage is a site that runs on loopback, and a counter that it may ask.
type stage struct {
	*testing.T
	site    *rp.Site
	origin  string
	counter *counter

	mu  sync.Mutex
	now time.Time
}

func newStage(t *testing.T, changes ...func(*rp.Options)) *stage {
	t.Helper()
	s := &stage{T: t, now: time.Unix(1795228215, 0)}
	s.counter = &counter{TB: t, key: newKey(t), clock: s.clock}
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { s.site.ServeHTTP(w, r) }))
	_, port, err := net.SplitHostPort(server.Listener.Addr().String())
	require.NoError(t, err)
	s.origin = "http://localhost:" + port
	o := rp.Options{Origin: s.origin, Agent: "http://localhost:8731", Key: newKey(t), AgentKeys: s.counter.keySet, Clock: s.clock}
	for _, change := range changes {
		change(&o)
	}
	s.site, err = rp.New(o)
	require.NoError(t, err)
	s.counter.site = s.site
	server.Start()
	t.Cleanup(server.Close)
	return s
}

func (s *stage) clock() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.now
}

func (s *stage) pass(d time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.now = s.now.Add(d)
}

// browser is one that has opened the page: it holds a session.
type browser struct {
	*stage
	client *http.Client
	csrf   string
}

func (s *stage) stranger() *browser {
	s.Helper()
	jar, err := cookiejar.New(nil)
	require.NoError(s, err)
	return &browser{stage: s, client: &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
}

func (s *stage) visitor() *browser {
	s.Helper()
	b := s.stranger()
	answer, body := b.get("/?lang=en")
	require.Equal(s, http.StatusOK, answer.StatusCode)
	found := regexp.MustCompile(`data-csrf="([^"]+)"`).FindStringSubmatch(body)
	require.NotNil(s, found)
	b.csrf = found[1]
	return b
}

func (b *browser) get(path string) (*http.Response, string) {
	b.Helper()
	r, err := http.NewRequestWithContext(b.Context(), http.MethodGet, b.origin+path, nil)
	require.NoError(b, err)
	return b.do(r)
}

func (b *browser) do(r *http.Request) (*http.Response, string) {
	b.Helper()
	if _, said := r.Header["Accept-Language"]; !said {
		r.Header.Set("Accept-Language", "en")
	}
	answer, err := b.client.Do(r)
	require.NoError(b, err)
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	require.NoError(b, err)
	return answer, string(body)
}

// call is what the page's own script sends, changed as the test wants.
func (b *browser) call(path string, body any, changes ...func(*http.Request)) (*http.Response, string) {
	b.Helper()
	text, err := json.Marshal(body)
	require.NoError(b, err)
	r, err := http.NewRequestWithContext(b.Context(), http.MethodPost, b.origin+path, bytes.NewReader(text))
	require.NoError(b, err)
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Origin", b.origin)
	r.Header.Set("X-CSRF", b.csrf)
	for _, change := range changes {
		change(r)
	}
	return b.do(r)
}

// request has the backend sign one, as a click does.
func (b *browser) request(road string) string {
	b.Helper()
	answer, body := b.call("/requests", map[string]string{"road": road})
	require.Equal(b, http.StatusOK, answer.StatusCode, body)
	var said struct{ Request string }
	require.NoError(b, json.Unmarshal([]byte(body), &said))
	return said.Request
}

// bring hands a proof to the backend, as the page does after a fetch.
func (b *browser) bring(token string, photo ...string) rp.Report {
	b.Helper()
	body := map[string]string{"proof": token}
	if len(photo) > 0 {
		body["photo"] = photo[0]
	}
	answer, text := b.call("/proofs", body)
	var report rp.Report
	require.NoError(b, json.Unmarshal([]byte(text), &report), text)
	want := http.StatusUnprocessableEntity
	if report.Accepted {
		want = http.StatusOK
	}
	require.Equal(b, want, answer.StatusCode)
	return report
}

// post is the form of the agent's page: cross-site, so without the Lax cookie.
func (s *stage) post(token, state string) (*http.Response, string) {
	s.Helper()
	form := url.Values{"proof": {token}, "state": {state}}.Encode()
	r, err := http.NewRequestWithContext(s.Context(), http.MethodPost, s.origin+"/return", strings.NewReader(form))
	require.NoError(s, err)
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Origin", "null")
	return s.stranger().do(r)
}

// returned posts a form and follows the redirect in this browser.
func (b *browser) returned(token, state string) (*http.Response, string) {
	b.Helper()
	answer, _ := b.post(token, state)
	require.Equal(b, http.StatusSeeOther, answer.StatusCode)
	return b.get(answer.Header.Get("Location"))
}

// refusedAt is the name of the step that refused a proof, empty if none did.
func refusedAt(report rp.Report) string {
	for _, step := range report.Steps {
		if step.State == rp.StepRefused {
			return step.Name
		}
	}
	return ""
}
