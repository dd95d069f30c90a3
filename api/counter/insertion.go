package counter

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"chipproof/cardreader"
	"chipproof/proofing"
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

// insertion is a card's stay in a reader, and the origins that had their answer;
// of each whether there is an entry that it asked for a second one.
type insertion struct {
	counter  uint16
	answered map[string]bool
}

// stay names an insertion.
type stay struct {
	reader  string
	counter uint16
}

func newInsertions() *insertions { return &insertions{readers: map[string]*insertion{}} }

func (i *insertions) has(reader string, counter uint16, origin string) bool {
	i.mu.Lock()
	defer i.mu.Unlock()
	in := i.readers[reader]
	if in == nil || in.counter != counter {
		return false
	}
	_, had := in.answered[origin]
	return had
}

// told says whether there is an entry already that origin was refused a second
// answer of that insertion.
func (i *insertions) told(reader string, counter uint16, origin string) bool {
	i.mu.Lock()
	defer i.mu.Unlock()
	in := i.readers[reader]
	return in != nil && in.counter == counter && in.answered[origin]
}

// tell notes that entry.
func (i *insertions) tell(reader string, counter uint16, origin string) {
	i.mu.Lock()
	defer i.mu.Unlock()
	if in := i.readers[reader]; in != nil && in.counter == counter {
		in.answered[origin] = true
	}
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
	if _, had := in.answered[origin]; !had { // one more answer takes no entry back
		in.answered[origin] = false
	}
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

// stateOf is a reader now.
func (c *Counter) stateOf(ctx context.Context, reader string) (cardreader.State, error) {
	states, err := c.readers.List(ctx)
	if err != nil {
		return cardreader.State{}, fmt.Errorf("look at insertion: %w", err)
	}
	for _, s := range states {
		if s.Reader == reader {
			return s, nil
		}
	}
	return cardreader.State{}, fmt.Errorf("look at insertion: %w", cardreader.ErrReaderNotFound)
}

// insertionIn is the event counter of a reader now.
func (c *Counter) insertionIn(ctx context.Context, reader string) (uint16, error) {
	s, err := c.stateOf(ctx, reader)
	return s.Counter, err
}

// cardIn is the card that is in: that of the named reader, or the only one.
func (c *Counter) cardIn(ctx context.Context, name string) (stay, error) {
	reader, err := proofing.Choose(ctx, c.readers, name)
	if err != nil {
		return stay{}, err
	}
	state, err := c.stateOf(ctx, reader)
	if err == nil && state.Card == cardreader.Absent {
		err = fmt.Errorf("look at insertion: %w", cardreader.ErrCardAbsent)
	}
	return stay{reader, state.Counter}, err
}

// stillIn says whether the card that the clerk is asked about has been in all
// the time since the question.
func (c *Counter) stillIn(ctx context.Context, t *turn) error {
	card, whole := c.turns.bound(t)
	state, err := c.stateOf(ctx, card.reader)
	switch {
	case errors.Is(err, cardreader.ErrReaderNotFound), err == nil && state.Card == cardreader.Absent:
		return fmt.Errorf("compare insertion: %w", cardreader.ErrCardRemoved)
	case err != nil:
		return err
	case !whole || state.Counter != card.counter:
		return fmt.Errorf("compare insertion: %w", cardreader.ErrCardChanged)
	}
	return nil
}
