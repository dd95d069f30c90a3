package cardreader

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"chipproof/apdu"
)

// Session is the exclusive use of one card, from [Readers.Open] to Close. Its
// first failure is its last: the card is let go at once, whatever its driver is
// doing, every later call answers with that failure, and the next Open makes a
// connection of its own. Only [ErrCardReset] can be followed by Reconnect.
//
// Calls that overlap are made one after another. A caller must not wait for
// anything but the card between two calls, see [Options.Idle].
type Session struct {
	readers *Readers
	owner   *owner
	traced  apdu.Transmitter // transmit, with a line in the log for each exchange
	before  State            // of the reader before it was connected
	atr     []byte
	until   time.Time // with its monotonic reading

	mu          sync.Mutex
	reset       bool // the card was reset and Reconnect not called yet
	reconnected bool
	closed      bool
}

var _ apdu.Transmitter = (*Session)(nil)

// ATR is the card's answer to reset, 0 to 33 bytes.
func (s *Session) ATR() []byte { return slices.Clone(s.atr) }

// Simulated says that the card is software, see [State].
func (s *Session) Simulated() bool { return s.before.Simulated }

// Insertion names the stay of the card that was opened, for questions after the
// session is closed.
func (s *Session) Insertion() Insertion { return insertionOf(s.before) }

// Transmit sends one command and gives the answer, two bytes at least. It
// returns within [Options.Exchange], what is left of [Options.Session], or, when
// the exchange was torn, [Options.Settle] more.
//
// Errors: [ErrCardRemoved]; [ErrReaderNotFound] when the reader was unplugged;
// [ErrCardReset], once, then [ErrCardError]; [ErrCardTimeout]; [ErrCardError];
// [ErrServiceDown]; ctx's own, at once.
func (s *Session) Transmit(ctx context.Context, command []byte) ([]byte, error) {
	answer, err := s.traced.Transmit(ctx, command)
	if err != nil {
		return nil, fmt.Errorf("card exchange: %w", err)
	}
	return answer, nil
}

func (s *Session) transmit(ctx context.Context, command []byte) ([]byte, error) {
	if err := s.usable(); err != nil {
		return nil, err
	}
	limited, cancel := s.within(ctx, s.readers.o.Exchange)
	defer cancel()
	answer, err := s.owner.transmit(limited, command)
	switch {
	case err == nil && len(answer) >= 2:
		return answer, nil
	case errors.Is(err, ErrCardReset):
		return nil, s.wasReset()
	case err == nil, errors.Is(err, ErrTorn):
		// pcsc-lite 1.9.9 gives an empty answer and no error for a card that was
		// pulled while it answered (agent-security §9).
		err = s.readers.settle(ctx, s.owner.reader, s.before.Counter)
	}
	return nil, s.owner.end(onceConnected(err))
}

// Unchanged says whether the card in the reader is still the insertion that was
// opened: nil, [ErrCardRemoved], [ErrCardChanged], or [ErrReaderNotFound] when
// the reader was unplugged. Two cards of one series have the same ATR, so the
// reader's event counter decides, by equality, since it wraps. Other errors:
// [ErrCardTimeout], [ErrServiceDown], [ErrDenied], ctx's own.
func (s *Session) Unchanged(ctx context.Context) error {
	err := s.owner.ended()
	if err == nil {
		err = s.unchanged(ctx)
	}
	if err != nil {
		return fmt.Errorf("compare insertion: %w", err)
	}
	return nil
}

func (s *Session) unchanged(ctx context.Context) error {
	limited, cancel := s.within(ctx, s.readers.o.Connect)
	defer cancel()
	state, err := s.readers.occupied(limited, s.owner.reader)
	if err == nil {
		err = s.Insertion().compare(state)
	}
	if err != nil {
		return s.owner.end(onceConnected(err))
	}
	return nil
}

// Close lets go of the card; later calls do nothing. It waits until the driver
// has closed the connection, at most [Options.Exchange], and not at all behind a
// call that was given up: the card is closed when that call comes back.
func (s *Session) Close() error {
	s.mu.Lock()
	again := s.closed
	s.closed = true
	s.mu.Unlock()

	failed := s.owner.ended()
	_ = s.owner.end(errClosed)
	if again || s.owner.left() {
		return nil
	}
	if !s.owner.wait(context.Background(), s.readers.o.Exchange) {
		return fmt.Errorf("close card: %w", &overdue{ErrCardTimeout, s.readers.o.Exchange})
	}
	if err := s.owner.closeErr; err != nil && failed == nil {
		return fmt.Errorf("close card: %w", onceConnected(err))
	}
	return nil
}

// within limits a call to d and to what is left of the session.
func (s *Session) within(ctx context.Context, d time.Duration) (context.Context, context.CancelFunc) {
	if left := time.Until(s.until); left < d {
		return context.WithTimeoutCause(ctx, left, &overdue{ErrCardTimeout, s.readers.o.Session})
	}
	return within(ctx, d, ErrCardTimeout)
}

// usable says why no command can be sent, nil if one can.
func (s *Session) usable() error {
	if err := s.owner.ended(); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.reset {
		return ErrCardReset
	}
	return nil
}

// onceConnected turns what a driver says of a connected card into what a caller
// may see.
func onceConnected(err error) error {
	switch {
	case errors.Is(err, ErrCardAbsent):
		return ErrCardRemoved
	case errors.Is(err, ErrTorn), errors.Is(err, ErrCardReset), errors.Is(err, ErrSharing):
		return fmt.Errorf("%w: %v", ErrCardError, err)
	}
	return err
}
