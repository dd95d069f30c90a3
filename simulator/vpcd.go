package simulator

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"net"
	"time"

	"chipproof/apdu"
)

// VPCDCard is what a card must do to be put into vpcd: answer commands, know
// its answer to reset, and be reset. Calls come one at a time.
type VPCDCard interface {
	apdu.Transmitter
	ATR() []byte
	Reset()
}

// ErrVPCDClosed is what [LinkVPCD] returns when vpcd ended the link: pcscd
// stopped, or the card's answer had no bytes, which vpcd takes for a removal.
var ErrVPCDClosed = errors.New("vpcd closed the link")

// ErrVPCDProtocol is what [LinkVPCD] returns when the other side does not speak
// vpcd's protocol, or the card's answer does not fit into it.
var ErrVPCDProtocol = errors.New("not vpcd's protocol")

// What a message of one byte says to the card (vsmartcard, vpcd.h). Every longer
// one is a command APDU.
const (
	vpcdOff   = 0
	vpcdOn    = 1
	vpcdReset = 2
	vpcdATR   = 4
)

// LinkVPCD puts card into a slot of vpcd, the virtual reader for pcscd, at addr
// (127.0.0.1:35963 and 35964 by default), so that every PC/SC program sees it.
// The card stays until ctx ends (LinkVPCD returns ctx's error), its Transmit
// fails (that error), or vpcd goes ([ErrVPCDClosed]); each of them takes the
// card out. Errors besides: the dialler's, [ErrVPCDProtocol].
func LinkVPCD(ctx context.Context, addr string, card VPCDCard) error {
	var dialer net.Dialer
	conn, err := dialer.DialContext(ctx, "tcp", addr)
	if err != nil {
		return fmt.Errorf("connect to vpcd: %w", err)
	}
	_, err = linkVPCD(ctx, conn, card)
	return err
}

// linkVPCD serves card over conn, closes conn, and says whether vpcd said
// anything at all.
func linkVPCD(ctx context.Context, conn net.Conn, card VPCDCard) (spoke bool, err error) {
	// Closing the connection is what ends a read and what vpcd takes for a removal.
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	closed := make(chan struct{})
	stop := context.AfterFunc(ctx, func() { conn.Close(); close(closed) })
	defer func() {
		if stop() {
			conn.Close()
			return
		}
		<-closed
	}()

	// Messages are read beside the card's work, so that an exchange that never
	// ends is broken off when vpcd goes.
	messages := make(chan []byte)
	go func() {
		err := readMessages(ctx, conn, messages)
		cancel(err)
	}()
	for {
		select {
		case <-ctx.Done():
			return spoke, context.Cause(ctx)
		case message := <-messages:
			spoke = true
			answer, err := answerVPCD(ctx, card, message)
			switch {
			case ctx.Err() != nil:
				return spoke, context.Cause(ctx)
			case err != nil:
				return spoke, err
			case answer == nil:
				continue
			}
			if _, err := conn.Write(answer); err != nil {
				return spoke, closedUnless(ctx, err)
			}
		}
	}
}

// closedUnless is why the link broke: ctx if it ended, otherwise the other side.
func closedUnless(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	return fmt.Errorf("%w: %w", ErrVPCDClosed, err)
}

// readMessages hands on each message until the link ends, and says why it did.
func readMessages(ctx context.Context, conn net.Conn, messages chan<- []byte) error {
	for {
		message, err := readMessage(conn)
		if err != nil {
			return closedUnless(ctx, err)
		}
		select {
		case messages <- message:
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
}

// readMessage reads one message: its length in two bytes, upper one first, and
// as many bytes. vpcd sends the two in separate writes, so the system must
// acknowledge the first at once, or Nagle's rule at vpcd's end keeps the second
// back for the 40 ms of a delayed acknowledgement.
func readMessage(conn net.Conn) ([]byte, error) {
	acknowledgeAtOnce(conn)
	var length [2]byte
	if _, err := io.ReadFull(conn, length[:]); err != nil {
		return nil, err
	}
	acknowledgeAtOnce(conn)
	message := make([]byte, binary.BigEndian.Uint16(length[:]))
	if _, err := io.ReadFull(conn, message); err != nil {
		return nil, err
	}
	return message, nil
}

// answerVPCD lets card do what message says. The result is the whole answer,
// length included, nil where none is due.
func answerVPCD(ctx context.Context, card VPCDCard, message []byte) ([]byte, error) {
	switch {
	case len(message) == 0:
		return nil, fmt.Errorf("%w: empty message", ErrVPCDProtocol)
	case len(message) > 1:
		answer, err := card.Transmit(ctx, message)
		if err != nil {
			return nil, fmt.Errorf("card in vpcd: %w", err)
		}
		return frameVPCD(answer)
	}
	switch message[0] {
	case vpcdOff:
		return nil, nil
	case vpcdOn, vpcdReset:
		card.Reset()
		return nil, nil
	case vpcdATR:
		return frameVPCD(card.ATR())
	}
	return nil, fmt.Errorf("%w: control byte %02X", ErrVPCDProtocol, message[0])
}

// frameVPCD puts the length before an answer, for one write and one packet.
func frameVPCD(answer []byte) ([]byte, error) {
	if len(answer) > math.MaxUint16 {
		return nil, fmt.Errorf("%w: answer of %d bytes", ErrVPCDProtocol, len(answer))
	}
	return append(binary.BigEndian.AppendUint16(nil, uint16(len(answer))), answer...), nil
}

// How long [ServeVPCD] waits before it dials again: twice as long each time.
const (
	vpcdRetryFirst = 50 * time.Millisecond
	vpcdRetryMost  = 5 * time.Second
)

// ServeVPCD keeps card in a slot of vpcd as [LinkVPCD] does, and puts it back
// when pcscd was away: it dials again, with pauses of up to 5 s. It ends with
// ctx's error or the card's own. lost, which may be nil, is called with the
// reason each time that there is no link.
func ServeVPCD(ctx context.Context, addr string, card VPCDCard, lost func(error)) error {
	var dialer net.Dialer
	for pause := vpcdRetryFirst; ; pause = min(2*pause, vpcdRetryMost) {
		conn, err := dialer.DialContext(ctx, "tcp", addr)
		if err == nil {
			var spoke bool
			if spoke, err = linkVPCD(ctx, conn, card); spoke {
				pause = vpcdRetryFirst
			}
			if !errors.Is(err, ErrVPCDClosed) {
				return err
			}
		}
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		if lost != nil {
			lost(err)
		}
		select {
		case <-time.After(pause):
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
}
