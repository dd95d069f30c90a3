package program

import (
	"context"
	"time"

	"chipproof/api"
	"chipproof/audit"
	"chipproof/doctor"
	"chipproof/store"
)

// Shared is what the routes that both programs have need to know of one.
type Shared struct {
	Logins  *api.Logins
	Machine doctor.Machine                               // whose clock is looked at
	Keys    func(context.Context) ([]api.KeyLine, error) // nil: [Site.Keys]
}

// RegisterShared adds the routes behind the pages that both programs have: login,
// clock, staff, audit log, keys.
func (s *Site) RegisterShared(server *api.Server, o Shared) {
	if o.Keys == nil {
		o.Keys = s.keyLines
	}
	api.RegisterLogins(server, o.Logins)
	api.RegisterClock(server, o.Logins, func(ctx context.Context) []api.Doubt { return s.clockDoubts(ctx, o.Machine) })
	api.RegisterUsers(server, o.Logins)
	api.RegisterAudit(server, o.Logins, auditOf{s})
	api.RegisterKeys(server, o.Keys)
}

// Logins is the HTTP side of the site's login.
func (s *Site) Logins(ctx context.Context) (*api.Logins, error) {
	cookie, err := s.Store.CookieName(ctx)
	if err != nil {
		return nil, err
	}
	return api.NewLogins(s.MFA, cookie), nil
}

// clockDoubts are those that the log and the system have about the clock. A log that
// can't be read has none: whoever logs in next is told that it can't be written.
func (s *Site) clockDoubts(ctx context.Context, machine doctor.Machine) (doubts []api.Doubt) {
	last, err := s.Store.LastEntry(ctx)
	if err == nil && last.After(time.Now()) {
		doubts = append(doubts, api.DoubtLog)
	}
	if machine.Sync() == doctor.Unsynchronised {
		doubts = append(doubts, api.DoubtSystem)
	}
	return doubts
}

// auditOf is the log of a site as the console shows it.
type auditOf struct{ site *Site }

// Entries implements [api.AuditLog].
func (l auditOf) Entries(ctx context.Context, q api.AuditQuery) ([]api.AuditItem, error) {
	list, err := l.site.Store.List(ctx, store.AuditFilter{Class: q.Class, Before: q.Before, Limit: q.Limit})
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
func (l auditOf) Verify(ctx context.Context) (audit.Result, error) { return l.site.Audit.Verify(ctx) }
