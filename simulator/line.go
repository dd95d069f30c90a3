package simulator

import (
	"context"
	"time"
)

// Line is how long a card's contacts take, so that a read in a test lasts as
// long as a read at the counter. The zero Line takes no time.
type Line struct {
	// Character is the time of one character: a start bit, eight data bits,
	// parity and two of guard time are 12 etu (ISO/IEC 7816-3 §7).
	Character time.Duration
	// Exchange is what reader, USB and the card's own work add to one exchange.
	Exchange time.Duration
}

// Lines of the cards in use (design §9).
var (
	// LineTA96 is a card with TA1 = 96: F 512, D 32.
	LineTA96 = Line{Character: 48 * time.Microsecond, Exchange: 5 * time.Millisecond}
	// LineTA18 is a card with TA1 = 18: F 372, D 12.
	LineTA18 = Line{Character: 93 * time.Microsecond, Exchange: 15 * time.Millisecond}
)

// time is what one exchange takes that carries data in one or both directions.
func (l Line) time(p Protocol, sent, received int) time.Duration {
	return time.Duration(characters(p, sent, received))*l.Character + l.Exchange
}

// characters counts what goes over the contacts for one exchange. With T=0: a
// header of five, a procedure byte before data, the data, the status word
// (ISO/IEC 7816-3 §10.3). With T=1: header and data, data and status word, and
// four characters round each of these two blocks (§11.3).
func characters(p Protocol, sent, received int) int {
	if p == T1 {
		return 4 + 5 + sent + 4 + received + 2
	}
	n := 5 + sent + received + 2
	if sent+received > 0 {
		n++
	}
	return n
}

// wait lets d pass, or returns ctx's error when ctx ends first.
func wait(ctx context.Context, d time.Duration) error {
	if d <= 0 {
		return ctx.Err()
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
