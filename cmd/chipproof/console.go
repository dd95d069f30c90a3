package main

import (
	"context"

	"chipproof/api"
	"chipproof/api/console"
	"chipproof/api/counter"
	"chipproof/cardreader"
	"chipproof/cmd/internal/program"
	"chipproof/doctor"
)

// registerConsole adds the pages, and the routes that only they ask.
func (a agent) registerConsole(server *api.Server, logins *api.Logins, desk *counter.Counter, readers *cardreader.Readers) error {
	pages, err := console.New(console.Options{
		Mode: a.mode, Parts: []console.Part{console.Common(), counter.Pages(desk)},
	})
	if err != nil {
		return err
	}
	pages.Register(server)
	machine := doctor.Here(readers, program.ThisBuild().Time)
	a.site.RegisterShared(server, program.Shared{Logins: logins, Machine: machine, Keys: a.keyList})
	counter.RegisterSlip(server)
	counter.RegisterDoctor(server, func(ctx context.Context) []doctor.Check {
		return doctor.Examine(ctx, machine)
	})
	return nil
}

// keyList is `keys list` for the console.
func (a agent) keyList(ctx context.Context) ([]api.KeyLine, error) {
	lines, err := a.site.keyLines(ctx)
	if err != nil {
		return nil, err
	}
	var list []api.KeyLine
	for _, k := range lines {
		list = append(list, api.KeyLine{Ring: k.Ring, ID: k.ID, Uses: k.Uses, State: k.listed()})
	}
	return list, nil
}

func (k keyLine) listed() api.KeyState {
	if k.State != "" { // of a key for proofs; the words are the same
		return api.KeyState(k.State)
	}
	return k.Key.State()
}
