package crawl

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"sync"
	"time"

	"chipproof/exposure/formats"
)

// Options make a [Fetcher].
type Options struct {
	Scope  Scope
	Limits Limits
	// Agent is the name and version in User-Agent; the scope's contact is put
	// behind it.
	Agent string
	Now   func() time.Time
	// Resolver is *net.Resolver where none is given.
	Resolver Resolver
	// Dial connects to an address that was allowed; a test's door. Default
	// [net.Dialer].
	Dial func(ctx context.Context, network, address string) (net.Conn, error)
	// Transport changes TLS settings, for sites with an agency's own
	// authority. Its dialer and proxy are replaced.
	Transport *http.Transport
}

// Fetcher asks for pages within a scope. It is safe for several goroutines.
type Fetcher struct {
	scope  Scope
	limits Limits
	agent  string
	now    func() time.Time
	client *http.Client

	mu      sync.Mutex
	next    map[string]time.Time // when a host may be asked again
	fetched int64
	asked   int
}

// Page is an answer.
type Page struct {
	// Asked is the address that was asked for, URL where redirects led.
	Asked, URL *url.URL
	Status     int
	MediaType  string
	Header     http.Header
	Body       []byte
	// Cut says that the body was longer than allowed.
	Cut bool
}

// refusal is why nothing was fetched.
type refusal struct {
	why formats.Reason
	err error
}

func (r *refusal) Error() string { return string(r.why) }
func (r *refusal) Unwrap() error { return r.err }

const (
	maxRedirects = 5
	maxHeader    = 64 << 10
)

// NewFetcher makes a fetcher.
func NewFetcher(o Options) *Fetcher {
	g := &guard{resolver: o.Resolver, private: o.Scope.Private, dial: o.Dial, pins: map[string]pin{}}
	if g.resolver == nil {
		g.resolver = &net.Resolver{}
	}
	if g.dial == nil {
		g.dial = (&net.Dialer{Timeout: 10 * time.Second}).DialContext
	}
	transport := &http.Transport{}
	if o.Transport != nil {
		transport = o.Transport.Clone()
	}
	transport.Proxy = nil // a proxy would resolve names by itself
	transport.DialContext, transport.DialTLSContext = g.DialContext, nil
	transport.MaxResponseHeaderBytes = maxHeader
	transport.MaxConnsPerHost = 2
	transport.ForceAttemptHTTP2 = true
	f := &Fetcher{
		scope: o.Scope, limits: o.Limits.orDefault(), now: o.Now, next: map[string]time.Time{},
		agent: fmt.Sprintf("%s (+mailto:%s)", o.Agent, o.Scope.Contact),
	}
	f.client = &http.Client{Transport: transport, CheckRedirect: f.redirect}
	return f
}

// Close ends idle connections.
func (f *Fetcher) Close() error {
	f.client.CloseIdleConnections()
	return nil
}

// redirect lets a redirect through when it stays in scope. The address behind
// it is judged when it is dialled, like any other.
func (f *Fetcher) redirect(req *http.Request, via []*http.Request) error {
	if len(via) > maxRedirects {
		return &refusal{NoAnswer, errors.New("too many redirects")}
	}
	if _, ok := f.scope.Host(req.URL); !ok {
		return &refusal{OutOfScope, nil}
	}
	req.Header.Del("Referer")             // the address before may itself be personal, or hold a key
	if !sameOrigin(req.URL, via[0].URL) { // credentials are for the host that was asked
		for name := range via[0].Header {
			if name != "User-Agent" && name != "Accept" {
				req.Header.Del(name)
			}
		}
	}
	return f.wait(req.Context(), req.URL)
}

func sameOrigin(a, b *url.URL) bool { return a.Scheme == b.Scheme && a.Host == b.Host }

// Get asks for one address. header is added, for credentials. The error is a
// refusal with a reason, or the context's.
func (f *Fetcher) Get(ctx context.Context, u *url.URL, header http.Header) (*Page, error) {
	if _, ok := f.scope.Host(u); !ok {
		return nil, &refusal{OutOfScope, nil}
	}
	if !f.mayAsk() {
		return nil, &refusal{formats.OverLimit, nil}
	}
	if err := f.wait(ctx, u); err != nil {
		return nil, err
	}
	limited, cancel := context.WithTimeout(ctx, f.limits.Request)
	defer cancel()
	req, err := http.NewRequestWithContext(limited, http.MethodGet, u.String(), nil)
	if err != nil {
		return nil, &refusal{NoAnswer, err}
	}
	for name, values := range header {
		req.Header[name] = values
	}
	req.Header.Set("User-Agent", f.agent)
	res, err := f.client.Do(req)
	if err != nil {
		return nil, f.failed(ctx, err)
	}
	defer res.Body.Close()
	page := &Page{Asked: u, URL: res.Request.URL, Status: res.StatusCode, MediaType: res.Header.Get("Content-Type"), Header: res.Header}
	page.Body, err = io.ReadAll(io.LimitReader(res.Body, f.limits.Body+1))
	f.took(int64(len(page.Body)))
	if err != nil {
		return nil, f.failed(ctx, err)
	}
	if int64(len(page.Body)) > f.limits.Body {
		page.Body, page.Cut = page.Body[:f.limits.Body], true
	}
	return page, nil
}

// failed says why a request failed, without the address, which stands in errors
// of net/http.
func (f *Fetcher) failed(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	var r *refusal
	switch {
	case errors.As(err, &r):
		return r
	case errors.Is(err, errAddress):
		return &refusal{Address, errAddress}
	case errors.Is(err, context.DeadlineExceeded):
		return &refusal{formats.TimedOut, context.DeadlineExceeded}
	}
	return &refusal{NoAnswer, nil}
}

func (f *Fetcher) mayAsk() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.asked++
	return f.asked <= f.limits.Pages && f.fetched < f.limits.Total
}

func (f *Fetcher) took(n int64) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.fetched += n
}

// wait holds to the host's rate.
func (f *Fetcher) wait(ctx context.Context, u *url.URL) error {
	f.mu.Lock()
	now := f.now()
	at := f.next[u.Host]
	if at.Before(now) {
		at = now
	}
	f.next[u.Host] = at.Add(f.limits.Pause)
	f.mu.Unlock()
	if at.Equal(now) {
		return ctx.Err()
	}
	timer := time.NewTimer(at.Sub(now))
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
