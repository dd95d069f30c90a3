package counter

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"chipproof/api"
	"chipproof/proofing"
	"chipproof/proofing/proof"
)

// attempt is a proofing from the moment that its request was reserved until its
// result has been handed out. It goes on by itself, in the name of the hold of
// the desk under which it was asked: the page that asked may come and go.
type attempt struct {
	inquiry
	id     string
	caller api.Caller // who asked; Person is in whose name
	turn   *turn
	card   stay // of typed evidence: none

	ctx    context.Context // outlives the request that asked, and knows it
	cancel context.CancelCauseFunc
	done   chan struct{} // closed when there is an outcome

	// word is held while what the clerk said is written down, so that of two
	// words of one kind the first counts.
	word sync.Mutex

	mu      sync.Mutex
	changed chan struct{} // closed, and another one, at each change
	phase   phase
	waiting []string // what for, in the words of the API; none while it runs by itself
	told    []string // what the page was told last
	ends    time.Time
	view    *proofing.View  // what the clerk may see; nil unless the clerk is asked
	hears   []proofing.Kind // facts of the clerk that count now
	stated  []proofing.Fact
	waiters int // calls that would hand the outcome out
	// decided: the decision stands in the audit log. Whatever happens after that,
	// the request is used for good.
	decided  bool
	result   *proofing.Result
	err      error
	late     bool   // too old to be handed out
	heardOut bool   // the clerk has had the say
	no       bool   // it was the clerk who ended it
	bury     func() // called when nothing is left to hand out
}

// phase is how far an attempt has come.
type phase int

const (
	running phase = iota // it has no outcome yet
	ready                // there is an outcome to hand out
	leaving              // a result is on its way
	gone                 // handed out, or too old
)

// What is waited for, besides the facts that a clerk states.
const (
	waitsApproval = "approval"
	waitsSecond   = "second_person"
)

func newAttempt(ctx context.Context, caller api.Caller, q inquiry) *attempt {
	a := &attempt{
		inquiry: q, id: newID(), caller: caller, changed: make(chan struct{}), done: make(chan struct{}),
	}
	a.ctx, a.cancel = context.WithCancelCause(context.WithoutCancel(ctx))
	return a
}

// origin is who asks, empty for our own console.
func (a *attempt) origin() string { return a.site.Origin }

// change changes an attempt and wakes up whoever waits for that.
func (a *attempt) change(f func()) {
	a.mu.Lock()
	defer a.mu.Unlock()
	f()
	close(a.changed)
	a.changed = make(chan struct{})
}

// news is closed at the next change.
func (a *attempt) news() <-chan struct{} {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.changed
}

// waitFor says for what a person is waited, until then; nothing means that it
// runs by itself again.
func (a *attempt) waitFor(until time.Time, what ...string) {
	a.change(func() { a.waiting, a.ends = what, until })
}

// open lets the clerk see and state what is wanted, until then.
func (a *attempt) open(view *proofing.View, until time.Time, wanted []proofing.Kind) {
	a.change(func() { a.view, a.hears, a.ends, a.waiting = view, wanted, until, kindNames(wanted) })
}

// show lets the clerk see what is decided about, until then.
func (a *attempt) show(view *proofing.View, until time.Time, what string) {
	a.change(func() { a.view, a.ends, a.waiting = view, until, []string{what} })
}

// close ends both, and gives what was stated.
func (a *attempt) close() (stated []proofing.Fact) {
	a.change(func() {
		stated = a.stated
		a.view, a.hears, a.ends, a.waiting, a.heardOut = nil, nil, time.Time{}, nil, true
	})
	return stated
}

// facts are those that were stated so far.
func (a *attempt) facts() []proofing.Fact {
	a.mu.Lock()
	defer a.mu.Unlock()
	return slices.Clone(a.stated)
}

// waits is for what a person is waited.
func (a *attempt) waits() []string {
	a.mu.Lock()
	defer a.mu.Unlock()
	return slices.Clone(a.waiting)
}

// tell is for what a person is waited, and whether that is news to the page. It
// is none when nobody has to act.
func (a *attempt) tell() (what []string, news bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	news = len(a.waiting) > 0 && !slices.Equal(a.waiting, a.told)
	a.told = a.waiting
	return a.waiting, news
}

// runs says whether there is no outcome yet.
func (a *attempt) runs() bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.phase == running
}

// finish sets the outcome. It reports whether a call is there to hand it out.
func (a *attempt) finish(result *proofing.Result, err error) (attended bool) {
	a.change(func() {
		a.phase, a.result, a.err, a.no = ready, result, err, errors.Is(err, ErrApprovalDeclined)
		a.waiting, a.view, a.hears, a.stated = nil, nil, nil, nil
		a.claimed = proof.Claimed{} // compared by now, and of no more use
		attended = a.waiters > 0
	})
	close(a.done)
	return attended
}

// declined says whether the clerk said no.
func (a *attempt) declined() bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.no
}

// expire ends what nobody asked for.
func (a *attempt) expire() {
	a.change(func() {
		a.late = true
		if a.phase == ready {
			a.drop()
		}
	})
}

// drop ends an attempt for good; the caller holds the lock. Whoever looks for it
// later finds that there was one, and nothing else of it.
func (a *attempt) drop() {
	a.phase, a.result, a.err, a.request = gone, nil, nil, nil
	if a.bury != nil {
		a.bury()
	}
}

// fail puts an error in the place of an outcome that may not be handed out any
// more.
func (a *attempt) fail(err error) {
	a.change(func() {
		if a.phase == ready {
			a.result, a.err = nil, err
		}
	})
}

// take takes the outcome, if there is one. A failure is told once; a result is
// on its way until [attempt.left].
func (a *attempt) take() (result *proofing.Result, err error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	switch {
	case a.phase == running:
		return nil, nil
	case a.phase != ready:
		return nil, ErrResultGone
	case a.err != nil:
		err = a.err
		a.drop()
		return nil, err
	}
	a.phase = leaving
	return a.result, nil
}

// left says what became of a result on its way. One that has not left can be
// asked for again.
func (a *attempt) left(left bool) {
	a.change(func() {
		if left || a.late {
			a.drop()
		} else {
			a.phase = ready
		}
	})
}
