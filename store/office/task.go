package office

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"time"

	"chipproof/audit"
	"chipproof/exposure"
	"chipproof/exposure/detect"
	"chipproof/exposure/job"
	"chipproof/store"
)

// Tasks are takedowns and remediations: a finding that somebody must end. No
// method sets a state; it follows from what ended scans have met. Safe for
// concurrent use, also by several processes.
type Tasks struct {
	store *store.Store
	log   *store.AuditLog
	key   exposure.Key
}

// NewTasks gives the rows of an open store whose audit log is log. key is what
// [ExposureKey] gave.
func NewTasks(s *store.Store, log *store.AuditLog, key exposure.Key) *Tasks {
	return &Tasks{store: s, log: log, key: key}
}

// Open makes a task of a finding: about everything that is open at its place and
// has no task yet. It must be gone from the place itself, from the sitemaps that
// were seen to list it, and from what the order names besides. Errors:
// [job.ErrFindingUnknown], [job.ErrFindingFixed], [job.ErrTaskExists],
// [job.ErrTaskInvalid], [audit.ErrUnavailable].
func (t *Tasks) Open(ctx context.Context, by job.Actor, o job.TaskOrder, at time.Time) (task job.Task, err error) {
	err = t.log.Write(ctx, func(tx *sql.Tx) error {
		f, err := readFinding(ctx, tx, o.Finding)
		if err != nil {
			return err
		}
		if f.State == exposure.Fixed {
			return job.ErrFindingFixed
		}
		if err := t.check(ctx, tx, o, at); err != nil {
			return err
		}
		places, err := t.places(ctx, tx, o)
		if err != nil {
			return err
		}
		id, err := t.insert(ctx, tx, by, o, f, places, at)
		if err != nil {
			return err
		}
		if task, err = readTask(ctx, tx, id, at); err != nil {
			return err
		}
		_, err = t.log.AppendTx(ctx, tx, audit.Event{
			Kind: audit.KindTaskOpened, At: at, Actor: by.ID, Session: by.Session, Subject: id,
			Attributes: map[string]string{
				"finding": o.Finding, "owner": o.Owner, "due": o.Due.UTC().Format(time.RFC3339),
				"findings": strconv.Itoa(len(task.Findings)), "places": strconv.Itoa(len(task.Places)),
			},
		})
		return err
	})
	if err != nil {
		return job.Task{}, fmt.Errorf("open task: %w", err)
	}
	return task, nil
}

