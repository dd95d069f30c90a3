package simulator

import (
	"fmt"
	"time"

	"chipproof/cardreader"
)

// Insert lays a card into a reader and powers it. It returns
// [cardreader.ErrReaderNotFound] or [ErrReaderOccupied].
func (m *Machine) Insert(reader string, c Chip) error {
	return m.at(reader, "insert card", func(s *slot) error {
		if s.occupied() {
			return ErrReaderOccupied
		}
		s.put(c)
		m.changed()
		return nil
	})
}

// InsertMute lays something into a reader that doesn't answer its reset: a card
// the wrong way round, a broken chip. Errors are those of [Machine.Insert].
func (m *Machine) InsertMute(reader string) error {
	return m.at(reader, "insert mute card", func(s *slot) error {
		if s.occupied() {
			return ErrReaderOccupied
		}
		s.settle()
		s.mute = true
		s.counter++
		m.changed()
		return nil
	})
}

// Remove takes out what lies in a reader, also in one that is unplugged; an open
// connection sees it in the way that [Machine.Behave] has set. It returns
// [cardreader.ErrReaderNotFound] or [cardreader.ErrCardAbsent].
func (m *Machine) Remove(reader string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	s, known := m.slots[reader]
	switch {
	case !known:
		return fmt.Errorf("remove card: %w", cardreader.ErrReaderNotFound)
	case !s.occupied():
		return fmt.Errorf("remove card: %w", cardreader.ErrCardAbsent)
	}
	lag := m.behaviour.Lag
	if !s.plugged {
		lag = 0 // there is no reader to say anything
	}
	m.take(s, loss{err: cardreader.ErrCardRemoved, shape: m.behaviour.Removal}, lag, nil)
	return nil
}

// Swap puts another card in while a connection stays open and notices nothing:
// the event counter goes up by two, what was selected is lost. Errors are those
// of [Machine.Remove].
func (m *Machine) Swap(reader string, c Chip) error {
	return m.at(reader, "swap card", func(s *slot) error {
		if s.chip == nil {
			return cardreader.ErrCardAbsent
		}
		s.swap(c)
		m.changed()
		return nil
	})
}

// Reset is another program that resets the card. Errors are those of
// [Machine.Remove].
func (m *Machine) Reset(reader string) error {
	return m.at(reader, "reset card", func(s *slot) error {
		if s.chip == nil {
			return cardreader.ErrCardAbsent
		}
		s.reset()
		return nil
	})
}

// Faults lets a plan happen at a reader in the place of the one before; an empty
// plan clears it, and with it whatever still lasts. It returns [ErrPlanInvalid]
// or [cardreader.ErrReaderNotFound].
func (m *Machine) Faults(reader string, plan Plan) error {
	return m.at(reader, "plan faults", func(s *slot) error {
		if err := plan.check(); err != nil {
			return err
		}
		s.player.load(plan)
		return nil
	})
}

// SetCounter sets a reader's event counter, so that a test can have it wrap from
// 65535 to 0. It returns [cardreader.ErrReaderNotFound].
func (m *Machine) SetCounter(reader string, n uint16) error {
	return m.at(reader, "set event counter", func(s *slot) error {
		s.counter = n
		return nil
	})
}

// at does something to a reader that is plugged in.
func (m *Machine) at(reader, verb string, do func(*slot) error) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	s, err := m.slot(reader)
	if err == nil {
		err = do(s)
	}
	if err != nil {
		return fmt.Errorf("%s: %w", verb, err)
	}
	return nil
}

// take takes the card out now and lets the reader notice after lag; then back,
// if there is one, is in the reader.
func (m *Machine) take(s *slot, why loss, lag time.Duration, back Chip) {
	s.settle()
	s.take(why)
	s.leaving.back = back
	if lag <= 0 {
		s.settle()
		m.changed()
		return
	}
	gone := s.leaving
	gone.timer = time.AfterFunc(lag, func() {
		m.mu.Lock()
		defer m.mu.Unlock()
		if s.leaving == gone {
			s.settle()
			m.changed()
		}
	})
}

// View is what somebody who stands before the machine sees of a reader.
type View struct {
	Reader string
	Card   cardreader.Presence
	// Person is whose card it is, by name; empty if the card is no [Card].
	Person string
	// Counter is the reader's event counter.
	Counter uint16
	// Faults is how many faults can still happen.
	Faults int
}

// Readers gives a view of every reader that is plugged in, by name, whatever
// the service does or says.
func (m *Machine) Readers() []View {
	m.mu.Lock()
	defer m.mu.Unlock()
	views := []View{}
	for _, state := range m.states() {
		s := m.slots[state.Reader]
		view := View{Reader: s.name, Counter: s.counter, Faults: s.player.left()}
		switch {
		case s.mute:
			view.Card = cardreader.Mute
		case s.chip != nil:
			view.Card = cardreader.Present
		}
		if card, ok := s.chip.(*Card); ok {
			view.Person = card.person.Key
		}
		views = append(views, view)
	}
	return views
}
