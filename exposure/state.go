package exposure

import (
	"context"
	"sync"
)

// State remembers how far a scan came, so that one that was killed goes on. The
// store implements it; [Memory] does for a single run.
type State interface {
	// Done says whether an item's outcome was kept in this scan.
	Done(ctx context.Context, targetID string) (bool, error)
	// Finish keeps an outcome, with its item being done, in one transaction.
	Finish(ctx context.Context, o Outcome) error
}

// Memory keeps outcomes in memory. It is safe for several goroutines.
type Memory struct {
	mu       sync.Mutex
	done     map[string]bool
	outcomes []Outcome
}

var _ State = (*Memory)(nil)

// NewMemory is an empty one.
func NewMemory() *Memory { return &Memory{done: map[string]bool{}} }

// Done says whether the item was finished.
func (m *Memory) Done(_ context.Context, targetID string) (bool, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.done[targetID], nil
}

// Finish keeps an outcome.
func (m *Memory) Finish(_ context.Context, o Outcome) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.done[o.TargetID] = true
	m.outcomes = append(m.outcomes, o)
	return nil
}

// Outcomes is what was kept so far, in the order in which it came.
func (m *Memory) Outcomes() []Outcome {
	m.mu.Lock()
	defer m.mu.Unlock()
	return append([]Outcome{}, m.outcomes...)
}
