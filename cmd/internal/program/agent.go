package program

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"

	"chipproof/api"
	"chipproof/audit"
)

// Agent is a program that serves: one process, on loopback.
type Agent struct {
	Mode   api.Mode
	Listen []string
	Open   func(context.Context) (*Site, error) // its data, closed again by Serve
	Keep   audit.Policy                         // how long entries are kept; the classes it doesn't name for ever
	Doors  []Door                               // ports besides its own
	// Build puts together what is served, once data and ports are there. What it
	// refuses keeps the agent from starting.
	Build func(context.Context, *Site, api.OriginRules) (Serving, error)
	Log   *slog.Logger
}

// Serving is an agent put together.
type Serving struct {
	Server *api.Server
	Beside []func(context.Context) // each runs while it serves, until its context ends
	Close  func() error            // when nothing of it runs any more, before the site is closed; nil: nothing
}

// Door is a port with a server of its own.
type Door interface {
	Listen(context.Context) error
	Listeners() *api.Listeners // once it listens
	Serve(context.Context) error
}

// Serve opens in order, tells ready where it listens, serves until ctx ends, and
// closes in reverse. It doesn't start without a durable entry in the audit log.
// The error is nil when it was ctx that ended it.
func (a Agent) Serve(ctx context.Context, ready func(*api.Listeners)) (err error) {
	listeners, err := api.Listen(ctx, a.Listen...)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, listeners.Close()) }()
	for _, note := range listeners.Notes {
		a.Log.Info("listening", "note", note)
	}
	ports := listeners.Ports()
	for _, d := range a.Doors {
		if err := d.Listen(ctx); err != nil {
			return err
		}
		defer func() { err = errors.Join(err, d.Listeners().Close()) }()
		ports = append(ports, d.Listeners().Ports()...)
	}
	site, err := a.Open(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, site.Close(ctx)) }()
	if err := site.ClearKeyLeftovers(ctx); err != nil {
		a.Log.Warn("leftovers of keys not cleared away", "cause", err)
	}
	serving, err := a.Build(ctx, site, api.OriginRules{Mode: a.Mode, Ports: ports})
	if err != nil {
		return err
	}
	if serving.Close != nil {
		defer func() { err = errors.Join(err, serving.Close()) }()
	}
	if err := site.Record(ctx, audit.Event{Kind: audit.KindStarted, Attributes: map[string]string{
		"mode": string(a.Mode), "version": ThisBuild().Version,
	}}); err != nil {
		return err
	}
	defer func() {
		if err := site.Record(context.WithoutCancel(ctx), audit.Event{Kind: audit.KindStopped}); err != nil {
			a.Log.Warn("stop not written into the audit log", "cause", err)
		}
	}()

	following, stop := context.WithCancel(ctx)
	var beside sync.WaitGroup
	defer beside.Wait()
	defer stop()
	for _, run := range append(serving.Beside, func(ctx context.Context) { site.chores(ctx, a.Keep) }) {
		beside.Go(func() { run(following) })
	}

	ready(listeners)
	parts := []func(context.Context) error{func(ctx context.Context) error { return serving.Server.Serve(ctx, listeners) }}
	for _, d := range a.Doors {
		parts = append(parts, d.Serve)
	}
	return Together(ctx, parts...)
}

// Announce tells whoever started a program where it is, and what else there is
// to say about it, on stderr.
func (p *Program) Announce(l *api.Listeners, about ...api.Text) {
	for _, lang := range p.Say {
		notes := ""
		for i, text := range about {
			notes += [2]string{" (", ", "}[min(i, 1)] + text.In(lang)
		}
		if notes != "" {
			notes += ")"
		}
		fmt.Fprintf(p.Err, "%s: %s%s\n", p.Kind.Name, l.URL(), notes)
	}
}
