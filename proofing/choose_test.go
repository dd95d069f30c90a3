package proofing_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/cardreader"
	"chipproof/proofing"
	"chipproof/simulator"
)

func TestChoose(t *testing.T) {
	machine := simulator.NewMachine()
	readers := cardreader.New(machine, cardreader.Options{})
	choose := func(name string) (string, error) { return proofing.Choose(t.Context(), readers, name) }

	_, err := choose("")
	assert.ErrorIs(t, err, cardreader.ErrReaderNotFound, "no reader at all")

	require.NoError(t, machine.Plug("A"))
	require.NoError(t, machine.Plug("B"))
	_, err = choose("")
	assert.ErrorIs(t, err, cardreader.ErrCardAbsent, "no card in any reader")

	require.NoError(t, machine.Insert("B", newCard(t, "default", simulator.CardOptions{})))
	name, err := choose("")
	require.NoError(t, err)
	assert.Equal(t, "B", name, "the only reader with a card")

	require.NoError(t, machine.Insert("A", newCard(t, "middle-name", simulator.CardOptions{})))
	_, err = choose("")
	assert.ErrorIs(t, err, proofing.ErrReaderAmbiguous, "two cards: whose is meant?")

	name, err = choose("A")
	require.NoError(t, err)
	assert.Equal(t, "A", name, "the reader that was named")
	_, err = choose("C")
	assert.ErrorIs(t, err, cardreader.ErrReaderNotFound)

	machine.StopService()
	_, err = choose("")
	assert.ErrorIs(t, err, cardreader.ErrServiceDown)
}
