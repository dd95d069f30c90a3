package counter

import (
	"errors"
	"sync"

	"chipproof/cardreader"
)

// ErrReadAlready is for an origin that had its answer of the card that is in
// (agent-security §5, P9).
var ErrReadAlready = errors.New("already read in this insertion")

// insertions remembers which origins had their answer of which insertion. The
// reader's event counter names the insertion, by equality: it moves when a card
// leaves and when one comes.
type insertions struct {
	mu      sync.Mutex
	readers map[string]*insertion
}

// insertion is a card's stay in a reader, and what became of its answers, by
// origin.
type insertion struct {
	counter uint16
	answers map[string]given
}

// given is an origin's answer of an insertion.
type given struct {
	had     bool // it has left the agent
	leaving bool // it is on its way, and nobody knows yet
	told    bool // there is an entry that the origin asked for a second one
}

// stay names an insertion.
type stay struct {
	reader  string
	counter uint16
}

func newInsertions() *insertions { return &insertions{readers: map[string]*insertion{}} }

// of is the insertion that s names, nil if that is over or nothing was answered
// of it; the caller holds the lock.
func (i *insertions) of(s stay) *insertion {
	if in := i.readers[s.reader]; in != nil && in.counter == s.counter {
		return in
	}
	return nil
}

// has says whether the origin had its answer, or is about to have it. Our own
// console, which has no origin, reads at a person's click each time, and that
// click is what a second answer needs.
func (i *insertions) has(s stay, origin string) bool {
	if origin == "" {
		return false
	}
	i.mu.Lock()
	defer i.mu.Unlock()
	in := i.of(s)
	return in != nil && (in.answers[origin].had || in.answers[origin].leaving)
}

// claim lets an answer go, until [insertions.settle] says whether it has left. It
// says no to an origin that had one, or is about to. s is the insertion that is
// there: another one of its reader is over.
func (i *insertions) claim(s stay, origin string) bool {
	i.mu.Lock()
	defer i.mu.Unlock()
	in := i.of(s)
	if origin != "" && in != nil && (in.answers[origin].had || in.answers[origin].leaving) {
		return false
	}
	i.let(s, origin)
	return true
}

// claimAgain is a claim with the clerk's word for one more answer.
func (i *insertions) claimAgain(s stay, origin string) {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.let(s, origin)
}

// let marks an answer as leaving; the caller holds the lock.
func (i *insertions) let(s stay, origin string) {
	in := i.of(s)
	if in == nil {
		in = &insertion{counter: s.counter, answers: map[string]given{}}
		i.readers[s.reader] = in
	}
	g := in.answers[origin]
	g.leaving = true
	in.answers[origin] = g
}

// settle says what became of a claimed answer. Of an insertion that is over it
// says nothing.
func (i *insertions) settle(s stay, origin string, left bool) {
	i.mu.Lock()
	defer i.mu.Unlock()
	in := i.of(s)
	if in == nil {
		return
	}
	g := in.answers[origin]
	g.leaving, g.had = false, g.had || left
	in.answers[origin] = g
}

// told says whether there is an entry already that origin was refused a second
// answer of that insertion.
func (i *insertions) told(s stay, origin string) bool {
	i.mu.Lock()
	defer i.mu.Unlock()
	in := i.of(s)
	return in != nil && in.answers[origin].told
}

// tell notes that entry.
func (i *insertions) tell(s stay, origin string) {
	i.mu.Lock()
	defer i.mu.Unlock()
	if in := i.of(s); in != nil {
		g := in.answers[origin]
		g.told = true
		in.answers[origin] = g
	}
}

// again gives an origin one more answer of every card that is in.
func (i *insertions) again(origin string) {
	i.mu.Lock()
	defer i.mu.Unlock()
	for _, in := range i.readers {
		delete(in.answers, origin)
	}
}

// happened forgets readers whose counter starts anew.
func (i *insertions) happened(e cardreader.Event) {
	i.mu.Lock()
	defer i.mu.Unlock()
	switch e.Kind {
	case cardreader.ReaderAdded, cardreader.ReaderRemoved:
		delete(i.readers, e.Reader)
	case cardreader.ServiceLost, cardreader.ServiceBack:
		clear(i.readers)
	}
}
