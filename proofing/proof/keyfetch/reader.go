package keyfetch

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/http"
	"sync"
	"time"

	"chipproof/proofing/proof"
)

var (
	// ErrAddressRefused is for an address that no key set is read from: not https,
	// or one of the machine itself.
	ErrAddressRefused = errors.New("address of key set refused")
	// ErrUnavailable is for a time at which no key set is known that may still be
	// used. Nothing verifies then.
	ErrUnavailable = errors.New("key set unavailable")
)

const (
	// MaxAge is how long a key set is used at most, whatever its server says
	// (proof §7).
	MaxAge = time.Hour
	// Pause is the least time between two requests, successful or not.
	Pause = time.Minute
	// unsaid is how long it is used where the server doesn't say.
	unsaid = 10 * time.Minute
	// patience is how long one request may take, with all its redirects.
	patience = 10 * time.Second
	// maxHops is how many redirects are followed, all on one host.
	maxHops = 3
)

// Options say where the key set is.
type Options struct {
	// URL is its https address.
	URL string
	// Roots are the authorities of its certificate. Nil: those of the system.
	Roots *x509.CertPool
	// Clock says what time it is.
	Clock func() time.Time
}

// Reader holds the key set of one address. It may be used by many at once.
type Reader struct {
	url    string
	clock  func() time.Time
	client *http.Client

	mu      sync.Mutex
	keys    proof.KeySet
	renew   time.Time // from then on a use asks again, so that a short outage isn't felt
	until   time.Time // from then on keys count no more
	asked   time.Time // when the last request began; zero: never
	failure error     // why the last request brought nothing
	running chan struct{}
}

// New makes a reader, and asks nothing yet. Error: [ErrAddressRefused].
func New(o Options) (*Reader, error) {
	return newReader(o, (&net.Dialer{Timeout: patience, Control: refuseOwn}).DialContext)
}

// newReader takes how to connect: the seam by which tests put a server of their
// own behind an address on the network. What it connected to is checked again.
func newReader(o Options, dial dialer) (*Reader, error) {
	if err := checkURL(o.URL); err != nil {
		return nil, err
	}
	if o.Clock == nil {
		return nil, fmt.Errorf("read key set: %w: no clock", ErrUnavailable)
	}
	return &Reader{url: o.URL, clock: o.Clock, client: &http.Client{
		Timeout:       patience,
		CheckRedirect: sameHost,
		Transport: &http.Transport{
			// No proxy from the environment: the address that was configured is
			// the one that is asked.
			DialContext:     dial.checked,
			TLSClientConfig: &tls.Config{MinVersion: tls.VersionTLS12, RootCAs: o.Roots},
			// A handshake outlives the request that began it, unless it has a
			// limit of its own.
			TLSHandshakeTimeout:    patience,
			MaxResponseHeaderBytes: 16 << 10,
			MaxIdleConns:           1,
			IdleConnTimeout:        patience,
			DisableCompression:     true, // so that the limit is on what is read
		},
	}}, nil
}

// Keys is the key set as it is known now. It asks the server and waits when none
// is known that may still be used; one that has lived for half its time is used
// while a new one is on its way. Errors: [ErrUnavailable]; that of ctx.
func (r *Reader) Keys(ctx context.Context) (proof.KeySet, error) {
	r.mu.Lock()
	now := r.clock()
	if !now.Before(r.renew) {
		r.begin(ctx, now)
	}
	if now.Before(r.until) {
		defer r.mu.Unlock()
		return r.keys, nil
	}
	return r.await(ctx)
}

// Refreshed is the key set asked for anew, for a token under a key that the known
// one doesn't hold. Within [Pause] of the last request it asks nothing and is the
// same as [Reader.Keys], so that tokens with made-up keys cause no traffic.
// Errors: [ErrUnavailable]; that of ctx.
func (r *Reader) Refreshed(ctx context.Context) (proof.KeySet, error) {
	r.mu.Lock()
	r.begin(ctx, r.clock())
	return r.await(ctx)
}

// begin starts a request, unless one runs or the last one is too near. It is
// called with the lock held.
func (r *Reader) begin(ctx context.Context, now time.Time) {
	near := !r.asked.IsZero() && now.Sub(r.asked) < Pause && !now.Before(r.asked)
	if r.running != nil || near {
		return
	}
	r.asked, r.running = now, make(chan struct{})
	// It serves all who wait, so it goes on when the one who began it leaves.
	go r.run(context.WithoutCancel(ctx), r.running)
}

// await is called with the lock held, and releases it. It waits for the request
// that runs, if one does.
func (r *Reader) await(ctx context.Context) (proof.KeySet, error) {
	running := r.running
	r.mu.Unlock()
	if running != nil {
		select {
		case <-running:
		case <-ctx.Done():
			return proof.KeySet{}, fmt.Errorf("read key set: %w", ctx.Err())
		}
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.known()
}

// run asks, keeps what it got, and tells those who wait.
func (r *Reader) run(ctx context.Context, done chan struct{}) {
	keys, life, err := r.fetch(ctx)
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.failure = err; err == nil {
		// From when it was asked for: the answer can't be newer.
		r.keys, r.renew, r.until = keys, r.asked.Add(life/2), r.asked.Add(life)
	}
	r.running = nil
	close(done)
}

// known is what may be used now.
func (r *Reader) known() (proof.KeySet, error) {
	switch now := r.clock(); {
	case now.Before(r.until):
		return r.keys, nil
	case r.failure != nil:
		return proof.KeySet{}, fmt.Errorf("%w: %w", ErrUnavailable, r.failure)
	}
	return proof.KeySet{}, fmt.Errorf("%w: the last one is too old", ErrUnavailable)
}
