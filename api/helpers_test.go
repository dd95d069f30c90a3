package api

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net"
	"net/http"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"chipproof/mfa"
)

// The site that is approved in every test here.
const site = "https://app.example.go.th"

const testPort = 8731

// bench is a server with a route of every class, over connections in memory.
type bench struct {
	*Server
	log   *lockedBuffer
	conns *pipeListener
	// stop ends Serve, stopped closes when it has returned.
	stop    context.CancelFunc
	stopped chan struct{}
	err     error
}

type thing struct {
	Name  string   `json:"name" maxLength:"20"`
	Parts []string `json:"parts,omitempty" maxItems:"3"`
}

type (
	thingIn  struct{ Body thing }
	thingOut struct{ Body thing }
)

// fixed is a list of origins that stays as it is.
type fixed map[string]Grant

func (f fixed) Approved(_ context.Context, origin string) (Grant, error) {
	if grant, ok := f[origin]; ok {
		return grant, nil
	}
	return Grant{}, ErrOriginRefused
}

// unattended lets everybody in whom the checks before it let in.
func unattended(ctx context.Context, _ *http.Request, _ Route) (context.Context, error) {
	return ctx, nil
}

// changing is a list of origins that can change while a server runs, as the
// stored one will.
type changing struct {
	mu   sync.Mutex
	list fixed
	err  error
}

func (c *changing) Approved(ctx context.Context, origin string) (Grant, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.err != nil {
		return Grant{}, c.err
	}
	return c.list.Approved(ctx, origin)
}

func (c *changing) revoke(origin string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.list, origin)
}

// nobodyLoggedIn is a console on which nobody is logged in.
func nobodyLoggedIn(ctx context.Context, _ *http.Request, _ Route) (context.Context, error) {
	return ctx, mfa.ErrMFARequired
}

func testOptions() Options {
	return Options{
		Title: "test", Version: "1", Problems: Problems(),
		Origins: fixed{site: {Fields: []string{"name"}, Purposes: []string{"form_fill"}}},
		Rules:   OriginRules{Mode: Production, Ports: []int{testPort}},
		Gates:   map[Class]Gate{WebApp: unattended, Console: nobodyLoggedIn},
		Now:     func() time.Time { return time.Unix(1_700_000_000, 0) },
	}
}

// newTestServer has a route of every class and kind.
func newTestServer(t testing.TB, o Options) *Server {
	t.Helper()
	s, err := NewServer(o)
	require.NoError(t, err)
	echo := func(_ context.Context, in *thingIn) (*thingOut, error) { return &thingOut{Body: in.Body}, nil }
	get := func(context.Context, *struct{}) (*thingOut, error) { return &thingOut{Body: thing{Name: "one"}}, nil }
	Handle(s, Route{Method: "POST", Path: "/v1/things", Class: WebApp, ID: "make"}, echo)
	Handle(s, Route{Method: "GET", Path: "/v1/things", Class: WebApp, ID: "list"}, get)
	Handle(s, Route{Method: "POST", Path: "/v1/things/{id}/facts", Class: Console, ID: "state"}, echo)
	Handle(s, Route{Method: "GET", Path: "/v1/staff", Class: Console, ID: "staff"}, get)
	Handle(s, Route{Method: "DELETE", Path: "/v1/staff", Class: Console, ID: "drop"}, get)
	Handle(s, Route{Method: "POST", Path: "/v1/logins", Class: Own, ID: "login"}, echo)
	HandleStream(s, Route{Method: "GET", Path: "/v1/ticks", Class: WebApp, ID: "ticks"},
		StreamDoc{"tick": reflect.TypeFor[thing]()}, ticks)
	page := func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "<!doctype html>") }
	HandlePage(s, Route{Method: "GET", Path: "/", Class: Open, Kind: Shell}, page)
	HandlePage(s, Route{Method: "GET", Path: "/static/app.js", Class: Open, Kind: Static}, page)
	return s
}

