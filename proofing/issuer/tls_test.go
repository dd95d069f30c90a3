package issuer

import (
	"context"
	"crypto/tls"
	"encoding/pem"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/simulator/dopa"
)

// listening is a server on loopback with a configuration of its own; it gives
// the address.
func listening(tb testing.TB, handler http.Handler, config *tls.Config) string {
	tb.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(tb, err)
	address := listener.Addr().String()
	if config != nil {
		listener = tls.NewListener(listener, config)
	}
	server := &http.Server{Handler: handler, ErrorLog: slog.NewLogLogger(slog.DiscardHandler, slog.LevelError)}
	done := make(chan error, 1)
	go func() { done <- server.Serve(listener) }()
	tb.Cleanup(func() {
		require.NoError(tb, server.Close())
		require.ErrorIs(tb, <-done, http.ErrServerClosed)
	})
	return "https://" + address + "/service"
}

func authority(tb testing.TB) *dopa.Authority {
	tb.Helper()
	a, err := dopa.NewAuthority(noon)
	require.NoError(tb, err)
	return a
}

func issued(tb testing.TB, a *dopa.Authority, from, until time.Time, hosts ...string) tls.Certificate {
	tb.Helper()
	certificate, err := a.IssueServer(from, until, hosts...)
	require.NoError(tb, err)
	return certificate
}

// asked is whether any request got through to a server.
type asked struct {
	http.Handler
	any chan struct{}
}

func (a asked) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	select {
	case a.any <- struct{}{}:
	default:
	}
	a.Handler.ServeHTTP(w, r)
}

func TestACertificateThatIsNotToBeTrustedIsNotTrusted(t *testing.T) {
	trusted := authority(t)
	good := issued(t, trusted, noon.Add(-time.Hour), noon.Add(time.Hour), "127.0.0.1", "localhost")
	for name, row := range map[string]struct {
		shown tls.Certificate
		cause string
	}{
		"of another authority": {issued(t, authority(t), noon.Add(-time.Hour), noon.Add(time.Hour), "127.0.0.1"), "signed by nobody"},
		"expired":              {issued(t, trusted, noon.Add(-2*time.Hour), noon.Add(-time.Hour), "127.0.0.1"), "expired"},
		"not valid yet":        {issued(t, trusted, noon.Add(time.Hour), noon.Add(2*time.Hour), "127.0.0.1"), "not valid yet"},
		"for another name":     {issued(t, trusted, noon.Add(-time.Hour), noon.Add(time.Hour), "idcard.bora.dopa.go.th"), "another name"},
		"for another address":  {issued(t, trusted, noon.Add(-time.Hour), noon.Add(time.Hour), "127.0.0.2"), "another name"},
		"good":                 {shown: good},
	} {
		seen := asked{register(t), make(chan struct{}, 1)}
		c, err := New(Options{
			URL: listening(t, seen, trusted.TLS(row.shown, dopa.AnyClient)),
			CA:  trusted.Pool(), Now: (&clock{at: noon}).now,
		})
		require.NoError(t, err)
		answer, err := c.CheckCID(t.Context(), inserted(t, "default"))
		probed := c.Probe(t.Context())
		if name == "good" {
			require.NoError(t, err)
			require.NoError(t, probed)
			assert.Equal(t, Passed, answer.Outcome)
			continue
		}
		for _, err := range []error{err, probed} {
			require.ErrorIs(t, err, ErrUntrusted, name)
			assert.ErrorContains(t, err, row.cause, name)
		}
		assert.Empty(t, answer, name)
		assert.Empty(t, seen.any, "%s: nothing was sent", name)
	}
}

func TestWithoutAnAuthorityOfItsOwnTheMachinesRootsDecide(t *testing.T) {
	b := newBench(t, func(o *Options) { o.CA = nil })
	_, err := b.CheckCID(t.Context(), inserted(t, "default"))
	require.ErrorIs(t, err, ErrUntrusted)
	assert.Zero(t, b.service.Asked())
}

