package cardreader

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// overdue is the cause of a context that this package ended because a driver
// took too long. It unwraps to what that means to the caller.
type overdue struct {
	meaning error
	limit   time.Duration
}

func (o *overdue) Error() string { return fmt.Sprintf("%v: took longer than %v", o.meaning, o.limit) }
func (o *overdue) Unwrap() error { return o.meaning }

// within limits ctx to d. Timers of the runtime follow the monotonic clock, so a
// wall clock that is set meanwhile changes nothing (agent-security §11 row 29).
func within(ctx context.Context, d time.Duration, meaning error) (context.Context, context.CancelFunc) {
	return context.WithTimeoutCause(ctx, d, &overdue{meaning, d})
}

// over says why ctx ended: a limit of ours, or else the caller's own error.
func over(ctx context.Context) error {
	if late, ok := errors.AsType[*overdue](context.Cause(ctx)); ok {
		return late
	}
	return ctx.Err()
}

// overOr is over(ctx) in place of an error that only repeats ctx's end: a
// driver that honours contexts reports our limit as context.DeadlineExceeded.
func overOr(ctx context.Context, err error) error {
	if ctx.Err() != nil && (errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded)) {
		return over(ctx)
	}
	return err
}
