package cardreader

import (
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"time"
)

// Options are the limits of [Readers]. Zero means the default; the defaults are
// those of design §4 and agent-security §9.
type Options struct {
	// Exchange is how long one command may take, 5 s.
	Exchange time.Duration
	// Session is how long a session may last once the card is connected, 15 s.
	Session time.Duration
	// Settle is how long a reader is watched after a torn exchange, 1 s. What a
	// torn card does to the reader's state shows up to 400 ms later.
	Settle time.Duration
	// Connect is how long listing and opening may take, 5 s.
	Connect time.Duration
	// Idle is how long a session may stand between two calls, 4 s. Windows
	// resets a card whose transaction is idle for more than 5 s.
	Idle time.Duration
	// Log gets what no caller sees: calls that come back late, cards that don't
	// close, and at debug level a line for each exchange, see [apdu.Trace]. Nil
	// means nowhere.
	Log *slog.Logger
}

func (o Options) withDefaults() Options {
	o.Exchange = cmp.Or(o.Exchange, 5*time.Second)
	o.Session = cmp.Or(o.Session, 15*time.Second)
	o.Settle = cmp.Or(o.Settle, time.Second)
	o.Connect = cmp.Or(o.Connect, 5*time.Second)
	o.Idle = cmp.Or(o.Idle, 4*time.Second)
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	return o
}

// Readers are the card readers of this machine. A process makes one, because a
// reader's exclusive use is kept in it. Safe for concurrent use.
type Readers struct {
	driver Driver
	o      Options
	claims claims
	// listing has a place for every call of Driver.List, so that a service that
	// never answers collects no more than these goroutines.
	listing chan struct{}
	// settling is the same for the watches after a torn exchange.
	settling chan struct{}
	// staying is the same for [Readers.Stay].
	staying chan struct{}
}

// maxCalls bounds the calls of one kind that a driver may leave unanswered.
const maxCalls = 16

// New gives the readers that driver reaches.
func New(driver Driver, o Options) *Readers {
	return &Readers{
		driver:   driver,
		o:        o.withDefaults(),
		claims:   claims{owners: make(map[string][]*owner)},
		listing:  make(chan struct{}, maxCalls),
		settling: make(chan struct{}, maxCalls),
		staying:  make(chan struct{}, maxCalls),
	}
}

// List gives the state of every reader now, sorted by name; no reader is an
// empty list and no error. Errors: [ErrServiceDown], also when the service does
// not answer within [Options.Connect]; [ErrDenied]; [ErrNotBuiltIn]; ctx's own.
func (r *Readers) List(ctx context.Context) ([]State, error) {
	ctx, cancel := within(ctx, r.o.Connect, ErrServiceDown)
	defer cancel()
	states, err := r.list(ctx)
	if err != nil {
		return nil, fmt.Errorf("list readers: %w", err)
	}
	return states, nil
}

// list asks the driver and waits no longer than ctx; its error is over(ctx) then.
func (r *Readers) list(ctx context.Context) ([]State, error) {
	if ctx.Err() != nil {
		return nil, over(ctx)
	}
	select {
	case r.listing <- struct{}{}:
	case <-ctx.Done():
		return nil, over(ctx)
	}
	type listing struct {
		states []State
		err    error
	}
	answer := make(chan listing, 1)
	go func() {
		defer func() { <-r.listing }()
		states, err := r.driver.List(ctx)
		answer <- listing{clean(states), err}
	}()
	select {
	case a := <-answer:
		if a.err != nil {
			return nil, overOr(ctx, a.err)
		}
		return a.states, nil
	case <-ctx.Done():
		return nil, over(ctx)
	}
}
