package office

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"

	"chipproof/exposure"
	"chipproof/exposure/job"
)

const selectFinding = `SELECT f.id, f.finding, f.state, f.tool, f.first_at, f.first_scan, f.last_at, f.last_scan, f.fixed_at, coalesce(f.fixed_scan, ''),
	coalesce((SELECT t.task FROM task_finding AS t JOIN task AS k ON k.id = t.task WHERE t.finding = f.id ORDER BY k.opened_tick DESC LIMIT 1), '')
	FROM finding AS f`

func scanFinding(r rowScanner) (f job.Found, err error) {
	var (
		detail             []byte
		first, last, fixed sql.NullInt64
	)
	err = r.Scan(&f.ID, &detail, &f.State, &f.Tool, &first, &f.FirstScan, &last, &f.LastScan, &fixed, &f.FixedScan, &f.Task)
	if err != nil {
		return f, err
	}
	f.FirstSeen, f.LastSeen, f.Fixed = timeOf(first), timeOf(last), timeOf(fixed)
	return f, unpack(detail, &f.Finding)
}

// Findings gives what the filter picks, the worst first: by severity, and by who
// can reach it.
func (s *Scans) Findings(ctx context.Context, f job.Filter) (list []job.Found, err error) {
	where, args := findingWhere(f)
	err = s.store.Read(ctx, func(tx *sql.Tx) error {
		list, err = allRows(ctx, tx, scanFinding, selectFinding+where+` ORDER BY f.rank DESC, f.number LIMIT ?`, append(args, pageSize(f.Limit))...)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read findings: %w", err)
	}
	return list, nil
}

// findingWhere is a filter as SQL.
func findingWhere(f job.Filter) (where string, args []any) {
	var terms []string
	add := func(term string, values ...any) {
		terms, args = append(terms, term), append(args, values...)
	}
	for _, x := range []struct{ column, value string }{
		{"f.severity", string(f.Severity)}, {"f.state", string(f.State)}, {"f.class", string(f.Class)}, {"f.tool", f.Tool},
	} {
		if x.value != "" {
			add(x.column+" = ?", x.value)
		}
	}
	switch f.Open {
	case job.OnlyOpen:
		add("f.state <> 'fixed'")
	case job.OnlyFixed:
		add("f.state = 'fixed'")
	}
	if f.Scan != "" {
		add("f.id IN (SELECT finding FROM scan_change WHERE scan = ? UNION SELECT id FROM finding WHERE last_scan = ?)", f.Scan, f.Scan)
	}
	if f.Task != "" {
		add("f.id IN (SELECT finding FROM task_finding WHERE task = ?)", f.Task)
	}
	if f.After != "" {
		add("(-f.rank, f.number) > (SELECT -rank, number FROM finding WHERE id = ?)", f.After)
	}
	if len(terms) == 0 {
		return "", nil
	}
	return " WHERE " + strings.Join(terms, " AND "), args
}

// Finding gives one. Error: [job.ErrFindingUnknown].
func (s *Scans) Finding(ctx context.Context, id string) (f job.Found, err error) {
	err = s.store.Read(ctx, func(tx *sql.Tx) error {
		f, err = readFinding(ctx, tx, id)
		return err
	})
	if err != nil {
		return job.Found{}, fmt.Errorf("read finding: %w", err)
	}
	return f, nil
}

func readFinding(ctx context.Context, tx *sql.Tx, id string) (job.Found, error) {
	f, err := scanFinding(tx.QueryRowContext(ctx, selectFinding+` WHERE f.id = ?`, id))
	if errors.Is(err, sql.ErrNoRows) {
		return job.Found{}, job.ErrFindingUnknown
	}
	return f, err
}

// OpenCount is how many exposures are open just now, by severity (A21). Their sum
// is 0 exactly when none is.
func (s *Scans) OpenCount(ctx context.Context) (by map[exposure.Severity]int, err error) {
	by = map[exposure.Severity]int{}
	err = s.store.Read(ctx, func(tx *sql.Tx) error {
		return eachRow(ctx, tx, func(r rowScanner) error {
			var severity exposure.Severity
			var n int
			err := r.Scan(&severity, &n)
			by[severity] = n
			return err
		}, `SELECT severity, count(*) FROM finding WHERE state <> 'fixed' GROUP BY severity`)
	})
	if err != nil {
		return nil, fmt.Errorf("count findings: %w", err)
	}
	return by, nil
}

// Trend is how many exposures were open at the end of each of the last days, in
// Thailand's time, until today.
func (s *Scans) Trend(ctx context.Context, days int, now time.Time) (trend []job.Day, err error) {
	days = min(max(days, 1), mostRows)
	today := now.In(ict)
	first := time.Date(today.Year(), today.Month(), today.Day()-days+1, 0, 0, 0, 0, ict)
	for i := range days {
		trend = append(trend, job.Day{Date: first.AddDate(0, 0, i).Format(time.DateOnly), By: map[exposure.Severity]int{}})
	}
	err = s.store.Read(ctx, func(tx *sql.Tx) error {
		return eachRow(ctx, tx, func(r rowScanner) error {
			var day, n int
			var severity exposure.Severity
			if err := r.Scan(&day, &severity, &n); err != nil {
				return err
			}
			for i := max(day, 0); i < days; i++ {
				trend[i].By[severity] += n
				trend[i].Open += n
			}
			return nil
		}, `SELECT max(min((at - ?1) / 86400000, ?2), -1) AS day, severity, sum(turn) FROM finding_turn GROUP BY day, severity`,
			first.UnixMilli(), days-1)
	})
	if err != nil {
		return nil, fmt.Errorf("read trend: %w", err)
	}
	return trend, nil
}
