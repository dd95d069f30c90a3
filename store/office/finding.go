package office

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"chipproof/exposure"
)

// register takes an item's findings into the register: each value in each target
// once, whatever scan met it.
func register(ctx context.Context, tx *sql.Tx, scan openScanRow, o exposure.Outcome, at time.Time, began int64) error {
	worst := map[string]exposure.Finding{}
	var order []string
	for _, f := range o.Findings {
		before, twice := worst[f.ID()]
		if !twice {
			order = append(order, f.ID())
		}
		if !twice || f.Rank() > before.Rank() {
			worst[f.ID()] = f
		}
	}
	for _, id := range order {
		if err := registerOne(ctx, tx, scan, o, worst[id], at, began); err != nil {
			return err
		}
	}
	return nil
}

// registered is what matters of a finding that is there already.
type registered struct {
	state    exposure.Change
	scan     string // the last that met it
	severity exposure.Severity
	reach    exposure.Reachability
	detail   []byte
}

func registerOne(ctx context.Context, tx *sql.Tx, scan openScanRow, o exposure.Outcome, f exposure.Finding, at time.Time, began int64) error {
	var was registered
	err := tx.QueryRowContext(ctx, `SELECT state, last_scan, severity, reach, finding FROM finding WHERE id = ?`, f.ID()).
		Scan(&was.state, &was.scan, &was.severity, &was.reach, &was.detail)
	there := err == nil
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return err
	}
	detail, err := packed(f)
	if err != nil {
		return err
	}
	if !there {
		err := run(ctx, tx, `INSERT INTO finding (id, tool, class, severity, rank, reach, target_id, item, item_id, state,
			first_at, first_scan, last_at, last_scan, seen_tick, finding) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 'new', ?, ?, ?, ?, ?, ?)`,
			f.ID(), scan.tool, string(f.Class), string(f.Severity), f.Rank(), string(f.Reachability), f.TargetID, o.Target, o.TargetID,
			msOf(at), scan.id, msOf(at), scan.id, began, detail)
		if err != nil {
			return err
		}
		return turn(ctx, tx, f.ID(), scan.id, at, 1, f.Severity)
	}
	if was.state != exposure.Fixed && was.reach == exposure.Anonymous && f.Reachability == exposure.LinkOnly {
		// This scan asked for the address because it was known. That proves nothing of
		// the links by which an earlier one came to it.
		detail = was.detail
		if err := unpack(detail, &f); err != nil {
			return err
		}
	}
	state := exposure.Still
	switch {
	case was.state == exposure.Fixed:
		state = exposure.New
	case was.scan == scan.id:
		state = was.state
	}
	err = run(ctx, tx, `UPDATE finding SET severity = ?, rank = ?, reach = ?, item = ?, item_id = ?, state = ?, last_at = ?, last_scan = ?,
		seen_tick = max(seen_tick, ?), fixed_at = NULL, fixed_scan = NULL, finding = ? WHERE id = ?`,
		string(f.Severity), f.Rank(), string(f.Reachability), o.Target, o.TargetID, string(state), msOf(at), scan.id, began, detail, f.ID())
	if err != nil {
		return err
	}
	switch {
	case was.state == exposure.Fixed:
		return turn(ctx, tx, f.ID(), scan.id, at, 1, f.Severity)
	case was.severity != f.Severity:
		if err := turn(ctx, tx, f.ID(), scan.id, at, -1, was.severity); err != nil {
			return err
		}
		return turn(ctx, tx, f.ID(), scan.id, at, 1, f.Severity)
	}
	return nil
}

// turn notes that a finding opened (1) or closed (-1).
func turn(ctx context.Context, tx *sql.Tx, id, scan string, at time.Time, way int, s exposure.Severity) error {
	return run(ctx, tx, `INSERT INTO finding_turn (finding, scan, at, turn, severity) VALUES (?, ?, ?, ?, ?)`, id, scan, msOf(at), way, string(s))
}

// fix closes a finding that a scan found gone, unless something newer than that
// has seen it.
func fix(ctx context.Context, tx *sql.Tx, id, scan string, at time.Time, before int64) (bool, error) {
	var severity exposure.Severity
	err := tx.QueryRowContext(ctx, `UPDATE finding SET state = 'fixed', fixed_at = ?, fixed_scan = ?
		WHERE id = ? AND state <> 'fixed' AND seen_tick < ? RETURNING severity`, msOf(at), scan, id, before).Scan(&severity)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	return true, turn(ctx, tx, id, scan, at, -1, severity)
}
