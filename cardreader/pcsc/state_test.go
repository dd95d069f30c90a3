//go:build cgo || windows

package pcsc

import (
	"bytes"
	"testing"

	"github.com/ebfe/scard"
	"github.com/stretchr/testify/assert"

	"chipproof/cardreader"
)

func TestFlagsSayWhatIsInAReader(t *testing.T) {
	atr := []byte{0x3B, 0x67}
	for name, c := range map[string]struct {
		flags scard.StateFlag
		atr   []byte
		want  cardreader.State
	}{
		"empty":                      {scard.StateEmpty, nil, cardreader.State{Card: cardreader.Absent}},
		"empty with an old ATR":      {scard.StateEmpty, atr, cardreader.State{Card: cardreader.Absent}},
		"present":                    {scard.StatePresent, atr, cardreader.State{Card: cardreader.Present, ATR: atr}},
		"present in use":             {scard.StatePresent | scard.StateInuse, atr, cardreader.State{Card: cardreader.Present, ATR: atr}},
		"present for somebody alone": {scard.StatePresent | scard.StateExclusive, atr, cardreader.State{Card: cardreader.Present, ATR: atr}},
		"present and unpowered":      {scard.StatePresent | scard.StateUnpowered, nil, cardreader.State{Card: cardreader.Present}},
		"mute":                       {scard.StatePresent | scard.StateMute, nil, cardreader.State{Card: cardreader.Mute}},
		"mute with an old ATR":       {scard.StatePresent | scard.StateMute, atr, cardreader.State{Card: cardreader.Mute}},
		"unavailable":                {scard.StateUnavailable, nil, cardreader.State{Card: cardreader.Absent}},
		"longest ATR":                {scard.StatePresent, bytes.Repeat(atr, 17)[:33], cardreader.State{Card: cardreader.Present, ATR: bytes.Repeat(atr, 17)[:33]}},
		"ATR too long to be one":     {scard.StatePresent, bytes.Repeat(atr, 17), cardreader.State{Card: cardreader.Mute}},
		"counter in the upper half":  {scard.StateEmpty | scard.StateChanged | 0xFFFF<<16, nil, cardreader.State{Card: cardreader.Absent, Counter: 65535}},
		"counter that wrapped":       {scard.StateEmpty | scard.StateChanged, nil, cardreader.State{Card: cardreader.Absent, Counter: 0}},
	} {
		t.Run(name, func(t *testing.T) {
			c.want.Reader = "R"
			assert.Equal(t, c.want, stateOf("R", c.flags, c.atr))
		})
	}
}

func TestAPictureIsSortedAndLeavesOutReadersThatAreGone(t *testing.T) {
	got := picture([]scard.ReaderState{
		{Reader: pinned("B", 7), EventState: scard.StateEmpty},
		{Reader: pinned("C", 7), EventState: scard.StateUnknown | scard.StateUnavailable},
		{Reader: pinned("A", 7), EventState: scard.StateEmpty},
	})
	assert.Equal(t, []cardreader.State{{Reader: "A"}, {Reader: "B"}}, got)
	assert.NotNil(t, picture(nil))
}

func TestTwoPicturesAreTheSameOnlyIfNothingDiffers(t *testing.T) {
	state := func(change func(*cardreader.State)) []cardreader.State {
		s := cardreader.State{Reader: "A", Card: cardreader.Present, ATR: []byte{0x3B}, Counter: 3}
		change(&s)
		return []cardreader.State{s}
	}
	base := state(func(*cardreader.State) {})
	assert.True(t, same(base, state(func(*cardreader.State) {})))
	assert.False(t, same(base, nil))
	assert.False(t, same(base, state(func(s *cardreader.State) { s.Reader = "B" })))
	assert.False(t, same(base, state(func(s *cardreader.State) { s.Card = cardreader.Mute })))
	assert.False(t, same(base, state(func(s *cardreader.State) { s.ATR = []byte{0x3F} })))
	assert.False(t, same(base, state(func(s *cardreader.State) { s.Counter = 4 })))
}
