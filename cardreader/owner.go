package cardreader

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"
)

// owner is one connection and the one goroutine that makes every call on it.
// PC/SC calls can't be cancelled: who waits for one may give up, and then the
// owner, still inside the call, closes the card whenever the call returns.
type owner struct {
	driver Driver
	reader string
	o      Options
	card   Card // touched by the owner's goroutine only

	calls chan call
	quit  chan struct{} // closed by end
	done  chan struct{} // closed when the card is closed and the goroutine leaves
	// closeErr is what closing the card said. Read it after done.
	closeErr error

	mu        sync.Mutex
	cause     error     // why it ended, nil while it is wanted
	abandoned bool      // a call was in progress when it ended
	late      time.Time // when it counts as stuck, if it has ended and is not gone
}

// call is a piece of work for the owner's goroutine. answer has room for one, so
// the goroutine never waits for whoever gave up.
type call struct {
	perform func() ([]byte, error)
	answer  chan answer
}

type answer struct {
	data []byte
	err  error
}

func newOwner(driver Driver, reader string, o Options) *owner {
	return &owner{
		driver: driver,
		reader: reader,
		o:      o,
		calls:  make(chan call),
		quit:   make(chan struct{}),
		done:   make(chan struct{}),
	}
}

// run makes the calls until end is called, or none came for [Options.Idle] while
// there was a card. forget is called when the card is closed.
func (o *owner) run(forget func(*owner)) {
	defer close(o.done)
	defer forget(o)
	defer o.leave()
	timer := time.NewTimer(o.o.Idle)
	defer timer.Stop()
	for {
		var idle <-chan time.Time
		if o.card != nil {
			timer.Reset(o.o.Idle)
			idle = timer.C
		}
		select {
		case <-o.quit:
			return
		case <-idle:
			o.end(fmt.Errorf("%w: no call for %v", ErrCardTimeout, o.o.Idle))
			return
		case c := <-o.calls:
			if o.ended() != nil { // select chooses at random when both are ready
				return
			}
			data, err := c.perform()
			c.answer <- answer{data, err}
			if o.left() {
				o.o.Log.Info("card call came back after it was given up", "reader", o.reader)
			}
		}
	}
}

// do runs perform on the owner's goroutine and waits for it until ctx ends; then
// it ends the owner and returns over(ctx).
func (o *owner) do(ctx context.Context, perform func() ([]byte, error)) ([]byte, error) {
	if ctx.Err() != nil {
		return nil, o.end(over(ctx))
	}
	c := call{perform: perform, answer: make(chan answer, 1)}
	select {
	case o.calls <- c:
	case <-o.quit:
		return nil, o.ended()
	case <-ctx.Done():
		return nil, o.end(over(ctx))
	}
	select {
	case a := <-c.answer:
		return a.data, overOr(ctx, a.err)
	case <-o.quit:
		return nil, o.ended()
	case <-ctx.Done():
		return nil, o.abandon(ctx)
	}
}

// connect opens a connection in place of the one there may be, and gives the ATR.
func (o *owner) connect(ctx context.Context) ([]byte, error) {
	return o.do(ctx, func() ([]byte, error) {
		if err := o.drop(); err != nil {
			o.o.Log.DebugContext(ctx, "close card before connecting again", "reader", o.reader, "error", err)
		}
		card, err := o.driver.Connect(ctx, o.reader)
		if err != nil {
			return nil, err
		}
		o.card = card
		return slices.Clone(card.ATR()), nil
	})
}

// transmit sends a copy of command: who gave up may use its bytes again while
// the driver still reads them.
func (o *owner) transmit(ctx context.Context, command []byte) ([]byte, error) {
	command = slices.Clone(command)
	return o.do(ctx, func() ([]byte, error) {
		if o.card == nil { // between two tries of a reconnect that another goroutine makes
			return nil, ErrCardReset
		}
		return o.card.Transmit(ctx, command)
	})
}

// drop closes the card, on the owner's goroutine.
func (o *owner) drop() error {
	if o.card == nil {
		return nil
	}
	err := o.card.Close()
	o.card = nil
	return err
}
