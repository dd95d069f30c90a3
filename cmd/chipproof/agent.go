package main

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"chipproof/api"
	"chipproof/api/compat"
	"chipproof/api/counter"
	"chipproof/audit"
	"chipproof/cardreader"
)

// agent is the local server that web apps ask, as `serve` and `sim card` run it.
type agent struct {
	driver cardreader.Driver
	mode   api.Mode
	listen []string
	open   func(context.Context) (*site, error) // its data, closed again by serve
	keep   audit.Policy                         // how long entries are kept; the classes it doesn't name for ever
	proofs proofs
	log    *slog.Logger
	// dropIns are the ports to open besides, for pages of other agents.
	dropIns []*dropIn

	site *site // while it serves
}

// serve opens in order, tells ready where it listens, serves until ctx ends, and
// closes in reverse. It starts without a reader and without a reader service:
// both may come later. It doesn't start without a durable entry in the audit
// log, nor without the key that signs proofs. The error is nil when it was ctx that ended it.
func (a agent) serve(ctx context.Context, ready func(*api.Listeners)) (err error) {
	listeners, err := api.Listen(ctx, a.listen...)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, listeners.Close()) }()
	for _, note := range listeners.Notes {
		a.log.Info("listening", "note", note)
	}
	ports := listeners.Ports()
	for _, d := range a.dropIns {
		if err := d.listen(ctx); err != nil {
			return err
		}
		defer func() { err = errors.Join(err, d.listeners.Close()) }()
		ports = append(ports, d.listeners.Ports()...)
	}
	if a.site, err = a.open(ctx); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, a.site.close(ctx)) }()
	if err := a.site.clearKeyLeftovers(ctx); err != nil {
		a.log.Warn("leftovers of keys not cleared away", "cause", err)
	}
	if err := a.readyToProve(ctx); err != nil {
		return err
	}
	built, err := a.build(ctx, api.OriginRules{Mode: a.mode, Ports: ports})
	if err != nil {
		return err
	}
	if err := a.site.record(ctx, audit.Event{Kind: audit.KindStarted, Attributes: map[string]string{
		"mode": string(a.mode), "version": thisBuild().version,
	}}); err != nil {
		return err
	}
	defer func() {
		if err := a.site.record(context.WithoutCancel(ctx), audit.Event{Kind: audit.KindStopped}); err != nil {
			a.log.Warn("stop not written into the audit log", "cause", err)
		}
	}()

	following, stop := context.WithCancel(ctx)
	var beside sync.WaitGroup
	defer beside.Wait()
	defer stop()
	beside.Go(func() { _ = built.desk.Run(following) }) // ends with its context and no other way
	beside.Go(func() { _ = built.ports.Run(following) })
	beside.Go(func() { a.chores(following) })
	beside.Go(func() { a.proofs.probe(following, a.log) })

	ready(listeners)
	serving := []func(context.Context) error{func(ctx context.Context) error { return built.server.Serve(ctx, listeners) }}
	for _, d := range a.dropIns {
		serving = append(serving, func(ctx context.Context) error { return d.server.Serve(ctx, d.listeners) })
	}
	return together(ctx, serving...)
}

// built is an agent put together.
type built struct {
	server *api.Server
	desk   *counter.Counter
	ports  *compat.Ports
}

// build puts servers, counter and login together.
func (a agent) build(ctx context.Context, rules api.OriginRules) (built, error) {
	signing, err := a.signing(ctx)
	if err != nil {
		return built{}, err
	}
	readers := cardreader.New(a.driver, cardreader.Options{Log: a.log})
	desk, err := counter.New(counter.Options{
		Readers:    readers,
		Records:    a.site.records,
		Pseudonyms: a.site,
		Rules:      rules,
		Policy:     a.proofs.policy,
		Issuer:     a.proofs.checker(),
		Signing:    signing,
		Keys:       a.published,
		Now:        time.Now,
		Log:        a.log,
	})
	if err != nil {
		return built{}, err
	}
	cookie, err := a.site.records.CookieName(ctx)
	if err != nil {
		return built{}, err
	}
	logins := api.NewLogins(a.site.mfa, cookie)
	base := api.Options{
		Title:    counter.Title,
		Version:  counter.Version,
		Origins:  desk,
		Rules:    rules,
		Problems: servedProblems(),
		Own:      counter.OwnGrant(a.proofs.policy),
		Gates:    logins.Gates(),
		Log:      a.log,
		Now:      time.Now,
	}
	server, err := api.NewServer(base)
	if err != nil {
		return built{}, err
	}
	counter.Register(server, desk)
	api.RegisterLogins(server, logins)
	api.RegisterDesk(server, logins)
	if err := a.registerConsole(server, logins, desk, readers); err != nil {
		return built{}, err
	}
	base.Refused = server.Refused() // one list for the administrator, whichever port was knocked at
	ports, err := a.buildDropIns(desk, base)
	if err != nil {
		return built{}, err
	}
	compat.RegisterConsole(server, ports)
	return built{server, desk, ports}, nil
}
