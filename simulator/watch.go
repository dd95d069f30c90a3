package simulator

import (
	"context"
	"fmt"
	"time"

	"chipproof/cardreader"
)

// watcher is one call of Watch. Changes that come while it is busy are one
// change to it, as they are to PC/SC.
type watcher struct {
	wake chan struct{}
}

// Watch reports every reader's state now and after each change, in the manner
// of [Behaviour]. See [cardreader.Driver].
func (m *Machine) Watch(ctx context.Context, report func([]cardreader.State)) error {
	w := &watcher{wake: make(chan struct{}, 1)}
	running, err := m.join(w)
	if err != nil {
		return fmt.Errorf("watch simulated readers: %w", err)
	}
	defer m.leave(w)

	for times := 1; ; {
		for range times {
			states, err := m.List(ctx)
			if err != nil {
				return err
			}
			report(states)
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-running.ctx.Done():
			return m.gone()
		case <-w.wake:
		}
		var late time.Duration
		times, late = m.manner()
		if late > 0 && wait(ctx, late) != nil {
			return ctx.Err()
		}
	}
}

// gone is why a watch ended with the service: a service that runs again by now
// was down all the same.
func (m *Machine) gone() error {
	m.mu.Lock()
	defer m.mu.Unlock()
	err := m.refusal()
	if err == nil {
		err = cardreader.ErrServiceDown
	}
	return fmt.Errorf("watch simulated readers: %w", err)
}

func (m *Machine) join(w *watcher) (life, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if err := m.refusal(); err != nil {
		return life{}, err
	}
	m.watchers[w] = struct{}{}
	return m.running, nil
}

func (m *Machine) leave(w *watcher) {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.watchers, w)
}

func (m *Machine) manner() (times int, late time.Duration) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return 1 + m.behaviour.Repeat, m.behaviour.Late
}

// changed wakes every watcher, unless this notification is one to be lost.
func (m *Machine) changed() {
	if m.behaviour.Lose > 0 {
		m.behaviour.Lose--
		return
	}
	for w := range m.watchers {
		select {
		case w.wake <- struct{}{}:
		default: // it will see this change with the one before
		}
	}
}
