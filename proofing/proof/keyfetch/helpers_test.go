package keyfetch_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"net"
	"net/http"
	"net/http/httptest"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"chipproof/proofing/proof"
	"chipproof/proofing/proof/keyfetch"
)

// agency is a real https server with a key set. The network of the test makes its
// loopback address look like one on the internet.
type agency struct {
	*httptest.Server
	asked  atomic.Int32
	mu     sync.Mutex
	answer http.HandlerFunc
	now    time.Time
}

// host is what the certificate of [httptest] is for, besides loopback addresses.
const host = "example.com"

func newAgency(t *testing.T, answer http.HandlerFunc) *agency {
	t.Helper()
	a := &agency{answer: answer, now: time.Unix(1795228215, 0)}
	a.Server = httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		a.asked.Add(1)
		a.mu.Lock()
		answer := a.answer
		a.mu.Unlock()
		answer(w, r)
	}))
	t.Cleanup(a.Close)
	return a
}

func (a *agency) answers(answer http.HandlerFunc) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.answer = answer
}

func (a *agency) clock() time.Time {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.now
}

func (a *agency) pass(d time.Duration) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.now = a.now.Add(d)
}

func (a *agency) roots() *x509.CertPool {
	pool := x509.NewCertPool()
	pool.AddCert(a.Certificate())
	return pool
}

// reader reads https://example.com/jwks.json, which the test's network routes to
// the server.
func (a *agency) reader(t *testing.T) *keyfetch.Reader {
	t.Helper()
	return a.readerOf(t, "https://"+host+"/jwks.json")
}

func (a *agency) readerOf(t *testing.T, url string) *keyfetch.Reader {
	t.Helper()
	reader, err := keyfetch.NewThrough(keyfetch.Options{URL: url, Roots: a.roots(), Clock: a.clock}, a.connect)
	require.NoError(t, err)
	return reader
}

func (a *agency) connect(ctx context.Context, network, _ string) (net.Conn, error) {
	conn, err := (&net.Dialer{}).DialContext(ctx, network, a.Listener.Addr().String())
	if err != nil {
		return nil, err
	}
	return elsewhere{conn}, nil
}

// elsewhere is a connection that says it goes to an address for documentation
// (RFC 5737).
type elsewhere struct{ net.Conn }

func (elsewhere) RemoteAddr() net.Addr {
	return &net.TCPAddr{IP: net.IPv4(203, 0, 113, 7), Port: 443}
}

// serving answers with keys and headers given as name, value, name, value.
func serving(keys proof.KeySet, headers ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/jwk-set+json")
		for i := 0; i < len(headers); i += 2 {
			w.Header().Set(headers[i], headers[i+1])
		}
		_, _ = w.Write(keys.JSON())
	}
}

func failing(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusServiceUnavailable) }

func newKeys(t *testing.T, n int) proof.KeySet {
	t.Helper()
	var keys []*ecdsa.PublicKey
	for range n {
		key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
		require.NoError(t, err)
		keys = append(keys, &key.PublicKey)
	}
	set, err := proof.NewKeySet(keys...)
	require.NoError(t, err)
	return set
}
