package counter

import (
	"context"
	"errors"
	"fmt"
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

// insertion is a card's stay in a reader, and the origins that had their answer.
type insertion struct {
	counter  uint16
	answered map[string]bool
}

func newInsertions() *insertions { return &insertions{readers: map[string]*insertion{}} }

func (i *insertions) has(reader string, counter uint16, origin string) bool {
	i.mu.Lock()
	defer i.mu.Unlock()
	in := i.readers[reader]
	return in != nil && in.counter == counter && in.answered[origin]
}

// answered notes that an answer has left.
func (i *insertions) answered(reader string, counter uint16, origin string) {
	i.mu.Lock()
	defer i.mu.Unlock()
	in := i.readers[reader]
	if in == nil || in.counter != counter {
		in = &insertion{counter: counter, answered: map[string]bool{}}
		i.readers[reader] = in
	}
	in.answered[origin] = true
}

// again gives an origin one more answer of every card that is in.
func (i *insertions) again(origin string) {
	i.mu.Lock()
	defer i.mu.Unlock()
	for _, in := range i.readers {
		delete(in.answered, origin)
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

// insertionIn is the event counter of a reader now.
func (c *Counter) insertionIn(ctx context.Context, reader string) (uint16, error) {
	states, err := c.readers.List(ctx)
	if err != nil {
		return 0, fmt.Errorf("look at insertion: %w", err)
	}
	for _, s := range states {
		if s.Reader == reader {
			return s.Counter, nil
		}
	}
	return 0, fmt.Errorf("look at insertion: %w", cardreader.ErrReaderNotFound)
}
