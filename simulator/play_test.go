package simulator_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"chipproof/cardreader"
	"chipproof/proofing/thaiid"
	"chipproof/simulator"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// What a plan does at a reader, below anybody's retries and deadlines. The
// numbers are the rows of agent-security §11.

// planned is the default person's card in a reader with a plan.
func planned(tb testing.TB, plan string) *simulator.Machine {
	tb.Helper()
	m := loaded(tb, "default")
	require.NoError(tb, m.Faults(desk, planOf(tb, plan)))
	return m
}

// breaks reads three fields over one connection, 7 exchanges, and gives the
// first error; an answer without a status word counts as torn.
func breaks(tb testing.TB, m *simulator.Machine) error {
	tb.Helper()
	card, err := m.Connect(context.Background(), desk)
	require.NoError(tb, err)
	defer func() { require.NoError(tb, card.Close()) }()
	_, err = fields(context.Background(), card, thaiid.PartCitizenID, thaiid.PartNameTH, thaiid.PartAddress)
	return err
}

// everyIndex plays one fault at every exchange of a read and says which counter
// the reader has then; afterwards, mended, the next read must work.
func everyIndex(t *testing.T, fault string, check func(t *testing.T, err error, moved int), mend func(m *simulator.Machine)) {
	t.Helper()
	for index := 1; index <= 7; index++ {
		m := planned(t, fmt.Sprintf("- {exchange: %d, %s}", index, fault))
		before := m.Readers()[0].Counter
		err := breaks(t, m)
		moved := 0
		if views := m.Readers(); len(views) > 0 {
			moved = int(views[0].Counter - before)
		}
		check(t, err, moved)
		if mend != nil {
			mend(m)
		}
		requireReads(t, m)
	}
}

// reinsert lays the default person's card in again; if it doesn't, the read that
// follows fails.
func reinsert(m *simulator.Machine) {
	_, _ = m.Command(context.Background(), `insert "`+desk+`" default`)
}

func TestPlanRow1RemovedAtEveryIndex(t *testing.T) {
	everyIndex(t, "do: remove", func(t *testing.T, err error, moved int) {
		assert.ErrorIs(t, err, cardreader.ErrCardRemoved)
		assert.Equal(t, 1, moved)
	}, reinsert)
}

func TestPlanRow2UnpluggedAtEveryIndex(t *testing.T) {
	everyIndex(t, "do: unplug", func(t *testing.T, err error, _ int) {
		assert.ErrorIs(t, err, cardreader.ErrReaderNotFound)
	}, func(m *simulator.Machine) { _ = m.Plug(desk) })
}

func TestPlanRow4ServiceStoppedAtEveryIndex(t *testing.T) {
	everyIndex(t, "do: service_stop", func(t *testing.T, err error, moved int) {
		assert.ErrorIs(t, err, cardreader.ErrServiceDown)
		assert.Zero(t, moved)
	}, (*simulator.Machine).StartService)
}

func TestPlanRow6SwappedAtEveryIndex(t *testing.T) {
	for index := 1; index <= 7; index++ {
		m := planned(t, fmt.Sprintf("- {exchange: %d, do: swap, person: expired}", index))
		card := connect(t, m)
		before := state(t, m)
		texts, err := fields(t.Context(), card, thaiid.PartCitizenID, thaiid.PartNameTH, thaiid.PartAddress)
		if index == 1 {
			require.NoError(t, err, "the card came before the SELECT")
			assert.Equal(t, "1234567890121", texts[thaiid.PartCitizenID])
		} else {
			require.Error(t, err, "the other card has nothing selected")
		}
		assert.Equal(t, before.Counter+2, state(t, m).Counter)
		assert.Equal(t, before.ATR, state(t, m).ATR)
		assert.Equal(t, "1234567890121", number(t, card))
		assert.Equal(t, "expired", m.Readers()[0].Person)
	}
}

func TestPlanRow11ResetAtEveryIndexOnceAndTwice(t *testing.T) {
	everyIndex(t, "do: reset", func(t *testing.T, err error, moved int) {
		assert.ErrorIs(t, err, cardreader.ErrCardReset)
		assert.Zero(t, moved)
	}, nil)
	m := planned(t, "- {exchange: 3, do: reset, times: 2}")
	require.ErrorIs(t, breaks(t, m), cardreader.ErrCardReset)
	require.ErrorIs(t, breaks(t, m), cardreader.ErrCardReset)
	require.NoError(t, breaks(t, m))
}

