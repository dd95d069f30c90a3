package crawl_test

import (
	"context"
	"crypto/rand"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/exposure"
	"chipproof/exposure/crawl"
	"chipproof/exposure/formats"
)

var now = time.Date(2026, 11, 25, 9, 0, 0, 0, time.UTC)

// outside is an address that counts as public; the test's dialler leads it to a
// server on loopback.
var outside = netip.MustParseAddr("8.8.4.4")

// names answers look-ups and counts them.
type names struct {
	mu      sync.Mutex
	answers map[string][]netip.Addr
	change  func(host string, n int) []netip.Addr
	asked   map[string]int
}

func (n *names) LookupNetIP(_ context.Context, _, host string) ([]netip.Addr, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.asked == nil {
		n.asked = map[string]int{}
	}
	n.asked[host]++
	if n.change != nil {
		return n.change(host, n.asked[host]), nil
	}
	if a, ok := n.answers[host]; ok {
		return a, nil
	}
	return nil, &net.DNSError{Err: "no such host", Name: host, IsNotFound: true}
}

// bench is a crawl over a site of the test's own.
type bench struct {
	*crawl.Crawl
	memory *exposure.Memory
	names  *names
	seen   []crawl.Result
	dialed []string
	mu     sync.Mutex
}

func scopeOf(tb testing.TB, lines string) crawl.Scope {
	tb.Helper()
	s, err := crawl.ParseScope([]byte("# chipproof scope\nowner: เทศบาลตำบลบ้านลาด\ncontact: dpo@banlat.go.th\nexpires: 2026-12-31\n"+lines+"\n"), now)
	require.NoError(tb, err)
	return s
}

// newBench serves h at www.agency.test and whatever else the scope names.
func newBench(tb testing.TB, h http.Handler, scope string, l crawl.Limits) *bench {
	tb.Helper()
	server := httptest.NewServer(h)
	tb.Cleanup(server.Close)
	key, err := exposure.NewKey(rand.Reader)
	require.NoError(tb, err)
	scanner, err := exposure.NewScanner(exposure.Options{Key: key, Now: func() time.Time { return now }})
	require.NoError(tb, err)
	tb.Cleanup(func() { assert.NoError(tb, scanner.Close()) })
	if l.Pause == 0 {
		l.Pause = time.Nanosecond
	}
	b := &bench{memory: exposure.NewMemory(), names: &names{answers: map[string][]netip.Addr{"www.agency.test": {outside}, "api.agency.test": {outside}}}}
	fetcher := crawl.NewFetcher(crawl.Options{
		Scope: scopeOf(tb, scope), Limits: l, Agent: "chipproof-office/1.0", Now: time.Now, Resolver: b.names,
		Dial: func(ctx context.Context, network, address string) (net.Conn, error) {
			b.mu.Lock()
			b.dialed = append(b.dialed, address)
			b.mu.Unlock()
			return (&net.Dialer{}).DialContext(ctx, network, server.Listener.Addr().String())
		},
	})
	tb.Cleanup(func() { assert.NoError(tb, fetcher.Close()) })
	b.Crawl = &crawl.Crawl{Fetcher: fetcher, Scanner: scanner, Key: key, State: b.memory, Each: func(r crawl.Result) error {
		b.seen = append(b.seen, r)
		return nil
	}}
	return b
}

const site = "host: www.agency.test"

func addresses(tb testing.TB, list ...string) []*url.URL {
	tb.Helper()
	var out []*url.URL
	for _, a := range list {
		u, err := url.Parse(a)
		require.NoError(tb, err)
		out = append(out, u)
	}
	return out
}

// crawlSite follows links from the start page.
func (b *bench) crawlSite(tb testing.TB) {
	tb.Helper()
	require.NoError(tb, b.Site(tb.Context(), addresses(tb, "http://www.agency.test/")))
}

// findings by target.
func (b *bench) findings() map[string][]exposure.Finding {
	out := map[string][]exposure.Finding{}
	for _, o := range b.memory.Outcomes() {
		if len(o.Findings) > 0 {
			out[o.Target] = append(out[o.Target], o.Findings...)
		}
	}
	return out
}

// notRead by target.
func (b *bench) notRead() map[string]formats.Reason {
	out := map[string]formats.Reason{}
	for _, o := range b.memory.Outcomes() {
		for _, n := range o.NotRead {
			out[n.Target] = n.Reason
		}
	}
	return out
}

// serve gives pages by path; other paths are not there.
func serve(pages map[string]string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, ok := pages[r.URL.Path]
		if !ok {
			http.NotFound(w, r)
			return
		}
		fmt.Fprint(w, body)
	})
}
