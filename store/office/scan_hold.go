package office

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"chipproof/exposure/job"
)

// Hold implements [job.Holds]. A hold that would last longer than any is given for
// was given by a clock that was wrong, and counts as over.
func (s *Scans) Hold(ctx context.Context, id, holder string, now, until time.Time) (ok bool, err error) {
	err = s.store.Write(ctx, func(tx *sql.Tx) error {
		if _, err := readScan(ctx, tx, id); err != nil {
			return err
		}
		longest := until.Add(until.Sub(now))
		ok, err = changed(ctx, tx, `UPDATE scan SET holder = ?1, held_until = ?2
			WHERE id = ?3 AND (holder IN ('', ?1) OR held_until <= ?4 OR held_until > ?5)`,
			holder, until.UnixMilli(), id, now.UnixMilli(), longest.UnixMilli())
		return err
	})
	if err != nil {
		return false, fmt.Errorf("hold scan: %w", err)
	}
	return ok, nil
}

// Release implements [job.Holds].
func (s *Scans) Release(ctx context.Context, id, holder string) error {
	err := s.store.Write(ctx, func(tx *sql.Tx) error {
		return run(ctx, tx, `UPDATE scan SET holder = '', held_until = 0 WHERE id = ? AND holder = ?`, id, holder)
	})
	if err != nil {
		return fmt.Errorf("release scan: %w", err)
	}
	return nil
}

// Unfinished implements [job.Holds].
func (s *Scans) Unfinished(ctx context.Context) ([]job.Scan, error) {
	return s.scans(ctx, ` WHERE state = 'open' ORDER BY begun_tick`)
}

func (s *Scans) scans(ctx context.Context, where string, args ...any) (list []job.Scan, err error) {
	err = s.store.Read(ctx, func(tx *sql.Tx) error {
		list, err = allRows(ctx, tx, func(r rowScanner) (job.Scan, error) {
			row, err := scanScan(r)
			return row.Scan, err
		}, selectScan+where, args...)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read scans: %w", err)
	}
	return list, nil
}
