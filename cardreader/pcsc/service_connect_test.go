//go:build cgo && linux

package pcsc_test

import (
	"bytes"
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/apdu"
	"chipproof/cardreader"
	"chipproof/cardreader/pcsc"
)

// withCard is a stand-in with a card in reader R.
func withCard(s *standIn) {
	s.change(func(s *standIn) {
		s.readers = []reader{{name: "R", state: statePresent, atr: []byte{0x3B, 0x67, 0x00}, counter: 1}}
	})
}

func wholeConnection(t *testing.T, s *standIn) {
	withCard(s)
	card, err := pcsc.New().Connect(t.Context(), "R")
	require.NoError(t, err)
	assert.Equal(t, []byte{0x3B, 0x67, 0x00}, card.ATR())
	answer, err := card.Transmit(t.Context(), []byte{0, 0xA4, 4, 0})
	require.NoError(t, err)
	assert.Equal(t, []byte{0x90, 0x00}, answer)
	assert.Zero(t, s.count(cmdEnd))

	require.NoError(t, card.Close())
	require.NoError(t, card.Close(), "twice is no error")
	for _, cmd := range []command{cmdEstablish, cmdConnect, cmdBegin, cmdEnd, cmdDisconnect, cmdRelease} {
		assert.Equal(t, 1, s.count(cmd), "command %02X", uint32(cmd))
	}
	_, err = card.Transmit(t.Context(), []byte{0, 0xA4, 4, 0})
	assert.ErrorIs(t, err, cardreader.ErrCardError, "closed")
}

func answersAsTheyAre(t *testing.T, s *standIn) {
	withCard(s)
	card, err := pcsc.New().Connect(t.Context(), "R")
	require.NoError(t, err)
	defer card.Close()
	for _, length := range []int{0, 1, 2, 258, apdu.MaxResponse} {
		said := bytes.Repeat([]byte{0xA5}, length)
		s.change(func(s *standIn) { s.answer = said })
		answer, err := card.Transmit(t.Context(), []byte{0, 0xB0, 0, 0, 0})
		require.NoError(t, err)
		assert.Equal(t, said, answer, "%d bytes", length)
	}
}

func resetBeforeTransaction(t *testing.T, s *standIn) {
	withCard(s)
	s.set(cmdBegin, resultReset)
	card, err := pcsc.New().Connect(t.Context(), "R")
	require.NoError(t, err)
	require.NoError(t, card.Close())
	assert.Equal(t, 1, s.count(cmdReconnect))

	s.set(cmdBegin, resultReset, resultReset)
	_, err = pcsc.New().Connect(t.Context(), "R")
	assert.ErrorIs(t, err, cardreader.ErrCardError)
	assert.Equal(t, s.count(cmdEstablish), s.count(cmdRelease), "what was opened is let go")
}

func unknownProtocol(t *testing.T, s *standIn) {
	withCard(s)
	s.change(func(s *standIn) { s.active = 4 }) // SCARD_PROTOCOL_RAW
	_, err := pcsc.New().Connect(t.Context(), "R")
	assert.ErrorIs(t, err, cardreader.ErrCardUnsupported)
	assert.Equal(t, s.count(cmdEstablish), s.count(cmdRelease), "what was opened is let go")
}

func resultsByPhase(t *testing.T, s *standIn) {
	withCard(s)
	for _, c := range []struct {
		result                uint32
		connecting, connected error
	}{
		{resultNoSmartcard, cardreader.ErrCardAbsent, cardreader.ErrCardRemoved},
		{resultSharingViolation, cardreader.ErrSharing, nil}, // connected: the library waits by itself
		{resultNotTransacted, cardreader.ErrCardError, cardreader.ErrTorn},
		{resultCommError, cardreader.ErrCardError, cardreader.ErrTorn},
		{resultReset, cardreader.ErrCardError, cardreader.ErrCardReset},
		{resultSecurity, cardreader.ErrDenied, cardreader.ErrTorn},
		{resultNoService, cardreader.ErrServiceDown, cardreader.ErrServiceDown},
		{resultInternal, cardreader.ErrCardError, cardreader.ErrCardError},
	} {
		s.set(cmdConnect, c.result)
		_, err := pcsc.New().Connect(t.Context(), "R")
		assert.ErrorIs(t, err, c.connecting, "connecting, %08X", c.result)

		if c.connected == nil {
			continue
		}
		card, err := pcsc.New().Connect(t.Context(), "R")
		require.NoError(t, err)
		s.set(cmdTransmit, c.result)
		_, err = card.Transmit(t.Context(), []byte{0, 0xA4, 4, 0})
		assert.ErrorIs(t, err, c.connected, "connected, %08X", c.result)
		require.NoError(t, card.Close())
	}
	assert.Equal(t, s.count(cmdEstablish), s.count(cmdRelease), "what was opened is let go")
}

func commErrorWhileConnecting(t *testing.T, s *standIn) {
	withCard(s)
	s.set(cmdConnect, resultCommError)
	s.change(func(s *standIn) {
		s.onWait = func(int) { // the look that asks whose error it was
			s.mu.Lock()
			defer s.mu.Unlock()
			for _, c := range s.clients {
				c.conn.Close()
			}
		}
	})
	_, err := pcsc.New().Connect(t.Context(), "R")
	assert.ErrorIs(t, err, cardreader.ErrServiceDown)
}

func noCommand(t *testing.T, s *standIn) {
	withCard(s)
	card, err := pcsc.New().Connect(t.Context(), "R")
	require.NoError(t, err)
	defer card.Close()
	for _, command := range [][]byte{nil, make([]byte, 70000)} {
		_, err := card.Transmit(t.Context(), command)
		assert.ErrorIs(t, err, apdu.ErrCommandInvalid)
	}
	cancelled, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = card.Transmit(cancelled, []byte{0, 0xA4, 4, 0})
	assert.ErrorIs(t, err, context.Canceled)
	assert.Zero(t, s.count(cmdTransmit))
}

// closeDuringExchange: inside pcsc-lite the close would wait while it holds a
// lock that every call needs.
func closeDuringExchange(t *testing.T, s *standIn) {
	withCard(s)
	card, err := pcsc.New().Connect(t.Context(), "R")
	require.NoError(t, err)
	release := make(chan struct{})
	s.change(func(s *standIn) { s.holds = map[command]chan struct{}{cmdTransmit: release} })
	exchanged, closed := make(chan error, 1), make(chan error, 1)
	go func() {
		_, err := card.Transmit(t.Context(), []byte{0, 0xA4, 4, 0})
		exchanged <- err
	}()
	require.Eventually(t, func() bool { return s.count(cmdTransmit) == 1 }, soon, time.Millisecond)
	go func() { closed <- card.Close() }()

	for range 20 {
		_, err := pcsc.New().List(t.Context())
		require.NoError(t, err)
	}
	assert.Zero(t, s.count(cmdEnd))
	close(release)
	assert.NoError(t, <-exchanged)
	assert.NoError(t, <-closed)
}

func impossibleName(t *testing.T, s *standIn) {
	withCard(s)
	for _, name := range []string{"", "R\x00", "R\x00S"} {
		_, err := pcsc.New().Connect(t.Context(), name)
		assert.ErrorIs(t, err, cardreader.ErrReaderNotFound)
	}
	assert.Zero(t, s.count(cmdConnect))
}
