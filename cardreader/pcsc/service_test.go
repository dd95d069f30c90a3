//go:build cgo && linux

package pcsc_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"

	"chipproof/cardreader"
	"chipproof/cardreader/pcsc"
	"chipproof/cardreader/pcsc/pcsctest"
)

// The rest of agent-security §11 that vpcd cannot play, because its slots never
// vanish and it knows nothing of polkit (rows 5, 7, 8, 10), and what a service
// can answer to a call.
func TestTheDriverAgainstAServiceThatDoesAsTold(t *testing.T) {
	t.Parallel()
	pcsctest.Run(t, func(t *testing.T, d *pcsctest.Daemon) {
		for _, c := range []struct {
			name string
			play func(*testing.T, *standIn)
		}{
			{"no reader is an empty list and no error", noReader},
			{"a reader plugged in and out is seen", plugging},
			{"a reader that comes back under another name is seen", renaming},
			{"a reader that came between the look and the wait is seen", pluggedBetween},
			{"as many readers as the service takes are watched", fullHouse},
			{"a reader that appears and vanishes in a loop is followed to the end", flickering},
			{"a counter that wraps is a change like any other", wrappingCounter},
			{"events about nothing are not reported", emptyEvents},
			{"a reader without a state does not keep the processor busy", noState},
			{"what a wait reads is not collected under it", pinnedNames},
			{"a change that the library loses over another thread is seen all the same", lostChange},
			{"a watch ends with its context however early that ends", cancelledEarly},
			{"a service that hangs does not hold a watch whose context ended", hangingService},
			{"a service that refuses this account says denied", deniedService},
			{"a service that hangs up once was dying and refuses nobody", dyingService},
			{"a connection is shared and in a transaction until it is closed", wholeConnection},
			{"an answer comes up as long or short as it is", answersAsTheyAre},
			{"a reset before the transaction is acknowledged once", resetBeforeTransaction},
			{"a protocol that the binding does not know is no card of ours", unknownProtocol},
			{"what connecting and exchanging answer is told apart", resultsByPhase},
			{"a comm error while connecting is the service's if that is gone", commErrorWhileConnecting},
			{"closing during an exchange that hangs waits for it and stops nobody else", closeDuringExchange},
			{"a name that no reader can have is not asked for", impossibleName},
			{"a command without bytes never reaches the card", noCommand},
		} {
			t.Run(c.name, func(t *testing.T) { c.play(t, standInFor(t, d)) })
		}
	})
}

func deniedService(t *testing.T, s *standIn) {
	always := slices.Repeat([]uint32{resultSecurity}, 10)
	s.set(cmdEstablish, always...)
	_, err := pcsc.New().List(t.Context())
	assert.ErrorIs(t, err, cardreader.ErrDenied)
	_, err = pcsc.New().Connect(t.Context(), "R")
	assert.ErrorIs(t, err, cardreader.ErrDenied)
	assert.ErrorIs(t, watch(t).end(t), cardreader.ErrDenied)

	s.set(cmdEstablish)
	withCard(s)
	s.set(cmdConnect, always...)
	_, err = pcsc.New().Connect(t.Context(), "R")
	assert.ErrorIs(t, err, cardreader.ErrDenied)
}

// dyingService: polkit's refusal and a daemon that ends look alike to the client
// library, once.
func dyingService(t *testing.T, s *standIn) {
	s.change(func(s *standIn) { s.hangsUp = 1 })
	_, err := pcsc.New().List(t.Context())
	assert.NoError(t, err)
	s.change(func(s *standIn) { s.hangsUp = 2 })
	_, err = pcsc.New().List(t.Context())
	assert.ErrorIs(t, err, cardreader.ErrDenied)
}
