package api

import (
	"context"
	"net"
	"net/http"
	"sync/atomic"
)

// writer notes the status of the answer, and what became of it.
type writer struct {
	http.ResponseWriter
	status int
	failed error // why not all of it was taken
	// replaced: the route broke before its answer had begun, and what goes out
	// stands in for it.
	replaced bool
	// body: there was a body to send, though its bytes may not have gone out.
	body bool
	// sent counts the bytes that the connection took, before is its value when
	// the answer began. Nil where a test has no connection.
	sent   *atomic.Int64
	before int64
}

// left says whether the answer has left the agent, or a part of it. That is for
// the connection to say, not for the client: one that shuts its sending half has
// its request cancelled and can still read every byte, and so could have one
// answer after the other that counted for none (agent-security §5, P9).
func (w *writer) left() bool {
	if w.status == 0 || w.replaced {
		return false // and no flush, which would begin an answer
	}
	if err := http.NewResponseController(w).Flush(); err == nil && w.failed == nil {
		return true
	}
	return w.body && (w.sent == nil || w.sent.Load() > w.before)
}

// Unwrap is for http.ResponseController.
func (w *writer) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// WriteHeader notes the status.
func (w *writer) WriteHeader(status int) {
	w.begin(status)
	w.ResponseWriter.WriteHeader(status)
}

func (w *writer) Write(b []byte) (int, error) {
	w.begin(http.StatusOK)
	w.body = w.body || len(b) > 0
	n, err := w.ResponseWriter.Write(b)
	if err != nil {
		w.failed = err
	}
	return n, err
}

func (w *writer) begin(status int) {
	if w.status != 0 {
		return
	}
	w.status = status
	if w.sent != nil {
		w.before = w.sent.Load()
	}
}

type sentKey struct{}

// withSent lets the requests of a connection know how much it has sent.
func withSent(ctx context.Context, c net.Conn) context.Context {
	if capped, ok := c.(*cappedConn); ok {
		return context.WithValue(ctx, sentKey{}, &capped.sent)
	}
	return ctx
}

func sentOn(ctx context.Context) *atomic.Int64 {
	sent, _ := ctx.Value(sentKey{}).(*atomic.Int64)
	return sent
}
