package cardreader_test

import (
	"runtime"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/cardreader"
)

// Row 36: 10,000 insertions, each opened, every second one torn out of a session.
func TestTenThousandCardsLeaveNothingBehind(t *testing.T) {
	h, r := oneCard(t, cardreader.Options{})
	work := func(times int) {
		for i := range times {
			h.remove(desk)
			h.insert(desk)
			s := open(t, r, desk)
			_, err := readNumber(t.Context(), s)
			require.NoError(t, err)
			if i%2 == 0 {
				h.remove(desk)
				_, err = s.Transmit(t.Context(), selectMOI)
				require.ErrorIs(t, err, cardreader.ErrCardRemoved)
			}
			require.NoError(t, s.Close())
			_, err = r.Open(t.Context(), "no such reader")
			require.ErrorIs(t, err, cardreader.ErrReaderNotFound)
		}
	}
	work(100)
	// One more, because Eventually asks from a goroutine of its own.
	goroutines, heap := runtime.NumGoroutine()+1, heapInUse()
	work(10_000)
	assert.Eventually(t, func() bool { return runtime.NumGoroutine() <= goroutines && r.Claims() == 0 },
		10*time.Second, time.Millisecond)
	assert.Less(t, heapInUse(), heap+1<<20)
	assert.Zero(t, h.contacts())
}

func heapInUse() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// Row 29: a wall clock that is set during a read moves no deadline, because the
// end of a session is kept with its monotonic reading, which Go shows as m=.
func TestSessionEndsByTheMonotonicClock(t *testing.T) {
	_, r := oneCard(t, cardreader.Options{})
	s := open(t, r, desk)
	defer s.Close()
	assert.Contains(t, s.Until().String(), " m=")
	assert.NotEqual(t, s.Until(), s.Until().Round(0), "Round would strip it")
}
