package proofing_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"chipproof/apdu"
	"chipproof/cardreader"
	"chipproof/proofing"
	"chipproof/proofing/thaiid"
	"chipproof/simulator"
)

const readerName = "Simulated Reader 1"

// counter is a machine with one reader and a synthetic person's card in it.
type counter struct {
	*simulator.Machine
	readers *cardreader.Readers
	card    *simulator.Card
}

func newCounter(tb testing.TB, person string, o simulator.CardOptions) counter {
	tb.Helper()
	machine := simulator.NewMachine(readerName)
	card := newCard(tb, person, o)
	require.NoError(tb, machine.Insert(readerName, card))
	return counter{machine, cardreader.New(machine, cardreader.Options{}), card}
}

func newCard(tb testing.TB, person string, o simulator.CardOptions) *simulator.Card {
	tb.Helper()
	p, err := simulator.PersonNamed(person)
	require.NoError(tb, err)
	card, err := simulator.NewCard(p, o)
	require.NoError(tb, err)
	return card
}

func (c counter) read(ctx context.Context, fields thaiid.Fields) (*thaiid.Identity, error) {
	return proofing.Read(ctx, c.readers, readerName, proofing.ReadOptions{Fields: fields})
}

// eachExchange calls f for every exchange, from 1, of a read of everything that
// a card holds.
func eachExchange(t *testing.T, f func(t *testing.T, n int)) {
	t.Helper()
	c := newCounter(t, "default", simulator.CardOptions{})
	_, err := c.read(t.Context(), thaiid.AllFields())
	require.NoError(t, err)
	last := c.card.Exchanges()
	require.Greater(t, last, 40, "a read with photo and every applet")
	for n := 1; n <= last; n++ {
		f(t, n)
	}
}

// counting calls f before each exchange with its number.
func counting(f func(n int)) func(apdu.Transmitter, []byte) apdu.Transmitter {
	n := 0
	return func(card apdu.Transmitter, _ []byte) apdu.Transmitter {
		return apdu.TransmitterFunc(func(ctx context.Context, command []byte) ([]byte, error) {
			n++
			f(n)
			return card.Transmit(ctx, command)
		})
	}
}
