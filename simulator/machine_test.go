package simulator_test

import (
	"context"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"chipproof/cardreader"
	"chipproof/proofing/thaiid"
	"chipproof/simulator"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// desk is the reader of most tests.
const desk = "Simulated Reader 00 00"

// loaded is a machine with one reader and a person's card in it.
func loaded(tb testing.TB, name string) *simulator.Machine {
	tb.Helper()
	m := simulator.NewMachine(desk)
	require.NoError(tb, m.Insert(desk, cardOf(tb, name, simulator.CardOptions{})))
	return m
}

// connect opens a connection that ends with the test.
func connect(tb testing.TB, m *simulator.Machine) cardreader.Card {
	tb.Helper()
	card, err := m.Connect(context.Background(), desk)
	require.NoError(tb, err)
	tb.Cleanup(func() { assert.NoError(tb, card.Close()) })
	return card
}

// state is what the driver says of the desk reader.
func state(tb testing.TB, m *simulator.Machine) cardreader.State {
	tb.Helper()
	states, err := m.List(context.Background())
	require.NoError(tb, err)
	at := slices.IndexFunc(states, func(s cardreader.State) bool { return s.Reader == desk })
	require.GreaterOrEqual(tb, at, 0)
	return states[at]
}

// number reads the citizen number over a connection.
func number(tb testing.TB, card cardreader.Card) string {
	tb.Helper()
	texts, err := fields(context.Background(), card, thaiid.PartCitizenID)
	require.NoError(tb, err)
	return texts[thaiid.PartCitizenID]
}

// requireReads says that the next read works without touching anything.
func requireReads(tb testing.TB, m *simulator.Machine) {
	tb.Helper()
	card, err := m.Connect(context.Background(), desk)
	require.NoError(tb, err)
	assert.Equal(tb, "1101700230708", number(tb, card))
	require.NoError(tb, card.Close())
}

func TestTheCounterGoesUpWithEachComingAndLeavingAndWraps(t *testing.T) {
	m := simulator.NewMachine(desk)
	assert.Equal(t, cardreader.State{Reader: desk, Simulated: true}, state(t, m))
	require.NoError(t, m.SetCounter(desk, 65534))

	card := cardOf(t, "default", simulator.CardOptions{})
	require.NoError(t, m.Insert(desk, card))
	assert.Equal(t, cardreader.State{Reader: desk, Simulated: true, Card: cardreader.Present, ATR: card.ATR(), Counter: 65535}, state(t, m))
	require.NoError(t, m.Remove(desk))
	assert.Equal(t, cardreader.State{Reader: desk, Simulated: true}, state(t, m), "wrapped to 0")
	require.NoError(t, m.InsertMute(desk))
	assert.Equal(t, cardreader.State{Reader: desk, Simulated: true, Card: cardreader.Mute, Counter: 1}, state(t, m))
}

func TestHandsAreToldWhatTheyCannotDo(t *testing.T) {
	m := loaded(t, "default")
	card := cardOf(t, "default", simulator.CardOptions{})
	require.ErrorIs(t, m.Insert(desk, card), simulator.ErrReaderOccupied)
	require.ErrorIs(t, m.InsertMute(desk), simulator.ErrReaderOccupied)
	require.ErrorIs(t, m.Plug(desk), simulator.ErrReaderExists)
	require.NoError(t, m.Remove(desk))
	require.ErrorIs(t, m.Remove(desk), cardreader.ErrCardAbsent)
	require.ErrorIs(t, m.Swap(desk, card), cardreader.ErrCardAbsent)
	require.ErrorIs(t, m.Reset(desk), cardreader.ErrCardAbsent)
	for _, err := range []error{
		m.Insert("no such", card), m.InsertMute("no such"), m.Remove("no such"), m.Swap("no such", card), m.Reset("no such"),
		m.Unplug("no such"), m.Faults("no such", nil), m.SetCounter("no such", 1),
	} {
		assert.ErrorIs(t, err, cardreader.ErrReaderNotFound)
	}
	require.NoError(t, m.Unplug(desk))
	assert.ErrorIs(t, m.Insert(desk, card), cardreader.ErrReaderNotFound, "an unplugged reader takes no card")
}

func TestAMuteCardIsSeenAndCannotBeConnectedTo(t *testing.T) {
	m := simulator.NewMachine(desk)
	require.NoError(t, m.InsertMute(desk))
	_, err := m.Connect(t.Context(), desk)
	require.ErrorIs(t, err, cardreader.ErrCardError)
	require.NoError(t, m.Remove(desk))
	assert.Equal(t, cardreader.Absent, state(t, m).Card)
}

func TestARemovedCardShowsAsTheMachineShowsIt(t *testing.T) {
	for shape, check := range map[simulator.Shape]func(t *testing.T, answer []byte, err error){
		"":                     func(t *testing.T, _ []byte, err error) { require.ErrorIs(t, err, cardreader.ErrCardRemoved) },
		simulator.ShowsRemoved: func(t *testing.T, _ []byte, err error) { require.ErrorIs(t, err, cardreader.ErrCardRemoved) },
		simulator.ShowsTorn:    func(t *testing.T, _ []byte, err error) { require.ErrorIs(t, err, cardreader.ErrTorn) },
		simulator.ShowsEmpty: func(t *testing.T, answer []byte, err error) {
			require.NoError(t, err)
			require.Empty(t, answer)
		},
	} {
		m := loaded(t, "default")
		m.Behave(simulator.Behaviour{Removal: shape})
		card := connect(t, m)
		require.NoError(t, m.Remove(desk))
		require.NoError(t, m.Insert(desk, cardOf(t, "default", simulator.CardOptions{})))
		for range 2 { // a card that is put back doesn't mend the connection
			answer, err := card.Transmit(t.Context(), []byte{0, 0xA4, 4, 0})
			check(t, answer, err)
		}
		require.NoError(t, card.Close())
		requireReads(t, m)
	}
}

func TestAReaderStillSaysPresentForAWhile(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := loaded(t, "default")
		m.Behave(simulator.Behaviour{Removal: simulator.ShowsEmpty, Lag: 400 * time.Millisecond})
		before := state(t, m)
		require.NoError(t, m.Remove(desk))
		time.Sleep(399 * time.Millisecond)
		synctest.Wait()
		assert.Equal(t, before, state(t, m))
		_, err := m.Connect(t.Context(), desk)
		require.ErrorIs(t, err, cardreader.ErrCardAbsent)
		assert.Equal(t, cardreader.Absent, m.Readers()[0].Card, "whoever stands before it sees better")

		time.Sleep(time.Millisecond)
		synctest.Wait()
		assert.Equal(t, cardreader.Absent, state(t, m).Card)
		assert.Equal(t, before.Counter+1, state(t, m).Counter)
	})
}

