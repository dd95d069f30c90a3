package job

import (
	"context"
	"sync"
	"time"

	"chipproof/exposure"
	"chipproof/exposure/crawl"
)

// ledgerError is one of keeping the scan's state, which no target is to blame
// for.
type ledgerError struct{ err error }

func (e *ledgerError) Error() string { return "keep scan: " + e.err.Error() }
func (e *ledgerError) Unwrap() error { return e.err }

// asked are the moments at which a scan began to look at its items: what is met
// there is at least as new.
type asked struct {
	mu sync.Mutex
	at map[string]time.Time
}

func (a *asked) now(id string, at time.Time) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.at == nil {
		a.at = map[string]time.Time{}
	}
	a.at[id] = at
}

func (a *asked) take(id string, otherwise time.Time) time.Time {
	a.mu.Lock()
	defer a.mu.Unlock()
	at, ok := a.at[id]
	if !ok {
		return otherwise
	}
	delete(a.at, id)
	return at
}

// fileState keeps what comes of files, and what was met there.
type fileState struct {
	*work
	asked
}

// Done implements [exposure.State].
func (s *fileState) Done(ctx context.Context, id string) (bool, error) {
	done, err := s.book.Done(ctx, id)
	if err != nil {
		return false, &ledgerError{err}
	}
	if !done {
		s.asked.now(id, s.o.Now())
	}
	return done, nil
}

// Finish implements [exposure.State].
func (s *fileState) Finish(ctx context.Context, o exposure.Outcome) error {
	seen := exposure.Observation{TargetID: o.TargetID, At: s.take(o.TargetID, s.o.Now()), State: exposure.Read, Fingerprints: []string{}}
	if len(o.NotRead) > 0 {
		seen.State = exposure.Partly
	}
	for _, f := range o.Findings {
		seen.Fingerprints = append(seen.Fingerprints, f.Fingerprint)
	}
	return s.keep(ctx, o, seen)
}

// keep keeps an item, and counts it.
func (w *work) keep(ctx context.Context, o exposure.Outcome, seen exposure.Observation) error {
	if o.Omitted > 0 && seen.State == exposure.Read {
		seen.State = exposure.Partly // what was left out may be what must be gone
	}
	if err := w.book.Keep(ctx, o, seen); err != nil {
		return &ledgerError{err}
	}
	w.follow.kept(o)
	return nil
}

// crawlState keeps pages. A crawl finishes an item and then says what it met
// there; both are kept together, in one transaction.
type crawlState struct {
	*work
	asked
	ctx     context.Context // of the item that is being finished
	item    exposure.Outcome
	waiting func() int // addresses that are known and not yet asked for
}

// Done implements [exposure.State].
func (s *crawlState) Done(ctx context.Context, id string) (bool, error) {
	done, err := s.book.Done(ctx, id)
	if err != nil {
		return false, &ledgerError{err}
	}
	if done {
		s.follow.passed(s.ahead())
	} else {
		s.asked.now(id, s.o.Now())
	}
	return done, nil
}

// Finish implements [exposure.State].
func (s *crawlState) Finish(ctx context.Context, o exposure.Outcome) error {
	s.ctx, s.item = ctx, o
	return nil
}

func (s *crawlState) each(r crawl.Result) error {
	r.Observation.At = s.take(s.item.TargetID, r.Observation.At)
	if err := s.keep(s.ctx, s.item, r.Observation); err != nil {
		return err
	}
	s.follow.page(s.item.Target, s.ahead())
	return nil
}

// ahead is how many addresses wait; -1 where the stage counts them.
func (s *crawlState) ahead() int {
	if s.waiting == nil {
		return -1
	}
	return s.waiting()
}
