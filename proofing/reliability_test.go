package proofing_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/cardreader"
	"chipproof/proofing"
	"chipproof/proofing/thaiid"
	"chipproof/simulator"
)

// trouble is a row of agent-security §11, played at every exchange of a full read.
type trouble struct {
	row    string
	fault  simulator.Fault
	also   simulator.Behaviour
	want   []error // one of these; none: the read succeeds all the same
	within time.Duration
	repair func(t *testing.T, c counter)
}

func reinsert(t *testing.T, c counter) {
	// A fault may have taken the card out already.
	if err := c.Remove(readerName); err != nil {
		require.ErrorIs(t, err, cardreader.ErrCardAbsent)
	}
	require.NoError(t, c.Insert(readerName, c.card))
}

func nothing(*testing.T, counter) {}

var troubles = []trouble{
	{
		row: "1 card taken out, reported by name", fault: simulator.Fault{Do: simulator.DoRemove},
		want: []error{cardreader.ErrCardRemoved}, within: time.Second, repair: reinsert,
	},
	{
		row:   "1 card taken out, empty answer, still present for 400 ms",
		fault: simulator.Fault{Do: simulator.DoRemove, Shows: "empty", Lag: 400},
		want:  []error{cardreader.ErrCardRemoved}, within: time.Second, repair: reinsert,
	},
	{
		row: "2 reader unplugged", fault: simulator.Fault{Do: simulator.DoUnplug},
		want: []error{cardreader.ErrReaderNotFound, cardreader.ErrCardRemoved}, within: time.Second,
		repair: func(t *testing.T, c counter) { require.NoError(t, c.Plug(readerName)) },
	},
	{
		row: "3 last reader unplugged and the service stops with it", fault: simulator.Fault{Do: simulator.DoUnplug},
		also: simulator.Behaviour{LastReader: simulator.ServiceStops},
		want: []error{cardreader.ErrServiceDown, cardreader.ErrReaderNotFound}, within: time.Second,
		repair: func(t *testing.T, c counter) {
			_, err := c.read(t.Context(), thaiid.TextFields())
			require.ErrorIs(t, err, cardreader.ErrServiceDown)
			require.NoError(t, c.Plug(readerName))
		},
	},
	{
		row: "4 service stopped", fault: simulator.Fault{Do: simulator.DoServiceStop},
		want: []error{cardreader.ErrServiceDown}, within: time.Second,
		repair: func(_ *testing.T, c counter) { c.StartService() },
	},
	{
		row: "6 another person's card, same ATR", fault: simulator.Fault{Do: simulator.DoSwap, Person: "middle-name"},
		want: []error{cardreader.ErrCardChanged, thaiid.ErrChanged}, within: time.Second, repair: nothing,
	},
	{
		row: "6 the same card taken out and put back under the connection", fault: simulator.Fault{Do: simulator.DoSwap, Person: "default"},
		want: []error{cardreader.ErrCardChanged, thaiid.ErrChanged}, within: time.Second, repair: nothing,
	},
	{
		row: "11 card reset once: read again from the start", fault: simulator.Fault{Do: simulator.DoReset},
		within: time.Second, repair: nothing,
	},
	{
		row: "11 card reset twice", fault: simulator.Fault{Do: simulator.DoReset, Times: 2},
		want: []error{cardreader.ErrCardError}, within: time.Second, repair: nothing,
	},
	{
		row: "14 exchange torn, card gone", fault: simulator.Fault{Do: simulator.DoTorn, Lag: 300},
		want: []error{cardreader.ErrCardRemoved}, within: time.Second, repair: reinsert,
	},
	{
		row: "14 exchange torn, card back again", fault: simulator.Fault{Do: simulator.DoTorn, Card: "back", Lag: 300},
		want: []error{cardreader.ErrCardRemoved}, within: time.Second, repair: nothing,
	},
	{
		row: "14 exchange torn, card there all the time", fault: simulator.Fault{Do: simulator.DoTorn, Card: "stays"},
		want: []error{cardreader.ErrCardError}, within: time.Second, repair: nothing,
	},
	{
		row: "15 an exchange that never returns", fault: simulator.Fault{Do: simulator.DoHang},
		want: []error{cardreader.ErrCardTimeout}, within: 5 * time.Second,
		repair: func(t *testing.T, c counter) { require.NoError(t, c.Faults(readerName, nil)) },
	},
	{
		row: "24 card gone mute", fault: simulator.Fault{Do: simulator.DoMute},
		want: []error{cardreader.ErrCardTimeout}, within: 5 * time.Second, repair: nothing,
	},
}

// After every trouble, at every exchange: the right error in time, no partial
// identity, and the next read works without touching more than the trouble did.
func TestEveryTroubleAtEveryExchangeOfARead(t *testing.T) {
	for _, row := range troubles {
		t.Run(row.row, func(t *testing.T) {
			eachExchange(t, func(t *testing.T, n int) {
				synctest.Test(t, func(t *testing.T) { play(t, row, n) })
			})
		})
	}
}

