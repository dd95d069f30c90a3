package counter

import (
	"context"
	"errors"
	"fmt"

	"chipproof/cardreader"
	"chipproof/proofing"
)

// stateOf is a reader now.
func (c *Counter) stateOf(ctx context.Context, reader string) (cardreader.State, error) {
	states, err := c.readers.List(ctx)
	if err != nil {
		return cardreader.State{}, fmt.Errorf("look at insertion: %w", err)
	}
	for _, s := range states {
		if s.Reader == reader {
			return s, nil
		}
	}
	return cardreader.State{}, fmt.Errorf("look at insertion: %w", cardreader.ErrReaderNotFound)
}

// insertionIn is the event counter of a reader now.
func (c *Counter) insertionIn(ctx context.Context, reader string) (uint16, error) {
	s, err := c.stateOf(ctx, reader)
	return s.Counter, err
}

// cardIn is the card that is in: that of the named reader, or the only one.
func (c *Counter) cardIn(ctx context.Context, name string) (stay, error) {
	reader, err := proofing.Choose(ctx, c.readers, name)
	if err != nil {
		return stay{}, err
	}
	state, err := c.stateOf(ctx, reader)
	if err == nil && state.Card == cardreader.Absent {
		err = fmt.Errorf("look at insertion: %w", cardreader.ErrCardAbsent)
	}
	return stay{reader, state.Counter}, err
}

// stillIn says whether the card that a turn is about has been in all the time
// since then. What needs no card is about none.
func (c *Counter) stillIn(ctx context.Context, t *turn) error {
	card, whole := c.turns.bound(t)
	if card == (stay{}) {
		return nil
	}
	err := c.sameCard(ctx, card)
	if err == nil && !whole {
		err = fmt.Errorf("compare insertion: %w", cardreader.ErrCardChanged)
	}
	return err
}

// sameCard says whether a card is the one that is in its reader.
func (c *Counter) sameCard(ctx context.Context, card stay) error {
	state, err := c.stateOf(ctx, card.reader)
	switch {
	case errors.Is(err, cardreader.ErrReaderNotFound), err == nil && state.Card == cardreader.Absent:
		return fmt.Errorf("compare insertion: %w", cardreader.ErrCardRemoved)
	case err != nil:
		return err
	case state.Counter != card.counter:
		return fmt.Errorf("compare insertion: %w", cardreader.ErrCardChanged)
	}
	return nil
}
