package doctor_test

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/doctor"
)

// harmless is all that may ever be asked. None of it returns a person in the
// agents of thai-id-card §13.
var harmless = []string{
	"/ws", "/", "/api/smartcard/terminals", "/api/readers", "/IDWAgent", "/TDKWAgent",
	"/socket.io/?EIO=3&transport=websocket",
}

// Whatever a program answers, on whichever port, it is asked for nothing else.
func TestNoPersonIsEverAskedFor(t *testing.T) {
	for name, program := range map[string]http.HandlerFunc{
		"refuses":        func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusForbidden) },
		"is not there":   http.NotFound,
		"opens anything": func(w http.ResponseWriter, r *http.Request) { sockets(r.URL.Path, anybody)(w, r) },
		"sends away": func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "/thaiid/read.jsonp", http.StatusFound)
		},
		"gives lists": terminals(anybody),
	} {
		t.Run(name, func(t *testing.T) {
			s := newStreet(t)
			for _, port := range doctor.LeakPorts() {
				s.opens(uint16(port), program, home, home6, abroad)
			}
			s.look()
			s.mu.Lock()
			defer s.mu.Unlock()
			require.NotEmpty(t, s.seen)
			for _, ask := range s.seen {
				assert.Contains(t, harmless, ask.path, "port %d", ask.port)
				assert.Equal(t, http.MethodGet, ask.method)
				assert.Empty(t, ask.body)
				assert.Equal(t, "chipproof-doctor", ask.agent)
				assert.NotContains(t, []uint16{3000, 3001, 8000, 8085, 9982, 15399, 18442, 18443}, ask.port, "nothing may be asked there")
			}
		})
	}
}

// Cards are pushed to whoever is connected when one is put in.
func TestASocketIsClosedAtOnce(t *testing.T) {
	s, left := newStreet(t), make(chan struct{}, 1)
	s.opens(9898, func(w http.ResponseWriter, r *http.Request) {
		sockets("/ws", anybody)(w, r) // until the visitor is gone
		left <- struct{}{}
	}, home)
	require.Len(t, s.only().Leaks, 1)
	select {
	case <-left:
	case <-time.After(10 * time.Second):
		assert.Fail(t, "the connection is still there")
	}
}

func TestPortsAndAddressesBesidesThoseOfThePageAreLeftAlone(t *testing.T) {
	ports := []int{3000, 3001, 8000, 8080, 8085, 8182, 8189, 8765, 9898, 9899, 9982, 14820, 15399, 18442, 18443} // thai-id-card §13
	assert.Equal(t, ports, doctor.LeakPorts())
	assert.NotContains(t, doctor.LeakPorts(), 8731, "our own port is none of them")
	s := newStreet(t)
	s.look()
	var want []netip.AddrPort
	for _, port := range ports {
		for _, address := range []netip.Addr{home, home6, abroad} {
			want = append(want, netip.AddrPortFrom(address, uint16(port)))
		}
	}
	assert.ElementsMatch(t, want, s.knocked)
}

func TestTheManualsSayWhatIsAsked(t *testing.T) {
	for _, manual := range []string{"en", "th"} {
		page, err := os.ReadFile(filepath.Join("..", "docs", manual, "troubleshooting.md"))
		require.NoError(t, err)
		for _, port := range doctor.LeakPorts() {
			assert.Regexp(t, fmt.Sprintf(`(?m)^\|[^|]*\b%d\b`, port), string(page), manual)
		}
		for _, path := range harmless {
			path, _, _ = strings.Cut(path, "?")
			assert.Regexp(t, "(?m)^\\|[^|]*\\|.*[` ]"+regexp.QuoteMeta(path)+"`", string(page), manual)
		}
		assert.Contains(t, string(page), doctor.StrangePage, manual)
	}
}

func TestWhereOnlyAPersonCouldBeAskedForThePortIsNamed(t *testing.T) {
	for _, port := range doctor.LeakPorts() {
		named := slices.Contains([]int{3000, 3001, 8000, 8080, 8085, 9982, 15399, 18442}, port)
		s := newStreet(t)
		s.opens(uint16(port), http.NotFound, home)
		assert.Equal(t, named, s.only().State == doctor.PortUnasked, "plain, %d", port)
	}
	for _, port := range []uint16{8182, 18443} { // JSONP, Chaimongkon
		s := newStreet(t)
		s.opensTLS(port, http.NotFound, home)
		assert.Equal(t, doctor.PortUnasked, s.only().State, "TLS, %d", port)
		assert.Empty(t, s.seen, "a handshake is no request")
	}
	s := newStreet(t)
	s.opensTLS(8189, terminals(anybody), home)
	assert.Equal(t, doctor.PortQuiet, s.only().State, "TLS where that agent has none")
}

