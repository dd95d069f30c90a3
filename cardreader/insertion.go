package cardreader

import (
	"context"
	"errors"
	"fmt"
)

// Insertion names a card's stay in a reader: from the moment it came to the
// moment it leaves. It outlives the session that read the card, and names no
// person.
type Insertion struct {
	Reader  string
	counter uint16 // the reader's event counter, by equality (see State)
}

func insertionOf(s State) Insertion { return Insertion{Reader: s.Reader, counter: s.Counter} }

// compare says whether state shows this stay.
func (i Insertion) compare(state State) error {
	switch {
	case state.Card == Absent:
		return ErrCardRemoved
	case state.Counter != i.counter:
		return fmt.Errorf("%w: event counter moved", ErrCardChanged)
	}
	return nil
}

// Still says whether a card is in its reader still, and has been all the time:
// nil, [ErrCardRemoved], [ErrCardChanged], or [ErrReaderNotFound] when the reader
// was unplugged. It looks at the reader and never at the card. Other errors: those
// of [Readers.List].
//
// A reader that was unplugged counts anew when it is back, so who asks after a
// long time uses [Readers.Stay] meanwhile, which sees it go.
func (r *Readers) Still(ctx context.Context, i Insertion) error {
	limited, cancel := within(ctx, r.o.Connect, ErrServiceDown)
	defer cancel()
	state, err := r.occupied(limited, i.Reader)
	if err == nil {
		err = i.compare(state)
	}
	if err != nil {
		return fmt.Errorf("compare insertion: %w", onceConnected(err))
	}
	return nil
}

// Stay returns when a card's stay is over, and says why: [ErrCardRemoved],
// [ErrCardChanged], [ErrReaderNotFound] when the reader was unplugged,
// [ErrServiceDown] or [ErrDenied] when the service went, which forgets its
// counters; or ctx's error when ctx ended first. It never returns nil, and it
// waits for the change, by a watch of its own.
func (r *Readers) Stay(ctx context.Context, i Insertion) error {
	return fmt.Errorf("watch insertion: %w", r.stay(ctx, i))
}

func (r *Readers) stay(ctx context.Context, i Insertion) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	w, err := startWatch(ctx, r.driver, r.staying)
	if err != nil {
		return err
	}
	for {
		select {
		case states := <-w.snapshots:
			state, ok := find(states, i.Reader)
			if !ok {
				return ErrReaderNotFound
			}
			if err := i.compare(state); err != nil {
				return err
			}
		case err := <-w.ended:
			if ctx.Err() != nil && errors.Is(err, ctx.Err()) {
				return over(ctx)
			}
			return gone(err)
		case <-ctx.Done():
			return over(ctx)
		}
	}
}
