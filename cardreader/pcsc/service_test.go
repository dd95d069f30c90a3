//go:build cgo && linux

package pcsc_test

import (
	"bytes"
	"context"
	"fmt"
	"runtime"
	"slices"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/apdu"
	"chipproof/cardreader"
	"chipproof/cardreader/pcsc"
	"chipproof/cardreader/pcsc/pcsctest"
)

// soon is how long a test waits for what should come at once.
const soon = 5 * time.Second

// watching is a Watch that runs beside the test.
type watching struct {
	pictures chan []cardreader.State
	ended    chan error
	stop     context.CancelFunc
}

func watch(t *testing.T) *watching {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	w := &watching{pictures: make(chan []cardreader.State, 1000), ended: make(chan error, 1), stop: stop}
	go func() {
		w.ended <- pcsc.New().Watch(ctx, func(states []cardreader.State) { w.pictures <- slices.Clone(states) })
	}()
	t.Cleanup(stop)
	return w
}

// until takes pictures until one is as wanted.
func (w *watching) until(t *testing.T, what string, wanted func([]cardreader.State) bool) []cardreader.State {
	t.Helper()
	late := time.After(soon)
	var last []cardreader.State
	for {
		select {
		case last = <-w.pictures:
			if wanted(last) {
				return last
			}
		case err := <-w.ended:
			require.NoError(t, err, "watch ended before it saw: %s", what)
		case <-late:
			require.Fail(t, "never seen: "+what, "last was %v", last)
		}
	}
}

func (w *watching) untilReaders(t *testing.T, names ...string) {
	t.Helper()
	w.until(t, fmt.Sprint(names), func(states []cardreader.State) bool { return slices.Equal(readerNames(states), names) })
}

// end says how the watch ended.
func (w *watching) end(t *testing.T) error {
	t.Helper()
	select {
	case err := <-w.ended:
		return err
	case <-time.After(soon):
		require.Fail(t, "watch does not end")
		return nil
	}
}

func readerNames(states []cardreader.State) []string {
	var names []string
	for _, s := range states {
		names = append(names, s.Reader)
	}
	return names
}

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
			{"a command without bytes never reaches the card", noCommand},
		} {
			t.Run(c.name, func(t *testing.T) { c.play(t, standInFor(t, d)) })
		}
	})
}

func noReader(t *testing.T, _ *standIn) {
	states, err := pcsc.New().List(t.Context())
	require.NoError(t, err)
	assert.Empty(t, states)
	watch(t).untilReaders(t)
}

func plugging(t *testing.T, s *standIn) {
	w := watch(t)
	w.untilReaders(t)
	s.change(plug("B"))
	w.untilReaders(t, "B")
	s.change(plug("A"))
	w.untilReaders(t, "A", "B")
	s.change(unplug("B"))
	w.untilReaders(t, "A")
	s.change(unplug("A"))
	w.untilReaders(t)
}

func renaming(t *testing.T, s *standIn) {
	s.change(plug("ACS 00 00"))
	w := watch(t)
	w.untilReaders(t, "ACS 00 00")
	s.change(func(s *standIn) { s.readers[0].name = "ACS 01 00" })
	w.untilReaders(t, "ACS 01 00")
}

// pluggedBetween: the second registration is the wait's; by then the look is over.
func pluggedBetween(t *testing.T, s *standIn) {
	s.change(plug("early"))
	s.change(func(s *standIn) {
		s.onWait = func(registration int) {
			if registration == 2 {
				s.mu.Lock()
				defer s.mu.Unlock()
				plug("late")(s)
			}
		}
	})
	w := watch(t)
	w.untilReaders(t, "early")
	w.untilReaders(t, "early", "late")
}

func fullHouse(t *testing.T, s *standIn) {
	var names []string
	for i := range maxReaders {
		names = append(names, fmt.Sprintf("R%02d", i))
	}
	s.change(plug(names...))
	w := watch(t)
	w.untilReaders(t, names...)
	s.change(func(s *standIn) {
		s.readers[3].state, s.readers[3].atr, s.readers[3].counter = statePresent, []byte{0x3B}, 1
	})
	w.until(t, "card in R03", func(states []cardreader.State) bool { return states[3].Card == cardreader.Present })
	s.change(unplug("R07"))
	w.untilReaders(t, slices.Delete(slices.Clone(names), 7, 8)...)
	s.change(plug("R16"))
	w.untilReaders(t, append(slices.Delete(slices.Clone(names), 7, 8), "R16")...)
}