func TestPlanRow12SharingAsOftenAsItIsToldTo(t *testing.T) {
	for _, times := range []int{1, 3} {
		m := planned(t, fmt.Sprintf("- {at: connect, do: sharing, times: %d}", times))
		for range times {
			_, err := m.Connect(t.Context(), desk)
			require.ErrorIs(t, err, cardreader.ErrSharing)
		}
		requireReads(t, m)
	}
	m := planned(t, "- {at: connect, do: sharing, until: cleared}")
	for range 100 {
		_, err := m.Connect(t.Context(), desk)
		require.ErrorIs(t, err, cardreader.ErrSharing)
	}
	require.NoError(t, m.Faults(desk, nil))
	requireReads(t, m)
}

func TestPlanRow14TornAtEveryIndex(t *testing.T) {
	torn := func(want int) func(t *testing.T, err error, moved int) {
		return func(t *testing.T, err error, moved int) {
			assert.ErrorIs(t, err, cardreader.ErrTorn)
			assert.Equal(t, want, moved)
		}
	}
	everyIndex(t, "do: torn", torn(1), reinsert)
	everyIndex(t, "do: torn, card: back", torn(2), nil)
	everyIndex(t, "do: torn, card: stays", torn(0), nil)
}

func TestPlanRow14TornShowsPresentForItsLag(t *testing.T) {
	for plan, want := range map[string]cardreader.State{
		"- {exchange: 2, do: torn, lag: 400}":                           {Card: cardreader.Absent, Counter: 2},
		"- {exchange: 2, do: torn, card: back, lag: 400, shows: empty}": {Card: cardreader.Present, Counter: 3},
		"- {exchange: 2, do: remove, shows: empty, lag: 400}":           {Card: cardreader.Absent, Counter: 2},
	} {
		synctest.Test(t, func(t *testing.T) {
			m := planned(t, plan)
			before := state(t, m)
			require.Error(t, breaks(t, m), plan)
			time.Sleep(399 * time.Millisecond)
			synctest.Wait()
			assert.Equal(t, before, state(t, m))
			time.Sleep(time.Millisecond)
			synctest.Wait()
			after := state(t, m)
			assert.Equal(t, want, cardreader.State{Card: after.Card, Counter: after.Counter}, plan)
		})
	}
}

func TestPlanRow14OtherErrorsOfTheReader(t *testing.T) {
	for code, cause := range map[string]error{
		"reader_not_found": cardreader.ErrReaderNotFound,
		"card_error":       cardreader.ErrCardError,
		"card_timeout":     cardreader.ErrCardTimeout,
	} {
		everyIndex(t, "do: error, error: "+code, func(t *testing.T, err error, moved int) {
			assert.ErrorIs(t, err, cause)
			assert.Zero(t, moved)
		}, nil)
	}
}

func TestPlanRow15ATransmitThatNeverReturnsLetsOtherReadersWork(t *testing.T) {
	for end, mend := range map[string]func(m *simulator.Machine){
		"the card is removed":     func(m *simulator.Machine) { _ = m.Remove(desk); reinsert(m) },
		"the reader is unplugged": func(m *simulator.Machine) { _ = m.Unplug(desk); _ = m.Plug(desk) },
		"the service stops":       func(m *simulator.Machine) { m.StopService(); m.StartService() },
		"the plan is cleared":     func(m *simulator.Machine) { _ = m.Faults(desk, nil) },
	} {
		inBubble(t, "until "+end, func(t *testing.T) {
			m := planned(t, "- {exchange: 2, do: hang}")
			require.NoError(t, m.Plug("other"))
			require.NoError(t, m.Insert("other", cardOf(t, "expired", simulator.CardOptions{})))
			hung := make(chan error, 1)
			go func() { hung <- breaks(t, m) }()
			time.Sleep(time.Hour)
			assert.Empty(t, hung)

			other, err := m.Connect(context.Background(), "other")
			require.NoError(t, err)
			assert.Equal(t, "1234567890121", number(t, other))
			require.NoError(t, other.Close())

			mend(m)
			require.Error(t, <-hung)
			requireReads(t, m)
		})
	}
}

func TestPlanRow9AConnectThatHangsLetsOtherReadersWork(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := planned(t, "- {at: connect, do: hang}")
		require.NoError(t, m.Plug("other"))
		require.NoError(t, m.Insert("other", cardOf(t, "expired", simulator.CardOptions{})))
		hung := make(chan error, 1)
		go func() {
			_, err := m.Connect(context.Background(), desk)
			hung <- err
		}()
		synctest.Wait()
		other, err := m.Connect(context.Background(), "other")
		require.NoError(t, err)
		require.NoError(t, other.Close())
		require.NoError(t, m.Unplug(desk))
		require.ErrorIs(t, <-hung, cardreader.ErrReaderNotFound)
	})
}

