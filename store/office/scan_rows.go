package office

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// rowScanner is a row, or the only one of a query.
type rowScanner interface{ Scan(dest ...any) error }

// eachRow gives every row to fn.
func eachRow(ctx context.Context, tx *sql.Tx, fn func(rowScanner) error, query string, args ...any) (err error) {
	rows, err := tx.QueryContext(ctx, query, args...)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		if err := fn(rows); err != nil {
			return err
		}
	}
	return rows.Err()
}

// allRows reads every row.
func allRows[T any](ctx context.Context, tx *sql.Tx, scan func(rowScanner) (T, error), query string, args ...any) ([]T, error) {
	list := []T{}
	err := eachRow(ctx, tx, func(s rowScanner) error {
		v, err := scan(s)
		list = append(list, v)
		return err
	}, query, args...)
	return list, err
}

// changed runs a statement and says whether it changed anything.
func changed(ctx context.Context, tx *sql.Tx, statement string, args ...any) (bool, error) {
	result, err := tx.ExecContext(ctx, statement, args...)
	if err != nil {
		return false, err
	}
	n, err := result.RowsAffected()
	return n > 0, err
}

func run(ctx context.Context, tx *sql.Tx, statement string, args ...any) error {
	_, err := tx.ExecContext(ctx, statement, args...)
	return err
}

// msOf is a time as a column holds it; a zero time is NULL.
func msOf(t time.Time) sql.NullInt64 {
	return sql.NullInt64{Int64: t.UnixMilli(), Valid: !t.IsZero()}
}

func timeOf(n sql.NullInt64) time.Time {
	if !n.Valid {
		return time.Time{}
	}
	return time.UnixMilli(n.Int64).UTC()
}

// packed is a value as a column holds it. Names of files may be in any encoding;
// what is no UTF-8 in them is replaced.
func packed(v any) ([]byte, error) {
	out, err := json.Marshal(v, json.Deterministic(true), jsontext.AllowInvalidUTF8(true))
	if err != nil {
		return nil, fmt.Errorf("write row: %w", err)
	}
	return out, nil
}

func packedList(list []string) (string, error) {
	if list == nil {
		list = []string{}
	}
	out, err := packed(list)
	return string(out), err
}

func unpack[T ~string | ~[]byte](from T, into any) error {
	if err := json.Unmarshal([]byte(from), into); err != nil {
		return fmt.Errorf("read row: %w", err)
	}
	return nil
}

// tick moves the order of events on.
func tick(ctx context.Context, tx *sql.Tx) (n int64, err error) {
	err = tx.QueryRowContext(ctx, `UPDATE exposure_tick SET last = last + 1 RETURNING last`).Scan(&n)
	return n, err
}

// ict is Thailand's time, in which years and days are counted.
var ict = time.FixedZone("ICT", 7*60*60)

// exposureID gives the next number of a year: s-2026-0007, t-2026-0003.
func exposureID(ctx context.Context, tx *sql.Tx, what string, at time.Time) (string, error) {
	year := at.In(ict).Year()
	var n int
	err := tx.QueryRowContext(ctx, `INSERT INTO exposure_year (what, year, last) VALUES (?, ?, 1)
		ON CONFLICT (what, year) DO UPDATE SET last = last + 1 RETURNING last`, what, year).Scan(&n)
	return fmt.Sprintf("%c-%04d-%04d", what[0], year, n), err
}
