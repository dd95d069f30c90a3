package compat

import (
	"context"
	"fmt"
	"sync"
	"time"

	"chipproof/api"
	"chipproof/cardreader"
	"chipproof/proofing"
)

// Pages of the NHSO agent ask every 0.8 to 2 s, and one insertion gives one answer
// to each origin. So the answer of the one chip read is kept and given again until
// the card leaves, the desk is left, or a minute has passed (agent-security §14,
// C5). It is the only place in chipproof where a person outlives an answer.

// keeper keeps at most one answer of each origin.
type keeper struct {
	limit time.Duration

	mu      sync.Mutex
	kept    map[string]*kept
	flights map[string]*flight
}

// kept is the answer of one chip read. The person in it hides itself.
type kept struct {
	proofing.PortAnswer
	terms string // on which it was read
	still func() error
	end   *time.Timer

	mu   sync.Mutex
	left bool // an answer of it has left the agent
}

// flight is a chip read under way, for all calls of one origin that wait for it.
type flight struct {
	terms   string
	done    chan struct{}
	cancel  context.CancelFunc
	waiting int

	answer *kept
	err    error
}

func newKeeper(limit time.Duration) *keeper {
	return &keeper{limit: limit, kept: map[string]*kept{}, flights: map[string]*flight{}}
}

// get is what is kept for the origin of ctx's request, or what read gives, which
// is kept from then on. Calls that come while it is read wait for the same read;
// when the last of them has gone, it is given up.
func (k *keeper) get(ctx context.Context, read func(context.Context) (proofing.PortAnswer, error)) (*kept, error) {
	caller := api.CallerOf(ctx)
	origin, terms := caller.Origin, termsOf(caller)
	k.mu.Lock()
	if a := k.kept[origin]; a != nil && a.terms == terms {
		k.mu.Unlock()
		return a, nil
	}
	f := k.flights[origin]
	if f == nil || f.terms != terms {
		f = k.start(ctx, origin, terms, read)
	}
	f.waiting++
	k.mu.Unlock()

	select {
	case <-f.done:
		return f.answer, f.err
	case <-ctx.Done():
		k.mu.Lock()
		defer k.mu.Unlock()
		if f.waiting--; f.waiting == 0 {
			f.cancel()
			if k.flights[origin] == f {
				delete(k.flights, origin) // nobody joins what is given up
			}
		}
		return nil, fmt.Errorf("wait for read: %w", context.Cause(ctx))
	}
}

// termsOf is in whose name, and by what entry in the list of origins, an answer is
// given. One that was read on other terms is nobody's any more: what an
// administrator takes from an entry is not given at its next call (agent-security
// §6.10).
func termsOf(c api.Caller) string {
	return fmt.Sprint(c.Person.Hold, c.Grant.Ask, c.Grant.Fields)
}

// start begins a read; the caller holds the lock. The read is not that of one
// call, so it does not end with it.
func (k *keeper) start(ctx context.Context, origin, terms string, read func(context.Context) (proofing.PortAnswer, error)) *flight {
	own, cancel := context.WithCancel(context.WithoutCancel(ctx))
	f := &flight{terms: terms, done: make(chan struct{}), cancel: cancel}
	k.flights[origin] = f
	go func() {
		defer cancel()
		answer, err := read(own)
		k.mu.Lock()
		defer k.mu.Unlock()
		if k.flights[origin] == f {
			delete(k.flights, origin)
		}
		if f.err = err; err == nil {
			f.answer = k.keep(own, origin, terms, answer)
		}
		close(f.done)
	}()
	return f
}

// keep begins to keep an answer; the caller holds the lock.
func (k *keeper) keep(ctx context.Context, origin, terms string, answer proofing.PortAnswer) *kept {
	ctx = context.WithoutCancel(ctx)
	a := &kept{PortAnswer: answer, terms: terms, still: func() error { return api.StillAtDesk(ctx) }}
	k.discard(origin)
	k.kept[origin] = a
	a.end = time.AfterFunc(k.limit, func() { k.drop(origin, a) })
	return a
}

// discard drops what is kept for an origin; the caller holds the lock.
func (k *keeper) discard(origin string) {
	a := k.kept[origin]
	if a == nil {
		return
	}
	delete(k.kept, origin)
	a.end.Stop()
	a.settle(false)
}

// drop drops an answer, unless another one is kept by now.
func (k *keeper) drop(origin string, a *kept) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.kept[origin] == a {
		k.discard(origin)
	}
}

// settle notes that an answer has left, or that none will any more.
func (a *kept) settle(left bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.left = a.left || left
	a.Settle(a.left)
}

// happened drops what was read of a card that is gone.
func (k *keeper) happened(e cardreader.Event) {
	k.mu.Lock()
	defer k.mu.Unlock()
	for origin, a := range k.kept {
		same := e.Reader == a.Insertion.Reader
		switch e.Kind {
		case cardreader.CardRemoved, cardreader.ReaderRemoved, cardreader.CardMute:
		case cardreader.CardInserted:
			same = same && e.Counter != a.Insertion.Counter
		case cardreader.ServiceLost:
			same = true
		default:
			same = false
		}
		if same {
			k.discard(origin)
		}
	}
}

// recheck drops what was read in the name of somebody who left.
func (k *keeper) recheck(ctx context.Context) {
	k.mu.Lock()
	all := make(map[string]*kept, len(k.kept))
	for origin, a := range k.kept {
		all[origin] = a
	}
	k.mu.Unlock()
	for origin, a := range all {
		if ctx.Err() == nil && a.still() != nil {
			k.drop(origin, a)
		}
	}
}

// dropAll gives up everything, when the program ends.
func (k *keeper) dropAll() {
	k.mu.Lock()
	defer k.mu.Unlock()
	for origin := range k.kept {
		k.discard(origin)
	}
	for _, f := range k.flights {
		f.cancel()
	}
}
