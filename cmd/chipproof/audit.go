package main

import (
	"context"
	"errors"
	"slices"
	"time"

	"chipproof/api"
	"chipproof/cmd/internal/program"
	"chipproof/mfa"
	"chipproof/store"
)

// auditCmd groups what is done with the audit log.
type auditCmd struct {
	program.AuditCmd

	List auditListCmd `cmd:"" help:"List entries, newest first."`
}

// auditListCmd also finds what is about a web origin or a citizen.
type auditListCmd struct {
	program.AuditListCmd

	Origin  string `help:"Only what is about this web origin." placeholder:"ORIGIN"`
	Citizen bool   `help:"Only reads of one citizen, whose number is asked for at the terminal or taken from stdin. The log itself knows citizens by pseudonyms."`
}

// Run implements [program.Command].
func (c *auditListCmd) Run(ctx context.Context, p *program.Program) error {
	var citizen mfa.Hidden
	if c.Citizen {
		var err error
		if citizen, err = p.Ask(api.Text{TH: "เลขประจำตัวประชาชน", EN: "citizen number"}, 1); err != nil {
			return err
		}
	}
	return c.ListBy(ctx, p, func(s *program.Site, filter store.AuditFilter) ([]store.AuditItem, error) {
		if c.Origin != "" {
			filter.Attribute, filter.Value = "origin", c.Origin
		}
		if !c.Citizen {
			return s.Store.List(ctx, filter)
		}
		return counterSite(s).ofCitizen(ctx, filter, citizen)
	})
}

// ofCitizen lists what is about one citizen, under every name that the citizen
// may have in the log: one for each purpose, year and key.
func (s *site) ofCitizen(ctx context.Context, filter store.AuditFilter, citizen mfa.Hidden) ([]store.AuditItem, error) {
	first, err := s.Store.List(ctx, store.AuditFilter{Before: 1, Limit: 1})
	if err != nil || len(first) == 0 {
		return nil, err
	}
	began := time.Now().Year()
	if at := first[0].Entry.At; !at.IsZero() {
		began = min(began, at.UTC().Year())
	}
	purposes, err := s.purposesEver(ctx)
	if err != nil {
		return nil, err
	}
	var all []store.AuditItem
	for year := began; year <= time.Now().UTC().Year()+1; year++ {
		for _, purpose := range purposes {
			pseudonyms, err := s.Pseudonyms.Load().Pseudonyms(purpose, year, citizen.Reveal())
			if err != nil {
				return nil, &program.UsageError{Err: errors.New("a citizen number is thirteen digits"), Help: "chipproof audit list --help"}
			}
			for _, name := range pseudonyms {
				filter.Attribute, filter.Value = "pseudonym", name
				items, err := s.Store.List(ctx, filter)
				if err != nil {
					return nil, err
				}
				all = append(all, items...)
			}
		}
	}
	slices.SortFunc(all, func(a, b store.AuditItem) int { return int(b.Number - a.Number) })
	return all[:min(len(all), filter.Limit)], nil
}
