package cardreader

import (
	"context"
	"io"

	"chipproof/apdu"
)

// Driver is a way to reach card readers: PC/SC, or the simulator.
//
// A driver is plain: it makes one call do one thing and says what happened with
// the errors of this package. Deadlines, retries, back-off, the watch after a
// torn exchange and exclusive use are [Readers]' part, the same for every
// driver. Methods may be called from several goroutines at once.
type Driver interface {
	// List gives the state of every reader now, sorted by name. No reader is an
	// empty list and no error. Errors: ErrServiceDown, ErrDenied, ErrNotBuiltIn.
	List(ctx context.Context) ([]State, error)

	// Watch calls report with the state of every reader at once, and again after
	// each change, plugging included, until ctx ends (it returns ctx's error) or
	// the service goes (ErrServiceDown, ErrDenied, ErrNotBuiltIn). It waits for
	// the change, it never polls. report is called from one goroutine, with a
	// slice that the driver leaves alone until report returns.
	Watch(ctx context.Context, report func([]State)) error

	// Connect opens a connection of its own to the card in a reader, shared with
	// other programs, by either protocol, and holds it by a transaction. One
	// try: a reader in exclusive use elsewhere is ErrSharing. It may block for
	// long; who calls it has a deadline. ctx is for this call, not for the card's
	// life: the caller ends it right after. Errors: ErrReaderNotFound,
	// ErrCardAbsent, ErrSharing, ErrCardUnsupported, ErrCardError, ErrServiceDown,
	// ErrDenied, ErrNotBuiltIn.
	Connect(ctx context.Context, reader string) (Card, error)
}

// Card is a driver's connection to one card. [Readers] makes every call on it,
// Connect and Close included, on one goroutine.
//
// Transmit returns what the reader gave, even fewer than two bytes. Errors:
// ErrCardRemoved, ErrCardReset, ErrTorn, ErrCardError, ErrCardTimeout,
// ErrReaderNotFound, ErrServiceDown.
// Close ends the transaction and leaves the card powered; it can be called twice.
type Card interface {
	apdu.Transmitter
	io.Closer
	// ATR is the answer to reset, 0 to 33 bytes.
	ATR() []byte
}

// State is what a reader is seen to be. It names reader and ATR, never data.
type State struct {
	// Reader is the name that the service gives the reader.
	Reader string
	Card   Presence
	// ATR is the card's answer to reset, nil when none is present or it is mute.
	ATR []byte
	// Counter goes up by one when a card comes and when it leaves, and wraps
	// from 65535 to 0 (PC/SC: upper half of dwEventState). Only equality means
	// something: same counter, same insertion.
	Counter uint16
	// Simulated: reader and card are software, so what is read there never counts
	// in production (design §2). A driver that makes its readers up says so;
	// [Readers] says it of virtual readers that PC/SC can't tell from others, by
	// their names (docs/adr 0011).
	Simulated bool
}

// Presence says whether a card is in a reader, and whether it answers.
type Presence int

const (
	// Absent: no card.
	Absent Presence = iota
	// Present: a card that answered its reset.
	Present
	// Mute: something is in the slot but does not answer.
	Mute
)

// String is the word used in events and listings.
func (p Presence) String() string {
	switch p {
	case Absent:
		return "absent"
	case Present:
		return "present"
	case Mute:
		return "mute"
	}
	return "unknown"
}
