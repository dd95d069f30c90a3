package compat

import (
	"context"
	"maps"
	"slices"
	"sync"

	"chipproof/api"
	"chipproof/cardreader"
	"chipproof/proofing"
)

// backlog is how many frames a page may lag behind before it is cut off.
const backlog = 64

// page is an approved page that is connected.
type page struct {
	ctx    context.Context // of its request: who asks, and until when
	end    context.CancelCauseFunc
	caller api.Caller
	frames chan frame
}

func newPage(ctx context.Context, end context.CancelCauseFunc) *page {
	return &page{ctx: ctx, end: end, caller: api.CallerOf(ctx), frames: make(chan frame, backlog)}
}

// send never waits.
func (p *page) send(f frame) {
	select {
	case p.frames <- f:
	default:
		p.end(errPageSlow)
		f.done(false)
	}
}

// pages are the pages that are connected, and the insertions of which they are
// still to be told.
type pages struct {
	mu      sync.Mutex
	joined  map[*page]struct{}
	in      map[string]uint16 // event counter of the card in each reader
	waiting []proofing.PortInsertion
	news    chan struct{}
}

func newPages() *pages {
	return &pages{joined: map[*page]struct{}{}, in: map[string]uint16{}, news: make(chan struct{}, 1)}
}

func (l *pages) join(p *page) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.joined[p] = struct{}{}
}

// leave takes a page out; what was on its way to it has not left.
func (l *pages) leave(p *page) {
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.joined, p)
	for {
		select {
		case f := <-p.frames:
			f.done(false)
		default:
			return
		}
	}
}

// happened tells every page what changed at the readers. In front of the lock's
// end stands what a push looks at later: a person read of a card that has gone is
// never sent behind its smc-removed.
func (l *pages) happened(e cardreader.Event, table api.Table) {
	l.mu.Lock()
	defer l.mu.Unlock()
	switch e.Kind {
	case cardreader.CardInserted:
		l.in[e.Reader] = e.Counter
		l.waiting = append(l.waiting, proofing.PortInsertion{Reader: e.Reader, Counter: e.Counter})
		select {
		case l.news <- struct{}{}:
		default:
		}
	case cardreader.CardRemoved, cardreader.ReaderRemoved, cardreader.CardMute:
		delete(l.in, e.Reader)
	case cardreader.ServiceLost:
		clear(l.in)
	}
	for p := range l.joined {
		if f, ok := frameOf(e, table, p.caller.Lang); ok {
			p.send(f)
		}
	}
}

// next is an insertion that pages wait for, if there is one.
func (l *pages) next() (proofing.PortInsertion, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.waiting) == 0 {
		return proofing.PortInsertion{}, false
	}
	first := l.waiting[0]
	l.waiting = l.waiting[1:]
	return first, true
}

// isIn says whether an insertion lasts.
func (l *pages) isIn(i proofing.PortInsertion) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.lasts(i)
}

// lasts is [pages.isIn]; the caller holds the lock.
func (l *pages) lasts(i proofing.PortInsertion) bool {
	counter, ok := l.in[i.Reader]
	return ok && counter == i.Counter
}

// origins are those of which a page is connected, with how many.
func (l *pages) origins() map[string]int {
	l.mu.Lock()
	defer l.mu.Unlock()
	count := map[string]int{}
	for p := range l.joined {
		count[p.caller.Origin]++
	}
	return count
}

// of is a page of an origin that was let in by a hold of the desk, nil if there is
// none.
func (l *pages) of(origin, desk string) *page {
	l.mu.Lock()
	defer l.mu.Unlock()
	for p := range l.joined {
		if p.caller.Origin == origin && p.caller.Person.Hold == desk && p.ctx.Err() == nil {
			return p
		}
	}
	return nil
}

// give hands a frame of a person to every page of an origin that was let in by a
// hold of the desk, while the card is in. settle is told once anything has left,
// or that nothing will.
func (l *pages) give(origin, desk string, i proofing.PortInsertion, data []byte, settle func(left bool)) {
	l.mu.Lock()
	defer l.mu.Unlock()
	var to []*page
	if l.lasts(i) {
		for p := range l.joined {
			if p.caller.Origin == origin && p.caller.Person.Hold == desk {
				to = append(to, p)
			}
		}
	}
	d := &delivery{open: len(to), settle: settle}
	if len(to) == 0 {
		settle(false)
	}
	for _, p := range to {
		p.send(frame{data: data, done: d.done})
	}
}

// tell hands a frame without a person to every page of an origin.
func (l *pages) tell(origin string, make func(api.Lang) frame) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for p := range l.joined {
		if p.caller.Origin == origin {
			p.send(make(p.caller.Lang))
		}
	}
}

// connected are the origins of which pages are connected, sorted.
func (l *pages) connected() []string { return slices.Sorted(maps.Keys(l.origins())) }

// delivery is one answer on its way to several pages.
type delivery struct {
	mu     sync.Mutex
	open   int
	left   bool
	settle func(left bool)
}

func (d *delivery) done(left bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.open--
	d.left = d.left || left
	if left || d.open == 0 {
		d.settle(d.left)
	}
}
