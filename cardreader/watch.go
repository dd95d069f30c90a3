package cardreader

import (
	"context"
	"fmt"
)

// watch is one call of Driver.Watch on a goroutine of its own, so that a driver
// which does not come back makes nobody wait.
type watch struct {
	snapshots chan []State // not buffered: what was reported comes before the end
	ended     chan error
}

// startWatch takes one of places before the call, waiting until ctx ends, and
// gives it back when the call returns. Its error is over(ctx).
func startWatch(ctx context.Context, driver Driver, places chan struct{}) (*watch, error) {
	select {
	case places <- struct{}{}:
	case <-ctx.Done():
		return nil, over(ctx)
	}
	w := &watch{snapshots: make(chan []State), ended: make(chan error, 1)}
	go func() {
		defer func() { <-places }()
		w.ended <- driver.Watch(ctx, func(states []State) {
			select {
			case w.snapshots <- clean(states):
			case <-ctx.Done():
			}
		})
	}()
	return w, nil
}

// gone is why the service went. A watch that ends without a reason is no reason
// to stop watching.
func gone(err error) error {
	if err == nil {
		return fmt.Errorf("%w: watch ended by itself", ErrServiceDown)
	}
	return err
}
