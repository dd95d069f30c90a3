package office

import (
	"context"
	"crypto/rand"
	"database/sql"
	"fmt"
	"time"

	"chipproof/audit"
	"chipproof/breach"
	"chipproof/store"
)

// IncidentOptions say how the register judges.
type IncidentOptions struct {
	// Reader reads every text before it is kept, and a public notice before it is
	// released. Without one no public notice is taken.
	Reader breach.Reader
	// Own are texts of the agency that a public notice may hold.
	Own    []string
	Clock  func() time.Time // default time.Now
	Limits breach.Limits    // of proposals; default [breach.ShippedLimits]
}

// Incidents is the register of incidents in a store. Events are only appended:
// each is judged, written and entered into the audit log in one transaction, so
// that of two writers the second judges what the first has left. It is safe for
// concurrent use, also by several processes.
type Incidents struct {
	store  *store.Store
	log    *store.AuditLog
	reader breach.Reader
	own    []string
	clock  func() time.Time
	limits breach.Limits
}

// NewIncidents gives the register of an open store whose audit log is log.
func NewIncidents(s *store.Store, log *store.AuditLog, o IncidentOptions) *Incidents {
	if o.Clock == nil {
		o.Clock = time.Now
	}
	if o.Limits == (breach.Limits{}) {
		o.Limits = breach.ShippedLimits()
	}
	return &Incidents{store: s, log: log, reader: o.Reader, own: o.Own, clock: o.Clock, limits: o.Limits}
}

// Open begins an incident with its report, and records what more is known at
// once: all of it or nothing. Errors: those of [breach.Keeper.Record],
// [audit.ErrUnavailable].
func (i *Incidents) Open(ctx context.Context, by breach.Actor, report breach.Reported, more ...breach.Body) (c breach.Case, err error) {
	err = i.log.Write(ctx, func(tx *sql.Tx) error {
		keeper, err := i.keeper(ctx, tx)
		if err != nil {
			return err
		}
		now := i.clock()
		id, err := nextID(ctx, tx, "incident", now, breach.IncidentID)
		if err != nil {
			return err
		}
		if c, _, err = keeper.Open(id, report, by.ID, now); err != nil {
			return err
		}
		for _, b := range more {
			if c, _, err = keeper.Record(c, b, by.ID, now); err != nil {
				return err
			}
		}
		return i.save(ctx, tx, history{}, c, by, nil)
	})
	if err != nil {
		return breach.Case{}, fmt.Errorf("open incident: %w", err)
	}
	return c, nil
}

// AnyState is for an event that may be recorded whatever was recorded before it,
// as how far a mail merge came.
const AnyState = 0

// Record adds events to an incident, all or none. seen is how many events the
// case had that they were meant for, or [AnyState]. Errors:
// [breach.ErrIncidentUnknown], [breach.ErrIncidentChanged],
// [breach.ErrHistoryBroken], those of [breach.Keeper.Record],
// [audit.ErrUnavailable].
func (i *Incidents) Record(ctx context.Context, by breach.Actor, id string, seen int, bodies ...breach.Body) (c breach.Case, err error) {
	err = i.log.Write(ctx, func(tx *sql.Tx) error {
		keeper, err := i.keeper(ctx, tx)
		if err != nil {
			return err
		}
		h, err := load(ctx, tx, id, keeper.Settings)
		if err != nil {
			return err
		}
		if seen != AnyState && seen != len(h.Events) {
			return breach.ErrIncidentChanged
		}
		if len(bodies) == 0 {
			return fmt.Errorf("%w: none", breach.ErrEventInvalid)
		}
		now := i.clock() // the transaction has its turn: no event before it is later
		c = h.Case
		for _, b := range bodies {
			if c, _, err = keeper.Record(c, b, by.ID, now); err != nil {
				return err
			}
		}
		return i.save(ctx, tx, h, c, by, nil)
	})
	if err != nil {
		return breach.Case{}, fmt.Errorf("record event of incident: %w", err)
	}
	return c, nil
}

// keeper judges by the settings as they stand.
func (i *Incidents) keeper(ctx context.Context, tx *sql.Tx) (breach.Keeper, error) {
	settings, err := readSettings(ctx, tx)
	return breach.Keeper{Settings: settings, Reader: i.reader, Own: i.own}, err
}

// save writes the events that a case has beyond its stored history, and the
// entry of each. more are attributes of the first.
func (i *Incidents) save(ctx context.Context, tx *sql.Tx, h history, c breach.Case, by breach.Actor, more map[string]string) error {
	link := h.link
	for _, e := range c.Events[len(h.Events):] {
		r, err := newRow(link, e, rand.Reader)
		if err != nil {
			return err
		}
		entry, err := i.log.AppendTx(ctx, tx, r.entryEvent(e, by, more))
		if err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `INSERT INTO incident_event (incident, number, entry, salt, link, event) VALUES (?, ?, ?, ?, ?, ?)`,
			e.Incident, e.Number, entry.Number, r.salt, r.link[:], r.event)
		if err != nil {
			return fmt.Errorf("insert event: %w", err)
		}
		link, more = r.link, nil
	}
	return nil
}

// nextID numbers what a year of Thailand brings, from 1.
func nextID(ctx context.Context, tx *sql.Tx, what string, at time.Time, name func(year, n int) string) (string, error) {
	year := breach.At(at).Time().Year()
	var n int
	err := tx.QueryRowContext(ctx, `INSERT INTO breach_year (what, year, last) VALUES (?, ?, 1)
		ON CONFLICT (what, year) DO UPDATE SET last = last + 1 RETURNING last`, what, year).Scan(&n)
	if err != nil {
		return "", fmt.Errorf("number %s: %w", what, err)
	}
	return name(year, n), nil
}

// RecordDocument enters into the audit log that a document of an incident was
// made: its kind and its format, words and nothing else. Only when it returns nil
// may the document be given out. Errors: [breach.ErrIncidentUnknown],
// [breach.ErrEventInvalid], [audit.ErrUnavailable].
func (i *Incidents) RecordDocument(ctx context.Context, by breach.Actor, id, document, format string) error {
	err := i.log.Write(ctx, func(tx *sql.Tx) error {
		if err := known(ctx, tx, id); err != nil {
			return err
		}
		if !word(document) || !word(format) {
			return fmt.Errorf("%w: no word", breach.ErrEventInvalid)
		}
		_, err := i.log.AppendTx(ctx, tx, audit.Event{
			Kind: audit.KindIncidentDocument, At: i.clock(), Actor: by.ID, Subject: id, Session: by.Session,
			Attributes: map[string]string{"document": document, "format": format},
		})
		return err
	})
	if err != nil {
		return fmt.Errorf("record document of incident: %w", err)
	}
	return nil
}

// word says that a text is a short name of our own.
func word(s string) bool {
	for _, r := range s {
		if (r < 'a' || r > 'z') && r != '_' {
			return false
		}
	}
	return s != "" && len(s) <= 40
}