// check holds an order to what a task needs.
func (t *Tasks) check(ctx context.Context, tx *sql.Tx, o job.TaskOrder, at time.Time) error {
	if !o.Due.After(at) {
		return fmt.Errorf("%w: due", job.ErrTaskInvalid)
	}
	var there bool
	if err := tx.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM account WHERE id = ? AND disabled_at IS NULL)`, o.Owner).Scan(&there); err != nil {
		return err
	}
	if !there {
		return fmt.Errorf("%w: owner", job.ErrTaskInvalid)
	}
	busy, err := hasTask(ctx, tx, o.Finding, at)
	if err == nil && busy {
		err = job.ErrTaskExists
	}
	return err
}

// hasTask says that a finding has a task that no scan has proven.
func hasTask(ctx context.Context, tx *sql.Tx, finding string, at time.Time) (bool, error) {
	ids, err := allRows(ctx, tx, oneText, `SELECT task FROM task_finding WHERE finding = ?`, finding)
	if err != nil {
		return false, err
	}
	for _, id := range ids {
		task, err := readTask(ctx, tx, id, at)
		if err != nil || task.State != exposure.TaskStopped {
			return true, err
		}
	}
	return false, nil
}

func oneText(r rowScanner) (s string, err error) {
	err = r.Scan(&s)
	return s, err
}

// place is where it must be gone, and what a scan asks for to see that.
type place struct {
	exposure.Place
	item, itemID string
}

// places of a task: the finding's own first.
func (t *Tasks) places(ctx context.Context, tx *sql.Tx, o job.TaskOrder) ([]place, error) {
	own := place{}
	own.Kind = exposure.ThePage
	var detail []byte
	err := tx.QueryRowContext(ctx, `SELECT finding, item, item_id FROM finding WHERE id = ?`, o.Finding).Scan(&detail, &own.item, &own.itemID)
	if err != nil {
		return nil, err
	}
	var f exposure.Finding
	if err := unpack(detail, &f); err != nil {
		return nil, err
	}
	own.Target, own.TargetID = f.Target, f.TargetID
	list := []place{own}
	sitemaps, err := allRows(ctx, tx, func(r rowScanner) (p place, err error) {
		p.Kind = exposure.SitemapOf
		err = r.Scan(&p.Target, &p.TargetID)
		p.item, p.itemID = p.Target, p.TargetID
		return p, err
	}, `SELECT DISTINCT target, target_id FROM scan_item WHERE lists <> '[]' AND instr(lists, ?) > 0 ORDER BY target`, `"`+own.itemID+`"`)
	if err != nil {
		return nil, err
	}
	list = append(list, sitemaps...)
	for _, also := range o.Also {
		p, err := t.also(also)
		if err != nil {
			return nil, err
		}
		list = append(list, p)
	}
	return list, nil
}

// also reads a further address. Only its masked form is kept.
func (t *Tasks) also(a job.Also) (p place, err error) {
	switch a.Kind {
	case exposure.ThePage, exposure.CachedCopy, exposure.SitemapOf, exposure.Attachment:
	default:
		return p, fmt.Errorf("%w: kind of a further address", job.ErrTaskInvalid)
	}
	u, err := url.Parse(strings.TrimSpace(a.Address))
	if err != nil || u.Host == "" || u.User != nil || u.Scheme != "http" && u.Scheme != "https" {
		return p, fmt.Errorf("%w: further address", job.ErrTaskInvalid)
	}
	u.Host, u.Fragment, u.RawFragment = strings.ToLower(u.Host), "", ""
	if u.Path == "" {
		u.Path = "/"
	}
	p.Kind, p.TargetID = a.Kind, t.key.TargetID(u.String())
	p.Target, _ = detect.New().Plain(u.String())
	p.item, p.itemID = p.Target, p.TargetID
	return p, nil
}

// insert writes the rows of a task.
func (t *Tasks) insert(ctx context.Context, tx *sql.Tx, by job.Actor, o job.TaskOrder, f job.Found, places []place, at time.Time) (string, error) {
	n, err := tick(ctx, tx)
	if err != nil {
		return "", err
	}
	id, err := exposureID(ctx, tx, "task", at)
	if err != nil {
		return "", err
	}
	err = run(ctx, tx, `INSERT INTO task (id, finding, owner, due_at, opened_at, opened_tick, opened_by, severity) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
		id, o.Finding, o.Owner, msOf(o.Due), msOf(at), n, by.ID, string(f.Severity))
	if err != nil {
		return "", err
	}
	for i, p := range places {
		err := run(ctx, tx, `INSERT INTO task_place (task, number, kind, target, target_id, item, item_id) VALUES (?, ?, ?, ?, ?, ?, ?)`,
			id, i, string(p.Kind), p.Target, p.TargetID, p.item, p.itemID)
		if err != nil {
			return "", err
		}
	}
	open, err := allRows(ctx, tx, oneText, `SELECT id FROM finding WHERE target_id = ? AND state <> 'fixed' ORDER BY rank DESC, number`, f.TargetID)
	if err != nil {
		return "", err
	}
	for _, other := range open {
		if other != o.Finding {
			busy, err := hasTask(ctx, tx, other, at)
			if err != nil {
				return "", err
			}
			if busy {
				continue
			}
		}
		if err := run(ctx, tx, `INSERT INTO task_finding (task, finding) VALUES (?, ?)`, id, other); err != nil {
			return "", err
		}
	}
	return id, nil
}

