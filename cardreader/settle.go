package cardreader

import (
	"context"
	"fmt"
)

// settle says what a torn exchange means, once the reader's state shows it: a
// card that was pulled can count as present for 400 ms more. It waits for
// [Options.Settle] at most, by a watch of its own, never by asking again.
//
// A reader that is gone is ErrReaderNotFound and not ErrCardRemoved, as it is
// when the driver says so itself (agent-security §9): the remedy differs.
func (r *Readers) settle(ctx context.Context, reader string, counter uint16) error {
	limited, cancel := within(ctx, r.o.Settle, ErrCardError)
	defer cancel()
	w, err := startWatch(limited, r.driver, r.settling)
	for err == nil {
		select {
		case states := <-w.snapshots:
			state, ok := find(states, reader)
			if !ok {
				return ErrReaderNotFound
			}
			if state.Card == Absent || state.Counter != counter {
				return ErrCardRemoved
			}
		case err = <-w.ended:
			if limited.Err() == nil {
				return gone(err)
			}
			err = over(limited)
		case <-limited.Done():
			err = over(limited)
		}
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return fmt.Errorf("%w: exchange torn and the card is still there", ErrCardError)
}
