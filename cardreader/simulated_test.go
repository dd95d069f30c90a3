package cardreader_test

import (
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/cardreader"
)

// A reader is simulated if its driver says so, or if its name is one that drivers
// of software readers give, on any system and however it is written. Any other
// name changes nothing, in either direction.
func TestWhichReadersAreSimulated(t *testing.T) {
	for _, row := range []struct {
		name   string
		marked bool
		want   bool
	}{
		{"ACS ACR39U ICC Reader 00 00", false, false},
		{"Alcor Micro AU9540 00 00", false, false},
		{"Virtual PCD", false, true},
		{"Virtual PCD 00 00", false, true},
		{"Virtual PCD B", false, true},
		{"Virtual PCDs of another kind", false, true},
		{" Virtual PCD 00 00", false, true},
		{"virtual pcd 00 00", false, true},
		{"VIRTUAL PCD 00 00", false, true},
		{"ACS Virtual PCD", false, true},
		{"Virtual Smart Card Architecture Virtual PCD 0", false, true},
		{"Virtual Smart Card Reader 0", false, true},
		{"virtual smart card 0", false, true},
		{"VSmartCard(1)", false, true},
		{"Fabio Ottavi Pipe Reader 0", false, true},
		{"FABIO OTTAVI 1", false, true},
		{"/dev/null:0x8C7B(1)", false, true},
		{"/DEV/NULL", false, true},
		{"reader of /dev/null", false, false},
		{"/dev/nul:0x8C7B", false, false},
		{"Virtual  PCD 00 00", false, false},
		{"Virtual\u00a0PCD 00 00", false, false},
		{"Virtual PC/SC", false, false},
		{"Smart Card Reader 0", false, false},
		{"", false, false},
		{"ACS ACR39U ICC Reader 00 00", true, true},
		{"Virtual PCD 00 00", true, true},
		{"", true, true},
	} {
		inBubble(t, row.name, func(t *testing.T) {
			h := newHardware(t)
			h.set(cardreader.State{Reader: row.name, Card: cardreader.Present, ATR: thaiATR, Counter: 1, Simulated: row.marked})
			r := cardreader.New(h, cardreader.Options{})
			states, err := r.List(t.Context())
			require.NoError(t, err)
			require.Len(t, states, 1)
			assert.Equal(t, row.want, states[0].Simulated)

			s := open(t, r, row.name)
			assert.Equal(t, row.want, s.Simulated())
			require.NoError(t, s.Close())
			assert.Equal(t, row.want, s.Simulated(), "also when it is closed")
		})
	}
}

// The mark is of the reader, so it is there before a card is.
func TestAnEmptyReaderIsSimulatedToo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHardware(t)
		h.set(cardreader.State{Reader: desk, Simulated: true})
		h.set(cardreader.State{Reader: "Virtual PCD 00 00"})
		h.set(cardreader.State{Reader: back})
		states, err := cardreader.New(h, cardreader.Options{}).List(t.Context())
		require.NoError(t, err)
		marks := map[string]bool{}
		for _, s := range states {
			marks[s.Reader] = s.Simulated
		}
		assert.Equal(t, map[string]bool{desk: true, "Virtual PCD 00 00": true, back: false}, marks)
	})
}
