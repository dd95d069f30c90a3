package store

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"chipproof/audit"
)

// HeadFile is the name of the last signed head outside of the database: in the
// folder "keys" of the data directory where there is one, else in the directory
// itself. Whoever can write only the database can't cut the log off unseen.
const HeadFile = "audit.head"

func headFile(dir string) string {
	keys := filepath.Join(dir, "keys")
	if info, err := os.Stat(keys); err == nil && info.IsDir() {
		return filepath.Join(keys, HeadFile)
	}
	return filepath.Join(dir, HeadFile)
}

// guard remembers what was proven of the log, so that an append need not read
// files. It holds as long as the log doesn't get shorter; each checkpoint proves
// anew.
type guard struct {
	path string // of the head file; empty: a log that is being restored, not guarded

	mu      sync.Mutex
	proven  bool
	least   int64 // entries at the last proof
	excused map[audit.Checkpoint]bool
}

// keptHead is a head that the log's key has signed, and where it is kept.
type keptHead struct {
	source string
	text   string
	audit.Checkpoint
}

// keptHeads are the heads that the log must have grown from. They are to be read
// before the log is, for they are written after it. A second place that can't be
// read proves nothing; that is reported when the next checkpoint goes there.
func (l *AuditLog) keptHeads() ([]keptHead, error) {
	var kept []keptHead
	text, err := readLimited(l.guard.path, longestCheckpoint)
	switch {
	case errors.Is(err, fs.ErrNotExist): // a new log, or one from before there was the file
	case err != nil:
		return nil, fmt.Errorf("%w: read head file: %w", audit.ErrRewritten, err)
	default:
		c, err := audit.OpenCheckpoint(text, l.key.Keys())
		if err != nil {
			return nil, fmt.Errorf("%w: head file %s: %w", audit.ErrRewritten, l.guard.path, err)
		}
		kept = append(kept, keptHead{l.guard.path, string(text), c})
	}
	if l.dir == "" {
		return kept, nil
	}
	if newest, ok := l.newestPublished(); ok {
		kept = append(kept, newest)
	}
	return kept, nil
}

// demandGrowth holds the log to them. Error: [audit.ErrRewritten].
func (l *AuditLog) demandGrowth(ctx context.Context, tx querier, head audit.Head, kept []keptHead) error {
	for _, k := range kept {
		held, err := l.accountsFor(ctx, tx, head, k.Checkpoint)
		if err != nil {
			return err
		}
		if !held {
			return fmt.Errorf("%w: %d entries were signed on %s (%s), the log has %d and not those; look with 'chipproof audit verify', go on with 'chipproof restore'",
				audit.ErrRewritten, k.Size, k.At.Format(time.RFC3339), filepath.Base(k.source), head.Size)
		}
	}
	return nil
}

// accountsFor says whether the log has a head in it, or a restore tells how it
// was lost. The caller holds the guard.
func (l *AuditLog) accountsFor(ctx context.Context, tx querier, head audit.Head, c audit.Checkpoint) (bool, error) {
	held, err := grownFrom(ctx, tx, head, c.Head)
	if err != nil || held || l.guard.excused[c] {
		return err == nil, err
	}
	restores, err := l.restores(ctx, tx, head)
	if err != nil {
		return false, err
	}
	for _, r := range restores {
		if r.Excuses(c) {
			if l.guard.excused == nil {
				l.guard.excused = map[audit.Checkpoint]bool{}
			}
			l.guard.excused[c] = true
			return true, nil
		}
	}
	return false, nil
}

func grownFrom(ctx context.Context, tx querier, now, from audit.Head) (bool, error) {
	if from.Size > now.Size {
		return false, nil
	}
	proof, err := audit.ProveGrowth(from.Size, now.Size, hashReader(ctx, tx))
	if err != nil {
		return false, err
	}
	return proof.Check(from, now) == nil, nil
}

// restores are those that the log's key has signed and that stand where they
// say. It looks through the whole log, and only after something doesn't fit.
func (l *AuditLog) restores(ctx context.Context, tx querier, head audit.Head) ([]audit.Restore, error) {
	rows, err := tx.QueryContext(ctx, `SELECT e.number, e.salt, e.payload, h.hashes FROM audit_entry AS e JOIN audit_hash AS h ON h.number = e.number
		WHERE e.number < ? AND instr(e.payload, ?) > 0 ORDER BY e.number`, head.Size, []byte(audit.KindRestored))
	if err != nil {
		return nil, fmt.Errorf("find restores: %w", err)
	}
	var found []audit.Restore
	for rows.Next() {
		var (
			number                int64
			salt, payload, hashes []byte
		)
		if err := rows.Scan(&number, &salt, &payload, &hashes); err != nil {
			return nil, errors.Join(fmt.Errorf("find restores: %w", err), rows.Close())
		}
		e, err := audit.ParseEntry(payload)
		leaf := audit.Leaf(salt, payload)
		if err != nil || e.Number != number || len(hashes) < tlog.HashSize || tlog.Hash(hashes[:tlog.HashSize]) != leaf {
			continue // for the verifier
		}
		if r, err := audit.OpenRestore(e, l.key.Keys()); err == nil && r.Backup.Size == number {
			found = append(found, r)
		}
	}
	if err := errors.Join(rows.Err(), rows.Close()); err != nil {
		return nil, fmt.Errorf("find restores: %w", err)
	}
	var held []audit.Restore
	for _, r := range found { // a connection reads one result at a time
		ok, err := grownFrom(ctx, tx, head, r.Backup)
		if err != nil {
			return nil, err
		}
		if ok {
			held = append(held, r)
		}
	}
	return held, nil
}

// mayWrite refuses an entry to a log that isn't the one that was signed. Error:
// [audit.ErrRewritten].
func (l *AuditLog) mayWrite(ctx context.Context, tx querier, size int64) error {
	if l.guard.path == "" {
		return nil
	}
	l.guard.mu.Lock()
	defer l.guard.mu.Unlock()
	if l.guard.proven && size >= l.guard.least {
		return nil
	}
	kept, err := l.keptHeads()
	if err != nil {
		return err
	}
	head, err := auditHead(ctx, tx)
	if err != nil {
		return err
	}
	return l.prove(ctx, tx, head, kept)
}

// prove is demandGrowth, remembered. The caller holds the guard.
func (l *AuditLog) prove(ctx context.Context, tx querier, head audit.Head, kept []keptHead) error {
	err := l.demandGrowth(ctx, tx, head, kept)
	l.guard.proven, l.guard.least = err == nil, head.Size
	return err
}

// keepHead writes the head file. It comes after the commit of what it covers: a
// kill in between leaves the database ahead of the file, never the other way round.
func (l *AuditLog) keepHead(c audit.Checkpoint, signed []byte, kept []keptHead) error {
	if l.guard.path == "" {
		return nil
	}
	there, err := readLimited(l.guard.path, longestCheckpoint)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("keep head: %w", err)
	}
	if string(there) == string(signed) {
		return nil
	}
	if len(kept) == 0 || kept[0].text != string(there) { // another process wrote it meanwhile
		if now, err := audit.OpenCheckpoint(there, l.key.Keys()); err == nil && now.Size >= c.Size {
			return nil
		}
	}
	return writeDurableAs(l.guard.path, signed, giveToOwner)
}
