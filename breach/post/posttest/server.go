package posttest

import (
	"bufio"
	"bytes"
	"crypto/tls"
	"encoding/base64"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net"
	"net/mail"
	"strings"
	"sync"
)

// Options are how the server behaves. The zero Options is a good one that offers
// STARTTLS with a certificate for 127.0.0.1.
type Options struct {
	Name     string            // on the certificate; default 127.0.0.1
	Implicit bool              // TLS from the first byte
	Plain    bool              // offers no STARTTLS
	User     string            // login that is demanded, with Password
	Password string            //
	Refuse   map[string]string // recipient → answer, such as "550 no such user"
	Data     string            // answer to the end of a mail instead of 250
	Greeting string            // instead of 220; "-" is silence
}

// Mail is a mail that the server took.
type Mail struct {
	From string
	To   []string
	Raw  string
	// Encrypted: it came over TLS. User is who was logged in.
	Encrypted bool
	User      string
}

// Server is a mail server. Close ends it.
type Server struct {
	o        Options
	listener net.Listener
	tls      *tls.Config
	// Root is the PEM of who vouches for the server.
	Root []byte

	mu      sync.Mutex
	mails   []Mail
	open    map[net.Conn]bool
	waiting sync.WaitGroup
}

// Start begins to listen on a free port.
func Start(o Options) (*Server, error) { return StartAt("127.0.0.1:0", o) }

// StartAt listens at an address of the loopback.
func StartAt(addr string, o Options) (*Server, error) {
	if o.Name == "" {
		o.Name = "127.0.0.1"
	}
	cert, root, err := certificate(o.Name)
	if err != nil {
		return nil, err
	}
	listener, err := net.Listen("tcp", addr)
	if err != nil {
		return nil, err
	}
	s := &Server{
		o: o, listener: listener, Root: root, open: map[net.Conn]bool{},
		tls: &tls.Config{Certificates: []tls.Certificate{cert}, MinVersion: tls.VersionTLS12},
	}
	s.waiting.Go(s.accept)
	return s, nil
}

// Port is where it listens.
func (s *Server) Port() int { return s.listener.Addr().(*net.TCPAddr).Port }

// Addr is host and port.
func (s *Server) Addr() string { return s.listener.Addr().String() }

// Mails are all mails that it took, in order.
func (s *Server) Mails() []Mail {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Mail{}, s.mails...)
}

// Close ends the server and every conversation.
func (s *Server) Close() {
	_ = s.listener.Close()
	s.mu.Lock()
	for conn := range s.open {
		_ = conn.Close()
	}
	s.mu.Unlock()
	s.waiting.Wait()
}

func (s *Server) accept() {
	for {
		conn, err := s.listener.Accept()
		if err != nil {
			return
		}
		s.mu.Lock()
		s.open[conn] = true
		s.mu.Unlock()
		s.waiting.Go(func() {
			t := &talk{Server: s, conn: conn}
			t.run()
			_ = conn.Close()
			s.mu.Lock()
			delete(s.open, conn)
			s.mu.Unlock()
		})
	}
}

// Subject is the mail's subject, decoded.
func (m Mail) Subject() string {
	read, err := mail.ReadMessage(strings.NewReader(m.Raw))
	if err != nil {
		return ""
	}
	subject, _ := new(mime.WordDecoder).DecodeHeader(read.Header.Get("Subject"))
	return subject
}

// Text is what the mail's parts say, decoded, one after the other.
func (m Mail) Text() string {
	read, err := mail.ReadMessage(strings.NewReader(m.Raw))
	if err != nil {
		return ""
	}
	return text(read.Header.Get("Content-Type"), read.Header.Get("Content-Transfer-Encoding"), read.Body)
}

func text(kind, encoding string, body io.Reader) string {
	media, params, _ := mime.ParseMediaType(kind)
	if strings.HasPrefix(media, "multipart/") {
		var all strings.Builder
		parts := multipart.NewReader(body, params["boundary"])
		for {
			part, err := parts.NextRawPart()
			if err != nil {
				return all.String()
			}
			all.WriteString(text(part.Header.Get("Content-Type"), part.Header.Get("Content-Transfer-Encoding"), part) + "\n")
		}
	}
	switch encoding {
	case "quoted-printable":
		body = quotedprintable.NewReader(body)
	case "base64":
		body = base64.NewDecoder(base64.StdEncoding, body)
	}
	content, _ := io.ReadAll(body)
	return string(bytes.ReplaceAll(content, []byte("\r\n"), []byte("\n")))
}

// talk is one conversation.
type talk struct {
	*Server
	conn      net.Conn
	in        *bufio.Reader
	encrypted bool
	user      string
}
