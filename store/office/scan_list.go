package office

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"chipproof/audit"
	"chipproof/exposure"
	"chipproof/exposure/job"
)

// List gives scans and imports, newest first; limit 0 gives the latest 100.
func (s *Scans) List(ctx context.Context, limit int) ([]job.Scan, error) {
	return s.scans(ctx, ` ORDER BY begun_tick DESC LIMIT ?`, pageSize(limit))
}

const mostRows = 1000

func pageSize(limit int) int {
	if limit <= 0 {
		return 100
	}
	return min(limit, mostRows)
}

// One gives a scan. Error: [job.ErrScanUnknown].
func (s *Scans) One(ctx context.Context, id string) (scan job.Scan, err error) {
	err = s.store.Read(ctx, func(tx *sql.Tx) error {
		row, err := readScan(ctx, tx, id)
		scan = row.Scan
		return err
	})
	if err != nil {
		return job.Scan{}, fmt.Errorf("read scan: %w", err)
	}
	return scan, nil
}

// Result gives a scan's report and what became of each finding; of an open scan
// what it has met until now, not compared. Error: [job.ErrScanUnknown].
func (s *Scans) Result(ctx context.Context, id string) (r job.Result, err error) {
	err = s.store.Read(ctx, func(tx *sql.Tx) error {
		row, err := readScan(ctx, tx, id)
		if err != nil {
			return err
		}
		r.Scan = row.Scan
		if r.Report, err = s.report(ctx, tx, row); err != nil {
			return err
		}
		r.Compared, err = comparedOf(ctx, tx, row, r.Report)
		return err
	})
	if err != nil {
		return job.Result{}, fmt.Errorf("read result of scan: %w", err)
	}
	return r, nil
}

// report puts a scan's report together again.
func (s *Scans) report(ctx context.Context, tx *sql.Tx, row scanRow) (r exposure.Report, err error) {
	list, err := outcomes(ctx, tx, row.ID)
	if err != nil {
		return r, err
	}
	scanner, err := exposure.NewScanner(exposure.Options{Key: s.key, Now: s.clock})
	if err != nil {
		return r, err
	}
	defer func() {
		if failed := scanner.Close(); err == nil {
			err = failed
		}
	}()
	r = scanner.Report(exposure.Stamp{
		Version: row.Version, Started: row.Begun, Ended: row.Ended, Complete: row.State == job.Complete, Roots: row.Roots,
	}, list)
	r.Tool, r.Rules, r.RootIDs = row.Tool, row.rules, row.rootIDs
	return r, nil
}

// comparedOf gives the findings of a report with what this scan has said of them
// when it ended.
func comparedOf(ctx context.Context, tx *sql.Tx, row scanRow, r exposure.Report) ([]exposure.Compared, error) {
	met := map[string]exposure.Finding{}
	for _, f := range r.Findings {
		if _, twice := met[f.ID()]; !twice {
			met[f.ID()] = f
		}
	}
	if row.State == job.Open {
		return exposure.Compare(exposure.Report{}, exposure.Report{Findings: r.Findings}), nil
	}
	return allRows(ctx, tx, func(x rowScanner) (c exposure.Compared, err error) {
		var id string
		var detail []byte
		if err := x.Scan(&id, &c.Change, &detail); err != nil {
			return c, err
		}
		f, there := met[id]
		if !there {
			if err := unpack(detail, &f); err != nil {
				return c, err
			}
		}
		c.Finding = f
		if row.Baseline == "" && c.Change == exposure.New {
			c.Change = "" // the first scan of these roots has nothing to be newer than
		}
		return c, nil
	}, `SELECT c.finding, c.change, f.finding FROM scan_change AS c JOIN finding AS f ON f.id = c.finding WHERE c.scan = ? ORDER BY c.number`, row.ID)
}

// RecordReport enters that somebody takes a report away. It is durable when this
// returns nil, and the report may be given out. Errors: [job.ErrScanUnknown],
// [audit.ErrUnavailable].
func (s *Scans) RecordReport(ctx context.Context, by job.Actor, id, format string, at time.Time) error {
	err := s.log.Write(ctx, func(tx *sql.Tx) error {
		if _, err := readScan(ctx, tx, id); err != nil {
			return err
		}
		return s.append(ctx, tx, audit.Event{
			Kind: audit.KindReportMade, At: at, Actor: by.ID, Session: by.Session, Subject: id, Attributes: map[string]string{"format": format},
		})
	})
	if err != nil {
		return fmt.Errorf("record report: %w", err)
	}
	return nil
}

// Observations are what ended scans met at a place, oldest first.
func (s *Scans) Observations(ctx context.Context, targetID string) (list []exposure.Observation, err error) {
	err = s.store.Read(ctx, func(tx *sql.Tx) error {
		met, err := metAt(ctx, tx, targetID, 0)
		list = []exposure.Observation{}
		for _, m := range met {
			list = append(list, m.Observation)
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read observations: %w", err)
	}
	return list, nil
}

// Unmet implements [job.Places].
func (s *Scans) Unmet(ctx context.Context, id string) (list []exposure.Place, err error) {
	err = s.store.Read(ctx, func(tx *sql.Tx) error {
		list, err = allRows(ctx, tx, func(r rowScanner) (p exposure.Place, err error) {
			p.Kind = exposure.ThePage
			return p, r.Scan(&p.Target, &p.TargetID)
		}, `SELECT item, item_id FROM (
				SELECT item, item_id FROM finding WHERE state <> 'fixed' AND reach <> 'login' AND tool = (SELECT tool FROM scan WHERE id = ?1)
				UNION
				SELECT item, item_id FROM task_place
			) WHERE NOT EXISTS (SELECT 1 FROM scan_item WHERE scan = ?1 AND target_id = item_id) ORDER BY item, item_id`, id)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read places: %w", err)
	}
	return list, nil
}
