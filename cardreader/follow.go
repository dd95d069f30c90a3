package cardreader

import (
	"context"
	"errors"
	"time"
)

// When the reader service goes, a new watch is begun after firstPause, then
// after twice as long each time, up to longestPause.
const (
	firstPause   = 100 * time.Millisecond
	longestPause = 5 * time.Second
	// steady is how long the service must have answered for the next pause to be
	// the first again: one that dies each time is not asked ten times a second.
	steady = time.Second
)

// Follow calls emit with every change at the readers, beginning with all that is
// there, until ctx ends; it returns ctx's error and no other, and calls emit no
// more then. emit is called from one goroutine and may take its time: changes
// meanwhile are not lost, though a card that came and went again may be.
//
// A service that stops, refuses or does not answer is [ServiceLost], once, and
// again when the reason changes. Then nothing is known: after [ServiceBack]
// every reader and every card is reported anew, whatever was in it before.
func (r *Readers) Follow(ctx context.Context, emit func(Event)) error {
	f := follower{readers: r, emit: emit, places: make(chan struct{}, maxLeftovers)}
	pause := firstPause
	for {
		lived, err := f.watch(ctx)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		f.lose(err)
		if lived >= steady {
			pause = firstPause
		}
		if sleep(ctx, pause) != nil {
			return ctx.Err()
		}
		pause = min(2*pause, longestPause)
	}
}

// follower is what one Follow knows.
type follower struct {
	readers *Readers
	emit    func(Event)
	places  chan struct{} // for watches, those that hang included
	known   []State
	lost    error // why the service is away, nil while it answers
}

// watch reports the changes of one watch until that ends, and says why it did
// and for how long the service had answered.
func (f *follower) watch(ctx context.Context) (lived time.Duration, err error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	w, err := startWatch(ctx, f.readers.driver, f.places)
	if err != nil {
		return 0, err
	}
	// The first snapshot comes at once (see Driver.Watch), or nothing ever will.
	late := time.NewTimer(f.readers.o.Connect)
	defer late.Stop()
	var first time.Time
	for {
		select {
		case states := <-w.snapshots:
			if first.IsZero() {
				first = time.Now()
				late.Stop()
			}
			f.see(states)
		case err := <-w.ended:
			return since(first), gone(err)
		case <-late.C:
			return 0, &overdue{ErrServiceDown, f.readers.o.Connect}
		case <-ctx.Done():
			return since(first), over(ctx)
		}
	}
}

// since is the time from t until now, none if t never was.
func since(t time.Time) time.Duration {
	if t.IsZero() {
		return 0
	}
	return time.Since(t)
}

func (f *follower) see(states []State) {
	if f.lost != nil {
		f.lost = nil
		f.emit(Event{Kind: ServiceBack})
	}
	for _, e := range changes(f.known, states) {
		f.emit(e)
	}
	f.known = states
}

func (f *follower) lose(err error) {
	known := f.lost != nil && sameReason(f.lost, err)
	f.lost, f.known = err, nil
	if !known {
		f.emit(Event{Kind: ServiceLost, Err: err})
	}
}

// sameReason compares two failures of the service by what a user can do about them.
func sameReason(a, b error) bool {
	for _, reason := range []error{ErrServiceDown, ErrDenied, ErrNotBuiltIn} {
		if errors.Is(a, reason) != errors.Is(b, reason) {
			return false
		}
	}
	return true
}
