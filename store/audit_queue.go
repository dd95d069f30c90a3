package store

import (
	"context"
	"sync"
	"time"

	"chipproof/audit"
)

// queue gathers entries into groups. Who finds nobody writing writes for all who
// wait; the others come to nothing but waiting for their own.
type queue struct {
	mu      sync.Mutex
	waiting []*waiting
	writing bool
}

type waiting struct {
	event audit.Event
	entry audit.Entry
	err   error
	done  chan struct{}
}

const (
	longestGroup = 256
	groupTimeout = 30 * time.Second // beyond the 10 s that SQLite waits for another process
)

// write puts an event into the next group and returns when that is durable. A
// caller that gives up hears so at once, though its entry may still be written:
// then there is an entry without an act, which is the harmless way round.
func (q *queue) write(ctx context.Context, e audit.Event, group func(context.Context, []*waiting) error) (audit.Entry, error) {
	w := &waiting{event: e, done: make(chan struct{})}
	q.mu.Lock()
	q.waiting = append(q.waiting, w)
	lead := !q.writing
	q.writing = true
	q.mu.Unlock()
	if lead {
		// The group outlives the caller that happens to lead it.
		go q.drain(context.WithoutCancel(ctx), group)
	}
	select {
	case <-w.done:
		return w.entry, w.err
	case <-ctx.Done():
		return audit.Entry{}, unavailable(context.Cause(ctx))
	}
}

// drain writes group after group until nobody waits.
func (q *queue) drain(ctx context.Context, group func(context.Context, []*waiting) error) {
	for {
		q.mu.Lock()
		n := min(len(q.waiting), longestGroup)
		next := q.waiting[:n:n]
		q.waiting = q.waiting[n:]
		if n == 0 {
			q.waiting, q.writing = nil, false
			q.mu.Unlock()
			return
		}
		q.mu.Unlock()

		ctx, cancel := context.WithTimeout(ctx, groupTimeout)
		err := group(ctx, next)
		cancel()
		for _, w := range next {
			if err != nil {
				w.entry, w.err = audit.Entry{}, err
			}
			close(w.done)
		}
	}
}
