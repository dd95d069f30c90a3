package main

import (
	"context"
	"time"

	"chipproof/api"
	"chipproof/api/console"
	"chipproof/api/counter"
	"chipproof/audit"
	"chipproof/cardreader"
	"chipproof/doctor"
	"chipproof/store"
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
	machine := doctor.Here(readers, thisBuild().time)
	api.RegisterClock(server, logins, func(ctx context.Context) []api.Doubt { return a.clockDoubts(ctx, machine) })
	api.RegisterUsers(server, logins)
	api.RegisterAudit(server, logins, auditOf{a.site})
	api.RegisterKeys(server, a.keyList)
	counter.RegisterSlip(server)
	counter.RegisterDoctor(server, func(ctx context.Context) []doctor.Check {
		return doctor.Examine(ctx, machine)
	})
	return nil
}

// clockDoubts are those that the log and the system have about the clock. A log that
// can't be read has none: whoever logs in next is told that it can't be written.
func (a agent) clockDoubts(ctx context.Context, machine doctor.Machine) (doubts []api.Doubt) {
	last, err := a.site.store.LastEntry(ctx)
	if err == nil && last.After(time.Now()) {
		doubts = append(doubts, api.DoubtLog)
	}
	if machine.Sync() == doctor.Unsynchronised {
		doubts = append(doubts, api.DoubtSystem)
	}
	return doubts
}

// auditOf is the log of a site as the console shows it.
type auditOf struct{ site *site }

// Entries implements [api.AuditLog].
func (l auditOf) Entries(ctx context.Context, q api.AuditQuery) ([]api.AuditItem, error) {
	list, err := l.site.store.List(ctx, store.AuditFilter{Class: q.Class, Before: q.Before, Limit: q.Limit})
	if err != nil {
		return nil, err
	}
	items := make([]api.AuditItem, 0, len(list))
	for _, i := range list {
		i.Entry.Number = i.Number
		items = append(items, api.AuditItem{Erased: i.Erased, Entry: i.Entry})
	}
	return items, nil
}

// Verify implements [api.AuditLog].
func (l auditOf) Verify(ctx context.Context) (audit.Result, error) { return l.site.audit.Verify(ctx) }

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
	switch {
	case k.State != "": // of a key for proofs; the words are the same
		return api.KeyState(k.State)
	case k.Current:
		return api.KeyCurrent
	case !k.Held && k.Uses > 0:
		return api.KeyMissing
	case !k.Held:
		return api.KeyDropped
	}
	return api.KeyOld
}
