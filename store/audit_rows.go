package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"

	"golang.org/x/mod/sumdb/tlog"

	"chipproof/audit"
)

// querier is a transaction, or a connection of its own.
type querier interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

// auditSize is the number of entries, which is the number of the next.
func auditSize(ctx context.Context, tx querier) (int64, error) {
	var n int64
	if err := tx.QueryRowContext(ctx, `SELECT coalesce(max(number) + 1, 0) FROM audit_hash`).Scan(&n); err != nil {
		return 0, fmt.Errorf("read size of audit log: %w", err)
	}
	return n, nil
}

func insertEntry(ctx context.Context, tx *sql.Tx, number int64, salt, payload []byte) error {
	hashes, err := tlog.StoredHashesForRecordHash(number, audit.Leaf(salt, payload), hashReader(ctx, tx))
	if err != nil {
		return fmt.Errorf("hash audit entry: %w", err)
	}
	stored := make([]byte, 0, len(hashes)*tlog.HashSize)
	for _, h := range hashes {
		stored = append(stored, h[:]...)
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO audit_entry (number, salt, payload) VALUES (?, ?, ?)`, number, salt, payload)
	if err != nil {
		return fmt.Errorf("insert audit entry: %w", err)
	}
	if _, err = tx.ExecContext(ctx, `INSERT INTO audit_hash (number, hashes) VALUES (?, ?)`, number, stored); err != nil {
		return fmt.Errorf("insert audit hashes: %w", err)
	}
	return nil
}

// hashReader reads the tree. A hash stands in the row of the entry that
// completed it, at the place of its level.
func hashReader(ctx context.Context, tx querier) tlog.HashReaderFunc {
	return func(indexes []int64) ([]tlog.Hash, error) {
		if len(indexes) == 0 {
			return nil, nil
		}
		numbers := make([]any, len(indexes))
		for i, index := range indexes {
			level, n := tlog.SplitStoredHashIndex(index)
			numbers[i] = (n+1)<<level - 1
		}
		rows, err := tx.QueryContext(ctx,
			`SELECT number, hashes FROM audit_hash WHERE number IN (?`+strings.Repeat(", ?", len(numbers)-1)+`)`, numbers...)
		if err != nil {
			return nil, fmt.Errorf("read audit hashes: %w", err)
		}
		found := make(map[int64][]byte, len(indexes))
		for rows.Next() {
			var (
				number int64
				hashes []byte
			)
			if err := rows.Scan(&number, &hashes); err != nil {
				return nil, errors.Join(fmt.Errorf("read audit hashes: %w", err), rows.Close())
			}
			found[number] = hashes
		}
		if err := errors.Join(rows.Err(), rows.Close()); err != nil {
			return nil, fmt.Errorf("read audit hashes: %w", err)
		}
		out := make([]tlog.Hash, len(indexes))
		for i, index := range indexes {
			level, n := tlog.SplitStoredHashIndex(index)
			row := found[(n+1)<<level-1]
			if len(row) < (level+1)*tlog.HashSize {
				return nil, fmt.Errorf("read audit hashes: %w: hash %d is missing", audit.ErrInvalid, index)
			}
			copy(out[i][:], row[level*tlog.HashSize:])
		}
		return out, nil
	}
}

// auditHead is the head of the log as the transaction sees it.
func auditHead(ctx context.Context, tx querier) (audit.Head, error) {
	size, err := auditSize(ctx, tx)
	if err != nil {
		return audit.Head{}, err
	}
	root, err := tlog.TreeHash(size, hashReader(ctx, tx))
	if err != nil {
		return audit.Head{}, fmt.Errorf("read head of audit log: %w", err)
	}
	return audit.Head{Size: size, Root: root}, nil
}

// Head is the present head of the log.
func (l *AuditLog) Head(ctx context.Context) (head audit.Head, err error) {
	err = l.store.Read(ctx, func(tx *sql.Tx) error {
		head, err = auditHead(ctx, tx)
		return err
	})
	return head, err
}

// ProveInclusion proves that the present log has an entry. Error: [audit.ErrUnknown].
func (l *AuditLog) ProveInclusion(ctx context.Context, number int64) (head audit.Head, p audit.Inclusion, err error) {
	err = l.store.Read(ctx, func(tx *sql.Tx) error {
		if head, err = auditHead(ctx, tx); err != nil {
			return err
		}
		p, err = audit.ProveInclusion(head.Size, number, hashReader(ctx, tx))
		return err
	})
	return head, p, err
}

// ProveGrowth proves that the present log is that of an earlier size, and more.
// Error: [audit.ErrUnknown] for a size that it never had.
func (l *AuditLog) ProveGrowth(ctx context.Context, from int64) (head audit.Head, p audit.Growth, err error) {
	err = l.store.Read(ctx, func(tx *sql.Tx) error {
		if head, err = auditHead(ctx, tx); err != nil {
			return err
		}
		p, err = audit.ProveGrowth(from, head.Size, hashReader(ctx, tx))
		return err
	})
	return head, p, err
}
