package compat

import (
	"context"
	"sync"
	"time"

	"chipproof/cardreader"
	"chipproof/proofing"
)

// arms are the sites to which cards are sent when they are put in, by the word of
// whoever holds the desk.
type arms struct {
	idle   time.Duration
	lapsed func(origin string, a *arm)

	mu      sync.Mutex
	byID    map[string]*arm
	readers map[string]bool // with a card in them
}

// arm is a site that is armed.
type arm struct {
	by    proofing.Actor
	desk  string // the hold in which it was armed, and in which alone it counts
	since time.Time
	still func() error
	end   *time.Timer // runs while there is no card
}

func newArms(idle time.Duration, lapsed func(string, *arm)) *arms {
	return &arms{idle: idle, lapsed: lapsed, byID: map[string]*arm{}, readers: map[string]bool{}}
}

// set arms a site, or takes the place of how it was armed before.
func (l *arms) set(origin string, a *arm) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.discard(origin)
	l.byID[origin] = a
	a.end = time.AfterFunc(l.idle, func() {
		if l.drop(origin, a) {
			l.lapsed(origin, a)
		}
	})
	if len(l.readers) > 0 {
		a.end.Stop()
	}
}

// unset disarms a site, and says whether it was armed.
func (l *arms) unset(origin string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.discard(origin)
}

// discard is [arms.unset]; the caller holds the lock.
func (l *arms) discard(origin string) bool {
	a := l.byID[origin]
	if a == nil {
		return false
	}
	a.end.Stop()
	delete(l.byID, origin)
	return true
}

// drop disarms a site unless it was armed anew.
func (l *arms) drop(origin string, a *arm) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.byID[origin] == a && l.discard(origin)
}

// desk is the hold in which a site is armed, empty if it is not.
func (l *arms) desk(origin string) string {
	l.mu.Lock()
	defer l.mu.Unlock()
	if a := l.byID[origin]; a != nil {
		return a.desk
	}
	return ""
}

// all are those that are armed.
func (l *arms) all() map[string]*arm {
	l.mu.Lock()
	defer l.mu.Unlock()
	list := make(map[string]*arm, len(l.byID))
	for origin, a := range l.byID {
		list[origin] = a
	}
	return list
}

func (l *arms) clear() {
	l.mu.Lock()
	defer l.mu.Unlock()
	for origin := range l.byID {
		l.discard(origin)
	}
}

// happened lets the hour without a card begin, or ends it.
func (l *arms) happened(e cardreader.Event) {
	l.mu.Lock()
	defer l.mu.Unlock()
	before := len(l.readers)
	switch e.Kind {
	case cardreader.CardInserted, cardreader.CardMute:
		l.readers[e.Reader] = true
	case cardreader.CardRemoved, cardreader.ReaderRemoved:
		delete(l.readers, e.Reader)
	case cardreader.ServiceLost:
		clear(l.readers)
	}
	for _, a := range l.byID {
		switch {
		case len(l.readers) > 0:
			a.end.Stop()
		case before > 0:
			a.end.Reset(l.idle)
		}
	}
}

// lapsed writes down that a site is no longer armed because no card came.
func (p *Ports) lapsed(origin string, a *arm) { p.noteDisarmed(origin, a, "no_card") }

// disarmLeft disarms what was armed by somebody who has left the desk.
func (p *Ports) disarmLeft(ctx context.Context) {
	for origin, a := range p.arms.all() {
		if ctx.Err() == nil && a.still() != nil && p.arms.drop(origin, a) {
			p.noteDisarmed(origin, a, "desk_left")
		}
	}
}

// noteDisarmed: that nothing is sent any more needs no durable entry first.
func (p *Ports) noteDisarmed(origin string, a *arm, cause string) {
	ctx, cancel := context.WithTimeout(context.Background(), recordTime)
	defer cancel()
	err := p.o.Arms.Arm(ctx, proofing.Arming{Port: string(GoThai), Origin: origin, By: a.by, Cause: cause})
	if err != nil {
		p.o.Log.Error("disarming not recorded", "cause", err)
	}
}

// recordTime bounds what is written after the act.
const recordTime = 10 * time.Second
