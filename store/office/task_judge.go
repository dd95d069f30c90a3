package office

import (
	"cmp"
	"context"
	"database/sql"
	"slices"
	"time"

	"chipproof/audit"
	"chipproof/exposure"
	"chipproof/exposure/job"
)

// met is what an ended scan met at a place, with its place in the order of events.
type met struct {
	exposure.Observation
	began, number int64
}

// metAt reads what ended scans met at an item since a tick, oldest first.
func metAt(ctx context.Context, tx *sql.Tx, itemID string, since int64) ([]met, error) {
	return allRows(ctx, tx, func(r rowScanner) (m met, err error) {
		var (
			at                  sql.NullInt64
			fingerprints, lists string
		)
		if err := r.Scan(&m.number, &m.began, &at, &m.State, &fingerprints, &lists); err != nil {
			return m, err
		}
		m.TargetID, m.At = itemID, timeOf(at)
		if err := unpack(fingerprints, &m.Fingerprints); err != nil {
			return m, err
		}
		return m, unpack(lists, &m.Lists)
	}, `SELECT i.number, i.began, i.at, i.state, i.fingerprints, i.lists FROM scan_item AS i JOIN scan AS s ON s.id = i.scan
		WHERE i.target_id = ? AND i.began >= ? AND s.state <> 'open' ORDER BY i.began, i.number`, itemID, since)
}

// judge works out a task's state from what scans met, in the order in which it
// happened, whatever the clock said meanwhile.
func judge(ctx context.Context, tx *sql.Tx, t *job.Task, opened int64, claimed sql.NullInt64, now time.Time) error {
	places, err := allRows(ctx, tx, func(r rowScanner) (p place, err error) {
		err = r.Scan(&p.Kind, &p.Target, &p.TargetID, &p.item, &p.itemID)
		return p, err
	}, `SELECT kind, target, target_id, item, item_id FROM task_place WHERE task = ? ORDER BY number`, t.ID)
	if err != nil {
		return err
	}
	var seen []met
	lists := map[string]string{} // a sitemap lists what is asked for: of a file in an archive, the archive
	for _, p := range places {
		lists[p.itemID] = p.TargetID
	}
	for _, p := range places {
		t.Places = append(t.Places, p.Place)
		at, err := metAt(ctx, tx, p.itemID, opened)
		if err != nil {
			return err
		}
		for _, m := range at {
			m.TargetID = p.TargetID
			for k, id := range m.Lists {
				m.Lists[k] = cmp.Or(lists[id], id)
			}
			seen = append(seen, m)
		}
	}
	ordered := *t
	observations := inOrder(&ordered.Task, seen, opened, claimed, now)
	t.Since = t.Opened
	if !t.Claimed.IsZero() {
		t.Since = t.Claimed
	}
	t.State = ordered.Task.State(observations, now)
	t.Unproven = exposure.Unproven(ordered.Takedown, observations)
	if t.State == exposure.TaskAgain {
		// Proven once, it is again only when the data was seen again: a server that
		// does not answer later takes nothing back.
		told := slices.DeleteFunc(observations, func(o exposure.Observation) bool {
			return o.State != exposure.Read && o.State != exposure.Gone && o.State != exposure.Closed
		})
		if s := ordered.Task.State(told, now); s == exposure.TaskStopped {
			t.State, t.Unproven = s, exposure.Unproven(ordered.Takedown, told)
		}
	}
	t.Overdue = t.State != exposure.TaskStopped && now.After(t.Due)
	return nil
}

// inOrder gives observations, and the times of the task itself, as a clock would
// have told them that never went back and has got to now: what came before
// something else is earlier than that. Only the order matters to the judgement; the
// day a task is due stays as it is.
func inOrder(t *exposure.Task, seen []met, opened int64, claimed sql.NullInt64, now time.Time) []exposure.Observation {
	type event struct {
		key, number int64
		at          *time.Time
	}
	// An observation came after all that was recorded until it began.
	events := []event{{2 * opened, 0, &t.Opened}}
	if claimed.Valid {
		events = append(events, event{2 * claimed.Int64, 0, &t.Claimed})
	}
	observations := make([]exposure.Observation, len(seen))
	for i, m := range seen {
		observations[i] = m.Observation
		events = append(events, event{2*m.began + 1, m.number, &observations[i].At})
	}
	slices.SortFunc(events, func(a, b event) int {
		return cmp.Or(cmp.Compare(a.key, b.key), cmp.Compare(a.number, b.number))
	})
	next := now
	for i := len(events) - 1; i >= 0; i-- {
		if at := events[i].at; !at.Before(next) {
			*at = next
		}
		next = events[i].at.Add(-time.Microsecond)
	}
	t.Since = t.Opened
	if claimed.Valid {
		t.Since = t.Claimed
	}
	return observations
}

// markTasks records what a scan that has just ended proves of the tasks whose
// places it met: that it is gone, or there again.
func (s *Scans) markTasks(ctx context.Context, tx *sql.Tx, row scanRow, by job.Actor) error {
	ids, err := allRows(ctx, tx, oneText, `SELECT DISTINCT p.task FROM task_place AS p JOIN scan_item AS i ON i.target_id = p.item_id
		WHERE i.scan = ? ORDER BY p.task`, row.ID)
	if err != nil {
		return err
	}
	for _, id := range ids {
		t, err := readTask(ctx, tx, id, row.Ended)
		if err != nil {
			return err
		}
		proven := len(t.Marks) > 0 && t.Marks[len(t.Marks)-1].State == exposure.TaskStopped
		kind := audit.KindTakedownProven
		switch {
		case t.State == exposure.TaskStopped && !proven:
		case t.State != exposure.TaskStopped && proven:
			kind = audit.KindTaskAgain
		default:
			continue
		}
		if err := s.mark(ctx, tx, row, by, t, kind); err != nil {
			return err
		}
	}
	return nil
}

func (s *Scans) mark(ctx context.Context, tx *sql.Tx, row scanRow, by job.Actor, t job.Task, kind audit.Kind) error {
	n, err := tick(ctx, tx)
	if err != nil {
		return err
	}
	state := exposure.TaskStopped
	if kind == audit.KindTaskAgain {
		state = exposure.TaskAgain
	}
	err = run(ctx, tx, `INSERT INTO task_mark (task, tick, scan, at, state) VALUES (?, ?, ?, ?, ?)`, t.ID, n, row.ID, msOf(row.Ended), string(state))
	if err != nil {
		return err
	}
	return s.append(ctx, tx, audit.Event{
		Kind: kind, At: row.Ended, Actor: by.ID, Session: by.Session, Subject: t.ID,
		Attributes: map[string]string{"scan": row.ID, "finding": t.Finding},
	})
}
