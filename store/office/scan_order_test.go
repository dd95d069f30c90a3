package office_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/audit"
	"chipproof/exposure"
	"chipproof/exposure/job"
)

func TestWhatIsProvenStandsInTheOrderOfThingsAndNotOfTheClock(t *testing.T) {
	a := newAgency(t)
	a.publish("/", `<a href="/list.html">x</a>`)
	a.publish("/list.html", somchai)
	a.scan(home)
	task := a.task(home + "list.html")
	a.claim(task.ID)
	a.later(-90 * 24 * time.Hour) // the clock was wrong until now
	a.scan(home)
	assert.Equal(t, exposure.TaskClaimed, a.state(task.ID), "still there, whatever the clock says")
	a.withdraw("/list.html")
	a.scan(home)
	assert.Equal(t, exposure.TaskStopped, a.state(task.ID), "gone, and later than the claim")
	assert.Equal(t, exposure.Fixed, a.number(home+"list.html").State)

	a.later(200 * 24 * time.Hour) // wrong again, ahead
	a.scan(home)
	a.later(-110 * 24 * time.Hour)
	a.publish("/list.html", somchai)
	a.scan(home)
	assert.Equal(t, exposure.TaskAgain, a.state(task.ID), "there again, though a clean scan has a later date")
	a.later(365 * 24 * time.Hour)
	assert.Equal(t, exposure.TaskAgain, a.state(task.ID), "and no day that comes changes that")
	assert.NotEqual(t, exposure.Fixed, a.number(home+"list.html").State)
}

func TestAScanThatLookedBeforeTheClaimProvesNothingOfIt(t *testing.T) {
	a := newAgency(t)
	a.publish("/", `<a href="/list.html">x</a>`)
	a.publish("/list.html", somchai)
	a.scan(home)
	task := a.task(home + "list.html")
	s, err := a.runner.Begin(t.Context(), officer, a.plan(home))
	require.NoError(t, err)
	_, _, book, err := a.scans.Open(t.Context(), s.ID)
	require.NoError(t, err)
	id := a.key.TargetID(home + "list.html")
	done, err := book.Done(t.Context(), id) // it is asked for now …
	require.NoError(t, err)
	require.False(t, done)
	a.claim(task.ID) // … and before the answer is kept, somebody claims
	require.NoError(t, book.Keep(t.Context(), exposure.Outcome{Target: home + "list.html", TargetID: id},
		exposure.Observation{TargetID: id, At: a.clock(), State: exposure.Gone}))
	require.NoError(t, a.runner.Cancel(t.Context(), officer, s.ID))
	assert.Equal(t, exposure.TaskClaimed, a.state(task.ID))
	a.withdraw("/list.html")
	a.scan(home)
	assert.Equal(t, exposure.TaskStopped, a.state(task.ID))
}

func TestAnOlderLookFixesNothingThatANewerOneHasSeen(t *testing.T) {
	a := newAgency(t)
	dir := a.folder(map[string]string{"one.txt": somchai, "x.txt": "ว่าง"})
	path := filepath.Join(dir, "one.txt")
	a.scan(dir)
	require.NoError(t, os.Remove(path))
	slow, err := a.runner.Begin(t.Context(), officer, a.plan(dir))
	require.NoError(t, err)
	_, _, book, err := a.scans.Open(t.Context(), slow.ID)
	require.NoError(t, err)
	id := a.key.TargetID(path)
	_, err = book.Done(t.Context(), id)
	require.NoError(t, err)
	require.NoError(t, book.Keep(t.Context(), exposure.Outcome{Target: path, TargetID: id}, exposure.Observation{TargetID: id, At: a.clock(), State: exposure.Gone}))
	a.write(dir, "one.txt", somchai)
	a.scan(dir)
	_, err = a.runner.Run(t.Context(), slow.ID, nil)
	require.NoError(t, err)
	assert.NotEqual(t, exposure.Fixed, a.number(path).State)
	assert.Equal(t, 1, a.one(slow.ID).Changes[exposure.Unchecked]/2, "name and number: it can't tell")
}

