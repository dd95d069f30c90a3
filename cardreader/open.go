package cardreader

import (
	"context"
	"errors"
	"fmt"
	"time"

	"chipproof/apdu"
)

// While another program has a reader to itself, often for a moment after
// insertion, a try is made at these distances from the first one, and none that
// would make the caller wait for longer than the limit (agent-security §9, §11
// row 12).
const (
	sharingRetries  = 3
	sharingDistance = 500 * time.Millisecond
	sharingLimit    = 2 * time.Second
)

// Open takes a reader for this caller alone and connects to the card in it. The
// session lasts [Options.Session] at most; who opens must close.
//
// Errors: [ErrReaderBusy], at once when a session of this process has the
// reader, after the retries when another program has it; [ErrReaderNotFound];
// [ErrCardAbsent]; [ErrCardUnsupported]; [ErrCardError]; [ErrCardTimeout] after
// [Options.Connect]; [ErrServiceDown]; [ErrDenied]; [ErrNotBuiltIn]; ctx's own.
func (r *Readers) Open(ctx context.Context, reader string) (*Session, error) {
	o := newOwner(r.driver, reader, r.o)
	leftovers, err := r.claims.take(o)
	if err != nil {
		return nil, fmt.Errorf("open reader: %w", err)
	}
	go o.run(r.claims.forget)

	s, err := r.open(ctx, o, leftovers)
	if err != nil {
		return nil, fmt.Errorf("open reader: %w", o.end(beforeConnected(err)))
	}
	return s, nil
}

func (r *Readers) open(ctx context.Context, o *owner, leftovers []*owner) (*Session, error) {
	ctx, cancel := within(ctx, r.o.Connect, ErrCardTimeout)
	defer cancel()
	for _, left := range leftovers {
		// A cancelled read is over for its caller before it is for the card. One
		// that stays longer is left to the service to sort out.
		left.wait(ctx, r.o.Settle)
	}
	state, atr, err := r.connect(ctx, o)
	if err != nil {
		return nil, err
	}
	s := &Session{
		readers: r,
		owner:   o,
		before:  state,
		atr:     atr,
		until:   time.Now().Add(r.o.Session),
	}
	s.traced = apdu.Trace(apdu.TransmitterFunc(s.transmit), r.o.Log)
	return s, nil
}

// connect makes the tries, and gives the state that the reader had before the
// one that succeeded. The counter in it stands for the insertion: noted any
// later, a card swapped in between would pass for the one opened.
func (r *Readers) connect(ctx context.Context, o *owner) (State, []byte, error) {
	start := time.Now()
	for try := 1; ; try++ {
		began := time.Now()
		state, err := r.occupied(ctx, o.reader)
		if err != nil {
			return State{}, nil, err
		}
		atr, err := o.connect(ctx)
		if err == nil && len(atr) > maxATR {
			err = fmt.Errorf("%w: answer to reset of %d bytes", ErrCardUnsupported, len(atr))
		}
		if !errors.Is(err, ErrSharing) {
			return state, atr, err
		}
		wait := max(0, time.Until(start.Add(time.Duration(try)*sharingDistance)))
		if try > sharingRetries || time.Since(start)+wait+time.Since(began) >= sharingLimit {
			return State{}, nil, err
		}
		if err := sleep(ctx, wait); err != nil {
			return State{}, nil, err
		}
	}
}

// occupied is the state of a reader that has something in it.
func (r *Readers) occupied(ctx context.Context, reader string) (State, error) {
	if ctx.Err() != nil {
		return State{}, over(ctx)
	}
	states, err := r.list(ctx)
	if late, ok := errors.AsType[*overdue](err); ok {
		// No card is slow to be listed: it is the service that keeps us waiting.
		return State{}, fmt.Errorf("list readers: %w", &overdue{ErrServiceDown, late.limit})
	}
	if err != nil {
		return State{}, fmt.Errorf("list readers: %w", err)
	}
	state, ok := find(states, reader)
	if !ok {
		return State{}, ErrReaderNotFound
	}
	if state.Card == Absent {
		return State{}, ErrCardAbsent
	}
	return state, nil
}

// sleep waits for d, or until ctx ends: then it gives over(ctx).
func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return over(ctx)
	}
}

// beforeConnected turns what a driver says when there is no session yet into
// what a caller may see.
func beforeConnected(err error) error {
	switch {
	case errors.Is(err, ErrCardRemoved):
		return ErrCardAbsent
	case errors.Is(err, ErrSharing):
		return fmt.Errorf("%w: another program has it to itself", ErrReaderBusy)
	case errors.Is(err, ErrTorn), errors.Is(err, ErrCardReset):
		return fmt.Errorf("%w: connecting was disturbed: %v", ErrCardError, err)
	}
	return err
}
