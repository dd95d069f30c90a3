package store

import (
	"context"
	"database/sql"
	"encoding/binary"
	"fmt"
	"slices"
	"strings"
	"time"

	"chipproof/audit"
)

// AuditFilter picks entries for a list. What is zero doesn't filter.
type AuditFilter struct {
	Kinds   []audit.Kind // any of these
	Class   audit.Class
	Actor   string
	Subject string
	Session string
	// Attribute is the name and value of one attribute: a pseudonym, an origin.
	Attribute, Value string
	Since, Until     time.Time // at or after, before
	Before           int64     // only numbers below; for the next page
	Limit            int       // default 100, at most 1000
}

// AuditItem is one line of a list.
type AuditItem struct {
	Number int64       `json:"number"`
	Erased bool        `json:"erased,omitzero"` // its content is gone
	Entry  audit.Entry `json:"entry,omitzero"`
}

const (
	defaultList = 100
	longestList = 1000
)

// List reads entries, newest first. Erased ones are in it only where nothing
// but numbers filters. It looks into payloads and not into columns beside them,
// which could be changed without anybody noticing; SQLite only sorts out most of
// what can't match, so the longest search, for what isn't there, takes about
// a second for a million entries.
func (s *Store) List(ctx context.Context, f AuditFilter) ([]AuditItem, error) {
	if f.Limit <= 0 {
		f.Limit = defaultList
	}
	f.Limit = min(f.Limit, longestList)
	where, args := f.where()
	list := []AuditItem{}
	for r, err := range query(ctx, s.reader, scanBare,
		`SELECT number, salt, payload FROM audit_entry WHERE `+where+` ORDER BY number DESC`, args...) {
		if err != nil {
			return nil, fmt.Errorf("list audit entries: %w", classify(err))
		}
		item := AuditItem{Number: r.Number, Erased: r.Payload == nil}
		if !item.Erased {
			if item.Entry, err = audit.ParseEntry(r.Payload); err != nil {
				return nil, fmt.Errorf("list audit entry %d: %w", r.Number, err)
			}
			if !f.matches(item.Entry) {
				continue
			}
		}
		if list = append(list, item); len(list) == f.Limit {
			break
		}
	}
	return list, nil
}

// where is what SQL can say about the canonical bytes: that they contain a
// text, and that their time, eight bytes after the version and the number, is
// within bounds.
func (f AuditFilter) where() (string, []any) {
	parts, args := []string{"true"}, []any{}
	add := func(part string, arg any) {
		parts, args = append(parts, part), append(args, arg)
	}
	if f.Before > 0 {
		add("number < ?", f.Before)
	}
	for _, text := range []string{string(f.Class), f.Actor, f.Subject, f.Session, f.Attribute, f.Value} {
		if text != "" {
			add("instr(payload, ?) > 0", []byte(text))
		}
	}
	if len(f.Kinds) == 1 {
		add("instr(payload, ?) > 0", []byte(f.Kinds[0]))
	} else if len(f.Kinds) > 1 {
		parts = append(parts, "payload IS NOT NULL")
	}
	const at = "substr(payload, 10, 8)"
	if !f.Since.IsZero() {
		add(at+" >= ?", binary.BigEndian.AppendUint64(nil, uint64(f.Since.UnixMicro())))
	}
	if !f.Until.IsZero() {
		add(at+" < ?", binary.BigEndian.AppendUint64(nil, uint64(f.Until.UnixMicro())))
	}
	return strings.Join(parts, " AND "), args
}

func (f AuditFilter) matches(e audit.Entry) bool {
	is := func(want, got string) bool { return want == "" || want == got }
	return (len(f.Kinds) == 0 || slices.Contains(f.Kinds, e.Kind)) && is(string(f.Class), string(e.Class)) &&
		is(f.Actor, e.Actor) && is(f.Subject, e.Subject) && is(f.Session, e.Session) &&
		(f.Attribute == "" || is(f.Value, e.Attributes[f.Attribute]) && e.Attributes[f.Attribute] != "") &&
		(f.Since.IsZero() || !e.At.Before(f.Since)) && (f.Until.IsZero() || e.At.Before(f.Until))
}

// LastEntry is when the newest entry was written that still has its content;
// zero for none. A clock that stands before it is wrong (mfa §2.4).
func (s *Store) LastEntry(ctx context.Context) (time.Time, error) {
	var at time.Time
	err := s.Read(ctx, func(tx *sql.Tx) error {
		var payload []byte
		err := tx.QueryRowContext(ctx, `SELECT coalesce((SELECT payload FROM audit_entry WHERE payload IS NOT NULL ORDER BY number DESC LIMIT 1), x'')`).Scan(&payload)
		if err != nil || len(payload) == 0 {
			return err
		}
		e, err := audit.ParseEntry(payload)
		at = e.At
		return err
	})
	if err != nil {
		return time.Time{}, fmt.Errorf("read last audit entry: %w", err)
	}
	return at, nil
}
