package simulator_test

import (
	"context"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"chipproof/cardreader"
	"chipproof/simulator"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestAConnectionHoldsTheCardUntilItIsClosed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := loaded(t, "default")
		first := connect(t, m)
		number(t, first)

		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		_, err := m.Connect(ctx, desk)
		cancel()
		require.ErrorIs(t, err, context.DeadlineExceeded)

		opened := make(chan cardreader.Card)
		go func() {
			second, err := m.Connect(context.Background(), desk)
			assert.NoError(t, err)
			opened <- second
		}()
		synctest.Wait()
		assert.Empty(t, opened)
		require.NoError(t, first.Close())
		second := <-opened
		assert.Equal(t, "610D", ask(t, second, "80B0000402000D"), "the first left its selection behind")
		require.NoError(t, second.Close())
		_, err = second.Transmit(context.Background(), []byte{0, 0xA4, 4, 0})
		require.ErrorIs(t, err, cardreader.ErrCardError, "a closed connection is an invalid handle")
	})
}

func TestWhoWaitsForTheCardIsToldWhenItGoes(t *testing.T) {
	for name, row := range map[string]struct {
		happens func(m *simulator.Machine)
		cause   error
	}{
		"reader unplugged": {func(m *simulator.Machine) { _ = m.Unplug(desk) }, cardreader.ErrReaderNotFound},
		"service stopped":  {(*simulator.Machine).StopService, cardreader.ErrServiceDown},
		"service refuses":  {(*simulator.Machine).DenyService, cardreader.ErrServiceDown},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				m := loaded(t, "default")
				first := connect(t, m)
				told := make(chan error, 1)
				go func() {
					_, err := m.Connect(context.Background(), desk)
					told <- err
				}()
				synctest.Wait()
				row.happens(m)
				require.ErrorIs(t, <-told, row.cause)
				_, err := first.Transmit(context.Background(), []byte{0, 0xA4, 4, 0})
				require.ErrorIs(t, err, row.cause)
			})
		})
	}
}

func TestAnUnpluggedReaderComesBackWithItsCard(t *testing.T) {
	m := loaded(t, "default")
	dead := connect(t, m)
	require.NoError(t, m.Unplug(desk))
	states, err := m.List(t.Context())
	require.NoError(t, err)
	assert.Empty(t, states)
	_, err = m.Connect(t.Context(), desk)
	require.ErrorIs(t, err, cardreader.ErrReaderNotFound)

	require.NoError(t, m.Plug(desk))
	_, err = dead.Transmit(t.Context(), []byte{0, 0xA4, 4, 0})
	require.ErrorIs(t, err, cardreader.ErrReaderNotFound, "an old handle stays dead")
	requireReads(t, m) // although nobody closed the dead one
}

func TestAReaderMayComeBackUnderAnotherName(t *testing.T) {
	m := loaded(t, "default")
	require.NoError(t, m.Unplug(desk))
	require.NoError(t, m.Plug("Simulated Reader 01 00"))
	require.NoError(t, m.Insert("Simulated Reader 01 00", cardOf(t, "default", simulator.CardOptions{})))
	states, err := m.List(t.Context())
	require.NoError(t, err)
	require.Len(t, states, 1)
	assert.Equal(t, "Simulated Reader 01 00", states[0].Reader)
}

func TestMoreThanSixteenReadersAreListedByName(t *testing.T) {
	m := simulator.NewMachine()
	var names []string
	for i := range 40 {
		names = append(names, fmt.Sprintf("Simulated Reader %02d 00", i))
		require.NoError(t, m.Plug(names[i]))
	}
	states, err := m.List(t.Context())
	require.NoError(t, err)
	var listed []string
	for _, s := range states {
		listed = append(listed, s.Reader)
	}
	assert.Equal(t, names, listed)
}

func TestOnWindowsTheServiceGoesWithTheLastReader(t *testing.T) {
	m := loaded(t, "default")
	m.Behave(simulator.Behaviour{LastReader: simulator.ServiceStops})
	require.NoError(t, m.Plug("second"))
	require.NoError(t, m.Unplug(desk))
	_, err := m.List(t.Context())
	require.NoError(t, err)
	require.NoError(t, m.Unplug("second"))
	_, err = m.List(t.Context())
	require.ErrorIs(t, err, cardreader.ErrServiceDown)
	_, err = m.Connect(t.Context(), desk)
	require.ErrorIs(t, err, cardreader.ErrServiceDown)
	require.NoError(t, m.Plug(desk))
	requireReads(t, m)
}

func TestAStoppedServiceComesBackWithItsReadersAndNotItsConnections(t *testing.T) {
	m := loaded(t, "default")
	dead := connect(t, m)
	m.StopService()
	_, err := m.List(t.Context())
	require.ErrorIs(t, err, cardreader.ErrServiceDown)
	require.ErrorIs(t, m.Watch(t.Context(), func([]cardreader.State) {}), cardreader.ErrServiceDown)
	_, err = m.Connect(t.Context(), desk)
	require.ErrorIs(t, err, cardreader.ErrServiceDown)
	require.Len(t, m.Readers(), 1, "the reader stands where it stood")

	m.StartService()
	m.StartService() // does nothing more
	_, err = dead.Transmit(t.Context(), []byte{0, 0xA4, 4, 0})
	require.ErrorIs(t, err, cardreader.ErrServiceDown)
	requireReads(t, m)
}

func TestAServiceThatRefusesSaysSo(t *testing.T) {
	m := loaded(t, "default")
	m.DenyService()
	_, err := m.List(t.Context())
	require.ErrorIs(t, err, cardreader.ErrDenied)
	require.ErrorIs(t, m.Watch(t.Context(), func([]cardreader.State) {}), cardreader.ErrDenied)
	_, err = m.Connect(t.Context(), desk)
	require.ErrorIs(t, err, cardreader.ErrDenied)
	m.StartService()
	requireReads(t, m)
}

func TestWindowsResetsACardThatIsHeldAndIdle(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := loaded(t, "default")
		m.Behave(simulator.Behaviour{Idle: 5 * time.Second})
		card := connect(t, m)
		for range 3 {
			time.Sleep(4 * time.Second)
			number(t, card)
		}
		time.Sleep(6 * time.Second)
		_, err := card.Transmit(context.Background(), []byte{0, 0xA4, 4, 0})
		require.ErrorIs(t, err, cardreader.ErrCardReset)
		require.NoError(t, card.Close())
		requireReads(t, m)
	})
}
