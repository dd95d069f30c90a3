//go:build cgo || windows

package pcsc

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"

	"github.com/ebfe/scard"

	"chipproof/apdu"
	"chipproof/cardreader"
)

// maxCommand is the longest extended command APDU (ISO/IEC 7816-3 §12.1.3):
// header, Lc of three bytes, data, Le of two.
const maxCommand = 4 + 3 + 65535 + 2

// card is a connection in a transaction, on a context of its own.
type card struct {
	// mu makes Close wait for an exchange that is under way. Without it the wait
	// would take place inside pcsc-lite, see [client], and stop every reader.
	mu     sync.Mutex
	client *client
	handle *scard.Card // nil when closed
	atr    []byte
}

// Connect takes the card in a reader for a transaction, see [cardreader.Driver].
//
// It waits as long as another program holds a transaction. When ctx ends
// meanwhile nothing can stop the wait, but what it brings is let go at once.
func (*Driver) Connect(ctx context.Context, reader string) (cardreader.Card, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	// C would see the name up to the NUL, and another reader could have that name.
	if reader == "" || strings.Contains(reader, "\x00") {
		return nil, fmt.Errorf("connect: %w", cardreader.ErrReaderNotFound)
	}
	client, err := open()
	if err != nil {
		return nil, err
	}
	c, err := client.connect(reader)
	if err != nil {
		client.close()
		return nil, err
	}
	if err := errors.Join(c.hold(), ctx.Err()); err != nil {
		return nil, errors.Join(err, c.Close())
	}
	return c, nil
}

func (c *client) connect(reader string) (*card, error) {
	handle, err := c.pcsc.Connect(reader, scard.ShareShared, scard.ProtocolAny)
	if err != nil {
		return nil, c.notConnected("connect", err)
	}
	return &card{client: c, handle: handle}, nil
}

// hold begins the transaction and brings the ATR.
func (c *card) hold() error {
	err := c.handle.BeginTransaction()
	if errors.Is(err, scard.ErrResetCard) {
		// Another program reset the card a moment ago. Nothing was selected that
		// could be lost, so saying that we know is enough.
		if err = c.handle.Reconnect(scard.ShareShared, scard.ProtocolAny, scard.LeaveCard); err == nil {
			err = c.handle.BeginTransaction()
		}
	}
	if err != nil {
		return c.client.notConnected("begin transaction", err)
	}
	// The binding panics on any other protocol when it transmits.
	if p := c.handle.ActiveProtocol(); p != scard.ProtocolT0 && p != scard.ProtocolT1 {
		return fmt.Errorf("connect: %w: protocol %d", cardreader.ErrCardUnsupported, p)
	}
	status, err := c.handle.Status()
	disturbed.ring()
	if err != nil {
		return c.client.notConnected("ask for the ATR", err)
	}
	if len(status.Atr) > maxATR {
		return fmt.Errorf("connect: %w: ATR of %d bytes", cardreader.ErrCardUnsupported, len(status.Atr))
	}
	c.atr = bytes.Clone(status.Atr)
	return nil
}

// notConnected is what an error before the transaction means. Two results are
// the card's or policy's, or those of a service that died in the middle; that
// one can be asked.
func (c *client) notConnected(doing string, err error) error {
	if errors.Is(err, scard.ErrCommError) || errors.Is(err, scard.ErrSecurityViolation) {
		if _, lerr := c.look(); lerr != nil {
			return lerr
		}
	}
	return meaning(doing, connecting, err)
}

// ATR is the card's answer to reset.
func (c *card) ATR() []byte { return bytes.Clone(c.atr) }

// Transmit sends one command and returns what came, however short. Once the
// exchange began ctx cannot stop it.
func (c *card) Transmit(ctx context.Context, command []byte) ([]byte, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if len(command) == 0 || len(command) > maxCommand {
		return nil, fmt.Errorf("transmit: %w: %d bytes", apdu.ErrCommandInvalid, len(command))
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.handle == nil {
		return nil, fmt.Errorf("transmit: %w: connection closed", cardreader.ErrCardError)
	}
	answer, err := c.handle.Transmit(command)
	if err != nil {
		return nil, meaning("transmit", connected, err)
	}
	// The binding's buffer has 64 KiB whatever came.
	return bytes.Clone(answer), nil
}

// Close ends the transaction, leaves the card powered and lets the context go.
// A card, reader or service that is gone already is no error.
func (c *card) Close() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.handle == nil {
		return nil
	}
	err := errors.Join(
		unlessGone(meaning("end transaction", connected, c.handle.EndTransaction(scard.LeaveCard))),
		unlessGone(meaning("disconnect", connected, c.handle.Disconnect(scard.LeaveCard))))
	c.client.close()
	c.handle = nil
	return err
}

// unlessGone drops errors that say that there is nothing left to let go.
func unlessGone(err error) error {
	for _, gone := range []error{
		cardreader.ErrCardRemoved, cardreader.ErrCardReset, cardreader.ErrTorn,
		cardreader.ErrSharing, cardreader.ErrReaderNotFound, cardreader.ErrServiceDown,
	} {
		if errors.Is(err, gone) {
			return nil
		}
	}
	return err
}
