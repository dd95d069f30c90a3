package main

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"chipproof/api"
	"chipproof/api/counter"
	"chipproof/cardreader"
)

// agent is the local server that web apps ask, as `serve` and `sim card` run it.
type agent struct {
	driver  cardreader.Driver
	mode    api.Mode
	listen  []string
	origins []string
	log     *slog.Logger
}

// serve opens in order, tells ready where it listens, serves until ctx ends, and
// closes in reverse. It starts without a reader and without a reader service:
// both may come later. The error is nil when it was ctx that ended it.
func (a agent) serve(ctx context.Context, ready func(*api.Listeners)) (err error) {
	listeners, err := api.Listen(ctx, a.listen...)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, listeners.Close()) }()
	for _, note := range listeners.Notes {
		a.log.Info("listening", "note", note)
	}
	rules := api.OriginRules{Mode: a.mode, Ports: listeners.Ports()}
	origins, err := api.NewFixedOrigins(rules, counter.DefaultGrant(), a.origins...)
	if err != nil {
		return err
	}
	server, err := api.NewServer(api.Options{
		Title:    counter.Title,
		Version:  counter.Version,
		Origins:  origins,
		Rules:    rules,
		Problems: counter.Problems(),
		// Nobody logs in yet, so there is no desk to hold, and no console either.
		Gates: map[api.Class]api.Gate{api.WebApp: api.Unattended},
		Log:   a.log,
		Now:   time.Now,
	})
	if err != nil {
		return err
	}
	desk := counter.New(counter.Options{Readers: cardreader.New(a.driver, cardreader.Options{Log: a.log})})
	counter.Register(server, desk)

	following, stop := context.WithCancel(ctx)
	var followers sync.WaitGroup
	defer followers.Wait()
	defer stop()
	followers.Go(func() { _ = desk.Run(following) }) // ends with its context and no other way

	ready(listeners)
	return server.Serve(ctx, listeners)
}
