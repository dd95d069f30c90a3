package office

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"chipproof/audit"
	"chipproof/exposure"
	"chipproof/exposure/job"
	"chipproof/store"
)

// ourTool is the tool of scans that are none of another program's.
const ourTool = "chipproof-office"

// Scans are scans, what they met, and the register of findings over all of them.
// It is safe for concurrent use, also by several processes.
type Scans struct {
	store *store.Store
	log   *store.AuditLog
	key   exposure.Key
	clock func() time.Time
}

var (
	_ job.Ledger = (*Scans)(nil)
	_ job.Places = (*Scans)(nil)
	_ job.Holds  = (*Scans)(nil)
)

// NewScans gives the rows of an open store whose audit log is log. key is what
// [ExposureKey] gave; clock may be nil.
func NewScans(s *store.Store, log *store.AuditLog, key exposure.Key, clock func() time.Time) *Scans {
	if clock == nil {
		clock = time.Now
	}
	return &Scans{store: s, log: log, key: key, clock: clock}
}

// Begin implements [job.Ledger], with the entry that the scan has started.
func (s *Scans) Begin(ctx context.Context, by job.Actor, p job.Plan, version string, at time.Time) (begun job.Scan, err error) {
	err = s.log.Write(ctx, func(tx *sql.Tx) error {
		plan, err := job.EncodePlan(p)
		if err != nil {
			return err
		}
		begun = job.Scan{Targets: p.Targets, Roots: p.Roots(), Tool: ourTool, Version: version, By: by, State: job.Open, Begun: at}
		if err := s.insertScan(ctx, tx, &begun, plan, exposure.Rules, s.rootIDs(begun.Roots)); err != nil {
			return err
		}
		var kinds []string
		for _, t := range p.Targets {
			if !slices.Contains(kinds, string(t.Kind)) {
				kinds = append(kinds, string(t.Kind))
			}
		}
		return s.append(ctx, tx, audit.Event{
			Kind: audit.KindScanStarted, At: at, Actor: by.ID, Session: by.Session, Subject: begun.ID,
			Attributes: map[string]string{"targets": strconv.Itoa(len(p.Targets)), "kinds": strings.Join(kinds, " ")},
		})
	})
	if err != nil {
		return job.Scan{}, fmt.Errorf("begin scan: %w", err)
	}
	return begun, nil
}

func (s *Scans) rootIDs(roots []string) []string {
	ids := make([]string, len(roots))
	for i, r := range roots {
		ids[i] = s.key.TargetID(r)
	}
	return ids
}

// insertScan gives a scan its id and writes its row.
func (s *Scans) insertScan(ctx context.Context, tx *sql.Tx, b *job.Scan, plan []byte, rules string, rootIDs []string) error {
	at, err := tick(ctx, tx)
	if err != nil {
		return err
	}
	if b.ID, err = exposureID(ctx, tx, "scan", b.Begun); err != nil {
		return err
	}
	roots, err := packedList(b.Roots)
	if err != nil {
		return err
	}
	ids, err := packedList(rootIDs)
	if err != nil {
		return err
	}
	return run(ctx, tx, `INSERT INTO scan (id, begun_tick, tool, version, rules, plan, roots, root_ids, by_actor, by_session, begun_at)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		b.ID, at, b.Tool, b.Version, rules, plan, roots, ids, b.By.ID, b.By.Session, msOf(b.Begun))
}

// append writes an entry into the transaction of its act.
func (s *Scans) append(ctx context.Context, tx *sql.Tx, e audit.Event) error {
	_, err := s.log.AppendTx(ctx, tx, e)
	return err
}

// Open implements [job.Ledger].
func (s *Scans) Open(ctx context.Context, id string) (p job.Plan, opened job.Scan, b job.Book, err error) {
	err = s.store.Read(ctx, func(tx *sql.Tx) error {
		var row scanRow
		if row, err = readScan(ctx, tx, id); err != nil {
			return err
		}
		if row.State != job.Open {
			return job.ErrScanEnded
		}
		opened = row.Scan
		p, err = job.DecodePlan(row.plan)
		return err
	})
	if err != nil {
		return job.Plan{}, job.Scan{}, nil, fmt.Errorf("open scan: %w", err)
	}
	p.ID = id
	return p, opened, &book{scans: s, id: id, began: map[string]int64{}}, nil
}

// scanRow is a scan as it is stored.
type scanRow struct {
	job.Scan
	plan      []byte
	rules     string
	rootIDs   []string
	covers    []string
	begunTick int64
}

const selectScan = `SELECT id, begun_tick, tool, version, rules, plan, roots, root_ids, covers, by_actor, by_session, begun_at, ended_at,
	state, reason, coalesce(baseline, ''), summary, changes FROM scan`

func scanScan(r rowScanner) (row scanRow, err error) {
	var (
		roots, ids, covers string
		begun, ended       sql.NullInt64
		summary, changes   []byte
	)
	err = r.Scan(&row.ID, &row.begunTick, &row.Tool, &row.Version, &row.rules, &row.plan, &roots, &ids, &covers, &row.By.ID, &row.By.Session,
		&begun, &ended, &row.State, &row.Reason, &row.Baseline, &summary, &changes)
	if err != nil {
		return row, err
	}
	row.Begun, row.Ended = timeOf(begun), timeOf(ended)
	err = errors.Join(unpack(roots, &row.Roots), unpack(ids, &row.rootIDs), unpack(covers, &row.covers))
	if len(summary) > 0 {
		err = errors.Join(err, unpack(summary, &row.Summary), unpack(changes, &row.Changes))
	}
	if len(row.plan) > 0 {
		p, failed := job.DecodePlan(row.plan)
		row.Targets, err = p.Targets, errors.Join(err, failed)
	}
	return row, err
}

// readScan reads one scan. Error: [job.ErrScanUnknown].
func readScan(ctx context.Context, tx *sql.Tx, id string) (scanRow, error) {
	row, err := scanScan(tx.QueryRowContext(ctx, selectScan+` WHERE id = ?`, id))
	if errors.Is(err, sql.ErrNoRows) {
		return scanRow{}, job.ErrScanUnknown
	}
	return row, err
}
