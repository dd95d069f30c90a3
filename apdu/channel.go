package apdu

import (
	"context"
	"errors"
	"fmt"
)

// ErrLimit is what a [Channel] returns when a card makes it go on for longer
// than [Limits] allow. Cards that repeat 6100 for ever exist (OpenSC #1190, #1731).
var ErrLimit = errors.New("limit of the channel reached")

// Limits bound what a card can make a [Channel] do. Every one is above zero.
// Time is the [Transmitter]'s to bound, and the context's.
type Limits struct {
	// Rounds is how many 61xx and 6Cxx one command may cost.
	Rounds int
	// ResponseBytes is how much data one command may bring, over all its rounds.
	ResponseBytes int
	// Exchanges is how many commands go to the card in all.
	Exchanges int
	// TotalBytes is how much the card may send in all, status words counted.
	TotalBytes int
}

// DefaultLimits suit one full read of a card whose largest file has a few kilobytes.
var DefaultLimits = Limits{Rounds: 8, ResponseBytes: 4 * MaxShortNe, Exchanges: 256, TotalBytes: 64 << 10}

// Form is how a card wants its GET RESPONSE.
type Form struct {
	// P2 is tried first; a card that refuses it is asked once more with the
	// other of 00 and 01, and kept to what it took. Thai cards with an ATR that
	// begins 3B 67 are said to want 01 (thai-id-card §2).
	P2 byte
}

// Channel sends commands to one card and follows 61xx and 6Cxx, within limits
// that hold for its whole life. It is not safe for concurrent use.
type Channel struct {
	card    Transmitter
	form    Form
	settled bool // the card has taken form
	limits  Limits

	exchanges, bytes int
}

// NewChannel is a channel to card. A zero limit counts as the one of [DefaultLimits].
func NewChannel(card Transmitter, form Form, limits Limits) *Channel {
	return &Channel{card: card, form: form, limits: Limits{
		Rounds:        orDefault(limits.Rounds, DefaultLimits.Rounds),
		ResponseBytes: orDefault(limits.ResponseBytes, DefaultLimits.ResponseBytes),
		Exchanges:     orDefault(limits.Exchanges, DefaultLimits.Exchanges),
		TotalBytes:    orDefault(limits.TotalBytes, DefaultLimits.TotalBytes),
	}}
}

func orDefault(v, def int) int {
	if v <= 0 {
		return def
	}
	return v
}

// Exchanges is the number of commands sent so far, GET RESPONSE counted.
func (c *Channel) Exchanges() int { return c.exchanges }

// Run sends a command whose answer is not wanted, a SELECT for example: data
// that the card offers by 61xx is left on the card, which saves an exchange.
// The error is as for [Channel.Do].
func (c *Channel) Run(ctx context.Context, cmd Command) error {
	for round := 0; ; round++ {
		res, err := c.exchange(ctx, cmd, round)
		if err != nil {
			return err
		}
		if ne, again := res.Status.CorrectLength(); again {
			cmd.Ne = ne
			continue
		}
		if _, more := res.Status.MoreData(); more || res.Status == StatusOK {
			return nil
		}
		return res.Status
	}
}

// Do sends a command and brings all of its answer. Errors: a [Status] when the
// card refused; [ErrLimit]; [ErrResponseInvalid]; [ErrCommandInvalid]; the
// context's; or the transmitter's own, wrapped. Data comes without an error
// only, so nothing partial is ever seen. How long the answer must be is the
// caller's to check.
func (c *Channel) Do(ctx context.Context, cmd Command) ([]byte, error) {
	var data []byte
	fetching, switched := false, false
	for round := 0; ; round++ {
		res, err := c.exchange(ctx, cmd, round)
		if err != nil {
			return nil, err
		}
		if ne, again := res.Status.CorrectLength(); again {
			cmd.Ne = ne // the answer comes whole next time (ISO/IEC 7816-4 §5.6), so data here is none of it
			continue
		}
		if n := len(data) + len(res.Data); n > c.limits.ResponseBytes {
			return nil, fmt.Errorf("%w: %d bytes for one command", ErrLimit, n)
		}
		n, more := res.Status.MoreData()
		done := res.Status == StatusOK
		switch {
		case done || more:
			data = append(data, res.Data...)
			c.settled = c.settled || fetching
			if done {
				return data, nil
			}
			cmd, fetching = c.getResponse(n), true
		case fetching && !c.settled && !switched:
			switched = true
			c.form.P2 ^= 1
			cmd.P2 = c.form.P2
		default:
			return nil, res.Status
		}
	}
}

// getResponse has class 00 whatever the class of the command that it completes
// (thai-id-card §2; all readers agree).
func (c *Channel) getResponse(n int) Command {
	return Command{INS: 0xC0, P2: c.form.P2, Ne: n}
}

// exchange is one command and one answer, with every limit but the one on the
// length of a response checked: that one needs to know what came before.
func (c *Channel) exchange(ctx context.Context, cmd Command, round int) (Response, error) {
	if round > c.limits.Rounds {
		return Response{}, fmt.Errorf("%w: %d rounds for one command", ErrLimit, c.limits.Rounds)
	}
	if c.exchanges >= c.limits.Exchanges {
		return Response{}, fmt.Errorf("%w: %d exchanges", ErrLimit, c.limits.Exchanges)
	}
	raw, err := cmd.Bytes()
	if err != nil {
		return Response{}, err
	}
	if err := ctx.Err(); err != nil {
		return Response{}, fmt.Errorf("transmit: %w", err)
	}
	c.exchanges++
	answer, err := c.card.Transmit(ctx, raw)
	if err != nil {
		return Response{}, fmt.Errorf("transmit: %w", err)
	}
	if c.bytes += len(answer); c.bytes > c.limits.TotalBytes {
		return Response{}, fmt.Errorf("%w: %d bytes in all", ErrLimit, c.limits.TotalBytes)
	}
	return ParseResponse(answer)
}
