package office

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strconv"
	"time"

	"chipproof/audit"
	"chipproof/exposure"
	"chipproof/exposure/job"
)

// Import takes another tool's findings into the register, as a scan by that tool:
// what is there already is met once more, and what is no longer in a complete one
// is found gone. The entry stands in the same transaction. Error:
// [audit.ErrUnavailable].
func (s *Scans) Import(ctx context.Context, by job.Actor, in job.Import, at time.Time) (done job.Imported, err error) {
	err = s.log.Write(ctx, func(tx *sql.Tx) error {
		scan := job.Scan{Roots: in.Roots, Tool: in.Tool, Version: in.Version, By: by, State: job.Open, Begun: at}
		if err := s.insertScan(ctx, tx, &scan, []byte{}, in.Rules, in.RootIDs); err != nil {
			return err
		}
		row, err := readScan(ctx, tx, scan.ID)
		if err != nil {
			return err
		}
		r, err := takeItems(ctx, tx, row, in, at)
		if err != nil {
			return err
		}
		state := job.Incomplete
		if in.Complete {
			state = job.Complete
		}
		if err := s.end(ctx, tx, row, job.Ending{By: by, State: state, Report: r}); err != nil {
			return err
		}
		if done, err = importedBy(ctx, tx, row); err != nil {
			return err
		}
		return s.append(ctx, tx, audit.Event{
			Kind: audit.KindFindingImported, At: at, Actor: by.ID, Session: by.Session, Subject: scan.ID,
			Attributes: map[string]string{
				"tool": in.Tool, "new": strconv.Itoa(done.New), "known": strconv.Itoa(done.Known), "fixed": strconv.Itoa(done.Fixed),
			},
		})
	})
	if err != nil {
		return job.Imported{}, fmt.Errorf("import findings: %w", err)
	}
	return done, nil
}

// takeItems keeps what an import has, as a scan keeps what it meets, and gives its
// report.
func takeItems(ctx context.Context, tx *sql.Tx, row scanRow, in job.Import, at time.Time) (exposure.Report, error) {
	r := exposure.Report{
		Tool: in.Tool, Version: in.Version, Rules: in.Rules, Started: at, Ended: at, Complete: in.Complete, Roots: in.Roots, RootIDs: in.RootIDs,
		Scanned: in.Scanned, NotRead: in.NotRead,
	}
	read := map[string]bool{} // to the end
	for _, id := range in.Scanned {
		read[id] = true
	}
	if in.Scanned == nil && in.Complete {
		for _, o := range in.Items {
			read[o.TargetID] = true
		}
	}
	gone, err := goneItems(ctx, tx, row, in, read)
	if err != nil {
		return exposure.Report{}, err
	}
	tally := exposure.NewTally()
	for _, o := range slices.Concat(in.Items, gone, unreadItems(in)) {
		seen := exposure.Observation{TargetID: o.TargetID, At: at, State: exposure.Partly, Fingerprints: []string{}}
		if read[o.TargetID] {
			seen.State = exposure.Read
			if in.Scanned == nil {
				r.Scanned = append(r.Scanned, o.TargetID)
			}
		}
		for i := range o.Findings {
			if o.Findings[i].Seen.IsZero() {
				o.Findings[i].Seen = at.Truncate(time.Second)
			}
			seen.Fingerprints = append(seen.Fingerprints, o.Findings[i].Fingerprint)
		}
		if err := keepItem(ctx, tx, openScanRow{row.ID, row.Tool}, o, seen, row.begunTick); err != nil {
			return exposure.Report{}, err
		}
		tally.Add(o)
		r.Findings = append(r.Findings, o.Findings...)
	}
	r.Summary = tally.Summary()
	return r, nil
}

// unreadItems are the places that the tool could not read, and where it found
// nothing besides.
func unreadItems(in job.Import) []exposure.Outcome {
	var list []exposure.Outcome
	found := make(map[string]bool, len(in.Items))
	for _, o := range in.Items {
		found[o.TargetID] = true
	}
	for _, n := range in.NotRead {
		if !found[n.TargetID] {
			list = append(list, exposure.Outcome{
				Target: n.Target, TargetID: n.TargetID, Findings: []exposure.Finding{}, NotRead: []exposure.NotRead{n}, Counts: map[exposure.Class]int{},
			})
		}
	}
	return list
}

// goneItems are the places where this tool had findings before and has none now:
// those that it says it has read, and where it says nothing of that but is
// complete, those of the same roots. They are read from then on.
func goneItems(ctx context.Context, tx *sql.Tx, row scanRow, in job.Import, read map[string]bool) ([]exposure.Outcome, error) {
	before, err := openFindings(ctx, tx, row)
	if err != nil {
		return nil, err
	}
	here := map[string]bool{}
	for _, o := range in.Items {
		here[o.TargetID] = true
	}
	var gone []exposure.Outcome
	for _, f := range before {
		all := in.Scanned == nil && in.Complete && within(f.roots, row.rootIDs)
		if here[f.item] || !all && !read[f.item] {
			continue
		}
		here[f.item], read[f.item] = true, true
		var target string
		if err := tx.QueryRowContext(ctx, `SELECT item FROM finding WHERE id = ?`, f.ID()).Scan(&target); err != nil {
			return nil, err
		}
		gone = append(gone, exposure.Outcome{
			Target: target, TargetID: f.item, Findings: []exposure.Finding{}, NotRead: []exposure.NotRead{}, Counts: map[exposure.Class]int{},
		})
	}
	return gone, nil
}

// importedBy counts what an ended import was.
func importedBy(ctx context.Context, tx *sql.Tx, row scanRow) (done job.Imported, err error) {
	done = job.Imported{Scan: row.ID, Tool: row.Tool}
	err = eachRow(ctx, tx, func(r rowScanner) error {
		var change exposure.Change
		var n int
		err := r.Scan(&change, &n)
		switch change {
		case exposure.New:
			done.New = n
		case exposure.Still:
			done.Known = n
		case exposure.Fixed:
			done.Fixed = n
		case exposure.Unchecked:
		}
		return err
	}, `SELECT change, count(*) FROM scan_change WHERE scan = ? GROUP BY change`, row.ID)
	return done, err
}
