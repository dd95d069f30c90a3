package simulator_test

import (
	"context"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"chipproof/cardreader"
	"chipproof/simulator"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// seen is a watch that goes on beside a test in a bubble.
type seen struct {
	ended chan error
	stop  context.CancelFunc

	mu   sync.Mutex
	told [][]cardreader.State
}

// reports are the snapshots so far.
func (w *seen) reports() [][]cardreader.State {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Clone(w.told)
}

func watch(t *testing.T, m *simulator.Machine) *seen {
	ctx, stop := context.WithCancel(context.Background())
	w := &seen{ended: make(chan error, 1), stop: stop}
	go func() {
		w.ended <- m.Watch(ctx, func(states []cardreader.State) {
			w.mu.Lock()
			defer w.mu.Unlock()
			w.told = append(w.told, states)
		})
	}()
	synctest.Wait()
	return w
}

// end stops the watch and demands that it ended for that reason.
func (w *seen) end(t *testing.T) {
	w.stop()
	require.ErrorIs(t, <-w.ended, context.Canceled)
}

// cards is the presence in the first reader, report by report.
func (w *seen) cards() []cardreader.Presence {
	var cards []cardreader.Presence
	for _, r := range w.reports() {
		cards = append(cards, r[0].Card)
	}
	return cards
}

func inBubble(t *testing.T, name string, test func(t *testing.T)) {
	t.Run(name, func(t *testing.T) { synctest.Test(t, test) })
}

func TestWatch(t *testing.T) {
	card := cardOf(t, "default", simulator.CardOptions{})
	inBubble(t, "reports what is, and each change once", func(t *testing.T) {
		m := simulator.NewMachine(desk)
		w := watch(t, m)
		require.NoError(t, m.Insert(desk, card))
		synctest.Wait()
		require.NoError(t, m.Remove(desk))
		synctest.Wait()
		time.Sleep(time.Hour)
		assert.Equal(t, []cardreader.Presence{cardreader.Absent, cardreader.Present, cardreader.Absent}, w.cards())
		w.end(t)
	})
	inBubble(t, "sees changes that come together as one", func(t *testing.T) {
		m := simulator.NewMachine(desk)
		w := watch(t, m)
		require.NoError(t, m.Insert(desk, card))
		require.NoError(t, m.Remove(desk))
		require.NoError(t, m.Insert(desk, card))
		synctest.Wait()
		last := w.reports()[len(w.reports())-1][0]
		assert.Equal(t, uint16(3), last.Counter)
		w.end(t)
	})
	inBubble(t, "sees readers come and go", func(t *testing.T) {
		m := simulator.NewMachine()
		w := watch(t, m)
		require.NoError(t, m.Plug(desk))
		synctest.Wait()
		require.NoError(t, m.Unplug(desk))
		synctest.Wait()
		require.Len(t, w.reports(), 3)
		assert.Empty(t, w.reports()[0])
		assert.NotNil(t, w.reports()[0], "no reader is an empty list")
		assert.Len(t, w.reports()[1], 1)
		assert.Empty(t, w.reports()[2])
		w.end(t)
	})
	inBubble(t, "ends with the service, even when that is back at once", func(t *testing.T) {
		m := simulator.NewMachine(desk)
		w := watch(t, m)
		m.StopService()
		m.StartService()
		require.ErrorIs(t, <-w.ended, cardreader.ErrServiceDown)
	})
	inBubble(t, "ends when the service refuses", func(t *testing.T) {
		m := simulator.NewMachine(desk)
		w := watch(t, m)
		m.DenyService()
		require.ErrorIs(t, <-w.ended, cardreader.ErrDenied)
	})
	inBubble(t, "reports twice on a machine that repeats itself", func(t *testing.T) {
		m := simulator.NewMachine(desk)
		m.Behave(simulator.Behaviour{Repeat: 1})
		w := watch(t, m)
		require.NoError(t, m.Insert(desk, card))
		synctest.Wait()
		assert.Equal(t, []cardreader.Presence{cardreader.Absent, cardreader.Present, cardreader.Present}, w.cards())
		w.end(t)
	})
	inBubble(t, "misses what a machine forgets to tell", func(t *testing.T) {
		m := simulator.NewMachine(desk)
		w := watch(t, m)
		require.NoError(t, m.Insert(desk, card))
		synctest.Wait()
		m.Behave(simulator.Behaviour{Lose: 1})
		require.NoError(t, m.Remove(desk))
		synctest.Wait()
		require.NoError(t, m.Insert(desk, card))
		synctest.Wait()
		assert.Equal(t, []cardreader.Presence{cardreader.Absent, cardreader.Present, cardreader.Present}, w.cards(), "the removal was never told")
		assert.Equal(t, uint16(3), w.reports()[2][0].Counter, "but the counter has moved")
		w.end(t)
	})
	inBubble(t, "comes late on a slow machine", func(t *testing.T) {
		m := simulator.NewMachine(desk)
		m.Behave(simulator.Behaviour{Late: 2 * time.Second})
		w := watch(t, m)
		require.NoError(t, m.Insert(desk, card))
		time.Sleep(1999 * time.Millisecond)
		synctest.Wait()
		assert.Len(t, w.reports(), 1)
		time.Sleep(time.Millisecond)
		synctest.Wait()
		assert.Len(t, w.reports(), 2)
		require.NoError(t, m.Remove(desk))
		time.Sleep(time.Second)
		w.end(t)
	})
	inBubble(t, "ends when the service goes while it is late", func(t *testing.T) {
		m := simulator.NewMachine(desk)
		m.Behave(simulator.Behaviour{Late: time.Second})
		w := watch(t, m)
		require.NoError(t, m.Insert(desk, card))
		synctest.Wait()
		m.StopService()
		require.ErrorIs(t, <-w.ended, cardreader.ErrServiceDown)
		assert.Len(t, w.reports(), 1)
	})
}
