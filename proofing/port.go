package proofing

import (
	"errors"
	"time"

	"chipproof/proofing/thaiid"
)

var (
	// ErrPortWaiting: the clerk must agree first, and has not answered yet. The
	// page asks again, as it does without a card.
	ErrPortWaiting = errors.New("drop-in port waits for the clerk")
	// ErrPortClosed: a site can't be armed while the port that would send it cards
	// is not open.
	ErrPortClosed = errors.New("drop-in port not open")
)

// PortRead is what a drop-in port asks a counter for, in the name of the origin
// whose request it is (agent-security §14).
type PortRead struct {
	// Port is its name.
	Port string
	// Fields is what it could use. What was not granted is left out.
	Fields []thaiid.Field
	// Insertion is the one to read; nil for the only card that is in.
	Insertion *PortInsertion
}

// PortInsertion names a card's stay in a reader.
type PortInsertion struct {
	Reader string
	// Counter is the reader's event counter, by equality.
	Counter uint16
}

// PortAnswer is a read whose entry stands in the audit log.
type PortAnswer struct {
	// Identity holds the granted fields, which its own Fields list.
	Identity  *thaiid.Identity
	Insertion PortInsertion
	// Settle says whether the answer has left the agent. Until then it counts as
	// on its way, and that origin gets no second one of the insertion. It may be
	// called several times; that it has left stays so.
	Settle func(left bool)
}

// Arming is the clerk's word that a site of a drop-in port may be sent each card
// that is put in, or no longer.
type Arming struct {
	Port, Origin string
	By           Actor
	Armed        bool
	// Cause is why it ended by itself; empty for a click.
	Cause string
	At    time.Time
}