func play(t *testing.T, row trouble, n int) {
	c := newCounter(t, "default", simulator.CardOptions{})
	c.Behave(row.also)
	row.fault.Exchange = n
	require.NoError(t, c.Faults(readerName, simulator.Plan{row.fault}))

	start := time.Now()
	identity, err := c.read(t.Context(), thaiid.AllFields())
	assert.LessOrEqual(t, time.Since(start), row.within, "exchange %d", n)
	if row.want == nil {
		require.NoError(t, err, "exchange %d", n)
		require.NotNil(t, identity)
	} else {
		require.True(t, isAny(err, row.want), "exchange %d: %v", n, err)
		require.Nil(t, identity, "exchange %d: no partial identity", n)
	}

	row.repair(t, c)
	synctest.Wait()
	identity, err = c.read(t.Context(), thaiid.AllFields())
	require.NoError(t, err, "the read after exchange %d failed", n)
	require.NotNil(t, identity)
}

func isAny(err error, wanted []error) bool {
	for _, w := range wanted {
		if errors.Is(err, w) {
			return true
		}
	}
	return false
}

func TestRow12SharingViolations(t *testing.T) {
	for _, row := range []struct {
		times int
		want  error
	}{{1, nil}, {3, nil}, {1000, cardreader.ErrReaderBusy}} {
		synctest.Test(t, func(t *testing.T) {
			c := newCounter(t, "default", simulator.CardOptions{})
			require.NoError(t, c.Faults(readerName, simulator.Plan{{At: simulator.AtConnect, Do: simulator.DoSharing, Times: row.times}}))
			start := time.Now()
			_, err := c.read(t.Context(), thaiid.TextFields())
			assert.Less(t, time.Since(start), 2*time.Second)
			if row.want == nil {
				assert.NoError(t, err)
				return
			}
			assert.ErrorIs(t, err, row.want)
		})
	}
}

func TestRow24EveryExchangeSlowEndsAtTheLimitOfARead(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newCounter(t, "default", simulator.CardOptions{})
		require.NoError(t, c.Faults(readerName, simulator.Plan{{Exchange: 1, Do: simulator.DoDelay, Milliseconds: 4000, Until: "cleared"}}))
		start := time.Now()
		identity, err := c.read(t.Context(), thaiid.TextFields())
		assert.ErrorIs(t, err, cardreader.ErrCardTimeout)
		assert.Nil(t, identity)
		assert.LessOrEqual(t, time.Since(start), 15*time.Second)

		require.NoError(t, c.Faults(readerName, nil))
		_, err = c.read(t.Context(), thaiid.TextFields())
		assert.NoError(t, err)
	})
}

func TestRow25CancelAtEveryExchangeReleasesTheCard(t *testing.T) {
	eachExchange(t, func(t *testing.T, n int) {
		synctest.Test(t, func(t *testing.T) {
			c := newCounter(t, "default", simulator.CardOptions{})
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			identity, err := proofing.Read(ctx, c.readers, readerName, proofing.ReadOptions{
				Fields: thaiid.AllFields(),
				Wrap: counting(func(i int) {
					if i == n {
						cancel()
					}
				}),
			})
			require.ErrorIs(t, err, context.Canceled, "exchange %d", n)
			require.Nil(t, identity)
			_, err = c.read(t.Context(), thaiid.AllFields())
			require.NoError(t, err, "the read after a cancel at exchange %d", n)
		})
	})
}

func TestRow7TheEventCounterMayWrapBetweenTwoReads(t *testing.T) {
	c := newCounter(t, "default", simulator.CardOptions{})
	require.NoError(t, c.SetCounter(readerName, 65535))
	_, err := c.read(t.Context(), thaiid.TextFields())
	require.NoError(t, err)
	require.NoError(t, c.Remove(readerName))
	require.NoError(t, c.Insert(readerName, c.card))
	_, err = c.read(t.Context(), thaiid.TextFields())
	require.NoError(t, err)
}

func TestRow26TheSecondOfTwoReadsAtOnceIsToldThatTheReaderIsBusy(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newCounter(t, "default", simulator.CardOptions{Line: simulator.LineTA96})
		first := make(chan error, 1)
		go func() {
			_, err := c.read(t.Context(), thaiid.AllFields())
			first <- err
		}()
		synctest.Wait()
		start := time.Now()
		_, err := c.read(t.Context(), thaiid.TextFields())
		assert.ErrorIs(t, err, cardreader.ErrReaderBusy)
		assert.Zero(t, time.Since(start), "busy is an answer, not a queue")
		require.NoError(t, <-first)
		_, err = c.read(t.Context(), thaiid.TextFields())
		assert.NoError(t, err)
	})
}

func TestAForeignCardIsUnsupported(t *testing.T) {
	c := newCounter(t, "default", simulator.CardOptions{})
	require.NoError(t, c.Faults(readerName, simulator.Plan{{Exchange: 1, Do: simulator.DoStatus, Word: simulator.Words{0x6A82}, Until: "cleared"}}))
	identity, err := c.read(t.Context(), thaiid.TextFields())
	assert.ErrorIs(t, err, thaiid.ErrUnsupported)
	assert.Nil(t, identity)
}
