package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"time"

	"chipproof/audit"
)

// AuditBy is in whose name the log itself is acted upon.
type AuditBy struct {
	Actor   string // user id, or "os:<uid>"
	Session string
}

// Erase destroys the content of entries: payload and salt, so that nothing can
// be guessed from the leaf, which stays for the proofs (assurance §5.2). That is
// an entry itself, with the reason, which must name no person. Either all are
// erased or none. Errors: [audit.ErrUnknown], also for what is erased already,
// [audit.ErrKept] for entries about the log itself, [audit.ErrInvalid] for too
// many at once or none, [audit.ErrUnavailable].
//
// Copies that were made before, exports and backups, are not in its reach.
func (l *AuditLog) Erase(ctx context.Context, by AuditBy, reason string, numbers ...int64) (audit.Entry, error) {
	numbers = slices.Compact(slices.Sorted(slices.Values(numbers)))
	var entry audit.Entry
	err := l.Write(ctx, func(tx *sql.Tx) (err error) {
		for _, n := range numbers {
			if err := l.mayErase(ctx, tx, n); err != nil {
				return err
			}
		}
		entry, err = l.eraseTx(ctx, tx, numbers, audit.Event{
			Kind: audit.KindErased, Actor: by.Actor, Session: by.Session, Attributes: map[string]string{"reason": reason},
		})
		return err
	})
	if err != nil {
		return audit.Entry{}, fmt.Errorf("erase audit entries: %w", err)
	}
	return entry, l.wipe(ctx)
}

func (l *AuditLog) mayErase(ctx context.Context, tx *sql.Tx, number int64) error {
	var payload []byte
	err := tx.QueryRowContext(ctx, `SELECT payload FROM audit_entry WHERE number = ? AND payload IS NOT NULL`, number).Scan(&payload)
	if errors.Is(err, sql.ErrNoRows) {
		return fmt.Errorf("%w: %d", audit.ErrUnknown, number)
	}
	if err != nil {
		return fmt.Errorf("read audit entry: %w", err)
	}
	e, err := audit.ParseEntry(payload)
	if err != nil {
		return err
	}
	if e.Class == audit.ClassLog {
		return fmt.Errorf("%w: %d", audit.ErrKept, number)
	}
	return nil
}

// eraseTx destroys content and writes the entry that names the numbers, signed
// by the log's key: whoever writes only the database can't make one up.
func (l *AuditLog) eraseTx(ctx context.Context, tx *sql.Tx, numbers []int64, e audit.Event) (audit.Entry, error) {
	text, taken := audit.FormatNumbers(numbers, audit.MaxText)
	if taken == 0 || taken < len(numbers) {
		return audit.Entry{}, fmt.Errorf("%w: %d numbers", audit.ErrInvalid, len(numbers))
	}
	for _, n := range numbers {
		result, err := tx.ExecContext(ctx, `UPDATE audit_entry SET salt = NULL, payload = NULL WHERE number = ? AND payload IS NOT NULL`, n)
		if err != nil {
			return audit.Entry{}, unavailable(err)
		}
		if changed, err := result.RowsAffected(); err != nil || changed != 1 {
			return audit.Entry{}, errors.Join(fmt.Errorf("%w: %d", audit.ErrUnknown, n), err)
		}
		// What is kept of a proofing besides goes with it: its class says for how long.
		if _, err := tx.ExecContext(ctx, `DELETE FROM proofing WHERE entry = ?`, n); err != nil {
			return audit.Entry{}, unavailable(err)
		}
	}
	e.Attributes["numbers"] = text
	before, err := auditHead(ctx, tx)
	if err != nil {
		return audit.Entry{}, unavailable(err)
	}
	if e.Attributes, err = audit.SignErasure(l.key, e.Kind, before, e.Attributes); err != nil {
		return audit.Entry{}, unavailable(err)
	}
	return l.AppendTx(ctx, tx, e)
}

// wipe takes what was erased out of the write-ahead log too. In the database
// SQLite has overwritten it (secure_delete). A reader that is still at an older
// state may hold this up; the next wipe, or the end of the last process, does it.
func (l *AuditLog) wipe(ctx context.Context) error {
	if _, err := l.store.writer.ExecContext(ctx, `PRAGMA wal_checkpoint(TRUNCATE)`); err != nil {
		return fmt.Errorf("wipe write-ahead log: %w", classify(err))
	}
	return nil
}

// Retained is what [AuditLog.Retain] did.
type Retained struct {
	Deleted map[audit.Class]int64 // number of entries whose content was deleted
}

// retainBatch bounds one transaction of a deletion, for those who wait meanwhile.
const retainBatch = 2000

// Retain deletes the content of entries that are older than their class is kept
// (assurance §5.4). Each deletion is an entry that names class and numbers. It
// is to be called once a day; by is empty then. Errors: those of
// [audit.Policy.Check], [audit.ErrUnavailable].
func (l *AuditLog) Retain(ctx context.Context, by AuditBy, p audit.Policy) (Retained, error) {
	done := Retained{Deleted: map[audit.Class]int64{}}
	if err := p.Check(); err != nil {
		return done, err
	}
	now := l.clock()
	due := map[audit.Class][]int64{}
	for r, err := range query(ctx, l.store.reader, scanBare, `SELECT number, salt, payload FROM audit_entry WHERE payload IS NOT NULL ORDER BY number`) {
		if err != nil {
			return done, fmt.Errorf("delete old audit entries: %w", classify(err))
		}
		e, err := audit.ParseEntry(r.Payload)
		if err != nil {
			return done, fmt.Errorf("delete old audit entries: %w: entry %d", err, r.Number)
		}
		if p.Due(e, now) {
			due[e.Class] = append(due[e.Class], r.Number)
		}
	}
	for _, class := range audit.Classes() {
		for batch := range slices.Chunk(due[class], retainBatch) {
			err := l.Write(ctx, func(tx *sql.Tx) error {
				_, err := l.eraseTx(ctx, tx, batch, audit.Event{
					Kind: audit.KindDeleted, Actor: by.Actor, Session: by.Session, Attributes: map[string]string{
						"class": string(class), "before": now.Add(-p[class]).UTC().Format(time.RFC3339),
					},
				})
				return err
			})
			if err != nil {
				return done, fmt.Errorf("delete old audit entries: %w", err)
			}
			done.Deleted[class] += int64(len(batch))
		}
	}
	if len(done.Deleted) == 0 {
		return done, nil
	}
	return done, l.wipe(ctx)
}
