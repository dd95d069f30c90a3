package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"chipproof/audit"
)

// signer signs a checkpoint after each batch of commits, at most one an interval.
func (l *AuditLog) signer() {
	for {
		select {
		case <-l.stop:
			return
		case <-l.wake:
		}
		if err := l.settled(); err != nil {
			l.log.Error("audit checkpoint not written", "error", err)
		}
		timer := time.NewTimer(l.interval)
		select {
		case <-l.stop:
			timer.Stop()
			return
		case <-timer.C:
		}
	}
}

// settled signs once the transaction that woke the signer is over: entries are
// announced before they are committed, and the next one that writes comes after.
func (l *AuditLog) settled() error {
	ctx := context.Background()
	if err := l.store.Write(ctx, func(*sql.Tx) error { return nil }); err != nil {
		l.health.Store(&err)
		return err
	}
	_, err := l.Checkpoint(ctx)
	return err
}

func (l *AuditLog) wakeUp() {
	select {
	case l.wake <- struct{}{}:
	default: // awake already
	}
}

// Checkpoint signs the present head, unless the last checkpoint has it already,
// and keeps it in the database, in the head file and in the second place. That of
// an empty log is not signed: its time is zero. Errors: [audit.ErrRewritten] for a
// log that has not grown from what was signed before, which is signed no further;
// [ErrCheckpointConflict].
func (l *AuditLog) Checkpoint(ctx context.Context) (audit.Checkpoint, error) {
	l.sign.Lock()
	defer l.sign.Unlock()
	c, err := l.checkpoint(ctx)
	l.health.Store(&err)
	return c, err
}

// Health is why the last checkpoint could not be written; nil if it was. Entries
// are durable all the same, but nobody else sees them.
func (l *AuditLog) Health() error {
	if err := l.health.Load(); err != nil {
		return *err
	}
	return nil
}

func (l *AuditLog) checkpoint(ctx context.Context) (audit.Checkpoint, error) {
	var (
		head   audit.Head
		signed []byte
	)
	kept, err := l.grown(ctx, func(tx *sql.Tx) (_ audit.Head, err error) {
		if head, err = auditHead(ctx, tx); err == nil {
			signed, err = lastCheckpoint(ctx, tx)
		}
		return head, err
	})
	if err != nil {
		return audit.Checkpoint{}, err
	}
	last, err := audit.OpenCheckpoint(signed, l.key.Keys())
	if head.Size == 0 { // says nothing
		return audit.Checkpoint{Origin: l.key.Name(), Head: head}, nil
	}
	if err != nil || last.Head != head { // the first, a new key's, or newer
		// Signing is outside of any transaction: a key in a device is slow.
		if signed, err = audit.SignCheckpoint(l.key, head, l.clock()); err != nil {
			return audit.Checkpoint{}, err
		}
		if last, err = audit.OpenCheckpoint(signed, l.key.Keys()); err != nil {
			return audit.Checkpoint{}, err
		}
		if err := l.keepCheckpoint(ctx, last, signed); err != nil {
			return audit.Checkpoint{}, err
		}
	}
	if err := l.keepHead(last, signed, kept); err != nil {
		return audit.Checkpoint{}, err
	}
	if l.dir == "" {
		return last, nil
	}
	return last, l.publish(ctx, last, signed)
}

// grown reads the head, and demands that the log has grown to it from what was
// signed before. It gives the heads that were kept of it.
func (l *AuditLog) grown(ctx context.Context, read func(*sql.Tx) (audit.Head, error)) (kept []keptHead, err error) {
	l.guard.mu.Lock()
	defer l.guard.mu.Unlock()
	if l.guard.path != "" {
		if kept, err = l.keptHeads(); err != nil {
			l.guard.proven = false
			return nil, err
		}
	}
	return kept, l.store.Read(ctx, func(tx *sql.Tx) error {
		head, err := read(tx)
		if err != nil {
			return err
		}
		return l.prove(ctx, tx, head, kept)
	})
}

// lastCheckpoint is nil in a log without any.
func lastCheckpoint(ctx context.Context, tx *sql.Tx) (signed []byte, err error) {
	err = tx.QueryRowContext(ctx, `SELECT note FROM audit_checkpoint ORDER BY id DESC LIMIT 1`).Scan(&signed)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return nil, fmt.Errorf("read checkpoint: %w", err)
	}
	return signed, nil
}

// keepCheckpoint puts it in place of the day's earlier ones, whose heads it has
// in it, so that years of them stay few. Another process may have been quicker.
func (l *AuditLog) keepCheckpoint(ctx context.Context, c audit.Checkpoint, signed []byte) error {
	day := c.At.Format(time.DateOnly)
	return l.store.Write(ctx, func(tx *sql.Tx) error {
		var newer bool
		err := tx.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM audit_checkpoint WHERE size > ?)`, c.Size).Scan(&newer)
		if err != nil || newer {
			return err
		}
		result, err := tx.ExecContext(ctx, `INSERT INTO audit_checkpoint (day, size, note) VALUES (?, ?, ?)`, day, c.Size, signed)
		if err != nil {
			return fmt.Errorf("keep checkpoint: %w", err)
		}
		id, err := result.LastInsertId()
		if err != nil {
			return fmt.Errorf("keep checkpoint: %w", err)
		}
		if _, err = tx.ExecContext(ctx, `DELETE FROM audit_checkpoint WHERE day = ? AND id < ?`, day, id); err != nil {
			return fmt.Errorf("keep checkpoint: %w", err)
		}
		return nil
	})
}
