package job

import (
	"context"
	"slices"
)

// Follow gives a scan's progress as it goes: what is known at once, then the
// latest whenever somebody takes it. The channel is closed when the scan has ended
// or ctx is done. A scan of which this manager knows nothing, as one that another
// program runs or that ended long ago, gives a channel that is closed at once.
func (m *Manager) Follow(ctx context.Context, id string) <-chan Progress {
	ch := make(chan Progress, 1)
	m.mu.Lock()
	defer m.mu.Unlock()
	p, known := m.last[id]
	if known {
		ch <- p
	}
	if !known || p.Stage == Ended {
		close(ch)
		return ch
	}
	m.follows[id] = append(m.follows[id], ch)
	context.AfterFunc(ctx, func() { m.leave(id, ch) })
	return ch
}

// Progress is what is known of a scan just now.
func (m *Manager) Progress(id string) (p Progress, known bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	p, known = m.last[id]
	return p, known
}

func (m *Manager) leave(id string, ch chan Progress) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if i := slices.Index(m.follows[id], ch); i >= 0 {
		m.follows[id] = slices.Delete(m.follows[id], i, i+1)
		close(ch)
	}
}

// note keeps progress and hands it to whoever follows: a slow follower gets the
// latest, not all.
func (m *Manager) note(p Progress) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.last[p.Scan].Stage == Ended {
		return // of a run that was canceled and did not know it yet
	}
	m.last[p.Scan] = p
	m.forget(p.Scan)
	for _, ch := range m.follows[p.Scan] {
		select {
		case <-ch: // takes the older one's place
		default:
		}
		ch <- p
		if p.Stage == Ended {
			close(ch)
		}
	}
	if p.Stage == Ended {
		delete(m.follows, p.Scan)
	}
}

// remembered is how many scans the manager knows the progress of.
const remembered = 200

// forget drops ended scans when there are too many; the caller holds the lock.
func (m *Manager) forget(but string) {
	for id, p := range m.last {
		if len(m.last) <= remembered {
			return
		}
		if p.Stage == Ended && id != but {
			delete(m.last, id)
		}
	}
}
