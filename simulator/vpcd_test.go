package simulator_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"io"
	"net"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"chipproof/simulator"
)

// What vpcd sends to a card, besides commands (vsmartcard, vpcd.h).
var (
	vpcdOff   = []byte{0}
	vpcdOn    = []byte{1}
	vpcdReset = []byte{2}
	vpcdATR   = []byte{4}
)

// slowest is how long a test waits for what should come at once.
const slowest = 10 * time.Second

// slotCard is a piece of hardware for vpcd's slot: it says what it is told to.
type slotCard struct {
	transmit func(ctx context.Context, command []byte) ([]byte, error)
	atr      []byte

	mu     sync.Mutex
	resets int
}

func (c *slotCard) Transmit(ctx context.Context, command []byte) ([]byte, error) {
	return c.transmit(ctx, command)
}

func (c *slotCard) ATR() []byte { return c.atr }

func (c *slotCard) Reset() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.resets++
}

func (c *slotCard) timesReset() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.resets
}

// echo is a card that answers each command with itself and 9000.
func echo() *slotCard {
	return &slotCard{atr: []byte{0x3B, 0x67}, transmit: func(_ context.Context, command []byte) ([]byte, error) {
		return append(bytes.Clone(command), 0x90, 0x00), nil
	}}
}

// vpcd is the other end: it waits for a card as the real one does.
type vpcd struct {
	listener net.Listener
	conn     *net.TCPConn
}

func newVPCD(t require.TestingT) *vpcd {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	return &vpcd{listener: listener}
}

func (v *vpcd) addr() string { return v.listener.Addr().String() }

func (v *vpcd) accept(t require.TestingT) {
	conn, err := v.listener.Accept()
	require.NoError(t, err)
	v.conn = conn.(*net.TCPConn)
	require.NoError(t, v.conn.SetDeadline(time.Now().Add(slowest)))
	// vpcd leaves Nagle's rule on.
	require.NoError(t, v.conn.SetNoDelay(false))
}

// send writes length and message apart, as vpcd 3.3 does.
func (v *vpcd) send(t require.TestingT, message []byte) {
	_, err := v.conn.Write(binary.BigEndian.AppendUint16(nil, uint16(len(message))))
	require.NoError(t, err)
	_, err = v.conn.Write(message)
	require.NoError(t, err)
}

func (v *vpcd) receive(t require.TestingT) []byte {
	var length [2]byte
	_, err := io.ReadFull(v.conn, length[:])
	require.NoError(t, err)
	answer := make([]byte, binary.BigEndian.Uint16(length[:]))
	_, err = io.ReadFull(v.conn, answer)
	require.NoError(t, err)
	return answer
}

// left says whether the card was taken out.
func (v *vpcd) left() bool {
	_, err := v.conn.Read(make([]byte, 1))
	return errors.Is(err, io.EOF)
}

// link puts card into v and gives how the link ended.
func link(t *testing.T, v *vpcd, card simulator.VPCDCard) (ended <-chan error, remove context.CancelFunc) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- simulator.LinkVPCD(ctx, v.addr(), card) }()
	v.accept(t)
	t.Cleanup(func() { cancel(); v.conn.Close(); v.listener.Close() })
	return done, cancel
}

func endOf(t *testing.T, ended <-chan error) error {
	t.Helper()
	select {
	case err := <-ended:
		return err
	case <-time.After(slowest):
		require.Fail(t, "the link does not end")
		return nil
	}
}

func TestACardInVPCDAnswersCommandsAndSaysItsATR(t *testing.T) {
	v, card := newVPCD(t), echo()
	link(t, v, card)
	v.send(t, vpcdATR)
	assert.Equal(t, card.atr, v.receive(t))
	v.send(t, []byte{0x00, 0xA4, 0x04, 0x00})
	assert.Equal(t, []byte{0x00, 0xA4, 0x04, 0x00, 0x90, 0x00}, v.receive(t))
}

func TestPowerAndResetAreNotAnsweredAndResetTheCard(t *testing.T) {
	v, card := newVPCD(t), echo()
	link(t, v, card)
	for i, message := range [][]byte{vpcdOn, vpcdReset, vpcdOff, vpcdOn} {
		v.send(t, message)
		v.send(t, vpcdATR) // the next answer is to this
		assert.Equal(t, card.atr, v.receive(t))
		assert.Equal(t, []int{1, 2, 2, 3}[i], card.timesReset())
	}
}

func TestAnyCommandComesWholeHoweverItIsCut(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		near, far := newVPCD(t), context.Background()
		defer near.listener.Close()
		done := make(chan error, 1)
		go func() { done <- simulator.LinkVPCD(far, near.addr(), echo()) }()
		near.accept(t)

		command := rapid.SliceOfN(rapid.Byte(), 2, 700).Draw(t, "command")
		stream := append(binary.BigEndian.AppendUint16(nil, uint16(len(command))), command...)
		for len(stream) > 0 {
			n := rapid.IntRange(1, len(stream)).Draw(t, "piece")
			_, err := near.conn.Write(stream[:n])
			require.NoError(t, err)
			stream = stream[n:]
		}
		assert.Equal(t, append(bytes.Clone(command), 0x90, 0x00), near.receive(t))
		near.conn.Close()
		assert.ErrorIs(t, <-done, simulator.ErrVPCDClosed)
	})
}

