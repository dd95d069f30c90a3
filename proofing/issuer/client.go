package issuer

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"time"
)

const (
	// DefaultURL is the service's address. Nothing is asked of it unless an
	// agency that has DOPA's permission makes a client.
	DefaultURL = "https://idcard.bora.dopa.go.th/CheckCardStatus/CheckCardService.asmx"
	// DefaultDeadline is how long a question may take, a second try included.
	DefaultDeadline = 10 * time.Second

	shortestDeadline = time.Second
	longestDeadline  = time.Minute
)

// Options say how the service is asked.
type Options struct {
	// URL is the service's address, https only; [DefaultURL] if empty.
	URL string
	// CA are the roots that the server's certificate must lead to; nil: those of
	// this machine. There is no way to do without.
	CA *x509.CertPool
	// Client is the certificate that this agency shows, if the service demands one.
	Client *tls.Certificate
	// SOAP is the version to speak; [Version12] if empty.
	SOAP Version
	// Deadline is for a whole question, 1 s to 60 s; [DefaultDeadline] if zero.
	Deadline time.Duration
	// Now is the clock, for stamps, pauses and the validity of certificates.
	Now func() time.Time
	// Log is told of answers and faults, never of who was asked about; nil: nobody.
	Log *slog.Logger
}

// Client asks the service. It may be used by several goroutines at once.
type Client struct {
	url      *url.URL
	version  Version
	deadline time.Duration
	now      func() time.Time
	log      *slog.Logger
	tls      *tls.Config
	http     *http.Client
	pause    *pause
	dial     func(ctx context.Context, network, address string) (net.Conn, error)
}

// New makes a client and asks nothing yet. It returns [ErrConfig] with all that
// is wrong.
func New(o Options) (*Client, error) {
	c := &Client{version: o.SOAP, deadline: o.Deadline, now: o.Now, log: o.Log}
	if c.version == "" {
		c.version = Version12
	}
	if c.deadline == 0 {
		c.deadline = DefaultDeadline
	}
	if c.log == nil {
		c.log = slog.New(slog.DiscardHandler)
	}
	if o.URL == "" {
		o.URL = DefaultURL
	}
	address, wrongURL := parseURL(o.URL)
	_, wrongVersion := ParseVersion(string(c.version))
	problems := []error{wrongURL, wrongVersion}
	if c.deadline < shortestDeadline || c.deadline > longestDeadline {
		problems = append(problems, fmt.Errorf("%w: deadline: %v to %v", ErrConfig, shortestDeadline, longestDeadline))
	}
	if o.Now == nil {
		problems = append(problems, fmt.Errorf("%w: no clock", ErrConfig))
	}
	if err := errors.Join(problems...); err != nil {
		return nil, fmt.Errorf("set up the issuer's service: %w", err)
	}
	c.url = address
	c.pause = &pause{now: o.Now}
	c.tls = tlsConfig(o, address.Hostname())
	// Half the time for a connection, so that a second try has a chance.
	c.dial = (&net.Dialer{Timeout: c.deadline / 2}).DialContext
	c.http = c.newHTTP()
	return c, nil
}

// parseURL takes https://HOST[:PORT]/PATH and nothing besides: a query or a
// name in an address ends in other people's logs.
func parseURL(s string) (*url.URL, error) {
	u, err := url.Parse(s)
	switch {
	case err != nil:
		return nil, fmt.Errorf("%w: address: not a URL", ErrConfig)
	case u.Scheme != "https":
		return nil, fmt.Errorf("%w: address: must begin with https://", ErrConfig)
	case u.Hostname() == "" || u.Opaque != "" || u.User != nil || u.RawQuery != "" || u.ForceQuery || u.Fragment != "":
		return nil, fmt.Errorf("%w: address: must be https://HOST[:PORT]/PATH", ErrConfig)
	}
	return u, nil
}

// CheckCID asks about a card by chip number, citizen number and request number.
// It returns [ErrIncomplete], [ErrUnreachable], [ErrUntrusted], [ErrPaused] or
// [ErrAnswer], or the context's error when whoever asks has gone.
func (c *Client) CheckCID(ctx context.Context, card Card) (Answer, error) {
	q, err := card.question()
	if err != nil {
		return Answer{}, err
	}
	return c.ask(ctx, q)
}

// CheckLaser asks about a card by what is printed on it. Errors are those of
// [Client.CheckCID].
func (c *Client) CheckLaser(ctx context.Context, holder Holder) (Answer, error) {
	q, err := holder.question()
	if err != nil {
		return Answer{}, err
	}
	return c.ask(ctx, q)
}

// ask puts a question, unless nobody asks for a while, and takes note of how the
// service did.
func (c *Client) ask(caller context.Context, q question) (Answer, error) {
	if err := caller.Err(); err != nil {
		return Answer{}, fmt.Errorf("ask the issuer: %w", err)
	}
	turn, err := c.pause.begin()
	if err != nil {
		return Answer{}, err
	}
	ctx, cancel := context.WithTimeout(caller, c.deadline)
	defer cancel()
	answer, err := c.twice(ctx, q)
	if err == nil {
		c.pause.end(turn, answered)
		c.log.Info("issuer answered", "operation", q.operation, "outcome", answer.Outcome, "code", answer.Code)
		return answer, nil
	}
	if gone := caller.Err(); gone != nil {
		c.pause.end(turn, unknown)
		return Answer{}, fmt.Errorf("ask the issuer: %w", gone)
	}
	resting := c.pause.end(turn, faulty)
	c.log.Warn("issuer not asked", "operation", q.operation, "cause", err, "pause", resting)
	return Answer{}, fmt.Errorf("ask the issuer: %w", err)
}

// twice tries once more after a fault of the connection. Nothing else is asked
// again: what was understood once is not made better by asking twice.
func (c *Client) twice(ctx context.Context, q question) (Answer, error) {
	answer, err := c.once(ctx, q)
	if _, transport := errors.AsType[*transportError](err); transport && ctx.Err() == nil {
		c.log.Info("issuer asked again", "operation", q.operation, "cause", err)
		return c.once(ctx, q)
	}
	return answer, err
}

// once sends a question and reads the answer.
func (c *Client) once(ctx context.Context, q question) (Answer, error) {
	status, body, err := c.post(ctx, q)
	if err != nil {
		return Answer{}, err
	}
	r, err := parse(body, q.operation)
	switch {
	case err != nil && status != http.StatusOK:
		return Answer{}, fmt.Errorf("%w: status %d", ErrAnswer, status)
	case err != nil:
		return Answer{}, err
	case status != http.StatusOK && !r.fault:
		// A true answer comes with 200, so this one contradicts itself.
		return Answer{}, fmt.Errorf("%w: an answer with status %d", ErrAnswer, status)
	case r.fault:
		return Answer{Outcome: Indeterminate, Code: CodeFault, Desc: words(r.desc, q), At: c.now()}, nil
	}
	return Answer{Outcome: judge(r), Code: r.code, Desc: words(r.desc, q), At: c.now()}, nil
}
