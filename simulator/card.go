package simulator

import (
	"context"
	"encoding/hex"
	"fmt"
	"slices"
	"sync"
	"time"

	"chipproof/apdu"
)

// Protocol is how a card talks to its reader.
type Protocol int

const (
	// T0 is what every Thai ID card speaks (thai-id-card §3): data waits behind
	// 61xx for GET RESPONSE, and a wrong Le gets 6Cxx.
	T0 Protocol = iota
	// T1 gives data and 9000 at once, as do readers that fetch the response on
	// their own.
	T1
)

// CardOptions say how a card behaves beyond what its person says. The zero
// value is T=0 on a line without delay.
type CardOptions struct {
	Line     Line
	Protocol Protocol
	// ATR takes the place of the person's if it is not nil. It may be empty or
	// longer than the 33 bytes of ISO/IEC 7816-3, as a bad card's is.
	ATR []byte
}

// Card is a Thai ID card in software: the applets MOI, NHSO and ADM and the
// card manager, with the manners of the real one down to the status words
// (thai-id-card §2, §8, §9). It may be used from several goroutines; like a
// real one it answers one command at a time.
type Card struct {
	person  Person
	options CardOptions
	atr     []byte

	mu        sync.Mutex
	core      core
	exchanges int
	lineTime  time.Duration
}

// NewCard puts a person on a card. It returns [ErrPersonInvalid].
func NewCard(p Person, o CardOptions) (*Card, error) {
	m, err := p.encode()
	if err != nil {
		return nil, fmt.Errorf("make card: %w", err)
	}
	atr := o.ATR
	if atr == nil {
		if atr, err = hex.DecodeString(p.Chip.ATR); err != nil {
			return nil, fmt.Errorf("make card: %w: chip.atr", ErrPersonInvalid)
		}
	}
	c := &Card{person: p, options: o, atr: slices.Clone(atr)}
	c.core = core{memory: m, protocol: o.Protocol, hidden: p.Chip.Manager == "hidden"}
	if len(atr) > 1 && atr[0] == 0x3B && atr[1] == 0x67 {
		c.core.responseP2 = 1 // the quirk of old cards, thai-id-card §2
	}
	return c, nil
}

// Person is who is on the card.
func (c *Card) Person() Person { return c.person }

// ATR is the card's answer to reset.
func (c *Card) ATR() []byte { return slices.Clone(c.atr) }

// Reset takes the card back to where it is after power-on: the card manager is
// selected and nothing waits for GET RESPONSE. The counts go on.
func (c *Card) Reset() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.core.reset()
}

// Exchanges is how many commands the card has been sent, GET RESPONSE counted.
func (c *Card) Exchanges() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.exchanges
}

// LineTime is how long all exchanges so far took on the card's own line: what a
// reader without any loss of its own would need.
func (c *Card) LineTime() time.Duration {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.lineTime
}

// Transmit answers one command APDU after the time that the line takes. It
// returns ctx's error when ctx ends before that; the card has then worked, as a
// real one has. A command that is no APDU gets the status word 6700.
func (c *Card) Transmit(ctx context.Context, command []byte) ([]byte, error) {
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("transmit to simulated card: %w", err)
	}
	answer, took := c.exchange(command)
	if err := wait(ctx, took); err != nil {
		return nil, fmt.Errorf("transmit to simulated card: %w", err)
	}
	return answer, nil
}

func (c *Card) exchange(command []byte) ([]byte, time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.exchanges++

	cmd, err := apdu.ParseCommand(command)
	res := apdu.Response{Status: swWrongLength}
	if err == nil {
		res = c.core.respond(cmd)
	}
	took := c.options.Line.time(c.options.Protocol, len(cmd.Data), len(res.Data))
	c.lineTime += took
	return res.Bytes(), took
}