func TestACardPutBackWhileTheReaderLagsIsAnotherInsertion(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := loaded(t, "default")
		m.Behave(simulator.Behaviour{Lag: time.Second})
		before := state(t, m).Counter
		require.NoError(t, m.Remove(desk))
		require.NoError(t, m.Insert(desk, cardOf(t, "default", simulator.CardOptions{})))
		assert.Equal(t, before+2, state(t, m).Counter)
		time.Sleep(time.Minute)
		synctest.Wait()
		assert.Equal(t, before+2, state(t, m).Counter, "the old card's lag is over")
		requireReads(t, m)
	})
}

func TestASwapUnderALiveConnectionIsNoErrorAndMovesTheCounterByTwo(t *testing.T) {
	m := loaded(t, "default")
	card := connect(t, m)
	before := state(t, m)
	assert.Equal(t, "1101700230708", number(t, card))
	require.NoError(t, m.Swap(desk, cardOf(t, "expired", simulator.CardOptions{})))
	assert.Equal(t, "6986", ask(t, card, "80B0000402000D"), "what was selected is lost")
	assert.Equal(t, "1234567890121", number(t, card))
	assert.Equal(t, before.Counter+2, state(t, m).Counter)
	assert.Equal(t, before.ATR, state(t, m).ATR, "two cards of a series are alike")
}

func TestAResetByAnotherProgramIsSeenByEveryOpenConnection(t *testing.T) {
	m := loaded(t, "default")
	card := connect(t, m)
	number(t, card)
	before := state(t, m)
	require.NoError(t, m.Reset(desk))
	for range 2 {
		_, err := card.Transmit(t.Context(), []byte{0, 0xA4, 4, 0})
		require.ErrorIs(t, err, cardreader.ErrCardReset)
	}
	require.NoError(t, card.Close())
	assert.Equal(t, before, state(t, m), "a reset is no insertion")
	again := connect(t, m)
	assert.Equal(t, "6986", ask(t, again, "80B0000402000D"))
	assert.Equal(t, "1101700230708", number(t, again))
}

func TestReadersSaysWhoIsInThem(t *testing.T) {
	m := simulator.NewMachine("a", "b", "c", "d")
	require.NoError(t, m.Insert("a", cardOf(t, "lifelong", simulator.CardOptions{})))
	require.NoError(t, m.InsertMute("b"))
	require.NoError(t, m.Insert("c", simulator.NewReplay(simulator.Transcript{})))
	require.NoError(t, m.Faults("d", planOf(t, "- {exchange: 1, do: mute}\n- {exchange: 2, do: mute, until: cleared}")))
	assert.Equal(t, []simulator.View{
		{Reader: "a", Card: cardreader.Present, Person: "lifelong", Counter: 1},
		{Reader: "b", Card: cardreader.Mute, Counter: 1},
		{Reader: "c", Card: cardreader.Present, Counter: 1},
		{Reader: "d", Faults: 2},
	}, m.Readers())
}

func TestTenThousandInsertionsLeaveNothingBehind(t *testing.T) {
	synctest.Test(t, func(t *testing.T) { // a goroutine or timer left over fails the bubble
		m := simulator.NewMachine(desk)
		m.Behave(simulator.Behaviour{Lag: time.Millisecond})
		card := cardOf(t, "default", simulator.CardOptions{})
		for range 10_000 {
			require.NoError(t, m.Insert(desk, card))
			c, err := m.Connect(t.Context(), desk)
			require.NoError(t, err)
			require.NoError(t, m.Remove(desk))
			require.NoError(t, c.Close())
		}
		time.Sleep(time.Second)
		assert.Equal(t, uint16(20_000), state(t, m).Counter)
	})
}

func TestManyHandsAtOnceDoNotTangle(t *testing.T) {
	m := simulator.NewMachine(desk)
	var everybody sync.WaitGroup
	for range 8 {
		everybody.Go(func() {
			card := cardOf(t, "default", simulator.CardOptions{})
			for range 50 {
				_ = m.Insert(desk, card)
				ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
				if c, err := m.Connect(ctx, desk); err == nil {
					_, _ = c.Transmit(ctx, []byte{0, 0xA4, 4, 0})
					_ = c.Close()
				}
				cancel()
				_ = m.Swap(desk, card)
				_ = m.Reset(desk)
				_ = m.Remove(desk)
				_ = m.Unplug(desk)
				_ = m.Plug(desk)
				m.StopService()
				m.StartService()
			}
		})
	}
	everybody.Wait()
	_ = m.Remove(desk)
	require.NoError(t, m.Insert(desk, cardOf(t, "default", simulator.CardOptions{})))
	requireReads(t, m)
}
