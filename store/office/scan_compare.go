package office

import (
	"context"
	"database/sql"
	"strings"

	"chipproof/exposure"
	"chipproof/exposure/job"
)

// openBefore is a finding that was open when a scan ended, or was met by it.
type openBefore struct {
	exposure.Finding // its ids and reachability alone
	item             string
	fresh            bool // this scan met it as new
	met              bool // this scan met it
	roots            []string
}

// compare holds a scan against what was open before it, by [exposure.Compare].
// What an earlier scan of the same roots has met and no scan since found gone
// counts, so that nothing falls out of the register because a scan could not look.
// A finding of other roots is in it only where this scan has looked at its place.
func (s *Scans) compare(ctx context.Context, tx *sql.Tx, row scanRow, e job.Ending) ([]exposure.Compared, error) {
	before, err := openFindings(ctx, tx, row)
	if err != nil {
		return nil, err
	}
	closed, err := closedItems(ctx, tx, row.ID)
	if err != nil {
		return nil, err
	}
	after := e.Report
	after.Complete = after.Complete && !e.Gaps
	scanned := map[string]bool{}
	for _, id := range after.Scanned {
		scanned[id] = true
	}
	unread := map[string]exposure.NotRead{}
	for _, n := range after.NotRead {
		unread[n.TargetID] = n
	}
	var same, other, stays exposure.Report
	same.RootIDs = after.RootIDs
	for _, f := range before {
		if f.fresh {
			continue
		}
		if scanned[f.item] && f.item != f.TargetID { // of an archive that was read to its end
			after.Scanned = append(after.Scanned, f.TargetID)
		}
		if n, shut := unread[f.item]; shut && f.item != f.TargetID { // of one that wasn't
			after.NotRead = append(after.NotRead, exposure.NotRead{TargetID: f.TargetID, Reason: n.Reason})
		}
		switch ofRoots := within(f.roots, after.RootIDs); {
		case f.met || ofRoots && !(f.Reachability == exposure.Login && closed[f.item]):
			same.Findings = append(same.Findings, f.Finding)
		case ofRoots: // whoever has no login was turned away: that says nothing of those who have
			stays.Findings = append(stays.Findings, f.Finding)
		case f.Reachability != exposure.Login:
			other.Findings = append(other.Findings, f.Finding)
		}
	}
	compared := exposure.Compare(same, after)
	for _, c := range exposure.Compare(other, exposure.Report{Scanned: after.Scanned}) {
		if c.Change == exposure.Fixed {
			compared = append(compared, c)
		}
	}
	for _, f := range stays.Findings {
		compared = append(compared, exposure.Compared{Finding: f, Change: exposure.Unchecked})
	}
	return compared, nil
}

// openFindings are those of the scan's tool that are open, without what they say.
func openFindings(ctx context.Context, tx *sql.Tx, row scanRow) ([]openBefore, error) {
	roots := map[string][]string{}
	return allRows(ctx, tx, func(r rowScanner) (f openBefore, err error) {
		var id, scan, list string
		var state exposure.Change
		if err := r.Scan(&id, &f.item, &f.Reachability, &state, &scan, &list); err != nil {
			return f, err
		}
		f.TargetID, f.Fingerprint, _ = strings.Cut(id, ".")
		f.met = scan == row.ID
		f.fresh = f.met && state == exposure.New
		if _, known := roots[scan]; !known {
			var ids []string
			if err := unpack(list, &ids); err != nil {
				return f, err
			}
			roots[scan] = ids
		}
		f.roots = roots[scan]
		return f, nil
	}, `SELECT f.id, f.item_id, f.reach, f.state, f.last_scan, s.root_ids FROM finding AS f JOIN scan AS s ON s.id = f.last_scan
		WHERE f.state <> 'fixed' AND f.tool = ? ORDER BY f.rank DESC, f.number`, row.Tool)
}

// closedItems are those that turned away whoever has not logged in.
func closedItems(ctx context.Context, tx *sql.Tx, scan string) (map[string]bool, error) {
	closed := map[string]bool{}
	err := eachRow(ctx, tx, func(r rowScanner) error {
		var id string
		err := r.Scan(&id)
		closed[id] = true
		return err
	}, `SELECT target_id FROM scan_item WHERE scan = ? AND state = ?`, scan, string(exposure.Closed))
	return closed, err
}

// settleFindings writes what became of each finding, into the register and as this
// scan's own account, and counts.
func settleFindings(ctx context.Context, tx *sql.Tx, row scanRow, compared []exposure.Compared) (map[exposure.Change]int, error) {
	counts := map[exposure.Change]int{exposure.New: 0, exposure.Still: 0, exposure.Fixed: 0, exposure.Unchecked: 0}
	for i, c := range compared {
		id := c.ID()
		switch c.Change {
		case exposure.New, exposure.Still:
		case exposure.Fixed:
			before, err := looked(ctx, tx, row, id)
			if err != nil {
				return nil, err
			}
			fixed, err := fix(ctx, tx, id, row.ID, row.Ended, before)
			if err != nil {
				return nil, err
			}
			if !fixed { // another scan has seen it since, or closed it
				c.Change = exposure.Unchecked
			}
		case exposure.Unchecked:
			if err := run(ctx, tx, `UPDATE finding SET state = 'not_checked' WHERE id = ? AND state IN ('new', 'still') AND seen_tick < ?`,
				id, row.begunTick); err != nil {
				return nil, err
			}
		}
		counts[c.Change]++
		err := run(ctx, tx, `INSERT INTO scan_change (scan, number, finding, change) VALUES (?, ?, ?, ?)`, row.ID, i, id, string(c.Change))
		if err != nil {
			return nil, err
		}
	}
	return counts, nil
}

// looked is the tick before which all was recorded when this scan looked at a
// finding's place; when it began, for a place that it did not meet.
func looked(ctx context.Context, tx *sql.Tx, row scanRow, id string) (at int64, err error) {
	err = tx.QueryRowContext(ctx, `SELECT coalesce((SELECT i.began FROM scan_item AS i JOIN finding AS f ON f.item_id = i.target_id
		WHERE i.scan = ? AND f.id = ?), ?)`, row.ID, id, row.begunTick).Scan(&at)
	return at, err
}