func TestTwoScansAtOnceKeepTheirOwnItemsAndOneRegister(t *testing.T) {
	a := newAgency(t)
	files := map[string]string{}
	for i := range 20 {
		files[fmt.Sprintf("f%d.txt", i)] = somchai
	}
	dir := a.folder(files)
	var all sync.WaitGroup
	results := make([]exposure.Report, 3)
	for i := range results {
		s, err := a.runner.Begin(t.Context(), officer, a.plan(dir))
		require.NoError(t, err)
		all.Go(func() {
			r, err := a.newRunner(a.scans).Run(t.Context(), s.ID, nil)
			assert.NoError(t, err)
			results[i] = r
		})
	}
	all.Wait()
	for _, r := range results {
		assert.Equal(t, 40, r.Summary.Findings)
		assert.Len(t, r.Scanned, 20)
	}
	assert.Len(t, a.found(job.Filter{}), 40)
	assert.Len(t, a.found(job.Filter{Open: job.OnlyOpen}), 40)
	trend, err := a.scans.Trend(t.Context(), 1, a.clock())
	require.NoError(t, err)
	assert.Equal(t, 40, trend[0].Open)
}

func TestOneProgramAtATimeRunsAScan(t *testing.T) {
	a := newAgency(t)
	s, err := a.runner.Begin(t.Context(), officer, a.plan(a.folder(map[string]string{"a.txt": somchai})))
	require.NoError(t, err)
	now := a.clock()
	hold := func(who string, at time.Time) bool {
		ok, err := a.scans.Hold(t.Context(), s.ID, who, at, at.Add(20*time.Second))
		require.NoError(t, err)
		return ok
	}
	assert.True(t, hold("one", now))
	assert.False(t, hold("two", now.Add(time.Second)))
	assert.True(t, hold("one", now.Add(15*time.Second)), "a sign of life")
	assert.False(t, hold("two", now.Add(30*time.Second)))
	_, err = a.runner.Run(t.Context(), s.ID, nil)
	require.ErrorIs(t, err, job.ErrScanHeld)
	assert.True(t, hold("two", now.Add(36*time.Second)), "the first is gone")
	assert.True(t, hold("three", now.Add(-time.Hour)), "no hold lasts for an hour: the clock went back")
	require.NoError(t, a.scans.Release(t.Context(), s.ID, "two"))
	assert.False(t, hold("four", now.Add(-time.Hour)), "it was not two's any more")
	require.NoError(t, a.scans.Release(t.Context(), s.ID, "three"))
	_, err = a.runner.Run(t.Context(), s.ID, nil)
	require.NoError(t, err)
	_, err = a.scans.Hold(t.Context(), "s-2026-9999", "one", now, now.Add(time.Second))
	require.ErrorIs(t, err, job.ErrScanUnknown)
}

// failing is a database that loses its disk after some items.
type failing struct {
	job.Ledger
	a    *agency
	left atomic.Int64 // what can still be kept
}

func (f *failing) Open(ctx context.Context, id string) (job.Plan, job.Scan, job.Book, error) {
	p, s, b, err := f.Ledger.Open(ctx, id)
	return p, s, &failingBook{b, f}, err
}

type failingBook struct {
	job.Book
	f *failing
}

var errDisk = errors.New("disk is gone")

func (b *failingBook) Keep(ctx context.Context, o exposure.Outcome, seen exposure.Observation) error {
	if b.f.left.Add(-1) < 0 {
		return errDisk
	}
	return b.Book.Keep(ctx, o, seen)
}

func TestAScanThatCannotBeKeptStaysOpenAndGoesOn(t *testing.T) {
	a := newAgency(t)
	dir := a.folder(map[string]string{"a.txt": somchai, "b.txt": malee, "c.txt": somchai})
	a.publish("/", malee)
	s, err := a.runner.Begin(t.Context(), officer, a.plan(dir, home))
	require.NoError(t, err)
	for range 2 {
		full := &failing{Ledger: a.scans, a: a}
		full.left.Store(2)
		_, err = a.newRunner(full).Run(t.Context(), s.ID, nil)
		if err == nil {
			break
		}
		require.ErrorIs(t, err, errDisk)
		assert.Equal(t, job.Open, a.one(s.ID).State)
	}
	r, err := a.runner.Run(t.Context(), s.ID, nil)
	if !errors.Is(err, job.ErrScanEnded) {
		require.NoError(t, err)
		assert.Len(t, r.Scanned, 5)
	}
	assert.Equal(t, job.Complete, a.one(s.ID).State)
}

