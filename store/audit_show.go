package store

import (
	"context"
	"fmt"
	"io"

	"chipproof/audit"
)

// Export writes the whole log as one JSON object a line, for another system or
// another verifier, and says how many entries that were. That it was exported is
// the last of them. An export holds the salts: whoever has it can verify it, and
// keeps what an erasure here destroys. Error: [audit.ErrUnavailable].
func (l *AuditLog) Export(ctx context.Context, by AuditBy, w io.Writer) (int64, error) {
	if _, err := l.Append(ctx, audit.Event{Kind: audit.KindExport, Actor: by.Actor, Session: by.Session}); err != nil {
		return 0, err
	}
	if _, err := l.Checkpoint(ctx); err != nil {
		return 0, err
	}
	return audit.WriteExport(ctx, w, l.store.AuditLog())
}

// Sheet makes the day-end sheet of today, by the clock's own zone. That it was
// made is an entry, which the sheet's head has in it already: so the log tells
// which sheets the file cabinet must hold. Error: [audit.ErrUnavailable].
func (l *AuditLog) Sheet(ctx context.Context, by AuditBy) (audit.Sheet, error) {
	today := l.clock()
	_, err := l.Append(ctx, audit.Event{
		Kind: audit.KindSheet, Actor: by.Actor, Session: by.Session, Attributes: map[string]string{"day": today.Format("2006-01-02")},
	})
	if err != nil {
		return audit.Sheet{}, err
	}
	c, err := l.Checkpoint(ctx)
	if err != nil {
		return audit.Sheet{}, fmt.Errorf("make sheet: %w", err)
	}
	return audit.NewSheet(l.key, c.Head, today)
}

// Verify verifies the log as it stands, against the second place and what else
// is given.
func (l *AuditLog) Verify(ctx context.Context, witnesses ...audit.Witness) (audit.Result, error) {
	if l.dir != "" {
		published, err := CheckpointWitnesses(l.dir)
		if err != nil {
			return audit.Result{}, err
		}
		witnesses = append(published, witnesses...)
	}
	return audit.Verify(ctx, l.store.AuditLog(), audit.VerifyOptions{Keys: l.key.Keys(), Witnesses: witnesses})
}
