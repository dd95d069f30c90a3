package simulator

import (
	"time"

	"chipproof/cardreader"
)

// perform does to the reader what a plan asks for, in the middle of an exchange.
func (b bayOf) perform(f Fault) ([]byte, error) {
	b.machine.mu.Lock()
	defer b.machine.mu.Unlock()
	m, s := b.machine, b.slot
	if !s.plugged || s.chip == nil {
		return loss{err: cardreader.ErrCardRemoved}.show()
	}
	lag := m.behaviour.Lag
	if f.Lag > 0 {
		lag = time.Duration(f.Lag) * time.Millisecond
	}
	why := loss{err: cardreader.ErrCardRemoved, shape: f.Shows}
	switch f.Do {
	case DoSwap:
		card, err := replacement(s.chip, f.Person, m.cards)
		if err != nil {
			return nil, err
		}
		s.swap(card)
		m.changed()
		return nil, nil
	case DoReset:
		why = s.reset()
	case DoRemove:
		if f.Shows == "" {
			why.shape = m.behaviour.Removal
		}
		m.take(s, why, lag, nil)
	case DoTorn:
		why = tear(f)
		b.tear(f.Card, why, lag)
	case DoUnplug:
		why = loss{err: cardreader.ErrReaderNotFound}
		m.unplug(s)
	case DoServiceStop:
		why = loss{err: cardreader.ErrServiceDown}
		m.stop(serviceStopped)
	}
	return why.show()
}

// tear breaks the open connection and puts the card where the plan wants it.
func (b bayOf) tear(where Whereabouts, why loss, lag time.Duration) {
	switch where {
	case CardStays:
		b.slot.powered.end(why)
		b.slot.powered = newLife(b.slot.inserted.ctx)
	case CardBack:
		b.machine.take(b.slot, why, lag, b.slot.chip)
	default:
		b.machine.take(b.slot, why, lag, nil)
	}
}