// endless is more than anybody listens to: the tests hold that.
const endless = 1 << 20

// heard counts what a program gets said.
type heard struct {
	net.Conn
	bytes int
}

func (h *heard) Write(p []byte) (int, error) {
	n, err := h.Conn.Write(p)
	h.bytes += n
	return n, err
}

// rude are programs that answer nothing that ends. They speak through a pipe, on
// the clock of the bubble.
func rude() map[string]func(net.Conn) {
	forever := func(piece string) func(net.Conn) {
		return func(c net.Conn) {
			for range endless / len(piece) {
				if _, err := io.WriteString(c, piece); err != nil {
					return
				}
			}
		}
	}
	dripping := func(c net.Conn) {
		for {
			if _, err := io.WriteString(c, "H"); err != nil {
				return
			}
			time.Sleep(300 * time.Millisecond) // of the bubble's clock
		}
	}
	const head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nAccess-Control-Allow-Origin: *\r\n"
	return map[string]func(net.Conn){
		"says nothing":       func(net.Conn) {},
		"hangs up":           func(c net.Conn) { _ = c.Close() },
		"drips":              dripping,
		"endless garbage":    forever("\x00\xff\x16\x03garbage"),
		"endless lines":      forever("SSH-2.0-x\r\n"),
		"endless head":       func(c net.Conn) { _, _ = io.WriteString(c, head); forever("X-A: b\r\n")(c) },
		"one endless header": func(c net.Conn) { _, _ = io.WriteString(c, head+"X-A: "); forever("bbbbbbbb")(c) },
		"endless body":       func(c net.Conn) { _, _ = io.WriteString(c, head+"\r\n["); forever(`{"terminalName":"x"},`)(c) },
		"endless early hint": forever("HTTP/1.1 103 Early Hints\r\n\r\n"),
		"half a body":        func(c net.Conn) { _, _ = io.WriteString(c, head+"Content-Length: 90\r\n\r\n[") },
		"deep nesting":       func(c net.Conn) { _, _ = io.WriteString(c, head+"\r\n"); forever("[[[[[[[[")(c) },
	}
}

func TestProgramsThatNeverEndAreLeftWithinTheLimits(t *testing.T) {
	for name, speak := range rude() {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var all sync.WaitGroup
				n := doctor.Neighbours{Loopback: []netip.Addr{home, home6}, Others: []netip.Addr{abroad}}
				n.Dial = func(context.Context, netip.AddrPort) (net.Conn, error) {
					ours, theirs := net.Pipe()
					all.Go(func() { _, _ = io.Copy(io.Discard, theirs) }) // until we hang up
					all.Go(func() {
						h := &heard{Conn: theirs}
						speak(h)
						assert.LessOrEqual(t, h.bytes, 64<<10, "of what never ends, no more is listened to")
					})
					return ours, nil
				}
				began := time.Now()
				ports, err := n.Look(t.Context())
				require.NoError(t, err)
				assert.LessOrEqual(t, time.Since(began), 8*time.Second)
				all.Wait() // every connection was closed
				for _, p := range ports {
					assert.Empty(t, p.Leaks, "%d", p.Number)
					assert.NotEqual(t, doctor.PortClosed, p.State)
				}
			})
		})
	}
}

func TestAProgramThatDoesNotAnswerInTimeIsNoCleanOne(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := doctor.Neighbours{Loopback: []netip.Addr{home}, Dial: func(context.Context, netip.AddrPort) (net.Conn, error) {
			ours, theirs := net.Pipe()
			go func() { _, _ = io.Copy(io.Discard, theirs) }()
			return ours, nil
		}}
		ports, err := n.Look(t.Context())
		require.NoError(t, err)
		for _, p := range ports {
			assert.Contains(t, []doctor.PortState{doctor.PortSlow, doctor.PortUnasked}, p.State, "%d", p.Number)
		}
	})
}

// A machine that swallows what is sent to a port, as Windows nearly does, has
// nobody there.
func TestAPortWithoutAnyAnswerIsClosed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := doctor.Neighbours{Loopback: []netip.Addr{home}, Others: []netip.Addr{abroad}, Dial: func(ctx context.Context, _ netip.AddrPort) (net.Conn, error) {
			<-ctx.Done()
			return nil, ctx.Err()
		}}
		ports, err := n.Look(t.Context())
		require.NoError(t, err)
		for _, p := range ports {
			assert.Equal(t, doctor.PortClosed, p.State)
		}
	})
}
