package main

import (
	"context"
	"log/slog"
	"time"

	"chipproof/api"
	"chipproof/api/compat"
	"chipproof/api/counter"
	"chipproof/audit"
	"chipproof/cardreader"
	"chipproof/cmd/internal/program"
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

// serve is [program.Agent.Serve] of the counter. It starts without a reader and
// without a reader service: both may come later. It doesn't start without the key
// that signs proofs.
func (a agent) serve(ctx context.Context, ready func(*api.Listeners)) error {
	served := program.Agent{Mode: a.mode, Listen: a.listen, Keep: a.keep, Log: a.log}
	for _, d := range a.dropIns {
		served.Doors = append(served.Doors, d)
	}
	served.Open = func(ctx context.Context) (_ *program.Site, err error) {
		if a.site, err = a.open(ctx); err != nil {
			return nil, err
		}
		return a.site.Site, nil
	}
	served.Build = func(ctx context.Context, _ *program.Site, rules api.OriginRules) (program.Serving, error) {
		if err := a.readyToProve(ctx); err != nil {
			return program.Serving{}, err
		}
		built, err := a.build(ctx, rules)
		if err != nil {
			return program.Serving{}, err
		}
		return program.Serving{Server: built.server, Beside: []func(context.Context){
			func(ctx context.Context) { _ = built.desk.Run(ctx) }, // ends with its context and no other way
			func(ctx context.Context) { _ = built.ports.Run(ctx) },
			func(ctx context.Context) { a.proofs.probe(ctx, a.log) },
		}}, nil
	}
	return served.Serve(ctx, ready)
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
	logins := api.NewLogins(a.site.MFA, cookie)
	base := api.Options{
		Title:    counter.Title,
		Version:  counter.Version,
		Origins:  desk,
		Rules:    rules,
		Problems: kind().ServedProblems(),
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
