package simulator

import "chipproof/apdu"

// Chip is whatever can lie in a reader: a [Card], a [Replay] of a recorded one,
// or a [Faulty] card.
type Chip interface {
	apdu.Transmitter
	// ATR is the answer to reset.
	ATR() []byte
	// Reset is power off and on, or a reset by the reader: what was selected is lost.
	Reset()
}

var (
	_ Chip = (*Card)(nil)
	_ Chip = (*Replay)(nil)
	_ Chip = (*Faulty)(nil)
)