// ticks is a stream with an event each 2 s.
func ticks(ctx context.Context, stream *Stream) error {
	if err := stream.Start(); err != nil {
		return err
	}
	ticker := time.NewTicker(2 * time.Second)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-ticker.C:
			if err := stream.Send("tick", []byte(`{"name":"tick"}`)); err != nil {
				return err
			}
		}
	}
}

// start serves s over memory. Call it inside a synctest bubble for fake time.
func start(t testing.TB, o Options, register func(*Server)) *bench {
	t.Helper()
	b := &bench{log: &lockedBuffer{}, conns: newPipeListener(), stopped: make(chan struct{})}
	o.Log = slog.New(slog.NewTextHandler(b.log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	b.Server = newTestServer(t, o)
	if register != nil {
		register(b.Server)
	}
	var ctx context.Context
	ctx, b.stop = context.WithCancel(t.Context())
	go func() {
		defer close(b.stopped)
		b.err = b.Serve(ctx, &Listeners{list: []net.Listener{b.conns}})
	}()
	return b
}

// end stops the server and waits for it.
func (b *bench) end(t testing.TB) {
	t.Helper()
	b.stop()
	<-b.stopped
	require.NoError(t, b.err)
}

// answer is what came back, header and body.
type answer struct {
	*http.Response
	text string
}

func (a answer) code() string {
	var p Problem
	_ = json.Unmarshal([]byte(a.text), &p)
	return p.Code
}

// do sends raw lines over a connection of its own and reads one answer.
func (b *bench) do(t testing.TB, raw string) answer {
	t.Helper()
	conn := b.conns.dial()
	defer conn.Close()
	// A refusal may come while the rest is still being written.
	go func() { _, _ = io.WriteString(conn, raw) }()
	return readAnswer(t, bufio.NewReader(conn))
}

func readAnswer(t testing.TB, r *bufio.Reader) answer {
	t.Helper()
	res, err := http.ReadResponse(r, nil)
	require.NoError(t, err)
	body, err := io.ReadAll(res.Body)
	require.NoError(t, err)
	return answer{res, string(body)}
}

// request writes a request with the right Host and the given further lines.
func request(method, path string, lines ...string) string {
	return method + " " + path + " HTTP/1.1\r\nHost: localhost:8731\r\n" + strings.Join(lines, "\r\n") + "\r\n\r\n"
}

// post is a good POST of a body by the approved site.
func post(path, body string) string {
	return postAs(path, body, "Origin: "+site)
}

func postAs(path, body string, lines ...string) string {
	head := append([]string{"Content-Type: application/json", "Content-Length: " + itoa(len(body))}, lines...)
	return request("POST", path, head...) + body
}

func itoa(n int) string {
	b, _ := json.Marshal(n)
	return string(b)
}

// pipeListener hands out connections in memory that claim to be loopback TCP.
type pipeListener struct {
	accept chan net.Conn
	closed chan struct{}
	once   sync.Once
}

func newPipeListener() *pipeListener {
	return &pipeListener{accept: make(chan net.Conn), closed: make(chan struct{})}
}

func (l *pipeListener) dial() net.Conn {
	client, server := net.Pipe()
	go func() {
		select {
		case l.accept <- loopbackConn{server}:
		case <-l.closed:
			_ = server.Close()
		}
	}()
	return client
}

func (l *pipeListener) Accept() (net.Conn, error) {
	select {
	case c := <-l.accept:
		return c, nil
	case <-l.closed:
		return nil, net.ErrClosed
	}
}

func (l *pipeListener) Close() error {
	l.once.Do(func() { close(l.closed) })
	return nil
}

func (l *pipeListener) Addr() net.Addr { return localAddr }

var localAddr = &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: testPort}

type loopbackConn struct{ net.Conn }

func (loopbackConn) LocalAddr() net.Addr  { return localAddr }
func (loopbackConn) RemoteAddr() net.Addr { return localAddr }

// lockedBuffer is a log that several goroutines write.
type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.Write(p)
}

func (b *lockedBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.String()
}
