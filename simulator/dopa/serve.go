package dopa

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"time"
)

// Clients says who may ask.
type Clients int

// Who may ask.
const (
	// AnyClient: whoever reaches the address.
	AnyClient Clients = iota
	// KnownClients: who shows a certificate of the same authority.
	KnownClients
)

// TLS is the configuration of a server that shows this certificate.
func (a *Authority) TLS(certificate tls.Certificate, who Clients) *tls.Config {
	config := &tls.Config{MinVersion: tls.VersionTLS12, Certificates: []tls.Certificate{certificate}, NextProtos: []string{"http/1.1"}}
	if who == KnownClients {
		config.ClientAuth, config.ClientCAs = tls.RequireAndVerifyClientCert, a.Pool()
	}
	return config
}

// Serve answers on a listener until ctx ends, with a certificate for localhost
// and the addresses of loopback, which is as old as the authority.
func (s *Service) Serve(ctx context.Context, listener net.Listener, a *Authority, who Clients) error {
	certificate, err := a.IssueServer(a.certificate.NotBefore, a.certificate.NotAfter, "localhost", "127.0.0.1", "::1")
	if err != nil {
		return err
	}
	// What a client did at the handshake is told, for whoever wonders why it
	// gets no further.
	server := &http.Server{
		Handler:           s,
		ReadHeaderTimeout: 10 * time.Second,
		MaxHeaderBytes:    16 << 10,
		ErrorLog:          slog.NewLogLogger(s.log.Handler(), slog.LevelWarn),
	}
	stopped := make(chan struct{})
	stop := context.AfterFunc(ctx, func() {
		defer close(stopped)
		_ = server.Close() // nobody waits for an answer that was told to hang
	})
	err = server.Serve(tls.NewListener(listener, a.TLS(certificate, who)))
	if !stop() {
		<-stopped
	}
	if !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("serve simulated issuer: %w", err)
	}
	return nil
}
