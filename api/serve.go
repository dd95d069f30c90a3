package api

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"runtime/debug"
	"strings"
)

// Caller is who asks and how to answer, for a route's own code.
type Caller struct {
	// Origin is the approved origin that asks; empty when it is our own console.
	Origin string
	Grant  Grant
	// Person is in whose name the answer is given, where a gate found one.
	Person Person
	Lang   Lang
	// RequestID names the request in the log and in a problem.
	RequestID string
}

type callKey struct{}

// call is what a request carries through the router.
type call struct {
	Caller
	pass    pass
	request *http.Request // as it came: a stream asks the guard about it again
	guard   *guard
	after   []func(left bool)
}

func (c *call) still(ctx context.Context) error {
	if c.guard == nil {
		return nil // no request, so nobody to ask about
	}
	return c.guard.still(ctx, c.request, c.pass)
}

// CallerOf is the caller of the request that ctx belongs to.
func CallerOf(ctx context.Context) Caller { return callOf(ctx).Caller }

func callOf(ctx context.Context) *call {
	if c, ok := ctx.Value(callKey{}).(*call); ok {
		return c
	}
	return &call{Caller: Caller{Lang: Thai}}
}

// AfterAnswer has f called when the answer of the request that ctx belongs to
// has left the agent, or has not: the client is gone, or the route failed half
// way. It is called once, before the connection is free for another request.
func AfterAnswer(ctx context.Context, f func(left bool)) {
	c := callOf(ctx)
	c.after = append(c.after, f)
}

// settle tells those who wait for it whether the answer has left. What net/http
// still holds back is pushed out first, or nobody could know.
func (c *call) settle(w *writer) {
	if len(c.after) == 0 {
		return
	}
	left := w.left()
	for _, f := range c.after {
		f(left)
	}
	c.after = nil
}

// ServeHTTP takes every request through the guard to its route. Here is the one
// recover of a request; what a route sets going must have its own.
func (s *Server) ServeHTTP(rw http.ResponseWriter, r *http.Request) {
	w := &writer{ResponseWriter: rw, sent: sentOn(r.Context())}
	c := &call{request: r, guard: s.guard, Caller: Caller{
		Lang:      LangOf(r.Header.Get("Accept-Language")),
		RequestID: rand.Text()[:16],
	}}
	r = r.WithContext(context.WithValue(r.Context(), callKey{}, c))
	defer c.settle(w)
	defer func() {
		if v := recover(); v != nil {
			w.failed, w.replaced = errPanic, w.status == 0
			s.recovered(w, r, v)
		}
	}()
	secureHeaders(w.Header())

	p, err := s.guard.check(w, r)
	c.pass, c.Origin, c.Grant, c.Person = p, p.origin, p.grant, personIn(p.ctx)
	switch {
	case err != nil && !p.knowsUs:
		row := s.options.Problems.Find(err)
		s.note(r, row, err)
		writeBare(w, row)
	case err != nil:
		if p.origin != "" && !p.preflight {
			allowOrigin(w.Header(), p.origin)
		}
		if errors.Is(err, ErrMethodRefused) {
			w.Header().Set("Allow", strings.Join(s.routes.methods(r.URL.Path), ", "))
		}
		s.fail(w, r, err)
	case p.preflight:
		answerPreflight(w, p)
	default:
		if p.origin != "" {
			allowOrigin(w.Header(), p.origin)
		}
		s.routes.mux.ServeHTTP(w, r.WithContext(p.ctx))
		s.log.LogAttrs(r.Context(), slog.LevelDebug, "request answered",
			slog.String("route", p.route.Path), slog.Int("status", w.status), slog.String("request_id", c.RequestID))
	}
}

// secureHeaders are on every answer (agent-security §5, R1).
func secureHeaders(h http.Header) {
	h.Set("Cache-Control", "no-store")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
	h.Set("X-Frame-Options", "DENY")
}

// fail logs, counts and answers an error.
func (s *Server) fail(w http.ResponseWriter, r *http.Request, err error) {
	s.problem(r.Context(), err).write(w)
}

// problem logs and counts an error and is what the client is told about it. One
// that has gone is told nothing: its connection is given up.
func (s *Server) problem(ctx context.Context, err error) *Problem {
	// A request whose context has ended failed for that reason, whatever the
	// error on the way up says: the client went away, or the server is stopping.
	if cause := context.Cause(ctx); cause != nil && errors.Is(cause, ErrStopping) {
		err = fmt.Errorf("%w: %w", cause, err)
	}
	c := callOf(ctx)
	row := s.options.Problems.Find(err)
	if row.Status == 0 {
		row = internalError()
	}
	if gone(ctx, row, err) {
		s.note(c.request.WithContext(ctx), clientGone(), err)
		panic(http.ErrAbortHandler)
	}
	s.note(c.request.WithContext(ctx), row, err)
	return newProblem(row, err, c.Lang, c.RequestID)
}

// note writes the log line of a refusal or failure: code, route, origin, cause;
// never a body, a path that is no route's, or a cookie (agent-security §5, R3).
func (s *Server) note(r *http.Request, row Row, err error) {
	level, what := slog.LevelInfo, "request refused"
	switch {
	case row.Code == codeClientGone:
		// Nobody is there to be refused anything.
		level, what = slog.LevelDebug, "client left"
	case row.Status >= http.StatusInternalServerError:
		level, what = slog.LevelError, "request failed"
	}
	s.counts.add(row.Code)
	c := callOf(r.Context())
	s.log.LogAttrs(r.Context(), level, what,
		slog.String("code", row.Code),
		slog.String("route", strings.TrimSpace(c.pass.route.Method+" "+c.pass.route.Path)),
		slog.String("origin", printable(r.Header.Get("Origin"))),
		slog.String("request_id", c.RequestID),
		slog.String("cause", err.Error()))
}

// maxLogged is how much of a header that anybody can send gets into the log, in bytes.
const maxLogged = 200

// printable cuts and escapes what a stranger sent.
func printable(s string) string {
	if len(s) > maxLogged {
		s = s[:maxLogged]
	}
	quoted := fmt.Sprintf("%+q", s)
	return quoted[1 : len(quoted)-1]
}

// recovered answers a panic. Its value is not logged, because it can hold
// anything, a person included; the stack shows where it came from.
func (s *Server) recovered(w *writer, r *http.Request, v any) {
	if v == http.ErrAbortHandler || r.Context().Err() != nil {
		// The connection is given up, by us or by the client.
		panic(http.ErrAbortHandler)
	}
	s.log.ErrorContext(r.Context(), "request panicked",
		"kind", fmt.Sprintf("%T", v), "stack", string(debug.Stack()), "request_id", callOf(r.Context()).RequestID)
	if w.status == 0 {
		s.fail(w, r, errPanic)
		return
	}
	// Half an answer is out. Only a broken connection says that it is broken.
	panic(http.ErrAbortHandler)
}

var errPanic = errors.New("panic in a route")
