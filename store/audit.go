package store

import (
	"context"
	"crypto/rand"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"chipproof/audit"
	"chipproof/mfa"
)

// AuditOptions say how a store keeps its audit log. Key must be there; the rest
// has defaults.
type AuditOptions struct {
	// Key signs the checkpoints.
	Key *audit.Key
	// CheckpointDir is a second place for them, best on another machine: one
	// file a day, replaced by newer heads of the same log only. Empty: none.
	CheckpointDir string
	// Interval is how long the next checkpoint waits after one, while entries
	// are being written; default 1 s. What was written since the last is covered
	// by nothing but the database.
	Interval time.Duration

	Clock  func() time.Time // default time.Now
	Random io.Reader        // default crypto/rand
	Log    *slog.Logger     // for checkpoints that can't be written; default none
}

// AuditLog is the audit log of a [Store]. It is made before the store, because
// no store opens without one, and bound to it by [AuditLog.Attach]. Any number
// of them, in several processes, may write to one database. It is safe for
// concurrent use.
type AuditLog struct {
	key      *audit.Key
	dir      string
	interval time.Duration
	clock    func() time.Time
	random   io.Reader
	log      *slog.Logger

	run   string // this process in the entries
	began time.Time

	store  *Store
	queue  queue
	wake   chan struct{}
	stop   chan struct{}
	done   sync.WaitGroup
	health atomic.Pointer[error]
	sign   sync.Mutex // one checkpoint at a time
	guard  guard
}

var _ Recorder = (*AuditLog)(nil)

const (
	defaultInterval = time.Second
	runBytes        = 8
)

// NewAuditLog makes a log. Error: [audit.ErrKeyInvalid] without a key.
func NewAuditLog(o AuditOptions) (*AuditLog, error) {
	if o.Key == nil {
		return nil, fmt.Errorf("make audit log: %w: none", audit.ErrKeyInvalid)
	}
	if o.Interval <= 0 {
		o.Interval = defaultInterval
	}
	if o.Clock == nil {
		o.Clock = time.Now
	}
	if o.Random == nil {
		o.Random = rand.Reader
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	run := make([]byte, runBytes)
	if _, err := io.ReadFull(o.Random, run); err != nil {
		return nil, fmt.Errorf("make audit log: %w", err)
	}
	return &AuditLog{
		key: o.Key, dir: o.CheckpointDir, interval: o.Interval, clock: o.Clock, random: o.Random, log: o.Log,
		run: hex.EncodeToString(run), began: o.Clock(),
		wake: make(chan struct{}, 1), stop: make(chan struct{}),
	}, nil
}

// Attach binds the log to the store that was opened with it and begins to sign
// checkpoints; what a process that died has left unsigned comes first. It is
// called once.
func (l *AuditLog) Attach(s *Store) {
	l.bind(s)
	l.wakeUp()
	l.done.Go(l.signer)
}

// bind also begins to hold the log to what was signed of it.
func (l *AuditLog) bind(s *Store) {
	l.store, l.guard.path = s, headFile(s.folder)
}

// Close signs a last checkpoint and ends the signing. The store is closed after it.
func (l *AuditLog) Close(ctx context.Context) error {
	if l.store == nil {
		return nil
	}
	close(l.stop)
	l.done.Wait()
	_, err := l.Checkpoint(ctx)
	return err
}

// Record implements [Recorder]: the event becomes an entry in the transaction of
// its act. Error: [audit.ErrUnavailable].
func (l *AuditLog) Record(ctx context.Context, tx *sql.Tx, e mfa.Event) error {
	_, err := l.AppendTx(ctx, tx, audit.Event{
		Kind: audit.Kind(e.Kind), At: e.At, Actor: e.Actor, Subject: e.Subject, Session: e.Session, Attributes: e.Attributes,
	})
	return err
}

// AppendTx writes an entry in a transaction of [Store.Write], which makes it and
// the act durable together. The number is given here: transactions that write
// come one after the other, and one that is undone gives its number back. Error:
// [audit.ErrUnavailable], with [audit.ErrRewritten] for a log that isn't the one
// that was signed; the caller must then give up the transaction.
func (l *AuditLog) AppendTx(ctx context.Context, tx *sql.Tx, e audit.Event) (audit.Entry, error) {
	entry, err := l.appendTx(ctx, tx, e)
	if err != nil {
		return audit.Entry{}, unavailable(err)
	}
	l.wakeUp()
	return entry, nil
}

func (l *AuditLog) appendTx(ctx context.Context, tx *sql.Tx, e audit.Event) (audit.Entry, error) {
	number, err := auditSize(ctx, tx)
	if err != nil {
		return audit.Entry{}, err
	}
	if err := l.mayWrite(ctx, tx, number); err != nil {
		return audit.Entry{}, err
	}
	now := l.clock()
	entry, err := audit.NewEntry(number, audit.Clock{Now: now, Monotonic: max(now.Sub(l.began), 0), Run: l.run}, e)
	if err != nil {
		return audit.Entry{}, err
	}
	payload, err := entry.Encode()
	if err != nil {
		return audit.Entry{}, err
	}
	salt, err := audit.NewSalt(l.random)
	if err != nil {
		return audit.Entry{}, err
	}
	return entry, insertEntry(ctx, tx, number, salt, payload)
}

// unavailable is any failure of the log, as callers know it.
func unavailable(err error) error {
	if errors.Is(err, audit.ErrUnavailable) {
		return err
	}
	return fmt.Errorf("write audit entry: %w: %w", audit.ErrUnavailable, classify(err))
}

// Append writes one entry durably, for an act that has no rows of its own: a
// card that is about to be released. When it returns nil, the act may go on.
// Entries that arrive while another is being written share one transaction, and
// so one write to the disk. Error: [audit.ErrUnavailable]: nothing may be released.
func (l *AuditLog) Append(ctx context.Context, e audit.Event) (audit.Entry, error) {
	// An event that can't be written must not take the others of its group along.
	if _, err := audit.NewEntry(0, audit.Clock{Now: l.clock(), Run: l.run}, e); err != nil {
		return audit.Entry{}, unavailable(err)
	}
	return l.queue.write(ctx, e, l.writeGroup)
}

// Write runs an act together with the entries that fn writes by
// [AuditLog.AppendTx], in one transaction: durable when it returns nil, undone
// otherwise. Errors: those of fn, and [audit.ErrUnavailable] when the store can't
// be written, because then no entry could be.
func (l *AuditLog) Write(ctx context.Context, fn func(*sql.Tx) error) error {
	err := l.store.Write(ctx, fn)
	if errors.Is(err, ErrUnwritable) || errors.Is(err, ErrBusy) {
		return unavailable(err)
	}
	return err
}

// writeGroup writes a group in one transaction: all of it or nothing.
func (l *AuditLog) writeGroup(ctx context.Context, group []*waiting) error {
	err := l.Write(ctx, func(tx *sql.Tx) (err error) {
		for _, w := range group {
			if w.entry, err = l.AppendTx(ctx, tx, w.event); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return unavailable(err)
	}
	return nil
}
