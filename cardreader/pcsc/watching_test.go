//go:build cgo && linux

package pcsc_test

import (
	"context"
	"fmt"
	"slices"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"chipproof/cardreader"
	"chipproof/cardreader/pcsc"
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

// processorTime is what this process has used so far.
func processorTime(t *testing.T) time.Duration {
	t.Helper()
	var usage syscall.Rusage
	require.NoError(t, syscall.Getrusage(syscall.RUSAGE_SELF, &usage))
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}