func TestPlanRow24MuteAndSlow(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := planned(t, "- {exchange: 2, do: mute}\n- {exchange: 1, do: delay, ms: 2000, until: cleared}")
		card := connect(t, m)
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
		defer cancel()
		begun := time.Now()
		_, err := fields(ctx, card, thaiid.PartCitizenID)
		require.ErrorIs(t, err, context.DeadlineExceeded)
		assert.Equal(t, 5*time.Second, time.Since(begun))
	})
}

func TestAMuteExchangeEndsWhenTheCardIsTakenOut(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := planned(t, "- {exchange: 2, do: mute}")
		ended := make(chan error, 1)
		go func() { ended <- breaks(t, m) }()
		synctest.Wait()
		require.NoError(t, m.Remove(desk))
		assert.ErrorIs(t, <-ended, cardreader.ErrCardRemoved)
	})
}

func TestAnExchangeOnTheLineEndsWhenTheCardIsTakenOut(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := simulator.NewMachine(desk)
		require.NoError(t, m.Insert(desk, cardOf(t, "default", simulator.CardOptions{Line: simulator.Line{Exchange: time.Hour}})))
		ended := make(chan error, 1)
		go func() { ended <- breaks(t, m) }()
		synctest.Wait()
		require.NoError(t, m.Remove(desk))
		assert.ErrorIs(t, <-ended, cardreader.ErrCardRemoved)
	})
}

func TestWhatGoesAtConnectIsMissedThere(t *testing.T) {
	for do, cause := range map[string]error{
		"remove":                         cardreader.ErrCardAbsent,
		"unplug":                         cardreader.ErrReaderNotFound,
		"service_stop":                   cardreader.ErrServiceDown,
		"error, error: card_unsupported": cardreader.ErrCardUnsupported,
	} {
		m := planned(t, "- {at: connect, do: "+do+"}")
		_, err := m.Connect(t.Context(), desk)
		assert.ErrorIs(t, err, cause, do)
	}
}

func TestAConnectCanBeSlow(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := planned(t, "- {at: connect, do: delay, ms: 3000}")
		begun := time.Now()
		requireReads(t, m)
		assert.Equal(t, 3*time.Second, time.Since(begun))
	})
}

func TestExchangesAreCountedFromTheConnection(t *testing.T) {
	m := planned(t, "- {exchange: 4, do: status, word: 6F00, until: cleared}")
	for range 3 {
		card := connect(t, m)
		assert.Equal(t, "1101700230708", number(t, card), "three exchanges")
		require.NoError(t, card.Close())
	}
	require.Error(t, breaks(t, m), "seven exchanges")
}

func TestAPlanUntilResetEndsWhenTheCardIsInsertedAgain(t *testing.T) {
	m := planned(t, "- {exchange: 1, do: status, word: 6F00, until: reset}")
	require.Error(t, breaks(t, m))
	require.Error(t, breaks(t, m))
	require.NoError(t, m.Remove(desk))
	reinsert(m)
	require.NoError(t, breaks(t, m))
}

func TestAPlanIsPlayedByTheReaderWhateverCardLiesInIt(t *testing.T) {
	m := planned(t, "- {exchange: 2, do: status, word: 6F00, times: 2}")
	require.Error(t, breaks(t, m))
	require.NoError(t, m.Remove(desk))
	inner, err := simulator.NewFaulty(cardOf(t, "default", simulator.CardOptions{}), planOf(t, "- {exchange: 3, do: error, error: card_error}"))
	require.NoError(t, err)
	require.NoError(t, m.Insert(desk, inner))
	err = breaks(t, m)
	require.Error(t, err)
	assert.False(t, errors.Is(err, cardreader.ErrCardError), "the reader's plan came first")
	require.ErrorIs(t, breaks(t, m), cardreader.ErrCardError, "then the card's own")
}

func TestASwapKeepsLineAndProtocolOfTheCardBefore(t *testing.T) {
	m := simulator.NewMachine(desk)
	require.NoError(t, m.Insert(desk, cardOf(t, "default", simulator.CardOptions{Protocol: simulator.T1, ATR: []byte{0x3B, 0x00}})))
	require.NoError(t, m.Faults(desk, planOf(t, "- {exchange: 1, do: swap, person: expired}")))
	card := connect(t, m)
	assert.Equal(t, "6F088406A000000054489000", ask(t, card, selectMOI))
	assert.Equal(t, []byte{0x3B, 0x00}, state(t, m).ATR)
}
