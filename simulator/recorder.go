package simulator

import (
	"context"
	"slices"
	"sync"
	"time"

	"chipproof/apdu"
)

// Recorder stands between a reader and a card and keeps a [Transcript] of what
// goes by. Every personal byte is replaced before it is kept: structure,
// lengths, status words and timing stay, and what a bug may hang on (which parts
// of a date are known, whether the check digit holds, how the photo's JPEG is
// built). There is no way to record anything else.
type Recorder struct {
	card  apdu.Transmitter
	clock func() time.Time

	mu         sync.Mutex
	tracker    tracker
	mask       *mask
	transcript Transcript
}

// NewRecorder records exchanges with card. clock gives the time now; it
// measures, and says whether an expiry date has passed.
func NewRecorder(card apdu.Transmitter, atr []byte, clock func() time.Time) *Recorder {
	return &Recorder{card: card, clock: clock, mask: newMask(clock), transcript: Transcript{ATR: slices.Clone(atr)}}
}

// Transmit passes the command to the card and the answer, untouched, back. What
// is kept of it holds nothing personal. An exchange without answer is kept by
// the kind of its error.
func (r *Recorder) Transmit(ctx context.Context, command []byte) ([]byte, error) {
	begun := r.clock()
	answer, err := r.card.Transmit(ctx, command)
	took := r.clock().Sub(begun).Truncate(time.Microsecond)
	r.keep(command, answer, err, max(took, 0))
	return answer, err
}

// Transcript is what was recorded so far.
func (r *Recorder) Transcript() Transcript {
	r.mu.Lock()
	defer r.mu.Unlock()
	return Transcript{ATR: r.transcript.ATR, Exchanges: slices.Clone(r.transcript.Exchanges)}
}

func (r *Recorder) keep(command, answer []byte, err error, took time.Duration) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.transcript.Exchanges) >= maxRecorded {
		return // more than any read has; a file that can't be parsed helps nobody
	}
	e := Exchange{Command: maskCommand(command), Took: took}
	if err != nil {
		e.Error = kindOf(err)
	} else {
		e.Answer = r.maskAnswer(command, answer)
	}
	r.transcript.Exchanges = append(r.transcript.Exchanges, e)
}

// maskAnswer keeps an answer's status word and replaces its data by what may be
// kept of the part of the card that it comes from.
func (r *Recorder) maskAnswer(command, answer []byte) []byte {
	res, err := apdu.ParseResponse(answer)
	if err != nil {
		return make([]byte, len(answer)) // no status word, or more than an answer can hold
	}
	cmd, err := apdu.ParseCommand(command)
	if err != nil {
		cmd = apdu.Command{CLA: 0xFF} // asks for nothing that is known
	}
	wanted := r.tracker.asks(cmd)
	r.tracker.answered(cmd, wanted, res)
	return apdu.Response{Data: r.mask.data(wanted, res.Data), Status: res.Status}.Bytes()
}

// maskCommand keeps the commands by which the card is read. Of any other it
// keeps header and length: it may carry a PIN.
func maskCommand(command []byte) []byte {
	kept := slices.Clone(command)
	cmd, err := apdu.ParseCommand(command)
	if err != nil {
		clear(kept[min(4, len(kept)):])
		return kept
	}
	reads := (cmd.INS == insRead || cmd.INS == insReadBlock1) && len(cmd.Data) == 2
	names := cmd.INS == insSelect && cmd.P1 == 0x04 && len(cmd.Data) <= 16
	if len(cmd.Data) == 0 || reads || names {
		return kept
	}
	cmd.Data = make([]byte, len(cmd.Data))
	if masked, err := cmd.Bytes(); err == nil && len(masked) == len(kept) {
		return masked
	}
	clear(kept[4:])
	return kept
}
