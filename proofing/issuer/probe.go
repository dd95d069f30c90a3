package issuer

import (
	"context"
	"crypto/tls"
	"fmt"
	"net"
)

// Probe finds out whether the service is there and shows a certificate to trust,
// without sending anything about anybody: it shakes hands and hangs up. A server
// of TLS 1.3 that refuses our certificate says so only later, to the first
// question. It returns [ErrUnreachable] or [ErrUntrusted], or the context's error
// when whoever asks has gone. A pause neither keeps it back nor is ended by it.
func (c *Client) Probe(ctx context.Context) error {
	within, cancel := context.WithTimeout(ctx, c.deadline)
	defer cancel()
	err := c.shakeHands(within)
	switch {
	case err == nil:
		return nil
	case ctx.Err() != nil:
		return fmt.Errorf("probe the issuer's service: %w", ctx.Err())
	}
	return fmt.Errorf("probe the issuer's service: %w", c.failure(within, err))
}

func (c *Client) shakeHands(ctx context.Context) error {
	port := c.url.Port()
	if port == "" {
		port = "443"
	}
	raw, err := c.dial(ctx, "tcp", net.JoinHostPort(c.url.Hostname(), port))
	if err != nil {
		return err
	}
	defer raw.Close()
	return tls.Client(raw, c.tls.Clone()).HandshakeContext(ctx)
}
