package simulator

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"

	"chipproof/apdu"
	"chipproof/cardreader"
)

// ErrNotRecorded is what a [Replay] returns for a command that its transcript
// doesn't hold. It comes together with [cardreader.ErrCardError].
var ErrNotRecorded = errors.New("command not in the transcript")

// Replay is a card that answers as one that was recorded did.
type Replay struct {
	transcript Transcript
	pace       Pace

	mu   sync.Mutex
	next int // the exchange that is expected now
}

// Pace is how fast a [Replay] answers.
type Pace int

const (
	// AtOnce: as fast as can be.
	AtOnce Pace = iota
	// AsRecorded: after the time that the card and its reader took.
	AsRecorded
)

// NewReplay is a card that answers at once from t.
func NewReplay(t Transcript) *Replay { return &Replay{transcript: t} }

// NewPacedReplay is a card that answers from t in the given pace.
func NewPacedReplay(t Transcript, pace Pace) *Replay { return &Replay{transcript: t, pace: pace} }

// Transmit answers with the next recorded exchange of the same command; behind
// the last one it begins again. So a reader that asks in another order than the
// recorded one still gets its answers, as long as it asks the same. An exchange
// that was recorded with an error fails with it. Errors: those of a
// [cardreader.Card], [ErrNotRecorded], and ctx's.
func (r *Replay) Transmit(ctx context.Context, command []byte) ([]byte, error) {
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("replay exchange: %w", err)
	}
	e, found := r.find(maskCommand(command))
	if !found {
		return nil, fmt.Errorf("replay exchange: %w: %w", ErrNotRecorded, cardreader.ErrCardError)
	}
	if r.pace == AsRecorded {
		if err := wait(ctx, e.Took); err != nil {
			return nil, fmt.Errorf("replay exchange: %w", err)
		}
	}
	if e.Error != "" {
		return nil, fmt.Errorf("replay exchange: %w", errorOf(e.Error))
	}
	return slices.Clone(e.Answer), nil
}

// find looks for command from the expected exchange on. GET RESPONSE means
// nothing without the command before it, so it is looked for only there.
func (r *Replay) find(command []byte) (Exchange, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	n := len(r.transcript.Exchanges)
	reach := n
	if cmd, err := apdu.ParseCommand(command); err == nil && cmd.INS == insGetResponse {
		reach = min(n, 1)
	}
	for step := range reach {
		at := (r.next + step) % n
		if e := r.transcript.Exchanges[at]; bytes.Equal(e.Command, command) {
			r.next = at + 1
			return e, true
		}
	}
	return Exchange{}, false
}

// ATR is the recorded answer to reset.
func (r *Replay) ATR() []byte { return slices.Clone(r.transcript.ATR) }

// Reset lets the transcript begin again.
func (r *Replay) Reset() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.next = 0
}
