package counter

import (
	"sync"
	"time"

	"chipproof/cardreader"
)

// A counter serves one request at a time: there is one clerk with one citizen.
// A turn lasts until the answer has left. One that waits for the clerk's word
// outlives a single call: the page repeats the same call, and until then the
// turn is kept for it (agent-security §5, P3 and P4).

// asked is what makes two calls the same.
type asked struct {
	origin, purpose, fields, reader string
	hold                            string // or session, of a request of our own console
	proofing                        string // id of a proofing, which no call goes on with
	port                            string // drop-in port that it came by
}

// turn is one request being served.
type turn struct {
	asked
	approval string        // id of the approval that it waits for
	card     stay          // that the approval is about
	torn     bool          // its reader went meanwhile, and its counter began anew
	late     chan struct{} // closed when the clerk's time is over
	running  bool          // a call works on it right now
	shown    string        // id of its read, once our console may have shown the text
	lapse    *time.Timer
	kept     int // how often it was kept, so that an old timer ends no new wait
}

type turns struct {
	mu  sync.Mutex
	now *turn
}

// take begins a turn, or goes on with the one that is kept for this very call.
// Whoever has it must end or keep it. One that is kept in the name of a clerk
// who left is given up for the next; former is that one.
func (t *turns) take(a asked) (taken, former *turn, err error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	switch {
	case t.now == nil:
		t.now = &turn{asked: a}
	case t.now.running:
		return nil, nil, cardreader.ErrReaderBusy
	case t.now.hold != a.hold:
		t.stop()
		former, t.now = t.now, &turn{asked: a}
	case t.now.asked != a:
		return nil, nil, cardreader.ErrReaderBusy
	default:
		t.stop()
	}
	t.now.running = true
	return t.now, former, nil
}

// stop keeps a kept turn from lapsing; the caller holds the lock.
func (t *turns) stop() {
	if t.now.lapse != nil {
		t.now.lapse.Stop()
		t.now.lapse = nil
	}
}

// keep keeps a turn for the call that will be repeated, for so long; then
// lapsed is called, unless it was taken up again.
func (t *turns) keep(kept *turn, d time.Duration, lapsed func()) {
	t.mu.Lock()
	defer t.mu.Unlock()
	kept.running = false
	kept.kept++
	which := kept.kept
	kept.lapse = time.AfterFunc(d, func() {
		if t.drop(kept, which) {
			lapsed()
		}
	})
}

// drop ends a turn that nobody works on.
func (t *turns) drop(kept *turn, which int) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.now != kept || kept.running || kept.kept != which {
		return false
	}
	t.now = nil
	return true
}

// leave gives up a turn that nobody works on, as when the program ends, and says
// what it waited for.
func (t *turns) leave() (approval string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.now == nil || t.now.running {
		return ""
	}
	t.stop()
	approval, t.now = t.now.approval, nil
	return approval
}

// bind says of which card the clerk is asked.
func (t *turns) bind(asking *turn, card stay) {
	t.mu.Lock()
	defer t.mu.Unlock()
	asking.card, asking.torn = card, false
}

// bound is the card that the clerk was asked about; false if its reader went
// since then, so that a counter that is the same says nothing.
func (t *turns) bound(asking *turn) (card stay, whole bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	return asking.card, !asking.torn
}

// happened takes a change at the readers.
func (t *turns) happened(e cardreader.Event) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.now == nil {
		return
	}
	switch e.Kind {
	case cardreader.ReaderRemoved:
		t.now.torn = t.now.torn || e.Reader == t.now.card.reader
	case cardreader.ServiceLost:
		t.now.torn = true
	}
}

// end frees the counter for the next.
func (t *turns) end(done *turn) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.now == done {
		t.now = nil
	}
}

// busy says whether somebody is being served or waits.
func (t *turns) busy() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.now != nil
}
