package program

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"chipproof/api"
	"chipproof/audit"
	"chipproof/mfa"
	"chipproof/store"
)

// AuditListCmd lists entries.
type AuditListCmd struct {
	Kind    []string `help:"Only these kinds of entries, separated by commas: logged_in, key_added, restored and so on." placeholder:"LIST"`
	Class   string   `help:"Only this class: ${audit_classes}." placeholder:"CLASS"`
	Actor   string   `help:"Only what this user did; a name, an id or os:UID." placeholder:"USER"`
	Subject string   `help:"Only what is about this user; a name or an id." placeholder:"USER"`
	Since   string   `help:"Only from this day on, or this moment." placeholder:"2026-11-25[T08:00]"`
	Until   string   `help:"Only before this day, or this moment." placeholder:"2026-11-25[T08:00]"`
	Before  int64    `help:"Only entries with a lower number: the next page." placeholder:"NUMBER"`
	Limit   int      `help:"How many at most, up to 1000. Default: ${default}." default:"100" placeholder:"N"`
	JSON    bool     `name:"json" help:"Print JSON. Users stand there by their ids, as in the log."`
	Data    DataDir  `embed:""`
}

// Help is the long text of `audit list --help`.
func (AuditListCmd) Help() string {
	return `Times are this machine's. Entries whose content was erased are listed by their numbers. That somebody looked is no entry: whoever can read the data folder can read it without us.

Exit codes: 0 there are entries; 1 there are none.`
}

// Validate is called by kong once all values are settled.
func (c *AuditListCmd) Validate() error {
	var problems []error
	for _, kind := range c.Kind {
		if _, known := audit.Kind(kind).Class(); !known {
			problems = append(problems, fmt.Errorf("--kind: nothing is called %q", kind))
		}
	}
	if c.Class != "" && !slices.Contains(audit.Classes(), audit.Class(c.Class)) {
		problems = append(problems, fmt.Errorf("--class: nothing is called %q; there are %s", c.Class, auditClasses()))
	}
	for _, flag := range []struct{ name, value string }{{"--since", c.Since}, {"--until", c.Until}} {
		if _, err := parseMoment(flag.value); err != nil {
			problems = append(problems, fmt.Errorf("%s: %w", flag.name, err))
		}
	}
	if c.Limit < 1 || c.Limit > 1000 {
		problems = append(problems, errors.New("--limit: 1 to 1000"))
	}
	if c.Before < 0 {
		problems = append(problems, errors.New("--before: can't be negative"))
	}
	return errors.Join(problems...)
}

// parseMoment takes a day or a minute of this machine's calendar; nothing is a
// zero time.
func parseMoment(s string) (time.Time, error) {
	if s == "" {
		return time.Time{}, nil
	}
	for _, layout := range []string{time.DateOnly, "2006-01-02T15:04", "2006-01-02T15:04:05", time.RFC3339} {
		if t, err := time.ParseInLocation(layout, s, time.Local); err == nil {
			return t, nil
		}
	}
	return time.Time{}, fmt.Errorf("%q is not of the form 2026-11-25 or 2026-11-25T08:00", s)
}

func auditClasses() string {
	var names []string
	for _, class := range audit.Classes() {
		names = append(names, string(class))
	}
	return strings.Join(names, ", ")
}

// Run implements [Command].
func (c *AuditListCmd) Run(ctx context.Context, p *Program) error {
	return c.ListBy(ctx, p, func(s *Site, filter store.AuditFilter) ([]store.AuditItem, error) {
		return s.Store.List(ctx, filter)
	})
}

// Finder finds the entries that a filter lets through, newest first, at most as
// many as it says.
type Finder func(*Site, store.AuditFilter) ([]store.AuditItem, error)

// ListBy prints what find makes of the command's filter, for a program that looks
// for more than the flags here can say.
func (c *AuditListCmd) ListBy(ctx context.Context, p *Program, find Finder) error {
	type found struct {
		items []store.AuditItem
		names map[string]string
	}
	list, err := OnSite(ctx, p, c.Data, func(s *Site) (f found, err error) {
		if f.names, err = s.userNames(ctx); err != nil {
			return f, err
		}
		f.items, err = find(s, c.filter(f.names))
		return f, err
	})
	if err != nil {
		return err
	}
	if err := p.printEntries(list.items, list.names, c.JSON); err != nil {
		return err
	}
	if len(list.items) == 0 {
		return ErrNo
	}
	return nil
}

// userNames are the names of users by their ids.
func (s *Site) userNames(ctx context.Context) (map[string]string, error) {
	accounts, err := s.MFA.Accounts(ctx, s.By)
	if err != nil {
		return nil, err
	}
	names := map[string]string{}
	for _, a := range accounts {
		names[a.ID] = a.Name
	}
	return names, nil
}

func (c *AuditListCmd) filter(names map[string]string) store.AuditFilter {
	filter := store.AuditFilter{
		Class: audit.Class(c.Class), Actor: idOf(c.Actor, names), Subject: idOf(c.Subject, names), Before: c.Before, Limit: c.Limit,
	}
	for _, kind := range c.Kind {
		filter.Kinds = append(filter.Kinds, audit.Kind(kind))
	}
	filter.Since, _ = parseMoment(c.Since) // Validate has refused what is wrong
	filter.Until, _ = parseMoment(c.Until)
	return filter
}

// idOf is the id of a user by that name, or else what was typed.
func idOf(typed string, names map[string]string) string {
	if name, err := mfa.ParseUserName(typed); err == nil {
		for id, known := range names {
			if known == name {
				return id
			}
		}
	}
	return typed
}

func (p *Program) printEntries(items []store.AuditItem, names map[string]string, asJSON bool) error {
	if asJSON {
		return PrintJSON(p.Out, struct {
			Entries []store.AuditItem `json:"entries"`
		}{append([]store.AuditItem{}, items...)})
	}
	var page strings.Builder
	for _, item := range items {
		if item.Erased {
			fmt.Fprintf(&page, "%d  %s\n", item.Number, p.Say.Label(api.Text{TH: "(ลบเนื้อหาแล้ว)", EN: "(content erased)"}))
			continue
		}
		e := item.Entry
		words := []string{fmt.Sprint(e.Number), e.At.Local().Format("2006-01-02 15:04:05"), string(e.Kind)}
		if who := byName(e.Actor, names); who != "" {
			words = append(words, who)
		}
		if e.Subject != "" && e.Subject != e.Actor {
			words = append(words, "→ "+byName(e.Subject, names))
		}
		for _, name := range slices.Sorted(maps.Keys(e.Attributes)) {
			words = append(words, name+"="+byName(e.Attributes[name], names))
		}
		fmt.Fprintln(&page, Shown(strings.Join(words, "  ")))
	}
	_, err := fmt.Fprint(p.Out, page.String())
	return err
}

// byName shows a user by name; anything else as it is.
func byName(id string, names map[string]string) string {
	if name, known := names[id]; known {
		return name
	}
	return id
}
