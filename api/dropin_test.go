package api

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// dropInServer has the two forms of routes that a drop-in port has; the site was
// granted "old".
func dropInServer(t *testing.T, grant Grant) *Server {
	t.Helper()
	o := testOptions()
	o.Bare = true
	o.Origins = fixed{site: grant}
	o.Gates[DropIn] = func(ctx context.Context, _ *http.Request, _ Route) (context.Context, error) { return ctx, nil }
	s := newTestServerBare(t, o)
	HandleForeign(s, Route{Method: "GET", Path: "/old", Class: DropIn, Purpose: "old", ID: "old"},
		func(context.Context, url.Values) (Foreign, error) {
			return Foreign{Status: 418, Body: []byte(`{}`), Code: "gone"}, nil
		})
	HandleSocket(s, Route{Method: "GET", Path: "/ws", Class: DropIn, Purpose: "old", ID: "ws"},
		func(context.Context, http.ResponseWriter, *http.Request) error { return ErrRequestMalformed })
	return s
}

// ask takes a request as bytes.
func ask(t *testing.T, s *Server, raw string) answer {
	t.Helper()
	r, err := parse([]byte(raw))
	require.NoError(t, err)
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	return answer{w.Result(), w.Body.String()}
}

func newTestServerBare(t *testing.T, o Options) *Server {
	t.Helper()
	s, err := NewServer(o)
	require.NoError(t, err)
	return s
}

func TestADropInRouteAsksForOriginAndPurposeAlsoOfAGET(t *testing.T) {
	s := dropInServer(t, Grant{Purposes: []string{"old"}})
	assert.Equal(t, 418, ask(t, s, request("GET", "/old", "Origin: "+site)).StatusCode)
	assert.Equal(t, uint64(1), s.Counts().Of("gone"))
	for why, lines := range map[string][]string{
		"no origin": nil, "our own": {"Origin: http://localhost:8731"}, "not listed": {"Origin: https://evil.example"}, "null": {"Origin: null"},
	} {
		a := ask(t, s, request("GET", "/old", lines...))
		assert.Equal(t, 403, a.StatusCode, why)
		assert.Contains(t, a.text, "origin_refused", why)
	}
	a := ask(t, dropInServer(t, Grant{Purposes: []string{"new"}}), request("GET", "/old", "Origin: "+site))
	assert.Contains(t, a.text, "origin_refused", "listed without the purpose")
	assert.Empty(t, a.Header.Get("Access-Control-Allow-Origin"))
	assert.Equal(t, 404, ask(t, s, request("GET", "/healthz")).StatusCode, "a bare server has nothing of its own")
}

func TestASocketIsAskedForAsTheRFCSays(t *testing.T) {
	s := dropInServer(t, Grant{Purposes: []string{"old"}})
	a := ask(t, s, request("GET", "/ws", "Origin: "+site))
	assert.Contains(t, a.text, "request_malformed")
	h := http.Header{
		"Connection": {"keep-alive, Upgrade"}, "Upgrade": {"WebSocket"},
		"Sec-Websocket-Version": {"13"}, "Sec-Websocket-Key": {"AAAAAAAAAAAAAAAAAAAAAA=="},
	}
	assert.True(t, asksForSocket(h))
	for name, value := range map[string]string{"Connection": "close", "Upgrade": "h2c", "Sec-Websocket-Version": "8", "Sec-Websocket-Key": "AAAA"} {
		spoilt := h.Clone()
		spoilt.Set(name, value)
		assert.False(t, asksForSocket(spoilt), name)
	}
}

func TestOnlyDropInPortsHaveSocketsAndForeignAnswers(t *testing.T) {
	for why, add := range map[string]func(*Server){
		"a socket of another class": func(s *Server) {
			HandleSocket(s, Route{Method: "GET", Path: "/ws", Class: WebApp, ID: "ws"}, nil)
		},
		"a foreign answer of another class": func(s *Server) { HandleForeign(s, Route{Method: "GET", Path: "/old", Class: Open, ID: "old"}, nil) },
		"a drop-in route for no purpose":    func(s *Server) { HandleForeign(s, Route{Method: "GET", Path: "/old", Class: DropIn, ID: "old"}, nil) },
		"a purpose in another class": func(s *Server) {
			HandleDocument(s, Route{Method: "GET", Path: "/d", Class: Open, Purpose: "old", ID: "d"}, Media{}, nil)
		},
		"a page that is a socket": func(s *Server) {
			HandlePage(s, Route{Method: "GET", Path: "/d", Class: Open, Kind: Socket, ID: "d"}, nil)
		},
	} {
		s := newTestServerBare(t, testOptions())
		add(s)
		assert.NotEmpty(t, s.flaws, why)
	}
}
