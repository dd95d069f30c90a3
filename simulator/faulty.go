package simulator

import (
	"context"
	"fmt"
	"sync"

	"chipproof/apdu"
	"chipproof/cardreader"
)

// Faulty is a card on which a fault plan is played without a reader: for a test
// of what talks to a card, or behind a virtual PC/SC reader. Where a fault needs
// a reader, it answers as the reader's driver would, until [Faulty.Reset].
type Faulty struct {
	player *player

	mu    sync.Mutex
	inner Chip
	power life
}

// NewFaulty lets plan happen to c. It returns [ErrPlanInvalid].
func NewFaulty(c Chip, plan Plan) (*Faulty, error) {
	if err := plan.check(); err != nil {
		return nil, fmt.Errorf("make faulty card: %w", err)
	}
	f := &Faulty{player: newPlayer(), inner: c, power: newLife(context.Background())}
	f.player.load(plan)
	return f, nil
}

// Transmit is one exchange; its number counts from the last [Faulty.Reset].
// Errors are those of a [cardreader.Card], and ctx's.
func (f *Faulty) Transmit(ctx context.Context, command []byte) ([]byte, error) {
	if why, over := f.living().over(); over {
		return why.show()
	}
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("transmit to simulated card: %w", err)
	}
	return f.player.play(ctx, command, f)
}

// ATR is the answer to reset of the card that lies there now.
func (f *Faulty) ATR() []byte { return f.chip().ATR() }

// Reset resets the card and puts back one that a fault took away.
func (f *Faulty) Reset() {
	f.mu.Lock()
	f.power.end(loss{err: cardreader.ErrCardReset})
	f.power = newLife(context.Background())
	f.inner.Reset()
	f.mu.Unlock()
	f.player.reset()
	f.player.connected()
}

func (f *Faulty) chip() Chip {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.inner
}

func (f *Faulty) living() life {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.power
}

func (f *Faulty) perform(fault Fault) ([]byte, error) {
	if fault.Do == DoSwap {
		return nil, f.swap(fault.Person)
	}
	why := loss{err: cardreader.ErrCardRemoved, shape: fault.Shows}
	switch fault.Do {
	case DoTorn:
		why = tear(fault)
	case DoUnplug:
		why = loss{err: cardreader.ErrReaderNotFound}
	case DoServiceStop:
		why = loss{err: cardreader.ErrServiceDown}
	case DoReset:
		why = loss{err: cardreader.ErrCardReset}
		f.chip().Reset()
		f.player.reset()
	}
	f.living().end(why)
	return why.show()
}

func (f *Faulty) swap(person string) error {
	f.mu.Lock()
	card, err := replacement(f.inner, person, CardOptions{})
	if err == nil {
		f.inner = card
	}
	f.mu.Unlock()
	f.player.reset()
	return err
}

// tear is the loss of a torn exchange: torn if the plan doesn't say.
func tear(f Fault) loss {
	why := loss{err: cardreader.ErrCardRemoved, shape: f.Shows}
	if f.Shows == "" {
		why.shape = ShowsTorn
	}
	if f.Card == CardStays {
		why.err = cardreader.ErrTorn
	}
	return why
}

// replacement is the card that a swap puts in the place of old, with the same
// line and protocol, and the same ATR unless the person's own differs: two
// cards of a series are alike in all three.
func replacement(old Chip, person string, fallback CardOptions) (*Card, error) {
	p, err := PersonNamed(person)
	if err != nil {
		return nil, err
	}
	options := fallback
	if card, ok := old.(*Card); ok {
		options = card.options
	}
	return NewCard(p, options)
}

var _ apdu.Transmitter = (*Faulty)(nil)