func flickering(t *testing.T, s *standIn) {
	s.change(plug("steady"))
	w := watch(t)
	w.untilReaders(t, "steady")
	for range 50 {
		s.change(plug("composite"))
		s.change(unplug("composite"))
	}
	s.change(plug("last"))
	w.untilReaders(t, "last", "steady")
}

func wrappingCounter(t *testing.T, s *standIn) {
	in := func(counter uint32) func(*standIn) {
		return func(s *standIn) {
			s.readers = []reader{{name: "R", state: statePresent, atr: []byte{0x3B, 0x00}, counter: counter}}
		}
	}
	s.change(in(65535))
	w := watch(t)
	seen := func(counter uint16) func([]cardreader.State) bool {
		return func(states []cardreader.State) bool { return states[0].Counter == counter }
	}
	w.until(t, "65535", seen(65535))
	s.change(in(0)) // out and in again: the same state, another insertion
	w.until(t, "0", seen(0))
	s.change(in(2)) // from 0 pcsc-lite compares no counters; the second look does
	w.until(t, "2", seen(2))
}

func emptyEvents(t *testing.T, s *standIn) {
	s.change(plug("R"))
	w := watch(t)
	w.untilReaders(t, "R")
	for range 100 {
		s.change(func(*standIn) {})
	}
	s.change(plug("S"))
	select {
	case states := <-w.pictures:
		assert.Equal(t, []string{"R", "S"}, readerNames(states), "the first report is the first change")
	case <-time.After(soon):
		assert.Fail(t, "no report")
	}
}

// noState has neither present nor absent set, which the library gives back as
// "unaware" and therefore never waits for.
func noState(t *testing.T, s *standIn) {
	s.change(func(s *standIn) { s.readers = []reader{{name: "R"}} })
	w := watch(t)
	w.untilReaders(t, "R")
	before, spent := s.count(cmdWait), processorTime(t)
	ctx, cancel := context.WithTimeout(t.Context(), time.Second)
	defer cancel()
	<-ctx.Done()
	assert.Less(t, s.count(cmdWait)-before, 60, "rounds in a second")
	assert.Less(t, processorTime(t)-spent, 200*time.Millisecond)
}

// pinnedNames: without a name of its own in the binding's map, a wait's name of
// its reader is free for the garbage collector as soon as anybody lists the
// same reader. The library then no longer knows the reader and ends the wait at
// every event.
func pinnedNames(t *testing.T, s *standIn) {
	s.change(plug("R"))
	w := watch(t)
	w.untilReaders(t, "R")
	settled(t, s)

	var garbage [][]byte
	for range 20 {
		_, err := pcsc.New().List(t.Context())
		require.NoError(t, err)
		runtime.GC()
		for range 1000 { // the name's memory gets another use
			garbage = append(garbage, []byte("xxxx"))
		}
	}
	runtime.KeepAlive(garbage)
	before := s.count(cmdStates)
	s.change(func(*standIn) {})
	settled(t, s)
	assert.Equal(t, before, s.count(cmdStates), "the wait went on inside the library")
}

// settled returns when no call came for a while that is longer than the second look takes to come.
func settled(t *testing.T, s *standIn) {
	t.Helper()
	total := func() (n int) {
		s.mu.Lock()
		defer s.mu.Unlock()
		for _, calls := range s.calls {
			n += calls
		}
		return n
	}
	for before, quiet := total(), 0; quiet < 7; {
		<-time.After(100 * time.Millisecond)
		if now := total(); now != before {
			before, quiet = now, 0
		} else {
			quiet++
		}
	}
}

func cancelledEarly(t *testing.T, s *standIn) {
	s.change(plug("R"))
	for i := range 50 {
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error, 1)
		go func() { ended <- pcsc.New().Watch(ctx, func([]cardreader.State) {}) }()
		// At another moment each time: before, while and after the wait begins.
		<-time.After(time.Duration(i) * 100 * time.Microsecond)
		cancel()
		select {
		case err := <-ended:
			require.ErrorIs(t, err, context.Canceled)
		case <-time.After(soon):
			require.Fail(t, "watch does not end")
		}
	}
}

func hangingService(t *testing.T, s *standIn) {
	s.change(plug("R"))
	w := watch(t)
	w.untilReaders(t, "R")
	s.change(func(s *standIn) { s.hangs = true })
	w.stop()
	assert.ErrorIs(t, w.end(t), context.Canceled)
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

// processorTime is what this process has used so far.
func processorTime(t *testing.T) time.Duration {
	t.Helper()
	var usage syscall.Rusage
	require.NoError(t, syscall.Getrusage(syscall.RUSAGE_SELF, &usage))
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}
