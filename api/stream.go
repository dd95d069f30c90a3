package api

import (
	"context"
	"fmt"
	"net/http"
	"sync"
	"time"

	"github.com/go-chi/chi/v5"
)

// Stream is the writing end of a stream of server-sent events. It ends by its
// context: when the client leaves, when the server stops, and when the guard
// would no longer let the request in. Before each event it asks the guard again,
// so not one event goes to whoever lost the right to it (agent-security §5, W3).
type Stream struct {
	w     http.ResponseWriter
	rc    *http.ResponseController
	event time.Duration
	still func() error
	end   context.CancelCauseFunc
	// request is what asked for it.
	request *http.Request

	mu      sync.Mutex
	started bool
}

// Send sends one event. data is one line of JSON. An error means that the stream
// is over.
func (s *Stream) Send(event string, data []byte) error {
	if err := s.still(); err != nil {
		s.end(err)
		return err
	}
	return s.write("event: %s\ndata: %s\n\n", event, data)
}

// Param is a part of the path by its name in [Route.Path].
func (s *Stream) Param(name string) string { return chi.URLParam(s.request, name) }

// Start sends the headers, and with them that the request was let in.
func (s *Stream) Start() error { return s.write(": chipproof\n\n") }

func (s *Stream) write(format string, args ...any) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.started {
		s.started = true
		h := s.w.Header()
		h.Set("Content-Type", "text/event-stream")
		h.Set("X-Accel-Buffering", "no")
		s.w.WriteHeader(http.StatusOK)
	}
	// A deadline in the past cuts off a write that a client does not take in time.
	cut := time.AfterFunc(s.event, func() { _ = s.rc.SetWriteDeadline(time.Unix(1, 0)) })
	defer cut.Stop()
	if _, err := fmt.Fprintf(s.w, format, args...); err != nil {
		s.end(err)
		return fmt.Errorf("send event: %w", err)
	}
	if err := s.rc.Flush(); err != nil {
		s.end(err)
		return fmt.Errorf("send event: %w", err)
	}
	return nil
}

// tend writes a sign of life now and then, and looks whether the stream may go
// on, until ctx ends.
func (s *Stream) tend(ctx context.Context, limits Limits) {
	heartbeat := time.NewTicker(limits.Heartbeat)
	defer heartbeat.Stop()
	recheck := time.NewTicker(limits.Recheck)
	defer recheck.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-heartbeat.C:
			if s.write(": still here\n\n") != nil {
				return
			}
		case <-recheck.C:
			if err := s.still(); err != nil {
				s.end(err)
				return
			}
		}
	}
}

// HandleStream registers a route whose answer is a stream of events. open runs
// for as long as the stream and returns when its context ends; an error before
// [Stream.Start] is answered as a problem.
func HandleStream(s *Server, route Route, doc StreamDoc, open func(context.Context, *Stream) error) {
	s.addStream(route, doc, func(w http.ResponseWriter, r *http.Request) {
		leave, err := s.streams.enter()
		if err != nil {
			w.Header().Set("Retry-After", "60")
			s.fail(w, r, err)
			return
		}
		defer leave()
		s.runStream(w, r, open)
	})
}

func (s *Server) runStream(w http.ResponseWriter, r *http.Request, open func(context.Context, *Stream) error) {
	ctx, end := context.WithCancelCause(r.Context())
	defer end(nil)
	defer context.AfterFunc(s.streams.stopped, func() { end(ErrStopping) })()

	c := callOf(ctx)
	stream := &Stream{
		w: w, rc: http.NewResponseController(w), event: s.guard.limits.Event, end: end,
		still: func() error { return c.still(ctx) }, request: r,
	}
	// The time limit of an answer is no limit for a stream: each event has its own.
	if err := stream.rc.SetWriteDeadline(time.Time{}); err != nil {
		s.fail(w, r, err)
		return
	}
	var tending sync.WaitGroup
	defer tending.Wait()
	defer end(nil)
	tending.Go(func() { stream.tend(ctx, s.guard.limits) })

	err := open(ctx, stream)
	stream.mu.Lock()
	defer stream.mu.Unlock()
	if err != nil && !stream.started {
		s.fail(w, r, err)
	}
}

// streams counts the open streams and ends them all.
type streams struct {
	slots   chan struct{}
	stopped context.Context
	stop    context.CancelFunc
}

func newStreams(most int) *streams {
	ctx, cancel := context.WithCancel(context.Background())
	return &streams{slots: make(chan struct{}, most), stopped: ctx, stop: cancel}
}

func (s *streams) enter() (leave func(), err error) {
	select {
	case s.slots <- struct{}{}:
		return func() { <-s.slots }, nil
	default:
		return nil, ErrThrottled
	}
}
