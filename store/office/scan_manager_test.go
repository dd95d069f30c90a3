package office_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/audit"
	"chipproof/exposure"
	"chipproof/exposure/job"
)

// manage lets a manager work until the test ends, or until stop.
func (a *agency) manage(l job.Ledger) (m *job.Manager, stop func()) {
	a.Helper()
	m = job.NewManager(a.newRunner(l), nil)
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		defer close(done)
		m.Run(ctx)
	}()
	stop = func() { cancel(); <-done }
	a.Cleanup(stop)
	return m, stop
}

// gate is a ledger whose scans wait before their first item is kept.
type gate struct {
	job.Ledger
	reached chan string
	open    chan struct{}
}

func newGate(l job.Ledger) *gate {
	return &gate{l, make(chan string, 10), make(chan struct{})}
}

func (g *gate) Open(ctx context.Context, id string) (job.Plan, job.Scan, job.Book, error) {
	p, s, b, err := g.Ledger.Open(ctx, id)
	return p, s, &gatedBook{b, g, id}, err
}

type gatedBook struct {
	job.Book
	g  *gate
	id string
}

func (b *gatedBook) Keep(ctx context.Context, o exposure.Outcome, seen exposure.Observation) error {
	b.g.reached <- b.id
	select {
	case <-b.g.open:
		return b.Book.Keep(ctx, o, seen)
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (a *agency) start(m *job.Manager, targets ...string) job.Scan {
	a.Helper()
	s, err := m.Start(a.Context(), officer, a.plan(targets...))
	require.NoError(a, err)
	return s
}

// last follows a scan to its end.
func last(ch <-chan job.Progress) (p job.Progress) {
	for p = range ch {
	}
	return p
}

func TestScansOfAServerRunOneAfterTheOther(t *testing.T) {
	a := newAgency(t)
	g := newGate(a.scans)
	m, _ := a.manage(g)
	first := a.start(m, a.folder(map[string]string{"a.txt": somchai}))
	second := a.start(m, a.folder(map[string]string{"b.txt": malee}))
	assert.Equal(t, first.ID, <-g.reached)
	p, known := m.Progress(second.ID)
	assert.True(t, known)
	assert.Equal(t, job.Waits, p.Stage)
	p, _ = m.Progress(first.ID)
	assert.Equal(t, job.Runs, p.Stage)
	ends := m.Follow(t.Context(), second.ID)
	close(g.open)
	end := last(ends)
	assert.Equal(t, job.Ended, end.Stage)
	assert.Equal(t, 3, end.Findings)
	assert.Equal(t, 1, end.People)
	assert.Equal(t, end.Parts, end.Part)
	assert.Equal(t, job.Complete, a.one(first.ID).State)
	assert.Equal(t, job.Complete, a.one(second.ID).State)
	assert.Equal(t, end, last(m.Follow(t.Context(), second.ID)), "whoever comes later learns that it ended")
	assert.Zero(t, last(m.Follow(t.Context(), "s-2026-9999")))
}

func TestAScanThatARestartCutOffGoesOn(t *testing.T) {
	a := newAgency(t)
	g := newGate(a.scans)
	m, stop := a.manage(g)
	s := a.start(m, a.folder(map[string]string{"a.txt": somchai}))
	<-g.reached
	stop()
	assert.Equal(t, job.Open, a.one(s.ID).State)
	m, _ = a.manage(a.scans)
	for a.one(s.ID).State == job.Open { // until the manager has seen it
		last(m.Follow(t.Context(), s.ID))
	}
	assert.Equal(t, job.Complete, a.one(s.ID).State)
	assert.Len(t, a.entries(audit.KindScanStarted), 1)
	assert.Len(t, a.entries(audit.KindScanEnded), 1)
}

func TestACanceledScanEndsForGoodAndTheNextOneRuns(t *testing.T) {
	a := newAgency(t)
	g := newGate(a.scans)
	m, _ := a.manage(g)
	first := a.start(m, a.folder(map[string]string{"a.txt": somchai}))
	second := a.start(m, a.folder(map[string]string{"b.txt": malee}))
	third := a.start(m, a.folder(map[string]string{"c.txt": malee}))
	<-g.reached
	canceler := job.Actor{ID: "u-admin", Session: "s-9"}
	require.NoError(t, m.Cancel(t.Context(), canceler, second.ID), "it waits")
	require.NoError(t, m.Cancel(t.Context(), canceler, first.ID), "it runs")
	require.ErrorIs(t, m.Cancel(t.Context(), canceler, first.ID), job.ErrScanEnded)
	require.ErrorIs(t, m.Cancel(t.Context(), canceler, "s-2026-9999"), job.ErrScanUnknown)
	ends := m.Follow(t.Context(), third.ID)
	close(g.open)
	assert.Equal(t, job.Ended, last(ends).Stage)
	for id, state := range map[string]job.State{first.ID: job.Canceled, second.ID: job.Canceled, third.ID: job.Complete} {
		assert.Equal(t, state, a.one(id).State)
	}
	p, _ := m.Progress(first.ID)
	assert.Equal(t, job.Ended, p.Stage)
	ended := a.entries(audit.KindScanEnded)
	require.Len(t, ended, 3)
	assert.Equal(t, canceler.ID, ended[0].Actor)
	assert.Equal(t, "canceled", ended[0].Attributes["state"])
	assert.Equal(t, officer.ID, ended[2].Actor)
}

func TestAFollowerThatLeavesHoldsNothingUp(t *testing.T) {
	a := newAgency(t)
	g := newGate(a.scans)
	m, _ := a.manage(g)
	s := a.start(m, a.folder(map[string]string{"a.txt": somchai, "b.txt": somchai, "c.txt": somchai}))
	<-g.reached
	ctx, leave := context.WithCancel(t.Context())
	gone := m.Follow(ctx, s.ID)
	slow := m.Follow(t.Context(), s.ID)
	leave()
	last(gone)
	close(g.open)
	var seen []job.Progress
	for p := range slow {
		seen = append(seen, p)
	}
	require.NotEmpty(t, seen)
	assert.Equal(t, job.Ended, seen[len(seen)-1].Stage)
}

func TestProgressHasATimeLeftForFoldersAndSites(t *testing.T) {
	a := newAgency(t)
	dir := a.folder(map[string]string{"a.txt": somchai, "b.txt": malee, "c.txt": somchai})
	a.publish("/", `<a href="/1">x</a><a href="/2">x</a><a href="/3">x</a>`)
	for _, path := range []string{"/1", "/2", "/3"} {
		a.publish(path, malee)
	}
	s, err := a.runner.Begin(t.Context(), officer, a.plan(dir, home))
	require.NoError(t, err)
	var told []job.Progress
	_, err = a.runner.Run(t.Context(), s.ID, func(p job.Progress) {
		a.later(time.Second)
		told = append(told, p)
	})
	require.NoError(t, err)
	left := map[int]int{}
	for i, p := range told {
		assert.Equal(t, s.ID, p.Scan)
		assert.GreaterOrEqual(t, p.TotalItems, p.Items)
		if p.Left() > 0 {
			left[p.Part]++
		}
		if i > 0 {
			assert.GreaterOrEqual(t, p.Findings, told[i-1].Findings)
			assert.GreaterOrEqual(t, p.Part, told[i-1].Part)
		}
		for _, v := range planted {
			assert.NotContains(t, p.Current, v)
		}
	}
	assert.Positive(t, left[1], "of the folder")
	assert.Positive(t, left[2], "of the site")
	end := told[len(told)-1]
	assert.Equal(t, job.Ended, end.Stage)
	assert.Equal(t, 2, end.People)
	assert.Positive(t, end.Elapsed())
	assert.Zero(t, end.Left())
}
