package thaiid

import (
	"bytes"
	"context"

	"chipproof/apdu"
)

// Options say what to read.
type Options struct {
	// Fields is what is asked for, at least one.
	Fields Fields
	// Progress, if not nil, is called after each read. It must not block.
	Progress func(Progress)
}

// Progress is how far a read is. Of may change on the way, when the photo turns
// out smaller or the card wants its parts read one by one; Step goes up by one
// and ends at Of. It says nothing about what was read.
type Progress struct {
	Step, Of int // reads done, reads planned
}

// Limits of one read, on top of the transmitter's deadlines. The longest good
// read is one of all fields from a card that refuses to be read across parts:
// about 100 exchanges and 7 KiB.
const (
	maxRounds        = 8
	maxResponseBytes = 1024
	maxExchanges     = 256
	maxBytes         = 32 << 10
)

// Read reads the card and decodes it. atr is the card's answer to reset, a hint
// that never decides (it may be empty).
//
// The chip number, the laser code and the health-insurance right come first,
// because they live in other applets; then the MOI applet: text, photo, and the
// citizen number once more.
//
// Errors: [ErrUnsupported]; [ErrChanged]; a [*ReadError], which is [ErrAnswer];
// [ErrFieldUnknown] for bad options; the context's; or the transmitter's own,
// wrapped. With an error there is no identity.
func Read(ctx context.Context, card apdu.Transmitter, atr []byte, o Options) (*Identity, error) {
	if err := o.Fields.check(); err != nil {
		return nil, err
	}
	r := &reader{
		ch: apdu.NewChannel(card, responseForm(atr), apdu.Limits{
			Rounds:        maxRounds,
			ResponseBytes: maxResponseBytes,
			Exchanges:     maxExchanges,
			TotalBytes:    maxBytes,
		}),
		fields:   o.Fields,
		progress: o.Progress,
	}
	raw, err := r.read(ctx)
	if err != nil {
		return nil, err
	}
	return decode(raw, o.Fields)
}

// responseForm is how the card wants its GET RESPONSE: the rule that all
// readers copy and nobody has seen (thai-id-card §2, §14.9).
func responseForm(atr []byte) apdu.Form {
	if bytes.HasPrefix(atr, []byte{0x3B, 0x67}) {
		return apdu.Form{P2: 0x01}
	}
	return apdu.Form{}
}
