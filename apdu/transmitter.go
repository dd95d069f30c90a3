package apdu

import "context"

// Transmitter is the seam to hardware: one command APDU in, one response APDU out.
//
// The answer holds the two bytes of the status word last. An error means that
// no answer was had; it never stands for a status word. Implementations need
// not be safe for concurrent use: a card answers one command at a time.
type Transmitter interface {
	Transmit(ctx context.Context, command []byte) ([]byte, error)
}

// TransmitterFunc lets a function be a [Transmitter].
type TransmitterFunc func(ctx context.Context, command []byte) ([]byte, error)

// Transmit calls f.
func (f TransmitterFunc) Transmit(ctx context.Context, command []byte) ([]byte, error) {
	return f(ctx, command)
}
