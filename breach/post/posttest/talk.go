package posttest

import (
	"bufio"
	"crypto/tls"
	"encoding/base64"
	"io"
	"strings"
)

func (t *talk) say(line string) { _, _ = io.WriteString(t.conn, line+"\r\n") }

func (t *talk) line() (string, bool) {
	line, err := t.in.ReadString('\n')
	return strings.TrimRight(line, "\r\n"), err == nil
}

// secure goes on over TLS.
func (t *talk) secure() bool {
	conn := tls.Server(t.conn, t.tls)
	t.conn, t.in, t.encrypted = conn, bufio.NewReader(conn), true
	return conn.Handshake() == nil
}

func (t *talk) run() {
	t.in = bufio.NewReader(t.conn)
	if t.o.Implicit && !t.secure() {
		return
	}
	switch t.o.Greeting {
	case "":
		t.say("220 posttest")
	case "-":
		_, _ = io.Copy(io.Discard, t.in) // says nothing until the other hangs up
		return
	default:
		t.say(t.o.Greeting)
	}
	var m Mail
	for {
		line, ok := t.line()
		if !ok {
			return
		}
		verb, rest, _ := strings.Cut(line, " ")
		switch strings.ToUpper(verb) {
		case "EHLO":
			t.hello()
		case "HELO", "NOOP", "RSET":
			t.say("250 yes")
		case "STARTTLS":
			t.say("220 go on")
			if !t.secure() {
				return
			}
		case "AUTH":
			t.login(rest)
		case "MAIL":
			m = Mail{From: inside(rest), Encrypted: t.encrypted, User: t.user}
			if t.o.User != "" && t.user == "" {
				t.say("530 log in first")
				continue
			}
			t.say("250 yes")
		case "RCPT":
			if refusal := t.o.Refuse[inside(rest)]; refusal != "" {
				t.say(refusal)
				continue
			}
			m.To = append(m.To, inside(rest))
			t.say("250 yes")
		case "DATA":
			if !t.data(m) {
				return
			}
		case "QUIT":
			t.say("221 bye")
			return
		default:
			t.say("502 what")
		}
	}
}

func (t *talk) hello() {
	t.say("250-posttest")
	if !t.encrypted && !t.o.Plain {
		t.say("250-STARTTLS")
	}
	if t.o.User != "" && (t.encrypted || t.o.Plain) {
		t.say("250-AUTH PLAIN")
	}
	t.say("250 8BITMIME")
}

func (t *talk) login(rest string) {
	method, first, _ := strings.Cut(rest, " ")
	given, err := base64.StdEncoding.DecodeString(first)
	if method != "PLAIN" || err != nil || string(given) != "\x00"+t.o.User+"\x00"+t.o.Password {
		t.say("535 no")
		return
	}
	t.user = t.o.User
	t.say("235 yes")
}

func (t *talk) data(m Mail) bool {
	t.say("354 go on")
	var raw strings.Builder
	for {
		line, ok := t.line()
		if !ok {
			return false
		}
		if line == "." {
			break
		}
		raw.WriteString(strings.TrimPrefix(line, ".") + "\r\n")
	}
	if t.o.Data != "" {
		t.say(t.o.Data)
		return true
	}
	m.Raw = raw.String()
	t.mu.Lock()
	t.mails = append(t.mails, m)
	t.mu.Unlock()
	t.say("250 taken")
	return true
}

// inside is the address of MAIL FROM:<…> and RCPT TO:<…>.
func inside(s string) string {
	_, s, _ = strings.Cut(s, "<")
	address, _, _ := strings.Cut(s, ">")
	return address
}
