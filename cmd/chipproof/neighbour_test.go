//go:build linux && cgo

package main

import (
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/coder/websocket"
	"github.com/rogpeppe/go-internal/testscript"
)

// neighbourCmd plays another program of this machine, on its real port: neighbour
// ADDRESS KIND, and neighbour ADDRESS gone. Only where the network is the script's
// own.
func neighbourCmd(t *testing.T) func(*testscript.TestScript, bool, []string) {
	running := map[string]*neighbour{}
	t.Cleanup(func() {
		for _, n := range running {
			_ = n.Close()
		}
	})
	return func(ts *testscript.TestScript, neg bool, args []string) {
		if neg || len(args) != 2 {
			ts.Fatalf("usage: neighbour ADDRESS KIND|gone")
		}
		address, kind := args[0], args[1]
		if n := running[address]; n != nil && kind == "gone" {
			ts.Check(n.Close())
			delete(running, address)
			n.mu.Lock()
			defer n.mu.Unlock()
			if len(n.refused) > 0 {
				ts.Fatalf("%s was asked for more than is harmless: %q", address, n.refused)
			}
			return
		}
		program, known := neighbours[kind]
		if !known {
			ts.Fatalf("neighbour %s %s: no such thing", address, kind)
		}
		l, err := net.Listen("tcp", address)
		ts.Check(err)
		n := &neighbour{Listener: l, program: program}
		running[address] = n
		go func() { _ = http.Serve(l, n) }() // until the listener closes
	}
}

// neighbour is a program that runs, and what it was asked for besides lists and
// handshakes.
type neighbour struct {
	net.Listener
	program http.HandlerFunc
	mu      sync.Mutex
	refused []string
}

func (n *neighbour) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch r.URL.Path {
	case "/ws", "/api/smartcard/terminals", "/socket.io/", "/IDWAgent", "/TDKWAgent", "/":
		n.program(w, r)
	default:
		n.mu.Lock()
		defer n.mu.Unlock()
		n.refused = append(n.refused, r.URL.Path)
	}
}

// neighbours are the programs of the check of assurance §4.10, and a few more.
var neighbours = map[string]http.HandlerFunc{
	// As the NHSO agent: CORS open.
	"wildcard": func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Access-Control-Allow-Origin", "*")
		_, _ = io.WriteString(w, `[{"terminalName":"ACS ACR39U 0","isPresent":true}]`)
	},
	"echo": func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Access-Control-Allow-Origin", r.Header.Get("Origin"))
		_, _ = io.WriteString(w, `[]`)
	},
	// As go-thai-smartcard: any page may connect.
	"socket": func(w http.ResponseWriter, r *http.Request) {
		if c, err := websocket.Accept(w, r, &websocket.AcceptOptions{InsecureSkipVerify: true}); err == nil {
			_ = c.CloseNow()
		}
	},
	"compares": func(w http.ResponseWriter, r *http.Request) {
		if origin := r.Header.Get("Origin"); origin != "" && origin != "https://app.example.go.th" || strings.Contains(r.Host, "invalid") {
			http.Error(w, "no", http.StatusForbidden)
			return
		}
		_, _ = io.WriteString(w, `[{"terminalName":"ACS ACR39U 0","isPresent":true}]`)
	},
	"printer": func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Access-Control-Allow-Origin", "*")
		_, _ = io.WriteString(w, "<!doctype html><title>printer</title>")
	},
}
