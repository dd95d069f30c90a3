package cardreader

// EventKind says what changed at the readers.
type EventKind string

const (
	// ReaderAdded: a reader was plugged in, or was there when watching began.
	ReaderAdded EventKind = "reader_added"
	// ReaderRemoved: a reader was unplugged.
	ReaderRemoved EventKind = "reader_removed"
	// CardInserted: a card answered its reset.
	CardInserted EventKind = "card_inserted"
	// CardMute: something was inserted that does not answer.
	CardMute EventKind = "card_mute"
	// CardRemoved: the slot is empty again.
	CardRemoved EventKind = "card_removed"
	// ServiceLost: the reader service went; every reader is unknown until ServiceBack.
	ServiceLost EventKind = "service_lost"
	// ServiceBack: the reader service answers again.
	ServiceBack EventKind = "service_back"
)

// Event is one change. It carries names and the ATR, never data of a card.
type Event struct {
	Kind EventKind
	// Reader is empty for ServiceLost and ServiceBack.
	Reader string
	// ATR is set for CardInserted.
	ATR []byte
	// Counter is the reader's event counter, see [State].
	Counter uint16
	// Err is why, for ServiceLost.
	Err error
}
