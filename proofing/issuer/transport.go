package issuer

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"time"
)

// maxHeader bounds the header of an answer, in bytes.
const maxHeader = 16 << 10

// tlsConfig demands TLS 1.2 or newer and a certificate that is valid now, for
// this host, and leads to the roots. Most public clients of this service switch
// that off (thai-id-card §11); here nothing does.
func tlsConfig(o Options, host string) *tls.Config {
	config := &tls.Config{MinVersion: tls.VersionTLS12, ServerName: host, RootCAs: o.CA, Time: o.Now}
	if o.Client != nil {
		config.Certificates = []tls.Certificate{*o.Client}
	}
	return config
}

// newHTTP makes a client that does one thing for one question: no proxy, no
// redirect, no cookie, no compression (which could blow an answer up), and no
// connection that is kept, since a kept one is asked again without our word.
func (c *Client) newHTTP() *http.Client {
	return &http.Client{
		Transport: &http.Transport{
			DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
				return c.dial(ctx, network, address)
			},
			TLSClientConfig:        c.tls,
			TLSHandshakeTimeout:    c.deadline,
			DisableKeepAlives:      true,
			DisableCompression:     true,
			MaxResponseHeaderBytes: maxHeader,
		},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// post sends a question and gives status and body of the answer. Statuses other
// than 200 and 500, where SOAP has its faults, are errors.
func (c *Client) post(ctx context.Context, q question) (int, []byte, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, c.url.String(), bytes.NewReader(q.request(c.version)))
	if err != nil {
		return 0, nil, fmt.Errorf("%w: address: not a URL", ErrConfig) // cannot be: New has parsed it
	}
	for name, value := range c.version.headers(q.operation) {
		request.Header.Set(name, value)
	}
	request.Header.Set("User-Agent", "chipproof")
	response, err := c.http.Do(request)
	if err != nil {
		return 0, nil, c.failure(ctx, err)
	}
	defer response.Body.Close()
	switch response.StatusCode {
	case http.StatusOK, http.StatusInternalServerError:
	case http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		// What stands before the service doesn't get through to it either.
		return 0, nil, &transportError{fmt.Errorf("status %d", response.StatusCode)}
	default:
		return 0, nil, fmt.Errorf("%w: status %d", ErrAnswer, response.StatusCode)
	}
	body, err := io.ReadAll(io.LimitReader(response.Body, maxAnswer+1))
	// A server that sees us hang up may end its half answer as if it were whole.
	if err != nil || ctx.Err() != nil {
		return 0, nil, c.failure(ctx, err)
	}
	if len(body) > maxAnswer {
		return 0, nil, fmt.Errorf("%w: more than %d bytes", ErrAnswer, maxAnswer)
	}
	return response.StatusCode, body, nil
}

// transportError is a fault of the connection, after which a second try makes
// sense.
type transportError struct{ cause error }

func (e *transportError) Error() string   { return ErrUnreachable.Error() + ": " + e.cause.Error() }
func (e *transportError) Unwrap() []error { return []error{ErrUnreachable, e.cause} }

// failure says in our words why a request failed. Only causes are kept that
// can't quote an answer: net/http quotes lines that it doesn't understand, and
// those may hold what was asked.
func (c *Client) failure(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return fmt.Errorf("%w: no answer within %v", ErrUnreachable, c.deadline)
	}
	if cause := distrust(err); cause != nil {
		return fmt.Errorf("%w: %w", ErrUntrusted, cause)
	}
	if op, ok := errors.AsType[*net.OpError](err); ok { // addresses and the system's words
		return &transportError{op}
	}
	if wait, ok := errors.AsType[net.Error](err); ok && wait.Timeout() {
		return &transportError{errors.New("no answer in time")}
	}
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return &transportError{errors.New("connection closed in mid-answer")}
	}
	if _, ok := errors.AsType[tls.RecordHeaderError](err); ok || errors.Is(err, http.ErrSchemeMismatch) {
		return fmt.Errorf("%w: what listens there speaks no TLS", ErrUnreachable)
	}
	return fmt.Errorf("%w: neither TLS 1.2 nor HTTP as it should be", ErrAnswer)
}

// distrust is the cause, if one of the two sides doesn't trust the other's
// certificate.
func distrust(err error) error {
	if e, ok := errors.AsType[*tls.CertificateVerificationError](err); ok {
		return whatIsWrong(e.Err)
	}
	// So crypto/tls marks an alert that the other side sent.
	if op, ok := errors.AsType[*net.OpError](err); ok && op.Op == "remote error" {
		return fmt.Errorf("the server refuses: %w", op.Err)
	}
	return nil
}

// whatIsWrong says so of a certificate, shorter than package x509 does, which
// lists all that it tried.
func whatIsWrong(err error) error {
	if invalid, ok := errors.AsType[x509.CertificateInvalidError](err); ok && invalid.Reason == x509.Expired {
		return fmt.Errorf("certificate has expired or is not valid yet (%s to %s)",
			invalid.Cert.NotBefore.UTC().Format(time.DateOnly), invalid.Cert.NotAfter.UTC().Format(time.DateOnly))
	}
	if _, ok := errors.AsType[x509.HostnameError](err); ok {
		return errors.New("certificate is for another name")
	}
	if _, ok := errors.AsType[x509.UnknownAuthorityError](err); ok {
		return errors.New("certificate is signed by nobody who is trusted here")
	}
	return err
}
