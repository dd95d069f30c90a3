package simulator

import (
	"time"

	"chipproof/cardreader"
)

// slot is one reader. The machine's lock guards all of it but the player, which
// has its own.
type slot struct {
	name    string
	plugged bool
	chip    Chip // nil: no card, or one that doesn't answer
	mute    bool // something lies there and doesn't answer
	counter uint16

	attached life // since it was plugged in, or the service started
	inserted life // since the card came
	powered  life // since the card's last reset: what a connection lives by

	leaving *leaving // a card has left and the reader doesn't know yet

	player *player
	turn   chan struct{} // full while a connection has the transaction; a new one after plugging in
}

// leaving is the time between a card's leaving and the reader's noticing.
type leaving struct {
	seen  cardreader.State // what the reader still says
	back  Chip             // what is there again afterwards
	timer *time.Timer
}

func newSlot(name string, within life) *slot {
	s := &slot{name: name, plugged: true, player: newPlayer()}
	s.plug(within)
	return s
}

// plug attaches the reader and powers the card that is in it.
func (s *slot) plug(within life) {
	s.plugged = true
	s.attached = newLife(within.ctx)
	s.turn = make(chan struct{}, 1)
	if s.chip != nil {
		s.power()
	}
}

// power lets a new life of the card in the slot begin.
func (s *slot) power() {
	s.chip.Reset()
	s.player.reset()
	s.inserted = newLife(s.attached.ctx)
	s.powered = newLife(s.inserted.ctx)
}

func (s *slot) occupied() bool { return s.chip != nil || s.mute }

// state is what the reader says, true or not.
func (s *slot) state() cardreader.State {
	if s.leaving != nil {
		return s.leaving.seen
	}
	state := cardreader.State{Reader: s.name, Counter: s.counter, Simulated: true}
	switch {
	case s.chip != nil:
		state.Card, state.ATR = cardreader.Present, s.chip.ATR()
	case s.mute:
		state.Card = cardreader.Mute
	}
	return state
}

// put lays a card in.
func (s *slot) put(c Chip) {
	s.settle()
	s.chip = c
	s.power()
	s.counter++
}

// take takes out what lies there; from then on the open connection sees why.
func (s *slot) take(why loss) {
	seen := s.state()
	if s.chip != nil {
		s.inserted.end(why)
	}
	s.chip, s.mute = nil, false
	s.leaving = &leaving{seen: seen}
}

// settle lets the reader notice that the card has left.
func (s *slot) settle() {
	if s.leaving == nil {
		return
	}
	gone := s.leaving
	s.leaving = nil
	if gone.timer != nil {
		gone.timer.Stop()
	}
	s.counter++
	if gone.back != nil {
		s.put(gone.back)
	}
}

// reset is a reset by somebody else: whoever is connected must start again.
func (s *slot) reset() loss {
	why := loss{err: cardreader.ErrCardReset}
	s.chip.Reset()
	s.player.reset()
	s.powered.end(why)
	s.powered = newLife(s.inserted.ctx)
	return why
}

// swap puts another card under the live connection: to the reader a card left
// and a card came, to the connection nothing happened.
func (s *slot) swap(c Chip) {
	s.chip = c
	s.chip.Reset()
	s.player.reset()
	s.counter += 2
}