// Claim notes that the owner says that it is done. Only a later scan proves it:
// what was met before the claim counts no more. Errors: [job.ErrTaskUnknown],
// [job.ErrTaskStopped], [audit.ErrUnavailable].
func (t *Tasks) Claim(ctx context.Context, by job.Actor, id string, at time.Time) (task job.Task, err error) {
	err = t.log.Write(ctx, func(tx *sql.Tx) error {
		if task, err = readTask(ctx, tx, id, at); err != nil {
			return err
		}
		if task.State == exposure.TaskStopped {
			return job.ErrTaskStopped
		}
		n, err := tick(ctx, tx)
		if err != nil {
			return err
		}
		if err := run(ctx, tx, `UPDATE task SET claimed_at = ?, claimed_tick = ? WHERE id = ?`, msOf(at), n, id); err != nil {
			return err
		}
		finding := task.Finding
		if task, err = readTask(ctx, tx, id, at); err != nil {
			return err
		}
		_, err = t.log.AppendTx(ctx, tx, audit.Event{
			Kind: audit.KindTaskClaimed, At: at, Actor: by.ID, Session: by.Session, Subject: id, Attributes: map[string]string{"finding": finding},
		})
		return err
	})
	if err != nil {
		return job.Task{}, fmt.Errorf("claim task: %w", err)
	}
	return task, nil
}

// One gives a task as it stands now. Error: [job.ErrTaskUnknown].
func (t *Tasks) One(ctx context.Context, id string, now time.Time) (task job.Task, err error) {
	err = t.store.Read(ctx, func(tx *sql.Tx) error {
		task, err = readTask(ctx, tx, id, now)
		return err
	})
	if err != nil {
		return job.Task{}, fmt.Errorf("read task: %w", err)
	}
	return task, nil
}

// List gives tasks as they stand now, the next due first; owner empty for all.
func (t *Tasks) List(ctx context.Context, owner string, now time.Time) (list []job.Task, err error) {
	err = t.store.Read(ctx, func(tx *sql.Tx) error {
		ids, err := allRows(ctx, tx, oneText, `SELECT id FROM task WHERE ?1 IN ('', owner) ORDER BY due_at, opened_tick`, owner)
		if err != nil {
			return err
		}
		list = make([]job.Task, len(ids))
		for i, id := range ids {
			if list[i], err = readTask(ctx, tx, id, now); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read tasks: %w", err)
	}
	return list, nil
}

// readTask reads a task and judges it.
func readTask(ctx context.Context, tx *sql.Tx, id string, now time.Time) (t job.Task, err error) {
	var (
		due, opened, claimed    sql.NullInt64
		openedTick, claimedTick sql.NullInt64
	)
	err = tx.QueryRowContext(ctx, `SELECT id, finding, owner, due_at, opened_at, opened_tick, opened_by, claimed_at, claimed_tick, severity FROM task WHERE id = ?`, id).
		Scan(&t.ID, &t.Finding, &t.Owner, &due, &opened, &openedTick, &t.OpenedBy, &claimed, &claimedTick, &t.Severity)
	if errors.Is(err, sql.ErrNoRows) {
		return t, job.ErrTaskUnknown
	}
	if err != nil {
		return t, err
	}
	t.Due, t.Opened, t.Claimed = timeOf(due), timeOf(opened), timeOf(claimed)
	if t.Findings, err = allRows(ctx, tx, oneText, `SELECT finding FROM task_finding WHERE task = ? ORDER BY rowid`, id); err != nil {
		return t, err
	}
	for _, f := range t.Findings {
		_, fingerprint, _ := strings.Cut(f, ".")
		t.Fingerprints = append(t.Fingerprints, fingerprint)
	}
	t.Marks, err = allRows(ctx, tx, func(r rowScanner) (m job.Mark, err error) {
		var at sql.NullInt64
		err = r.Scan(&m.Scan, &at, &m.State)
		m.At = timeOf(at)
		return m, err
	}, `SELECT scan, at, state FROM task_mark WHERE task = ? ORDER BY tick`, id)
	if err != nil {
		return t, err
	}
	return t, judge(ctx, tx, &t, openedTick.Int64, claimedTick, now)
}