func TestEndingTheContextTakesTheCardOut(t *testing.T) {
	v := newVPCD(t)
	ended, remove := link(t, v, echo())
	remove()
	assert.True(t, v.left())
	assert.ErrorIs(t, endOf(t, ended), context.Canceled)
}

func TestACardThatFailsIsTakenOutAndSaysWhy(t *testing.T) {
	gone := errors.New("pulled")
	v := newVPCD(t)
	ended, _ := link(t, v, &slotCard{transmit: func(context.Context, []byte) ([]byte, error) { return nil, gone }})
	v.send(t, []byte{0x00, 0xA4})
	assert.True(t, v.left())
	assert.ErrorIs(t, endOf(t, ended), gone)
}

func TestAMuteCardIsBrokenOffWhenVPCDGoesOrTheCardIsTaken(t *testing.T) {
	for name, leave := range map[string]struct {
		how  func(v *vpcd, remove context.CancelFunc)
		want error
	}{
		"vpcd goes":  {func(v *vpcd, _ context.CancelFunc) { v.conn.Close() }, simulator.ErrVPCDClosed},
		"card taken": {func(_ *vpcd, remove context.CancelFunc) { remove() }, context.Canceled},
	} {
		t.Run(name, func(t *testing.T) {
			asked, brokenOff := make(chan struct{}), make(chan struct{})
			v := newVPCD(t)
			ended, remove := link(t, v, &slotCard{transmit: func(ctx context.Context, _ []byte) ([]byte, error) {
				close(asked)
				<-ctx.Done()
				close(brokenOff)
				return nil, ctx.Err()
			}})
			v.send(t, []byte{0x00, 0xA4})
			<-asked
			leave.how(v, remove)
			assert.ErrorIs(t, endOf(t, ended), leave.want)
			<-brokenOff
		})
	}
}

func TestWhoDoesNotSpeakVPCDsProtocolIsLeft(t *testing.T) {
	for name, message := range map[string][]byte{
		"an empty message":        {},
		"an unknown control byte": {3},
	} {
		t.Run(name, func(t *testing.T) {
			v := newVPCD(t)
			ended, _ := link(t, v, echo())
			v.send(t, message)
			assert.True(t, v.left())
			assert.ErrorIs(t, endOf(t, ended), simulator.ErrVPCDProtocol)
		})
	}
}

func TestAMessageThatBreaksOffEndsTheLink(t *testing.T) {
	for _, part := range [][]byte{{0}, {0, 5}, {0, 5, 0, 0xA4}} {
		v := newVPCD(t)
		ended, _ := link(t, v, echo())
		_, err := v.conn.Write(part)
		require.NoError(t, err)
		require.NoError(t, v.conn.CloseWrite())
		assert.ErrorIs(t, endOf(t, ended), simulator.ErrVPCDClosed)
	}
}

func TestAnAnswerCanBeAsLongAsALengthCanSayAndNoLonger(t *testing.T) {
	answer := make([]byte, 65535)
	v := newVPCD(t)
	ended, _ := link(t, v, &slotCard{transmit: func(context.Context, []byte) ([]byte, error) { return answer, nil }})
	v.send(t, []byte{0x00, 0xB0})
	assert.Len(t, v.receive(t), 65535)

	answer = make([]byte, 65536)
	v.send(t, []byte{0x00, 0xB0})
	assert.ErrorIs(t, endOf(t, ended), simulator.ErrVPCDProtocol)
}

func TestWithoutVPCDThereIsNoLink(t *testing.T) {
	v := newVPCD(t)
	v.listener.Close()
	err := simulator.LinkVPCD(t.Context(), v.addr(), echo())
	require.Error(t, err)
	assert.NotErrorIs(t, err, simulator.ErrVPCDClosed)
}

func TestAServedCardComesBackWhenVPCDWasAway(t *testing.T) {
	v := newVPCD(t)
	addr := v.addr()
	v.listener.Close()

	lost := make(chan error, 100)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	done := make(chan error, 1)
	go func() { done <- simulator.ServeVPCD(ctx, addr, echo(), func(err error) { lost <- err }) }()
	require.Error(t, <-lost, "nobody was there")

	for range 3 {
		listener, err := net.Listen("tcp", addr)
		require.NoError(t, err)
		v := &vpcd{listener: listener}
		v.accept(t)
		v.send(t, vpcdATR)
		assert.Equal(t, []byte{0x3B, 0x67}, v.receive(t))
		require.NoError(t, listener.Close())
		require.NoError(t, v.conn.Close())
		for !errors.Is(<-lost, simulator.ErrVPCDClosed) {
		}
	}
	cancel()
	assert.ErrorIs(t, endOf(t, done), context.Canceled)
}

func TestServingEndsWhenTheCardDoes(t *testing.T) {
	gone := errors.New("pulled")
	v := newVPCD(t)
	defer v.listener.Close()
	done := make(chan error, 1)
	go func() {
		done <- simulator.ServeVPCD(t.Context(), v.addr(), &slotCard{transmit: func(context.Context, []byte) ([]byte, error) { return nil, gone }}, nil)
	}()
	v.accept(t)
	v.send(t, []byte{0x00, 0xA4})
	assert.ErrorIs(t, endOf(t, done), gone)
	assert.True(t, v.left())
}
