package api

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/go-chi/chi/v5"
)

// Options make a [Server]. Problems and Now are needed.
type Options struct {
	// Title and Version go into the OpenAPI document; Version is that of the
	// interface, not of the program.
	Title, Version string
	// Origins are the approved web apps; nil where there are none.
	Origins Origins
	// Rules decide which refused origins are worth showing to an administrator,
	// and Refused is where they are remembered: a drop-in port shares those of the
	// server that has the console. Nil: the server remembers by itself.
	Rules    OriginRules
	Refused  *RefusedOrigins
	Problems Table
	// Own is what our own console may ask for at the routes of web apps.
	Own Grant
	// Gates ask who stands behind a request, by class. A class without one lets
	// nobody in, Open and Own excepted, which ask for nobody.
	Gates  map[Class]Gate
	Limits Limits
	// Log gets refusals and failures. Nothing is logged when it is nil.
	Log *slog.Logger
	// Now is the clock of refused origins.
	Now func() time.Time
	// Bare: nothing is answered but what is registered, not even /healthz and
	// /openapi.json. For drop-in ports, whose addresses are another program's.
	Bare bool
}

// Server is a table of routes behind the guard. Routes are registered before it
// serves.
type Server struct {
	options Options
	routes  *routes
	guard   *guard
	huma    huma.API
	log     *slog.Logger
	counts  Counts
	streams *streams
	sockets sync.WaitGroup
	flaws   []error // what is wrong with the route table
	spec    func() ([]byte, error)
}

// NewServer is a server with the two routes that every program has: /healthz and
// /openapi.json, unless it is bare.
func NewServer(o Options) (*Server, error) {
	limits, err := o.Limits.withDefaults()
	if err != nil {
		return nil, fmt.Errorf("make server: %w", err)
	}
	o.Limits = limits
	if len(o.Problems) == 0 || o.Now == nil {
		return nil, errors.New("make server: options lack problems or a clock")
	}
	if o.Origins == nil {
		o.Origins = noOrigins{}
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	mux := chi.NewMux()
	s := &Server{
		options: o,
		log:     o.Log,
		routes:  &routes{mux: mux, rows: map[string]Route{}},
		streams: newStreams(limits.Streams),
	}
	if o.Refused == nil {
		o.Refused = newRefusedOrigins(o.Now, o.Rules)
	}
	s.guard = &guard{
		routes: s.routes, origins: o.Origins, gates: o.Gates, limits: limits,
		refused: o.Refused, rate: newRate(limits),
		own: o.Own, second: http.NewCrossOriginProtection(),
	}
	s.huma = newHuma(s, mux)
	s.spec = sync.OnceValues(s.writeSpec)
	mux.NotFound(func(w http.ResponseWriter, r *http.Request) { s.fail(w, r, ErrNotFound) })
	mux.MethodNotAllowed(func(w http.ResponseWriter, r *http.Request) { s.fail(w, r, ErrMethodRefused) })
	if !o.Bare {
		registerOpen(s)
	}
	return s, nil
}

// Routes is the table of everything that is answered, sorted by path.
func (s *Server) Routes() []Route { return s.routes.list() }

// Refused is what the administrator is shown of origins that knocked.
func (s *Server) Refused() *RefusedOrigins { return s.guard.refused }

// Counts are the refusals and failures so far.
func (s *Server) Counts() *Counts { return &s.counts }

// Serve answers on the listeners until ctx ends, and closes them. Then streams
// end at once; other requests may go on for Limits.Stop, after which their
// context ends with [ErrStopping] as its cause. The error is nil when it was ctx
// that ended it.
func (s *Server) Serve(ctx context.Context, l *Listeners) error {
	defer l.Close()
	if err := errors.Join(s.flaws...); err != nil {
		return fmt.Errorf("serve: %w", err)
	}
	if _, err := s.spec(); err != nil {
		return fmt.Errorf("serve: %w", err)
	}
	base, stop := context.WithCancelCause(context.WithoutCancel(ctx))
	defer stop(ErrStopping)
	server := s.httpServer(base)
	server.RegisterOnShutdown(s.streams.stop)

	slots := make(chan struct{}, s.guard.limits.Connections)
	failed := make(chan error, len(l.list))
	for _, listener := range l.list {
		capped := newCappedListener(listener, slots)
		go func() { failed <- server.Serve(capped) }()
	}
	var err error
	select {
	case <-ctx.Done():
	case err = <-failed:
		err = fmt.Errorf("serve: %w", err)
	}
	err = errors.Join(err, s.shutdown(server, stop))
	// Sockets are no longer the HTTP server's, which does not wait for them.
	s.sockets.Wait()
	return err
}

func (s *Server) shutdown(server *http.Server, stop context.CancelCauseFunc) error {
	for range 2 {
		grace, cancel := context.WithTimeout(context.Background(), s.guard.limits.Stop)
		err := server.Shutdown(grace)
		cancel()
		if err == nil {
			return nil
		}
		// What still runs is told to give up, and gets the time to say so.
		stop(ErrStopping)
	}
	if err := server.Close(); err != nil {
		return fmt.Errorf("close server: %w", err)
	}
	return nil
}

func (s *Server) httpServer(base context.Context) *http.Server {
	limits := s.guard.limits
	var protocols http.Protocols
	protocols.SetHTTP1(true)
	return &http.Server{
		Handler:           s,
		Protocols:         &protocols,
		ReadHeaderTimeout: limits.Header,
		ReadTimeout:       limits.Read,
		WriteTimeout:      limits.Write,
		IdleTimeout:       limits.Idle,
		MaxHeaderBytes:    limits.HeaderBytes,
		BaseContext:       func(net.Listener) context.Context { return base },
		ConnContext:       withSent,
		// Without this, net/http answers OPTIONS * by itself, past the guard.
		DisableGeneralOptionsHandler: true,
		ErrorLog:                     slog.NewLogLogger(s.log.Handler(), slog.LevelDebug),
	}
}
