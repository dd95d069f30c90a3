package pcsctest

// Slot is a place for a card in a virtual reader.
type Slot struct {
	// Reader is what PC/SC calls it.
	Reader string
	// Addr is where vpcd waits for a card to connect, a loopback address.
	Addr string
}
