package counter

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"chipproof/api"
)

// Why there is no result (agent-security §5, P5).
var (
	// ErrResultUnknown: no proofing of that id, or not of whoever asks.
	ErrResultUnknown = errors.New("result unknown")
	// ErrResultGone: handed out already, too old, or a proofing that is over.
	ErrResultGone = errors.New("result gone")
)

// attempts are the proofings that somebody may still ask about. One runs at a
// time, as the turn sees to.
type attempts struct {
	mu      sync.Mutex
	byID    map[string]*attempt
	now     *attempt // the one that runs
	seconds map[string]bool
	stopped error // why nothing begins any more
	running sync.WaitGroup
}

// remembered is how long it is known of a result that it is gone.
const remembered = time.Hour

func newAttempts() *attempts {
	return &attempts{byID: map[string]*attempt{}, seconds: map[string]bool{}}
}

// begin notes that an attempt runs. Error: why nothing begins any more.
func (l *attempts) begin(a *attempt) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.stopped != nil {
		return l.stopped
	}
	l.byID[a.id], l.now = a, a
	a.bury = func() { l.bury(a) }
	l.running.Add(1)
	return nil
}

// bury leaves of an attempt only that there was one, and of whom.
func (l *attempts) bury(a *attempt) {
	l.mu.Lock()
	defer l.mu.Unlock()
	stone := &attempt{
		id: a.id, phase: gone, changed: make(chan struct{}), done: make(chan struct{}), cancel: func(error) {},
		caller: api.Caller{Origin: a.caller.Origin, Person: api.Person{Hold: a.caller.Person.Hold}},
	}
	close(stone.done)
	l.byID[a.id] = stone
}

// end notes that an attempt has its outcome.
func (l *attempts) end(a *attempt) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.now == a {
		l.now = nil
	}
	l.running.Done()
	time.AfterFunc(remembered, func() { l.forget(a.id) })
}

func (l *attempts) forget(id string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.byID, id)
}

func (l *attempts) find(id string) *attempt {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.byID[id]
}

// current is the one that runs, nil if none does.
func (l *attempts) current() *attempt {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.now
}

// stop ends what runs, and waits until its end is written down. Nothing begins
// after that.
func (l *attempts) stop(why error) {
	l.mu.Lock()
	l.stopped = why
	if l.now != nil {
		l.now.cancel(why)
	}
	l.mu.Unlock()
	l.running.Wait()
}

// second notes that an approval is the second person's, and forgets it.
func (l *attempts) second(approval string) (forget func()) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.seconds[approval] = true
	return func() {
		l.mu.Lock()
		defer l.mu.Unlock()
		delete(l.seconds, approval)
	}
}

func (l *attempts) isSecond(approval string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.seconds[approval]
}

// askedBy is the attempt of that id, for the origin that asked for it and for
// nobody else. What was asked in one clerk's name is not handed out in another's.
func (c *Counter) askedBy(caller api.Caller, id string) (*attempt, error) {
	a := c.attempts.find(id)
	if a == nil || a.caller.Origin != caller.Origin {
		return nil, fmt.Errorf("look for result: %w", ErrResultUnknown)
	}
	if err := caller.Person.SameHold(a.caller.Person); err != nil {
		a.cancel(err)
		select {
		case <-a.done:
			a.fail(err)
		default: // its own end says so
		}
	}
	return a, nil
}

// atDesk is the attempt of that id, for the session that holds the desk in whose
// name it was asked for. Error: [ErrResultUnknown].
func (c *Counter) atDesk(ctx context.Context, id string) (*attempt, error) {
	a := c.attempts.find(id)
	if a == nil || api.CallerOf(ctx).Person.SameHold(a.caller.Person) != nil {
		return nil, fmt.Errorf("look for proofing: %w", ErrResultUnknown)
	}
	return a, nil
}
