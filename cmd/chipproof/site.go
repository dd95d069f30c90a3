package main

import (
	"context"

	"chipproof/cmd/internal/program"
	counterstore "chipproof/store/counter"
)

// site is an open data folder with the counter's rows in it.
type site struct {
	*program.Site
	records *counterstore.Records
}

// counterSite is a folder that is open already.
func counterSite(s *program.Site) *site {
	return &site{s, counterstore.New(s.Store, s.Audit)}
}

// onSite opens the data folder for one act of whoever runs the command.
func onSite[T any](ctx context.Context, p *program.Program, d program.DataDir, act func(*site) (T, error)) (T, error) {
	return program.OnSite(ctx, p, d, func(s *program.Site) (T, error) { return act(counterSite(s)) })
}

// Pseudonym implements [counter.Pseudonyms] with the ring that is current now.
func (s *site) Pseudonym(purpose string, year int, citizenNumber string) (string, error) {
	return s.Pseudonyms.Load().Pseudonym(purpose, year, citizenNumber)
}
