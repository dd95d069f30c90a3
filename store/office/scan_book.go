package office

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"sync"

	"chipproof/exposure"
	"chipproof/exposure/job"
)

// book is one open scan's state. It implements [job.Book].
type book struct {
	scans *Scans
	id    string

	mu    sync.Mutex
	began map[string]int64 // the tick when an item was asked about
}

// Done implements [job.Book].
func (b *book) Done(ctx context.Context, targetID string) (done bool, err error) {
	var last int64
	err = b.scans.store.Read(ctx, func(tx *sql.Tx) error {
		return tx.QueryRowContext(ctx, `SELECT last, EXISTS (SELECT 1 FROM scan_item WHERE scan = ? AND target_id = ?) FROM exposure_tick`,
			b.id, targetID).Scan(&last, &done)
	})
	if err != nil {
		return false, fmt.Errorf("look up item: %w", err)
	}
	if !done {
		b.mu.Lock()
		b.began[targetID] = last
		b.mu.Unlock()
	}
	return done, nil
}

// Keep implements [job.Book]. Errors: [job.ErrScanUnknown], [job.ErrScanEnded].
func (b *book) Keep(ctx context.Context, o exposure.Outcome, seen exposure.Observation) error {
	b.mu.Lock()
	began, asked := b.began[o.TargetID]
	delete(b.began, o.TargetID)
	b.mu.Unlock()
	err := b.scans.store.Write(ctx, func(tx *sql.Tx) error {
		row, err := openScan(ctx, tx, b.id)
		if err != nil {
			return err
		}
		if !asked {
			if err := tx.QueryRowContext(ctx, `SELECT last FROM exposure_tick`).Scan(&began); err != nil {
				return err
			}
		}
		return keepItem(ctx, tx, row, o, seen, began)
	})
	if err != nil {
		return fmt.Errorf("keep item: %w", err)
	}
	return nil
}

// openScanRow is what an item needs to know of its scan.
type openScanRow struct{ id, tool string }

func openScan(ctx context.Context, tx *sql.Tx, id string) (openScanRow, error) {
	row := openScanRow{id: id}
	var state job.State
	err := tx.QueryRowContext(ctx, `SELECT tool, state FROM scan WHERE id = ?`, id).Scan(&row.tool, &state)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return row, job.ErrScanUnknown
	case err == nil && state != job.Open:
		return row, job.ErrScanEnded
	}
	return row, err
}

// keepItem writes an item once: its row, its findings in the register.
func keepItem(ctx context.Context, tx *sql.Tx, scan openScanRow, o exposure.Outcome, seen exposure.Observation, began int64) error {
	if _, err := tick(ctx, tx); err != nil {
		return err
	}
	fingerprints, err := packedList(seen.Fingerprints)
	if err != nil {
		return err
	}
	lists, err := packedList(seen.Lists)
	if err != nil {
		return err
	}
	findings, err := packed(o.Findings)
	if err != nil {
		return err
	}
	rest := o
	rest.Findings = nil
	outcome, err := packed(rest)
	if err != nil {
		return err
	}
	added, err := changed(ctx, tx, `INSERT INTO scan_item (scan, target_id, target, at, began, state, fingerprints, lists, outcome, findings)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (scan, target_id) DO NOTHING`,
		scan.id, o.TargetID, o.Target, msOf(seen.At), began, string(seen.State), fingerprints, lists, outcome, findings)
	if err != nil || !added {
		return err
	}
	return register(ctx, tx, scan, o, seen.At, began)
}

// Outcomes implements [job.Book].
func (b *book) Outcomes(ctx context.Context) (list []exposure.Outcome, err error) {
	err = b.scans.store.Read(ctx, func(tx *sql.Tx) error {
		list, err = outcomes(ctx, tx, b.id)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read items: %w", err)
	}
	return list, nil
}

func outcomes(ctx context.Context, tx *sql.Tx, id string) ([]exposure.Outcome, error) {
	return allRows(ctx, tx, func(r rowScanner) (o exposure.Outcome, err error) {
		var outcome, findings []byte
		if err := r.Scan(&outcome, &findings); err != nil {
			return o, err
		}
		if err := unpack(outcome, &o); err != nil {
			return o, err
		}
		return o, unpack(findings, &o.Findings)
	}, `SELECT outcome, findings FROM scan_item WHERE scan = ? ORDER BY number`, id)
}
