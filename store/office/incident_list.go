package office

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"chipproof/audit"
	"chipproof/breach"
	"chipproof/store"
)

// One is an incident with its whole history. Errors: [breach.ErrIncidentUnknown],
// [breach.ErrHistoryBroken].
func (i *Incidents) One(ctx context.Context, id string) (c breach.Case, err error) {
	err = i.store.Read(ctx, func(tx *sql.Tx) error {
		settings, err := readSettings(ctx, tx)
		if err != nil {
			return err
		}
		h, err := load(ctx, tx, id, settings)
		c = h.Case
		return err
	})
	if err != nil {
		return breach.Case{}, fmt.Errorf("read incident: %w", err)
	}
	return c, nil
}

// List is every incident, oldest first. broken are the ids of those whose history
// was damaged: their duties can't be told, and whoever shows the others must say so.
func (i *Incidents) List(ctx context.Context) (cases []breach.Case, broken []string, err error) {
	err = i.store.Read(ctx, func(tx *sql.Tx) error {
		cases, broken, err = list(ctx, tx)
		return err
	})
	if err != nil {
		return nil, nil, fmt.Errorf("list incidents: %w", err)
	}
	return cases, broken, nil
}

func list(ctx context.Context, tx *sql.Tx) (cases []breach.Case, broken []string, err error) {
	settings, err := readSettings(ctx, tx)
	if err != nil {
		return nil, nil, err
	}
	ids, err := incidentIDs(ctx, tx)
	if err != nil {
		return nil, nil, err
	}
	cases = []breach.Case{}
	for _, id := range ids {
		h, err := load(ctx, tx, id, settings)
		if errors.Is(err, breach.ErrHistoryBroken) {
			broken = append(broken, id)
			continue
		}
		if err != nil {
			return nil, nil, err
		}
		cases = append(cases, h.Case)
	}
	return cases, broken, nil
}

// incidentIDs are all ids in the order in which they were given.
func incidentIDs(ctx context.Context, tx *sql.Tx) (ids []string, err error) {
	rows, err := tx.QueryContext(ctx, `SELECT incident FROM incident_event GROUP BY incident ORDER BY min(entry)`)
	if err != nil {
		return nil, fmt.Errorf("read ids: %w", err)
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var id string
		if err := rows.Scan(&id); err != nil {
			return nil, fmt.Errorf("read ids: %w", err)
		}
		ids = append(ids, id)
	}
	return ids, rows.Err()
}

// Due is what all incidents owe at a moment, in the order of [Incidents.List]. now
// moves the clock and not which events are known. broken is as there.
func (i *Incidents) Due(ctx context.Context, now time.Time) (duties []breach.Duty, broken []string, err error) {
	cases, broken, err := i.List(ctx)
	if err != nil {
		return nil, nil, err
	}
	return breach.Due(cases, now), broken, nil
}

// LinkedTo are the ids of the incidents that some evidence is linked to: a finding,
// a takedown, an audit entry, another incident.
func (i *Incidents) LinkedTo(ctx context.Context, to breach.LinkKind, ref string) ([]string, error) {
	cases, _, err := i.List(ctx)
	if err != nil {
		return nil, err
	}
	ids := []string{}
	for _, c := range cases {
		if slices.ContainsFunc(c.Links, func(l breach.Linked) bool { return l.To == to && l.Ref == ref }) {
			ids = append(ids, c.ID)
		}
	}
	return ids, nil
}

// Check looks at the whole register: every history holds, and every event that
// the audit log knows of is there, the last ones of a history too. It is nil when
// that is so. Error: [breach.ErrHistoryBroken], which names the incidents.
func (i *Incidents) Check(ctx context.Context) error {
	logged, err := i.logged(ctx) // first: what is recorded meanwhile is in the rows
	if err != nil {
		return fmt.Errorf("check incidents: %w", err)
	}
	cases, broken, err := i.List(ctx)
	if err != nil {
		return fmt.Errorf("check incidents: %w", err)
	}
	events := map[string]int{}
	for _, c := range cases {
		events[c.ID] = len(c.Events)
	}
	for id, n := range logged {
		if events[id] < n {
			broken = append(broken, id)
		}
	}
	if len(broken) == 0 {
		return nil
	}
	slices.Sort(broken)
	return fmt.Errorf("check incidents: %w: %s", breach.ErrHistoryBroken, strings.Join(slices.Compact(broken), ", "))
}

// logged is how many events of each incident the audit log knows of.
func (i *Incidents) logged(ctx context.Context) (map[string]int, error) {
	last := map[string]int{}
	err := i.entries(ctx, store.AuditFilter{Kinds: []audit.Kind{audit.KindIncidentOpened, audit.KindIncidentEvent}}, func(e audit.Entry) {
		if n, err := strconv.Atoi(e.Attributes["number"]); err == nil {
			last[e.Subject] = max(last[e.Subject], n)
		}
	})
	return last, err
}

// entries hands on what a filter picks of the audit log, newest first.
func (i *Incidents) entries(ctx context.Context, f store.AuditFilter, see func(audit.Entry)) error {
	f.Limit = 1000
	for {
		page, err := i.store.List(ctx, f)
		if err != nil {
			return err
		}
		for _, item := range page {
			if !item.Erased {
				see(item.Entry)
			}
		}
		if len(page) < f.Limit {
			return nil
		}
		f.Before = page[len(page)-1].Number
		if f.Before == 0 {
			return nil
		}
	}
}
