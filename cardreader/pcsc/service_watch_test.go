//go:build cgo && linux

package pcsc_test

import (
	"context"
	"fmt"
	"runtime"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/cardreader"
	"chipproof/cardreader/pcsc"
)

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
	settled(t, s)
	before := s.count(cmdStates)
	s.change(func(*standIn) {})
	settled(t, s)
	assert.Equal(t, before, s.count(cmdStates), "the wait went on inside the library")
}

// lostChange plays the race of [bell] out: the wait has fetched the new states
// but for the last byte when another thread fetches older ones to the same place.
func lostChange(t *testing.T, s *standIn) {
	s.change(plug("R"))
	w := watch(t)
	w.untilReaders(t, "R")
	settled(t, s)
	s.change(func(s *standIn) {
		s.readers[0].state, s.readers[0].counter = statePresent, 1
		s.readers[0].atr = []byte{0x3B, 0x00}
		s.answers = func(c *client) bool {
			s.mu.Lock()
			s.answers = nil // once
			s.waiting[c] = true
			now, before := s.readers, []reader{{name: "R", state: stateAbsent}}
			fetched := s.states()
			s.readers = before
			s.mu.Unlock()

			assert.NoError(t, c.send(fetched[:len(fetched)-1]))
			states, err := pcsc.New().List(t.Context())
			assert.NoError(t, err)
			assert.Equal(t, []cardreader.State{{Reader: "R"}}, states, "older states")

			s.mu.Lock()
			s.readers = now
			s.mu.Unlock()
			assert.NoError(t, c.send(fetched[len(fetched)-1:]))
			return true
		}
	})
	w.until(t, "card in R", func(states []cardreader.State) bool { return states[0].Card == cardreader.Present })
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