func TestNothingOlderThanTLS12IsSpoken(t *testing.T) {
	a := authority(t)
	config := a.TLS(issued(t, a, noon.Add(-time.Hour), noon.Add(time.Hour), "127.0.0.1"), dopa.AnyClient)
	for version, want := range map[uint16]error{tls.VersionTLS11: ErrUntrusted, tls.VersionTLS12: nil, tls.VersionTLS13: nil} {
		only := config.Clone()
		only.MinVersion, only.MaxVersion = version, version
		c, err := New(Options{URL: listening(t, register(t), only), CA: a.Pool(), Now: (&clock{at: noon}).now})
		require.NoError(t, err)
		_, err = c.CheckCID(t.Context(), inserted(t, "default"))
		require.ErrorIs(t, err, want, tls.VersionName(version))
	}
}

func TestTheAgencysCertificateIsShownWhereItIsDemanded(t *testing.T) {
	now := time.Now() // the server looks at the real clock
	a, err := dopa.NewAuthority(now)
	require.NoError(t, err)
	url := listening(t, register(t), a.TLS(issued(t, a, now.Add(-time.Minute), now.Add(time.Hour), "127.0.0.1"), dopa.KnownClients))
	certificate, key, err := a.IssueClient(now.Add(-time.Minute), now.Add(time.Hour))
	require.NoError(t, err)
	pair, err := ParseClient(certificate, key)
	require.NoError(t, err)
	pool, err := ParseCA(a.PEM())
	require.NoError(t, err)

	c, err := New(Options{URL: url, CA: pool, Client: pair, Now: time.Now})
	require.NoError(t, err)
	require.NoError(t, c.Probe(t.Context()))
	answer, err := c.CheckCID(t.Context(), inserted(t, "default"))
	require.NoError(t, err)
	assert.Equal(t, Passed, answer.Outcome)

	c, err = New(Options{URL: url, CA: pool, Now: time.Now})
	require.NoError(t, err)
	_, err = c.CheckCID(t.Context(), inserted(t, "default"))
	require.ErrorIs(t, err, ErrUntrusted)
	assert.ErrorContains(t, err, "the server refuses")
}

func TestWhatSpeaksNoTLSIsOutOfReach(t *testing.T) {
	c, err := New(Options{URL: listening(t, register(t), nil), Now: (&clock{at: noon}).now})
	require.NoError(t, err)
	_, err = c.CheckCID(t.Context(), inserted(t, "default"))
	require.ErrorIs(t, err, ErrUnreachable)
	require.ErrorIs(t, c.Probe(t.Context()), ErrUnreachable)
}

func TestWhereNobodyListensTheServiceIsOutOfReach(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	require.NoError(t, listener.Close())
	c, err := New(Options{URL: "https://" + listener.Addr().String() + "/", Now: (&clock{at: noon}).now})
	require.NoError(t, err)
	_, err = c.CheckCID(t.Context(), inserted(t, "default"))
	require.ErrorIs(t, err, ErrUnreachable)
	require.ErrorIs(t, c.Probe(t.Context()), ErrUnreachable)
}

// What net/http would quote in an error may repeat what was asked.
func TestABrokenAnswerIsNotQuoted(t *testing.T) {
	a := authority(t)
	for _, said := range []string{
		"SECRET\r\n\r\n",
		"HTTP/1.1 SECRET\r\n\r\n",
		"HTTP/1.1 200 OK\r\nSECRET SECRET\r\n\r\n",
		"HTTP/1.1 200 OK\r\nContent-Length: SECRET\r\n\r\n",
		"HTTP/1.1 200 OK\r\nTransfer-Encoding: SECRET\r\n\r\n",
		"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nSECRET\r\n",
		"HTTP/1.1 200 OK\r\nX: " + strings.Repeat("SECRET", 10_000) + "\r\n\r\n",
		"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 6\r\n\r\nSECRET",
		"HTTP/1.1 302 Found\r\nLocation: https://SECRET\x7f/\r\nContent-Length: 0\r\n\r\n",
	} {
		url := listening(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			_, _ = io.Copy(io.Discard, r.Body) // or the answer may be lost in a reset
			conn, _, err := http.NewResponseController(w).Hijack()
			if assert.NoError(t, err) {
				_, _ = io.WriteString(conn, said) // whoever asked may have hung up in the middle
				_ = conn.Close()
			}
		}), a.TLS(issued(t, a, noon.Add(-time.Hour), noon.Add(time.Hour), "127.0.0.1"), dopa.AnyClient))
		c, err := New(Options{URL: url, CA: a.Pool(), Now: (&clock{at: noon}).now})
		require.NoError(t, err)
		_, err = c.CheckCID(t.Context(), inserted(t, "default"))
		require.Error(t, err)
		assert.True(t, errors.Is(err, ErrAnswer) || errors.Is(err, ErrUnreachable), err)
		assert.NotContains(t, err.Error(), "SECRET")
	}
}

