package cardreader

import (
	"context"
	"errors"
	"fmt"
	"slices"
)

// Reconnect makes a new connection, with a transaction of its own, after
// [ErrCardReset]. What was selected is lost: the caller starts again from SELECT.
// It works once a session; the limits of the session go on.
//
// Errors: [ErrCardError] the second time; [ErrCardChanged] when another card is
// in the reader by now; [ErrReaderBusy] when another program keeps it; those of
// [Session.Transmit].
func (s *Session) Reconnect(ctx context.Context) error {
	if err := s.reconnect(ctx); err != nil {
		return fmt.Errorf("reconnect card: %w", err)
	}
	return nil
}

func (s *Session) reconnect(ctx context.Context) error {
	if err := s.owner.ended(); err != nil {
		return err
	}
	if !s.mayReconnect() {
		return s.owner.end(errSecondReset())
	}
	ctx, cancel := s.within(ctx, s.readers.o.Connect)
	defer cancel()
	state, atr, err := s.readers.connect(ctx, s.owner)
	if errors.Is(err, ErrSharing) {
		err = beforeConnected(err) // as for Open: it answers busy
	}
	if err == nil {
		err = s.Insertion().compare(state)
	}
	if err == nil && !slices.Equal(atr, s.atr) {
		err = fmt.Errorf("%w: answer to reset differs", ErrCardChanged)
	}
	if err != nil {
		return s.owner.end(onceConnected(err))
	}
	s.mu.Lock()
	s.reset = false
	s.mu.Unlock()
	return nil
}

// mayReconnect is true once.
func (s *Session) mayReconnect() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	first := !s.reconnected
	s.reconnected = true
	return first
}

// wasReset notes that the card was reset: the first time the session can go on
// after Reconnect, the second time it is over.
func (s *Session) wasReset() error {
	s.mu.Lock()
	first := !s.reconnected
	s.reset = s.reset || first
	s.mu.Unlock()
	if !first {
		return s.owner.end(errSecondReset())
	}
	return ErrCardReset
}

// errSecondReset hides ErrCardReset, or the caller would start again for ever.
func errSecondReset() error { return fmt.Errorf("%w: reset twice by another program", ErrCardError) }
