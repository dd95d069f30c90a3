package doctor_test

import (
	"context"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"

	"github.com/coder/websocket"
	"github.com/stretchr/testify/require"

	"chipproof/doctor"
)

var (
	home   = netip.MustParseAddr("127.0.0.1")
	home6  = netip.MustParseAddr("::1")
	abroad = netip.MustParseAddr("192.0.2.7") // TEST-NET-1: nothing is sent there
)

// street is a machine with other programs on it. They listen on ports that the
// system picks; whoever knocks is led there.
type street struct {
	*testing.T
	mu      sync.Mutex
	doors   map[netip.AddrPort]string
	knocked []netip.AddrPort
	seen    []seen
}

// seen is what a program was asked.
type seen struct {
	port                              uint16
	method, host, path, origin, agent string
	body                              []byte
}

func newStreet(t *testing.T) *street {
	return &street{T: t, doors: map[netip.AddrPort]string{}}
}

func (s *street) neighbours() doctor.Neighbours {
	return doctor.Neighbours{Loopback: []netip.Addr{home, home6}, Others: []netip.Addr{abroad}, Dial: s.dial}
}

func (s *street) dial(ctx context.Context, door netip.AddrPort) (net.Conn, error) {
	s.mu.Lock()
	s.knocked = append(s.knocked, door)
	behind, open := s.doors[door]
	s.mu.Unlock()
	if !open {
		return nil, syscall.ECONNREFUSED
	}
	var dialer net.Dialer
	return dialer.DialContext(ctx, "tcp", behind)
}

// opens puts a program behind a port, at these addresses of the machine.
func (s *street) opens(port uint16, program http.HandlerFunc, at ...netip.Addr) {
	s.Helper()
	s.leads(port, httptest.NewServer(s.watched(port, program)), at)
}

// opensTLS is opens, with a certificate that nobody knows.
func (s *street) opensTLS(port uint16, program http.HandlerFunc, at ...netip.Addr) {
	s.Helper()
	server := httptest.NewUnstartedServer(s.watched(port, program))
	server.Config.ErrorLog = quietLog()
	server.StartTLS()
	s.leads(port, server, at)
}

func (s *street) leads(port uint16, server *httptest.Server, at []netip.Addr) {
	s.Cleanup(server.Close)
	for _, address := range at {
		s.doors[netip.AddrPortFrom(address, port)] = server.Listener.Addr().String()
	}
}

func (s *street) watched(port uint16, program http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		s.mu.Lock()
		s.seen = append(s.seen, seen{port, r.Method, r.Host, r.URL.RequestURI(), r.Header.Get("Origin"), r.UserAgent(), body})
		s.mu.Unlock()
		program(w, r)
	}
}

// look gives what was found at the ports that aren't closed.
func (s *street) look() []doctor.Port {
	s.Helper()
	ports, err := s.neighbours().Look(s.Context())
	require.NoError(s, err)
	return slices.DeleteFunc(ports, func(p doctor.Port) bool { return p.State == doctor.PortClosed })
}

// only is the one port that is open.
func (s *street) only() doctor.Port {
	s.Helper()
	ports := s.look()
	require.Len(s, ports, 1)
	return ports[0]
}

func ways(p doctor.Port) (ways []doctor.Way) {
	for _, l := range p.Leaks {
		ways = append(ways, l.Way)
	}
	return ways
}

// policy is whom a program answers, and with which header.
type policy func(r *http.Request) (allowed string, ok bool)

func anybody(*http.Request) (string, bool) { return "*", true }

func whoever(r *http.Request) (string, bool) { return r.Header.Get("Origin"), true }

// compares answers its own site, and programs, which send no Origin; and only
// under a name of this machine.
func compares(r *http.Request) (string, bool) {
	const site = "https://app.example.go.th"
	origin := r.Header.Get("Origin")
	return site, (origin == "" || origin == site) && !strings.Contains(r.Host, "invalid")
}

// lists is an agent that gives a list of readers.
func lists(path, list string, to policy) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		allowed, ok := to(r)
		if !ok {
			http.Error(w, "no", http.StatusForbidden)
			return
		}
		if r.URL.Path != path {
			http.NotFound(w, r)
			return
		}
		w.Header().Set("Access-Control-Allow-Origin", allowed)
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, list)
	}
}

func terminals(to policy) http.HandlerFunc {
	return lists("/api/smartcard/terminals", `[{"terminalName":"ACS ACR39U 0","isPresent":true}]`, to)
}

// sockets is an agent with a WebSocket, which pushes a card at once.
func sockets(path string, to policy) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != path {
			http.NotFound(w, r)
			return
		}
		if _, ok := to(r); !ok {
			http.Error(w, "no", http.StatusForbidden)
			return
		}
		c, err := websocket.Accept(w, r, &websocket.AcceptOptions{InsecureSkipVerify: true})
		if err != nil {
			return
		}
		defer func() { _ = c.CloseNow() }()
		_ = c.Write(r.Context(), websocket.MessageText, []byte(`{"event":"smc-inserted"}`))
		_, _, _ = c.Read(r.Context()) // until the visitor is gone
	}
}