func TestARedirectLeadsNowhere(t *testing.T) {
	a := authority(t)
	config := a.TLS(issued(t, a, noon.Add(-time.Hour), noon.Add(time.Hour), "127.0.0.1"), dopa.AnyClient)
	other := asked{register(t), make(chan struct{}, 1)}
	to := listening(t, other, config)
	for _, status := range []int{301, 302, 303, 307, 308} {
		c, err := New(Options{URL: listening(t, http.RedirectHandler(to, status), config), CA: a.Pool(), Now: (&clock{at: noon}).now})
		require.NoError(t, err)
		_, err = c.CheckCID(t.Context(), inserted(t, "default"))
		require.ErrorIs(t, err, ErrAnswer, status)
	}
	assert.Empty(t, other.any, "nobody else is asked")
}

func TestOnlyAPOSTIsSentAndNothingOfAPersonInItsHead(t *testing.T) {
	a := authority(t)
	heads := make(chan string, 2)
	service := register(t)
	url := listening(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var head strings.Builder
		_ = r.Header.Write(&head)
		heads <- r.Method + " " + r.URL.String() + "\n" + head.String()
		service.ServeHTTP(w, r)
	}), a.TLS(issued(t, a, noon.Add(-time.Hour), noon.Add(time.Hour), "127.0.0.1"), dopa.AnyClient))
	c, err := New(Options{URL: url, CA: a.Pool(), Now: (&clock{at: noon}).now, SOAP: Version11})
	require.NoError(t, err)
	_, err = c.CheckLaser(t.Context(), typed(t, "default"))
	require.NoError(t, err)
	assert.Equal(t, "POST /service\nAccept: text/xml\r\nConnection: close\r\nContent-Length: 362\r\nContent-Type: text/xml; charset=utf-8\r\n"+
		"Soapaction: \"http://tempuri.org/CheckCardByLaser\"\r\nUser-Agent: chipproof\r\n", <-heads)
}

func TestAProbeSendsNothingAndWaitsNoLongerThanItMay(t *testing.T) {
	b := newBench(t)
	require.NoError(t, b.Probe(t.Context()))
	assert.Zero(t, b.service.Asked())
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	require.ErrorIs(t, b.Probe(gone), context.Canceled)
}

func TestCertificateFilesAreCertificatesAndNothingElse(t *testing.T) {
	a := authority(t)
	two := string(a.PEM()) + "\n" + string(authority(t).PEM())
	pool, err := ParseCA([]byte("\n" + two))
	require.NoError(t, err)
	assert.False(t, pool.Equal(a.Pool()), "both are in it")
	certificate, key, err := a.IssueClient(noon, noon.Add(time.Hour))
	require.NoError(t, err)
	for name, file := range map[string]string{
		"nothing":        "",
		"text":           "trust everybody",
		"text before":    "# our roots\n" + two,
		"text between":   string(a.PEM()) + "and\n" + string(a.PEM()),
		"a key":          string(key),
		"no certificate": string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: []byte("x")})),
		"cut off":        two[:len(two)-20],
	} {
		_, err := ParseCA([]byte(file))
		require.ErrorIs(t, err, ErrConfig, name)
	}
	_, other, err := a.IssueClient(noon, noon.Add(time.Hour))
	require.NoError(t, err)
	for name, pair := range map[string][2][]byte{"another's key": {certificate, other}, "no key": {certificate, nil}, "no certificate": {key, key}} {
		_, err := ParseClient(pair[0], pair[1])
		require.ErrorIs(t, err, ErrConfig, name)
	}
}
