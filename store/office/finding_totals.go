package office

import (
	"context"
	"database/sql"
	"fmt"

	"chipproof/exposure"
	"chipproof/exposure/job"
)

// Totals gives what everything that the filter picks comes to, people first;
// After and Limit don't matter.
func (s *Scans) Totals(ctx context.Context, f job.Filter) (t job.Totals, err error) {
	f.After = ""
	where, args := findingWhere(f)
	t.By = map[exposure.Severity]int{}
	tally := exposure.NewTally()
	var of exposure.Outcome // what stands in one target
	next := func() {
		if len(of.Findings) > 0 {
			t.Targets++
			tally.Add(of)
		}
		of = exposure.Outcome{}
	}
	err = s.store.Read(ctx, func(tx *sql.Tx) error {
		return eachRow(ctx, tx, func(r rowScanner) error {
			var x exposure.Finding
			if err := r.Scan(&x.TargetID, &x.Record, &x.Class, &x.Fingerprint, &x.Severity); err != nil {
				return err
			}
			if x.TargetID != of.TargetID {
				next()
				of.TargetID = x.TargetID
			}
			of.Findings = append(of.Findings, x)
			t.Findings++
			t.By[x.Severity]++
			return nil
		}, `SELECT f.target_id, coalesce(json_extract(f.finding, '$.record'), 0) AS record, f.class, json_extract(f.finding, '$.fingerprint'), f.severity
			FROM finding AS f`+where+` ORDER BY f.target_id, record, f.number`, args...)
	})
	if err != nil {
		return job.Totals{}, fmt.Errorf("count findings: %w", err)
	}
	next()
	sum := tally.Summary()
	t.People, t.PeopleEstimated = sum.People, sum.PeopleEstimated
	return t, nil
}
