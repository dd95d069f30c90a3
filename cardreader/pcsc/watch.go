//go:build cgo || windows

package pcsc

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/ebfe/scard"

	"chipproof/cardreader"
)

// plugAndPlay is the reader that does not exist: its state changes when readers
// are plugged in or out (PC/SC part 5; pcsc-lite since 1.6.5).
const plugAndPlay = `\\?PnP?\Notification`

const (
	// cancelEvery: SCardCancel does nothing when the wait has not begun yet, so
	// it is called again until the wait is over.
	cancelEvery = 10 * time.Millisecond
	// leaveAfter is how long a watch whose context ended stays for the service to
	// let it go. A service that hangs doesn't, and the caller must not hang too.
	leaveAfter = time.Second
	// lookAgainAfter is when a wait is checked against a fresh look, after it
	// began and after each ring of [disturbed]. pcsc-lite itself takes 400 ms to
	// see a card leave, and who asks why an exchange was torn waits for 1 s.
	lookAgainAfter = 250 * time.Millisecond
	// A wait that ends for nothing visible more than idleRounds times in a row is
	// followed by a pause, so that no service can keep the processor busy.
	idleRounds = 8
	idlePause  = 100 * time.Millisecond
)

// Watch reports every reader's state now and after each change, see [cardreader.Driver].
func (*Driver) Watch(ctx context.Context, report func([]cardreader.State)) error {
	pictures := make(chan []cardreader.State)
	ended := make(chan error, 1)
	go func() { ended <- watch(ctx, pictures) }()
	for {
		select {
		case states := <-pictures:
			report(states)
		case err := <-ended:
			return err
		case <-ctx.Done():
			select {
			case <-ended:
			case <-time.After(leaveAfter):
			}
			return ctx.Err()
		}
	}
}

// watch owns the context of one Watch. It ends with ctx's error or the service's.
func watch(ctx context.Context, pictures chan<- []cardreader.State) error {
	c, err := open()
	if err != nil {
		return err
	}
	defer c.close()

	var (
		last  []cardreader.State
		known bool
		idle  int
		pnp   scard.StateFlag
	)
	for ctx.Err() == nil {
		seen, err := c.look()
		if err != nil {
			return err
		}
		idle++
		if now := picture(seen); !known || !same(last, now) {
			last, known, idle = now, true, 0
			disturbed.ring()
			select {
			case pictures <- slices.Clone(now):
			case <-ctx.Done():
				return ctx.Err()
			}
		}
		if idle > idleRounds {
			pause(ctx, idlePause)
		}
		if pnp, err = c.wait(ctx, seen, pnp); err != nil {
			return err
		}
	}
	return ctx.Err()
}

func pause(ctx context.Context, d time.Duration) {
	select {
	case <-time.After(d):
	case <-ctx.Done():
	}
}

// wait returns when something may differ from what was seen. pnp is what the
// previous wait returned: the service counts pluggings in there (Windows the
// readers, pcsc-lite since 2.3 the events) and ends the wait at once when the
// count has moved in between.
func (c *client) wait(ctx context.Context, seen []scard.ReaderState, pnp scard.StateFlag) (scard.StateFlag, error) {
	rest := make([]scard.ReaderState, len(seen), len(seen)+1)
	for i, rs := range seen {
		// The counter in the upper half goes back too: a card that left and came
		// between two calls moved nothing else.
		rest[i] = scard.ReaderState{Reader: rs.Reader, CurrentState: rs.EventState &^ (scard.StateChanged | unwatched)}
	}
	all := append(rest, scard.ReaderState{Reader: pinned(plugAndPlay, c.slot), CurrentState: pnp})

	expected := picture(seen)
	err := c.block(ctx, all, expected)
	if errors.Is(err, scard.ErrInvalidParameter) && len(rest) > 0 {
		// pcsc-lite has room for as many states as it can have readers, 16. When
		// all are there, none can be plugged in, and one that goes shows by itself.
		err = c.block(ctx, rest, expected)
	}
	switch {
	case ctx.Err() != nil:
		return pnp, ctx.Err()
	case errors.Is(err, scard.ErrCancelled), // our own, after the second look
		errors.Is(err, scard.ErrUnknownReader), // it went before the wait began
		errors.Is(err, scard.ErrTimeout):
		return pnp, nil
	case err != nil:
		return pnp, meaning("wait for a change at the readers", asking, err)
	}
	return all[len(rest)].EventState &^ scard.StateChanged, nil
}

// block waits in the service until something differs from states, or ctx ends,
// or a second look finds readers other than expected.
//
// The second look finds what pcsc-lite does not tell: before 2.3, a reader that
// came between the look and the wait; and changes lost to a disturbance, see
// [bell]. Without either there is none, so an idle watch asks for nothing.
func (c *client) block(ctx context.Context, states []scard.ReaderState, expected []cardreader.State) error {
	rung := disturbed.listen()
	returned, done := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(done)
		second := time.NewTimer(lookAgainAfter)
		defer second.Stop()
		for waiting := true; waiting; {
			select {
			case <-returned:
				return
			case <-ctx.Done():
				waiting = false
			case <-rung:
				rung = nil // until the look that it asks for
				second.Reset(lookAgainAfter)
			case <-second.C:
				rung = disturbed.listen()
				now, err := look()
				// A service that fails now ends the wait without help.
				waiting = err != nil || same(now, expected)
			}
		}
		c.cancelUntil(returned)
	}()
	err := c.pcsc.GetStatusChange(states, -1)
	close(returned)
	<-done // so that nobody cancels a context that is let go
	return err
}

// cancelUntil ends a wait that may not have begun yet. What SCardCancel answers
// says nothing: pcsc-lite calls it a success when there was no wait to cancel.
func (c *client) cancelUntil(returned <-chan struct{}) {
	for {
		_ = c.pcsc.Cancel()
		select {
		case <-returned:
			return
		case <-time.After(cancelEvery):
		}
	}
}
