package simulator

import (
	"context"
	"errors"
	"fmt"

	"chipproof/cardreader"
)

// loss is why a connection answers no more. It is the cause with which the
// contexts below end.
type loss struct {
	shape Shape
	err   error
}

func (l loss) Error() string { return fmt.Sprintf("simulated loss: %v", l.err) }

func (l loss) Unwrap() error { return l.err }

// show is what the open connection sees, now and from now on.
func (l loss) show() ([]byte, error) {
	switch l.shape {
	case ShowsEmpty:
		return []byte{}, nil
	case ShowsTorn:
		return nil, fmt.Errorf("transmit to simulated card: %w", cardreader.ErrTorn)
	}
	return nil, fmt.Errorf("transmit to simulated card: %w", l.err)
}

// life is a stretch of time that something is there: the service, a reader, a
// card, its power. One life lies within another and ends with it.
type life struct {
	ctx context.Context
	end context.CancelCauseFunc
}

func newLife(within context.Context) life {
	ctx, end := context.WithCancelCause(within)
	return life{ctx: ctx, end: end}
}

// over says whether the life has ended, and by which loss.
func (l life) over() (loss, bool) {
	if l.ctx.Err() == nil {
		return loss{}, false
	}
	why, known := errors.AsType[loss](context.Cause(l.ctx))
	if !known {
		why = loss{err: cardreader.ErrCardError}
	}
	return why, true
}
