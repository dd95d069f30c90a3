package crawl

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/note"
)

// ErrScopeInvalid: the scope file can't be read, is not signed as asked, or has
// expired.
var ErrScopeInvalid = errors.New("scope file invalid")

// Host is a host that may be asked, and how.
type Host struct {
	// Name is a host name or address, in lower case.
	Name string
	// Port is 0 for 80 and 443.
	Port int
	// IgnoreRobots: the owner wants all of it looked at.
	IgnoreRobots bool
	// StepIDs: ids in addresses may be stepped by one, to see whether other
	// people's data is served (IDOR).
	StepIDs bool
}

// Scope is what the owner allows. The zero Scope allows nothing.
type Scope struct {
	Owner   string
	Contact string
	// Expires is the first moment at which the file is no longer good: the end of
	// its last day in Thailand.
	Expires time.Time
	Hosts   []Host
	// Private are networks of special addresses that may be asked all the same.
	Private []netip.Prefix
	// SignedBy names the key that signed the file, empty when nobody did.
	SignedBy string
}

// bangkok is +07:00 without the system's zone files, which Windows lacks.
var bangkok = time.FixedZone("ICT", 7*60*60)

const (
	scopeTitle = "# chipproof scope"
	maxScope   = 64 << 10
)

// ParseScope reads a scope file: one "name: value" a line, after the title.
//
//	# chipproof scope
//	owner: เทศบาลตำบลบ้านลาด
//	contact: dpo@banlat.go.th
//	expires: 2026-12-31
//	host: www.banlat.go.th
//	host: api.banlat.go.th:8443 ignore-robots step-ids
//	allow-private: 10.1.2.0/24
//
// With verifiers, the file must be signed by one of them (golang.org/x/mod's
// signed notes: a blank line and a signature line behind the text). Error:
// [ErrScopeInvalid], with the line.
func ParseScope(file []byte, now time.Time, verifiers ...note.Verifier) (Scope, error) {
	if len(file) > maxScope {
		return Scope{}, fmt.Errorf("parse scope: %w: too long", ErrScopeInvalid)
	}
	text, signer := string(file), ""
	if len(verifiers) > 0 {
		opened, err := note.Open(file, note.VerifierList(verifiers...))
		if err != nil {
			return Scope{}, fmt.Errorf("parse scope: %w: signature: %w", ErrScopeInvalid, err)
		}
		text, signer = opened.Text, opened.Sigs[0].Name
	} else if at := strings.Index(text, "\n\n\u2014 "); at >= 0 {
		text = text[:at+1] // signed, and nobody asked by whom
	}
	s := Scope{SignedBy: signer}
	lines := strings.Split(strings.TrimRight(text, "\n"), "\n")
	if strings.TrimSpace(lines[0]) != scopeTitle {
		return Scope{}, fmt.Errorf("parse scope: %w: line 1 is not %q", ErrScopeInvalid, scopeTitle)
	}
	for i, line := range lines[1:] {
		if err := s.line(strings.TrimSpace(line)); err != nil {
			return Scope{}, fmt.Errorf("parse scope: %w: line %d: %w", ErrScopeInvalid, i+2, err)
		}
	}
	return s, s.check(now)
}

func (s *Scope) check(now time.Time) error {
	var missing []error
	for what, there := range map[string]bool{"owner": s.Owner != "", "contact": s.Contact != "", "host": len(s.Hosts) > 0, "expires": !s.Expires.IsZero()} {
		if !there {
			missing = append(missing, fmt.Errorf("no %s", what))
		}
	}
	if len(missing) > 0 {
		return fmt.Errorf("parse scope: %w: %w", ErrScopeInvalid, errors.Join(missing...))
	}
	if !now.Before(s.Expires) {
		return fmt.Errorf("parse scope: %w: expired", ErrScopeInvalid)
	}
	return nil
}

func (s *Scope) line(line string) error {
	if line == "" || strings.HasPrefix(line, "#") {
		return nil
	}
	name, value, ok := strings.Cut(line, ":")
	if !ok {
		return errors.New("no name and value")
	}
	value = strings.TrimSpace(value)
	switch name {
	case "owner":
		s.Owner = value
	case "contact":
		s.Contact = value
	case "expires":
		day, err := time.ParseInLocation(time.DateOnly, value, bangkok)
		if err != nil {
			return errors.New("expires is not a date such as 2026-12-31")
		}
		s.Expires = day.AddDate(0, 0, 1) // that day itself still counts, to its end in Thailand
	case "host":
		h, err := parseHost(value)
		if err != nil {
			return err
		}
		s.Hosts = append(s.Hosts, h)
	case "allow-private":
		p, err := netip.ParsePrefix(value)
		if err != nil {
			return errors.New("allow-private is not a network such as 10.1.2.0/24")
		}
		s.Private = append(s.Private, p.Masked())
	default:
		return fmt.Errorf("unknown name %q", name)
	}
	return nil
}

func parseHost(value string) (Host, error) {
	words := strings.Fields(value)
	if len(words) == 0 {
		return Host{}, errors.New("no host")
	}
	h := Host{Name: strings.ToLower(words[0])}
	if name, port, err := net.SplitHostPort(h.Name); err == nil {
		n, err := strconv.ParseUint(port, 10, 16)
		if err != nil || n == 0 {
			return Host{}, errors.New("port is no number")
		}
		h.Name, h.Port = name, int(n)
	}
	if strings.ContainsAny(h.Name, "/*@ ") {
		return Host{}, errors.New("a host is a name, without scheme, path or asterisk")
	}
	for _, w := range words[1:] {
		switch w {
		case "ignore-robots":
			h.IgnoreRobots = true
		case "step-ids":
			h.StepIDs = true
		default:
			return Host{}, fmt.Errorf("unknown permission %q", w)
		}
	}
	return h, nil
}

// Host finds the entry for an address. ok is false when it is out of scope,
// whatever else it is.
func (s Scope) Host(u *url.URL) (h Host, ok bool) {
	if u.Scheme != "http" && u.Scheme != "https" || u.User != nil {
		return Host{}, false
	}
	port := 0
	if p := u.Port(); p != "" && p != map[string]string{"http": "80", "https": "443"}[u.Scheme] {
		n, err := strconv.ParseUint(p, 10, 16)
		if err != nil {
			return Host{}, false
		}
		port = int(n)
	}
	name := strings.TrimSuffix(strings.ToLower(u.Hostname()), ".")
	for _, h := range s.Hosts {
		if h.Name == name && h.Port == port {
			return h, true
		}
	}
	return Host{}, false
}
