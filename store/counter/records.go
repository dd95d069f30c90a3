package counter

import (
	"context"
	"database/sql"
	"errors"
	"strings"
	"time"

	"chipproof/audit"
	"chipproof/store"
)

// Records are the counter's rows in a store. It is safe for concurrent use, also
// by several processes.
type Records struct {
	store *store.Store
	log   *store.AuditLog
}

// New gives the rows of an open store whose audit log is log.
func New(s *store.Store, log *store.AuditLog) *Records { return &Records{store: s, log: log} }

// CookieName is the random name of this installation that the names of its
// session cookies begin with.
func (r *Records) CookieName(ctx context.Context) (string, error) {
	return r.store.CookieName(ctx)
}

// append writes an entry into the transaction of its act.
func (r *Records) append(ctx context.Context, tx *sql.Tx, e audit.Event) error {
	_, err := r.log.AppendTx(ctx, tx, e)
	return err
}

// one is a guard: it says whether a statement changed exactly one row.
func one(ctx context.Context, tx *sql.Tx, statement string, args ...any) (bool, error) {
	result, err := tx.ExecContext(ctx, statement, args...)
	if err != nil {
		return false, err
	}
	n, err := result.RowsAffected()
	return n == 1, err
}

// scanner is a row, or the only one of a query.
type scanner interface{ Scan(dest ...any) error }

// first reads one row; found is false if there is none.
func first[T any](row *sql.Row, scan func(scanner) (T, error)) (T, bool, error) {
	v, err := scan(row)
	if errors.Is(err, sql.ErrNoRows) {
		var none T
		return none, false, nil
	}
	return v, err == nil, err
}

// all reads every row.
func all[T any](ctx context.Context, tx *sql.Tx, scan func(scanner) (T, error), query string, args ...any) (list []T, err error) {
	rows, err := tx.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		v, err := scan(rows)
		if err != nil {
			return nil, err
		}
		list = append(list, v)
	}
	return list, rows.Err()
}

// ms is a time as a column holds it; a zero time is NULL.
func ms(t time.Time) sql.NullInt64 {
	return sql.NullInt64{Int64: t.UnixMilli(), Valid: !t.IsZero()}
}

func moment(n sql.NullInt64) time.Time {
	if !n.Valid {
		return time.Time{}
	}
	return time.UnixMilli(n.Int64).UTC()
}

// words and lines are lists as columns hold them.
func words(list []string) string { return strings.Join(list, " ") }

func lines(list []string) string { return strings.Join(list, "\n") }

func split(text, sep string) []string {
	if text == "" {
		return nil
	}
	return strings.Split(text, sep)
}
