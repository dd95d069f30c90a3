package conformance

import (
	"chipproof/apdu"
	"chipproof/cardreader"
)

// Rig is a bench with one driver, its readers, and somebody's hands.
type Rig interface {
	// Driver is the one under test, the same each time.
	Driver() cardreader.Driver
	// Slots are two readers or more that are plugged in when the suite starts.
	// The bench may have other readers; they are left alone.
	Slots() []Slot
	// Card says what is known of the cards that Insert puts in. They are alike.
	Card() Card
}

// Slot is a reader of the bench.
type Slot interface {
	// Reader is its name as the driver gives it, the same after it was unplugged
	// and after the service was stopped.
	Reader() string
	// Insert puts a card in. It may return before the driver shows that.
	Insert() error
	// Remove takes the card out, whoever is using it; if there is none, because
	// it went with the service for example, that is no error.
	Remove() error
}

// Card is what the suite must know of a card to hold a conversation with it.
type Card struct {
	// ATR is its answer to reset, 2 to 33 bytes.
	ATR []byte
	// Select is answered by 9000 or 61xx.
	Select apdu.Command
	// Read, after Select, brings Answer, in as many rounds as it takes.
	Read   apdu.Command
	Answer []byte
	// Simulated: the cards are software, and [cardreader.Readers] must say so of
	// the readers, by the driver's mark or by their names.
	Simulated bool
}

// ServiceStopper is a [Rig] that can stop the reader service and start it again.
// Cards may be in or out of the readers after that.
type ServiceStopper interface {
	// StopService returns when the service answers nobody any more.
	StopService() error
	// StartService returns when the service answers again.
	StartService() error
}

// Unplugger is a [Rig] that can unplug its readers, by name, and plug them in
// again. A card in the reader may stay there meanwhile, or be taken out.
type Unplugger interface {
	Unplug(reader string) error
	Plug(reader string) error
}
