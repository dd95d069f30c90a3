package doctor_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"chipproof/cardreader"
	"chipproof/doctor"
)

func TestWhatAReaderHoldsIsToldByItsATROnly(t *testing.T) {
	german := []byte{0x3B, 0xD2, 0x18, 0x00, 0x81, 0x31, 0xFE, 0x58} // beginning of an eGK card's ATR
	cases := []struct {
		name  string
		state cardreader.State
		want  doctor.State
		found string
	}{
		{"no card", cardreader.State{Card: cardreader.Absent}, doctor.OK, "no card"},
		{"a Thai card", cardreader.State{Card: cardreader.Present, ATR: thaiATR}, doctor.OK, "a Thai ID card"},
		{"another card", cardreader.State{Card: cardreader.Present, ATR: german}, doctor.Warning, "(3B D2 18 00 81 31 FE 58)"},
		{"a mute card", cardreader.State{Card: cardreader.Mute}, doctor.Failed, "does not answer"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			c.state.Reader = acrName
			got := examine(t, with(nil, c.state), doctor.IDCard)
			assert.Equal(t, c.want, got.State)
			assert.Equal(t, acrName, got.Subject)
			assert.Contains(t, got.Found.EN, c.found)
		})
	}
}

func TestEveryReaderGetsACheckOfItsOwn(t *testing.T) {
	checks := doctor.Examine(t.Context(), with(nil,
		cardreader.State{Reader: "A", Card: cardreader.Mute},
		cardreader.State{Reader: "B", Card: cardreader.Present, ATR: thaiATR}))
	var states []doctor.State
	for _, c := range checks {
		if c.ID == doctor.IDCard {
			states = append(states, c.State)
		}
	}
	assert.Equal(t, []doctor.State{doctor.Failed, doctor.OK}, states)
}
