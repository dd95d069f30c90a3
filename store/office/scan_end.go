package office

import (
	"context"
	"database/sql"
	"fmt"
	"strconv"

	"chipproof/audit"
	"chipproof/exposure"
	"chipproof/exposure/job"
)

// End implements [job.Ledger]: what the scan says of the findings that were open
// before, what it proves of tasks, and the entries about that, all together.
func (s *Scans) End(ctx context.Context, id string, e job.Ending) error {
	err := s.log.Write(ctx, func(tx *sql.Tx) error {
		row, err := readScan(ctx, tx, id)
		if err != nil {
			return err
		}
		if row.State != job.Open {
			return job.ErrScanEnded
		}
		return s.end(ctx, tx, row, e)
	})
	if err != nil {
		return fmt.Errorf("end scan: %w", err)
	}
	return nil
}

func (s *Scans) end(ctx context.Context, tx *sql.Tx, row scanRow, e job.Ending) error {
	// Times of a report are whole seconds, and the clock may have been set back;
	// the order of things is in the ticks.
	row.Ended = e.Report.Ended
	compared, err := s.compare(ctx, tx, row, e)
	if err != nil {
		return err
	}
	counts, err := settleFindings(ctx, tx, row, compared)
	if err != nil {
		return err
	}
	baseline, err := baselineOf(ctx, tx, row)
	if err != nil {
		return err
	}
	last, err := tick(ctx, tx)
	if err != nil {
		return err
	}
	summary, err := packed(e.Report.Summary)
	if err != nil {
		return err
	}
	changes, err := packed(counts)
	if err != nil {
		return err
	}
	covers, err := packedList(e.Covers)
	if err != nil {
		return err
	}
	err = run(ctx, tx, `UPDATE scan SET state = ?, reason = ?, ended_at = ?, ended_tick = ?, baseline = ?, summary = ?, changes = ?, covers = ?,
		holder = '', held_until = 0 WHERE id = ?`,
		string(e.State), string(e.Reason), msOf(row.Ended), last, baseline, summary, changes, covers, row.ID)
	if err != nil {
		return err
	}
	by := e.By
	if by.ID == "" {
		by = row.By
	}
	if err := s.append(ctx, tx, endedEvent(row, e, by, counts)); err != nil {
		return err
	}
	return s.markTasks(ctx, tx, row, by)
}

func endedEvent(row scanRow, e job.Ending, by job.Actor, counts map[exposure.Change]int) audit.Event {
	attributes := map[string]string{
		"state": string(e.State), "findings": strconv.Itoa(e.Report.Summary.Findings), "people": strconv.Itoa(e.Report.Summary.People),
		"not_read": strconv.Itoa(e.Report.Summary.NotRead),
	}
	if e.Reason != "" {
		attributes["reason"] = string(e.Reason)
	}
	for change, n := range counts {
		attributes[string(change)] = strconv.Itoa(n)
	}
	return audit.Event{Kind: audit.KindScanEnded, At: row.Ended, Actor: by.ID, Session: by.Session, Subject: row.ID, Attributes: attributes}
}

// baselineOf is the latest complete scan of the same roots, by the same tool.
func baselineOf(ctx context.Context, tx *sql.Tx, row scanRow) (id sql.NullString, err error) {
	err = eachRow(ctx, tx, func(r rowScanner) error {
		before, err := scanScan(r)
		if err == nil && !id.Valid && sameSet(before.rootIDs, row.rootIDs) {
			id = sql.NullString{String: before.ID, Valid: true}
		}
		return err
	}, selectScan+` WHERE state = 'complete' AND tool = ? AND id <> ? AND ended_tick IS NOT NULL ORDER BY ended_tick DESC`, row.Tool, row.ID)
	return id, err
}

func sameSet(a, b []string) bool { return within(a, b) && within(b, a) }

// within says that a has something in it, and all of it is in b.
func within(a, b []string) bool {
	in := map[string]bool{}
	for _, x := range b {
		in[x] = true
	}
	for _, x := range a {
		if !in[x] {
			return false
		}
	}
	return len(a) > 0
}
