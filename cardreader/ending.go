package cardreader

import (
	"context"
	"errors"
	"time"
)

// errClosed is what calls get after Session.Close: a mistake of the program, so
// it has no row in the problem table.
var errClosed = errors.New("session closed")

// end lets the owner close the card, at once or when the call in progress
// returns. The first cause stays; it gives back the one it was called with.
func (o *owner) end(cause error) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.endLocked(cause, time.Now().Add(o.o.Exchange))
	return cause
}

// abandon is end while a call is in progress whose limit is ctx's deadline.
func (o *owner) abandon(ctx context.Context) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.abandoned = true
	late, _ := ctx.Deadline()
	o.endLocked(over(ctx), late)
	return over(ctx)
}

func (o *owner) endLocked(cause error, late time.Time) {
	if o.cause == nil {
		o.cause, o.late = cause, late
		close(o.quit)
	}
}

// ended is why the owner ended, nil while it is wanted.
func (o *owner) ended() error {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.cause
}

// left says whether a call was in progress when the owner ended.
func (o *owner) left() bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.abandoned
}

// wait waits for the owner to be gone, at most until ctx ends, limit passes or it
// counts as stuck, and says whether it is.
func (o *owner) wait(ctx context.Context, limit time.Duration) (gone bool) {
	o.mu.Lock()
	limit = min(limit, time.Until(o.late))
	o.mu.Unlock()
	timer := time.NewTimer(limit)
	defer timer.Stop()
	select {
	case <-o.done:
	case <-timer.C:
	case <-ctx.Done():
	}
	select {
	case <-o.done: // maybe long since, and select chose another
		return true
	default:
		return false
	}
}

// leave closes the card when the owner ends. Who called Session.Close hears of
// an error there; after a failure nobody does.
func (o *owner) leave() {
	o.closeErr = o.drop()
	if cause := o.ended(); o.closeErr != nil && !errors.Is(cause, errClosed) {
		o.o.Log.Debug("close card after failure", "reader", o.reader, "cause", cause, "error", o.closeErr)
	}
}
