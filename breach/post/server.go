package post

import (
	"context"
	"crypto/rand"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"strconv"
	"strings"
	"sync"

	smtp "github.com/wneessen/go-mail"

	"chipproof/breach/letters"
)

// Server is a mail server that takes our mail. It is safe for concurrent use.
type Server struct {
	o Options

	mu      sync.Mutex
	trouble *Trouble // what kept the last letter back, if not itself
}

var _ letters.Sender = (*Server)(nil)

// New says which server takes our mail; it doesn't ask whether it is there.
// Error: [ErrSettingsInvalid].
func New(o Options) (*Server, error) {
	if o.Timeout <= 0 {
		o.Timeout = DefaultTimeout
	}
	if err := o.check(); err != nil {
		if !errors.Is(err, ErrSettingsInvalid) {
			err = fmt.Errorf("%w: %w", ErrSettingsInvalid, err)
		}
		return nil, err
	}
	return &Server{o: o}, nil
}

// Mail is one mail to one address. HTML may be empty.
type Mail struct{ To, Subject, Text, HTML string }

// String hides the mail.
func (Mail) String() string { return "***" }

// Write hands a mail over. It is nil once the server has taken it. Error:
// [ErrUnsent], as a [*Trouble].
func (s *Server) Write(ctx context.Context, m Mail) error {
	if err := s.write(ctx, m); err != nil {
		return fmt.Errorf("send e-mail: %w", err)
	}
	return nil
}

// Send implements [letters.Sender]: the letter as text, and as a page beside it.
// The mail names its recipient's address and nobody's name; the letter does.
func (s *Server) Send(ctx context.Context, to letters.Recipient, d letters.Document) error {
	err := s.write(ctx, Mail{To: to.Reveal().Email, Subject: d.Title(), Text: d.Text(), HTML: string(d.HTML())})
	trouble, met := errors.AsType[*Trouble](err)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.trouble = nil
	if met && !trouble.Lone() {
		s.trouble = trouble
		err = errors.Join(letters.ErrSenderDown, err)
	}
	return err
}

// Trouble is why the last letter was kept back where that was not the letter's
// own fault: a merge says only that the sender is down. nil otherwise.
func (s *Server) Trouble() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.trouble == nil {
		return nil
	}
	return s.trouble
}

func (s *Server) write(ctx context.Context, m Mail) error {
	message, err := s.message(m)
	if err != nil {
		return &Trouble{Why: WhyAddress}
	}
	ctx, cancel := context.WithTimeout(ctx, s.o.Timeout)
	defer cancel()
	line := &line{Server: s}
	defer line.watch(ctx)()
	client, err := s.client(line)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrSettingsInvalid, err)
	}
	err = client.DialAndSendWithContext(ctx, message)
	if err == nil || message.IsDelivered() {
		return nil // whatever went wrong after the server's word
	}
	if ctx.Err() != nil {
		err = errors.Join(err, ctx.Err()) // the library keeps it to itself
	}
	return troubleOf(err, line.conn != nil)
}

func (s *Server) client(l *line) (*smtp.Client, error) {
	options := []smtp.Option{
		smtp.WithPort(s.o.Port), smtp.WithTimeout(2 * s.o.Timeout), smtp.WithTLSConfig(s.tls()),
		smtp.WithDialContextFunc(l.dial), smtp.WithoutNoop(), smtp.WithoutRset(), smtp.WithTLSPolicy(smtp.TLSMandatory),
	}
	switch s.o.Security {
	case TLS:
		options = append(options, smtp.WithTLSPolicy(smtp.TLSOpportunistic)) // it is encrypted already
	case Off:
		options = append(options, smtp.WithTLSPolicy(smtp.NoTLS))
	}
	if s.o.User != "" {
		options = append(options, smtp.WithUsername(s.o.User), smtp.WithPassword(s.o.Password.value),
			smtp.WithOpportunisticSMTPAuth(smtp.SMTPAuthSCRAMSHA256, smtp.SMTPAuthPlain, smtp.SMTPAuthLogin))
	}
	return smtp.NewClient(s.o.Host, options...)
}

func (s *Server) tls() *tls.Config {
	return &tls.Config{ServerName: s.o.Host, RootCAs: s.o.Roots, MinVersion: tls.VersionTLS12}
}

func (s *Server) message(m Mail) (*smtp.Msg, error) {
	message := smtp.NewMsg(smtp.WithNoDefaultUserAgent())
	if err := errors.Join(message.From(s.o.From), CheckAddress(m.To), message.To(m.To)); err != nil {
		return nil, err
	}
	message.Subject(m.Subject)
	message.SetDateWithValue(s.o.Now())
	_, domain, _ := strings.Cut(s.o.From, "@")
	message.SetMessageIDWithValue(rand.Text() + "@" + domain)
	message.SetGenHeader("Auto-Submitted", "auto-generated") // RFC 3834: no holiday answers
	message.SetBodyString(smtp.TypeTextPlain, m.Text)
	if m.HTML != "" {
		message.AddAlternativeString(smtp.TypeTextHTML, m.HTML)
	}
	return message, nil
}

// line is the one connection of a mail. The library looks at its context while it
// dials and no longer: the line is cut when the context ends.
type line struct {
	*Server
	conn net.Conn
	mu   sync.Mutex
}

func (l *line) dial(ctx context.Context, network, _ string) (net.Conn, error) {
	conn, err := (&net.Dialer{}).DialContext(ctx, network, net.JoinHostPort(l.o.Host, strconv.Itoa(l.o.Port)))
	if err != nil {
		return nil, err
	}
	l.mu.Lock()
	l.conn = conn
	l.mu.Unlock()
	if l.o.Security != TLS {
		return conn, nil
	}
	secured := tls.Client(conn, l.tls())
	if err := secured.HandshakeContext(ctx); err != nil {
		return nil, errors.Join(err, conn.Close())
	}
	return secured, nil
}

// watch cuts the line when ctx ends, until it is told to stop.
func (l *line) watch(ctx context.Context) (stop func()) {
	undo := context.AfterFunc(ctx, func() {
		l.mu.Lock()
		defer l.mu.Unlock()
		if l.conn != nil {
			_ = l.conn.Close()
		}
	})
	return func() { undo() }
}

func isEnd(err error) bool { return errors.Is(err, io.EOF) || errors.Is(err, net.ErrClosed) }
