package doctor_test

import (
	"context"
	"io"
	"log"
	"net/http"
	"net/netip"
	"testing"

	"github.com/coder/websocket"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/doctor"
)

func quietLog() *log.Logger { return log.New(io.Discard, "", 0) }

func TestAnAgentThatAnswersAnyPageIsFound(t *testing.T) {
	const failure = `{"status":418,"error":"x","message":"no reader","errors":[]}`
	noReader := func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Access-Control-Allow-Origin", "*")
		w.WriteHeader(http.StatusTeapot)
		_, _ = io.WriteString(w, failure)
	}
	for name, row := range map[string]struct {
		port    uint16
		program http.HandlerFunc
		agent   string
		sign    string
	}{
		"a wildcard":              {8189, terminals(anybody), "NHSO Secure SmartCard Agent", "Access-Control-Allow-Origin: *"},
		"an echo of the origin":   {8189, terminals(whoever), "NHSO Secure SmartCard Agent", "Access-Control-Allow-Origin: " + doctor.StrangePage},
		"a wildcard, no reader":   {8189, noReader, "NHSO Secure SmartCard Agent", "Access-Control-Allow-Origin: *"},
		"a wildcard, an own list": {8765, lists("/api/readers", `{"readers":[],"count":0,"timestamp":"x"}`, anybody), "pythaiidcard", "Access-Control-Allow-Origin: *"},
		"a socket":                {9898, sockets("/ws", anybody), "go-thai-smartcard", "WebSocket"},
		"socket.io":               {9898, sockets("/socket.io/", anybody), "go-thai-smartcard or thai-smartcard-nodejs", "WebSocket"},
		"IDWAgent":                {14820, sockets("/IDWAgent", anybody), "IDWAgent", "WebSocket"},
		"TDKWAgent":               {14820, sockets("/TDKWAgent", anybody), "TDKWAgent", "WebSocket"},
		"MEDHIS":                  {8182, sockets("/", anybody), "MEDHIS Centrix", "WebSocket"},
		"pythaiidcard's socket":   {8765, sockets("/ws", anybody), "pythaiidcard", "WebSocket"},
		"cortexcloud":             {8080, sockets("/ws", anybody), "cortexcloud go-thai-id-card-reader", "WebSocket"},
	} {
		t.Run(name, func(t *testing.T) {
			s := newStreet(t)
			s.opens(row.port, row.program, home)
			p := s.only()
			assert.Equal(t, doctor.PortOpen, p.State)
			require.Equal(t, []doctor.Way{doctor.AnyOrigin}, ways(p))
			assert.Equal(t, row.agent, p.Leaks[0].Agent)
			assert.Contains(t, p.Leaks[0].Sign, row.sign)
		})
	}
}

func TestAnAgentOnIPv6AloneIsFoundAndOneOnBothIsOne(t *testing.T) {
	for _, at := range [][]netip.Addr{{home6}, {home, home6}} {
		s := newStreet(t)
		s.opens(8189, terminals(anybody), at...)
		assert.Equal(t, []doctor.Way{doctor.AnyOrigin}, ways(s.only()))
	}
}

func TestAnAgentBehindTLSIsAskedWhereItIsKnownToBe(t *testing.T) {
	s := newStreet(t)
	s.opensTLS(9899, sockets("/ws", anybody), home)
	assert.Equal(t, []doctor.Way{doctor.AnyOrigin}, ways(s.only()))
}

func TestAnAgentThatComparesOriginsIsNotFound(t *testing.T) {
	for _, row := range []struct {
		port    uint16
		program http.HandlerFunc
	}{
		{8189, terminals(compares)},
		{9898, sockets("/ws", compares)},
		{14820, sockets("/IDWAgent", compares)},
		{8765, sockets("/ws", compares)},
	} {
		s := newStreet(t)
		s.opens(row.port, row.program, home, home6)
		p := s.only()
		assert.Equal(t, doctor.PortQuiet, p.State, "%d", row.port)
		assert.Empty(t, p.Leaks)
	}
}

// Some compare Origin with Host, or send the list to whoever has no Origin: a page
// that rebinds its name passes both.
func TestAnAgentThatAnswersUnderAnyNameIsFound(t *testing.T) {
	sameHost := func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/ws" || r.Header.Get("Origin") == "" {
			http.NotFound(w, r)
			return
		}
		if c, err := websocket.Accept(w, r, nil); err == nil { // compares Origin with Host
			_ = c.CloseNow()
		}
	}
	noHeader := func(r *http.Request) (string, bool) { return "", r.Header.Get("Origin") == "" }
	for port, program := range map[uint16]http.HandlerFunc{9898: sameHost, 8189: terminals(noHeader)} {
		s := newStreet(t)
		s.opens(port, program, home)
		assert.Equal(t, []doctor.Way{doctor.AnyHost}, ways(s.only()), "%d", port)
	}
}