func TestAnItemIsKeptWithItsFindingsAndOnceOrNotAtAll(t *testing.T) {
	a := newAgency(t)
	s, err := a.runner.Begin(t.Context(), officer, a.plan(a.folder(map[string]string{"a.txt": somchai})))
	require.NoError(t, err)
	_, _, book, err := a.scans.Open(t.Context(), s.ID)
	require.NoError(t, err)
	item := exposure.Outcome{Target: "x", TargetID: "idx", Counts: map[exposure.Class]int{"email": 1}, Findings: []exposure.Finding{
		{Class: "email", Target: "x", TargetID: "idx", Fingerprint: "fp1", Severity: exposure.Low, Reachability: exposure.Internal},
	}}
	seen := exposure.Observation{TargetID: "idx", At: a.clock(), State: exposure.Read, Fingerprints: []string{"fp1"}}

	a.exec(`CREATE TRIGGER no_findings BEFORE INSERT ON finding BEGIN SELECT RAISE(ABORT, 'no'); END`)
	require.Error(t, book.Keep(t.Context(), item, seen))
	done, err := book.Done(t.Context(), "idx")
	require.NoError(t, err)
	assert.False(t, done, "without its findings it is not done")
	a.exec(`DROP TRIGGER no_findings`)

	require.NoError(t, book.Keep(t.Context(), item, seen))
	more := item
	more.Findings = append(more.Findings, exposure.Finding{
		Class: "email", Target: "x", TargetID: "idx", Fingerprint: "fp2", Severity: exposure.Low, Reachability: exposure.Internal,
	})
	require.NoError(t, book.Keep(t.Context(), more, seen), "once more changes nothing")
	list, err := book.Outcomes(t.Context())
	require.NoError(t, err)
	require.Len(t, list, 1)
	assert.Len(t, list[0].Findings, 1)
	assert.Len(t, a.found(job.Filter{}), 1)

	require.NoError(t, a.runner.Cancel(t.Context(), officer, s.ID))
	require.ErrorIs(t, book.Keep(t.Context(), exposure.Outcome{TargetID: "late"}, seen), job.ErrScanEnded)
	require.ErrorIs(t, a.runner.Cancel(t.Context(), officer, s.ID), job.ErrScanEnded)
	assert.Equal(t, job.Canceled, a.one(s.ID).State)
	assert.Len(t, a.found(job.Filter{Open: job.OnlyOpen}), 1, "what it met counts")
}

func TestNothingHappensToScansWithoutItsEntry(t *testing.T) {
	a := newAgency(t)
	dir := a.folder(map[string]string{"a.txt": somchai, "b.txt": malee})
	a.scan(dir)
	task := a.task(filepath.Join(dir, "a.txt"))
	other := a.number(filepath.Join(dir, "b.txt")).ID
	open, err := a.runner.Begin(t.Context(), officer, a.plan(dir))
	require.NoError(t, err)
	imports, err := job.ParseImport([]byte(sarif), a.key, "x")
	require.NoError(t, err)
	before := a.rows()
	a.exec(`CREATE TRIGGER no_entries BEFORE INSERT ON audit_entry BEGIN SELECT RAISE(ABORT, 'no'); END`)
	ctx, now := t.Context(), a.clock()
	for name, act := range map[string]func() error{
		"begin":  func() error { _, err := a.runner.Begin(ctx, officer, a.plan(dir)); return err },
		"cancel": func() error { return a.runner.Cancel(ctx, officer, open.ID) },
		"import": func() error { _, err := a.scans.Import(ctx, officer, imports[0], now); return err },
		"claim":  func() error { _, err := a.tasks.Claim(ctx, officer, task.ID, now); return err },
		"open": func() error {
			_, err := a.tasks.Open(ctx, officer, job.TaskOrder{Finding: other, Owner: owner, Due: now.Add(time.Hour)}, now)
			return err
		},
		"assets": func() error {
			return a.assets.Save(ctx, officer, []exposure.Asset{{Name: "เว็บไซต์", Owner: "กองช่าง", Targets: []string{"www.agency.test"}}}, now)
		},
		"report": func() error { return a.scans.RecordReport(ctx, officer, open.ID, "html", now) },
	} {
		require.ErrorIs(t, act(), audit.ErrUnavailable, name)
	}
	assert.Equal(t, before, a.rows())
}

// rows counts what stands in every table of scans.
func (a *agency) rows() map[string]int {
	a.Helper()
	out := map[string]int{}
	require.NoError(a, a.store.Read(a.Context(), func(tx *sql.Tx) error {
		for _, table := range []string{"scan", "scan_item", "finding", "finding_turn", "scan_change", "task", "task_mark", "asset"} {
			var n int
			if err := tx.QueryRowContext(a.Context(), `SELECT count(*) FROM `+table).Scan(&n); err != nil {
				return err
			}
			out[table] = n
		}
		return nil
	}))
	return out
}
