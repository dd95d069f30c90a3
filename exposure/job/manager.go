package job

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"
)

// Manager runs the scans of a server, one at a time: those that are started here
// and those that a restart cut off. Make it with [NewManager] and let [Manager.Run]
// work. It is safe for several goroutines.
type Manager struct {
	runner *Runner
	log    *slog.Logger
	wake   chan struct{}

	mu      sync.Mutex
	running string
	cancel  context.CancelCauseFunc
	last    map[string]Progress
	follows map[string][]chan Progress
}

// errByHand is the cause of a run that somebody ended.
var errByHand = errors.New("canceled by hand")

// tryAgain is how long the manager waits for a scan that another program holds, or
// after a failure of the ledger.
const tryAgain = 10 * time.Second

// NewManager makes a manager; log may be nil.
func NewManager(r *Runner, log *slog.Logger) *Manager {
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	return &Manager{
		runner: r, log: log, wake: make(chan struct{}, 1), last: map[string]Progress{}, follows: map[string][]chan Progress{},
	}
}

// Start begins a scan; it runs when its turn comes. Errors are the ledger's.
func (m *Manager) Start(ctx context.Context, by Actor, p Plan) (Scan, error) {
	s, err := m.runner.Begin(ctx, by, p)
	if err != nil {
		return Scan{}, fmt.Errorf("start scan: %w", err)
	}
	m.note(Progress{Scan: s.ID, Stage: Waits, Parts: parts(p)})
	select {
	case m.wake <- struct{}{}:
	default:
	}
	return s, nil
}

// Run works until ctx is done, and returns when the scan that ran then has
// stopped; it stays open and goes on with the next Run.
func (m *Manager) Run(ctx context.Context) {
	for ctx.Err() == nil {
		if m.next(ctx) {
			continue
		}
		again := time.NewTimer(tryAgain)
		select {
		case <-ctx.Done():
		case <-m.wake:
		case <-again.C:
		}
		again.Stop()
	}
}

// next runs the oldest open scan that nobody holds, and says whether there was
// one.
func (m *Manager) next(ctx context.Context) bool {
	open, err := m.runner.o.Holds.Unfinished(ctx)
	if err != nil {
		m.failed(ctx, "", err)
		return false
	}
	for _, s := range open {
		if _, known := m.Progress(s.ID); !known { // cut off by a restart, or begun elsewhere
			m.note(Progress{Scan: s.ID, Stage: Waits, Parts: parts(Plan{Targets: s.Targets})})
		}
	}
	for _, s := range open {
		err := m.one(ctx, s.ID)
		switch {
		case ctx.Err() != nil:
			return false
		case errors.Is(err, ErrScanHeld):
			continue
		case err == nil, errors.Is(err, ErrIncomplete), errors.Is(err, ErrScanEnded):
			return true
		}
		m.failed(ctx, s.ID, err)
	}
	return false
}

func (m *Manager) failed(ctx context.Context, id string, err error) {
	if ctx.Err() == nil {
		m.log.WarnContext(ctx, "scan can't go on", "scan", id, "error", err)
	}
}

// one runs a scan to its end, or until somebody cancels it.
func (m *Manager) one(ctx context.Context, id string) error {
	running, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	m.mu.Lock()
	m.running, m.cancel = id, cancel
	m.mu.Unlock()
	_, err := m.runner.Run(running, id, m.note)
	m.mu.Lock()
	m.running, m.cancel = "", nil
	m.mu.Unlock()
	if errors.Is(context.Cause(running), errByHand) {
		return nil // whoever did has ended it
	}
	return err
}

// Cancel ends a scan for good, whether it runs or waits: what it met until now
// counts. Errors: [ErrScanUnknown], [ErrScanEnded], those of the ledger.
func (m *Manager) Cancel(ctx context.Context, by Actor, id string) error {
	m.mu.Lock()
	if m.running == id {
		m.cancel(errByHand)
	}
	m.mu.Unlock()
	if err := m.runner.Cancel(ctx, by, id); err != nil {
		return err
	}
	m.mu.Lock()
	p := m.last[id]
	m.mu.Unlock()
	p.Scan, p.Stage, p.LeftMS = id, Ended, 0
	m.note(p)
	return nil
}