func TestAnAgentOnEveryAddressIsFoundEvenIfItComparesOrigins(t *testing.T) {
	for port, program := range map[uint16]http.HandlerFunc{8189: terminals(compares), 9898: sockets("/ws", compares)} {
		s := newStreet(t)
		s.opens(port, program, home, abroad)
		p := s.only()
		assert.Equal(t, []doctor.Way{doctor.OtherAddresses}, ways(p), "%d", port)
		assert.Equal(t, []netip.Addr{abroad}, p.Beyond)
		assert.Equal(t, "answered at 192.0.2.7", p.Leaks[0].Sign)
	}
	s := newStreet(t)
	s.opens(9898, sockets("/ws", anybody), home, abroad)
	assert.Equal(t, []doctor.Way{doctor.AnyOrigin, doctor.OtherAddresses}, ways(s.only()), "both at once")

	anyOrigin := func(r *http.Request) (string, bool) { return "", r.Header.Get("Origin") != "" }
	s = newStreet(t)
	s.opens(9898, sockets("/ws", anyOrigin), home, abroad)
	assert.Equal(t, []doctor.Way{doctor.AnyOrigin, doctor.OtherAddresses}, ways(s.only()), "to whoever names some origin")

	s = newStreet(t)
	s.opens(14820, sockets("/IDWAgent", anybody), abroad)
	assert.Equal(t, []doctor.Way{doctor.OtherAddresses}, ways(s.only()), "not on loopback at all")
}

func TestSomethingElseAtAPortIsNotFound(t *testing.T) {
	page := func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Access-Control-Allow-Origin", "*")
		_, _ = io.WriteString(w, "<!doctype html><title>a web server under development</title>")
	}
	list := func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Access-Control-Allow-Origin", "*")
		_, _ = io.WriteString(w, `[{"id":1,"name":"printer"}]`)
	}
	failing := func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Access-Control-Allow-Origin", "*")
		w.WriteHeader(http.StatusInternalServerError)
		_, _ = io.WriteString(w, `{"error":"database is down"}`)
	}
	switching := func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Sec-WebSocket-Accept", "of another key")
		w.WriteHeader(http.StatusSwitchingProtocols)
	}
	for name, program := range map[string]http.HandlerFunc{"a page": page, "a list": list, "a failure": failing, "an upgrade to something else": switching} {
		for _, port := range []uint16{8189, 9898, 14820, 8765} {
			s := newStreet(t)
			s.opens(port, program, home, abroad)
			p := s.only()
			assert.Equal(t, doctor.PortQuiet, p.State, "%s at %d", name, port)
			assert.Empty(t, p.Leaks)
			assert.Equal(t, []netip.Addr{abroad}, p.Beyond, "but it is told where it is open")
		}
	}
}

// Two values are none to a browser, nor is somebody else's: the page gets nothing.
func TestAHeaderThatNoBrowserTakesIsNoLeak(t *testing.T) {
	for _, values := range [][]string{{"*", "https://app.example.go.th"}, {"null"}, {"*, *"}, {doctor.StrangePage + ":8189"}} {
		s := newStreet(t)
		s.opens(8189, func(w http.ResponseWriter, r *http.Request) {
			if r.Host != "localhost:8189" {
				http.Error(w, "no", http.StatusForbidden)
				return
			}
			for _, value := range values {
				w.Header().Add("Access-Control-Allow-Origin", value)
			}
			_, _ = io.WriteString(w, "[]")
		}, home)
		assert.Equal(t, doctor.PortQuiet, s.only().State, "%q", values)
	}
}

func TestChipproofAtAPortIsToldByItsRefusal(t *testing.T) {
	s := newStreet(t)
	s.opens(8189, func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(http.StatusForbidden)
		code := "origin_refused"
		if r.Host != "localhost:8189" {
			code = "host_refused"
		}
		_, _ = io.WriteString(w, `{"status":403,"code":"`+code+`"}`)
	}, home)
	assert.Equal(t, doctor.PortOurs, s.only().State)
}

func TestALookThatIsStoppedFindsNothing(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	stop()
	_, err := newStreet(t).neighbours().Look(ctx)
	assert.ErrorIs(t, err, context.Canceled)
}

func TestThisMachineHasLoopbackAndItsOtherAddressesApart(t *testing.T) {
	n, err := doctor.NeighboursHere()
	require.NoError(t, err)
	assert.Equal(t, []netip.Addr{home, home6}, n.Loopback)
	for _, other := range n.Others {
		assert.False(t, other.IsLoopback() || other.IsUnspecified() || other.IsMulticast(), other)
		assert.Equal(t, other.IsLinkLocalUnicast() && other.Is6(), other.Zone() != "", other)
	}
}
