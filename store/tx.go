package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"chipproof/mfa"
)

// tx is a transaction as package mfa sees it.
type tx struct {
	sql      *sql.Tx
	recorder Recorder
}

var _ mfa.Tx = (*tx)(nil)

// Record implements [mfa.AuditLog].
func (t *tx) Record(ctx context.Context, e mfa.Event) error {
	return t.recorder.Record(ctx, t.sql, e)
}

// exec runs a statement and says how many rows it changed.
func (t *tx) exec(ctx context.Context, what, statement string, args ...any) (int64, error) {
	result, err := t.sql.ExecContext(ctx, statement, args...)
	if err != nil {
		return 0, fmt.Errorf("%s: %w", what, err)
	}
	n, err := result.RowsAffected()
	if err != nil {
		return 0, fmt.Errorf("%s: %w", what, err)
	}
	return n, nil
}

// one is a guard: it says whether the statement changed exactly one row.
func (t *tx) one(ctx context.Context, what, statement string, args ...any) (bool, error) {
	n, err := t.exec(ctx, what, statement, args...)
	return n == 1, err
}

func (t *tx) run(ctx context.Context, what, statement string, args ...any) error {
	_, err := t.exec(ctx, what, statement, args...)
	return err
}

// scanner is a row, or the only one of a query.
type scanner interface{ Scan(dest ...any) error }

// first reads one row; found is false if there is none.
func first[T any](ctx context.Context, t *tx, what string, scan func(scanner) (T, error), query string, args ...any) (row T, found bool, err error) {
	row, err = scan(t.sql.QueryRowContext(ctx, query, args...))
	if errors.Is(err, sql.ErrNoRows) {
		var none T
		return none, false, nil
	}
	if err != nil {
		return row, false, fmt.Errorf("%s: %w", what, err)
	}
	return row, true, nil
}

// all reads every row.
func all[T any](ctx context.Context, t *tx, what string, scan func(scanner) (T, error), query string, args ...any) (list []T, err error) {
	rows, err := t.sql.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", what, err)
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		row, err := scan(rows)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", what, err)
		}
		list = append(list, row)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("%s: %w", what, err)
	}
	return list, nil
}

func number(s scanner) (n int, err error) {
	err = s.Scan(&n)
	return n, err
}

// ms is a time as a column holds it; a zero time is NULL.
func ms(t time.Time) sql.NullInt64 {
	return sql.NullInt64{Int64: t.UnixMilli(), Valid: !t.IsZero()}
}

// moment reads a column of times.
type moment struct{ to *time.Time }

// Scan implements [sql.Scanner].
func (m moment) Scan(value any) error {
	var n sql.NullInt64
	if err := n.Scan(value); err != nil {
		return err
	}
	*m.to = time.Time{}
	if n.Valid {
		*m.to = time.UnixMilli(n.Int64).UTC()
	}
	return nil
}
