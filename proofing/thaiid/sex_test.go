package thaiid

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
)

// thai-id-card §4 and §14.13.
func TestSexIsAWordOrUnknown(t *testing.T) {
	for _, row := range []struct {
		raw  byte
		want string
		odd  bool
	}{
		{'1', SexMale, false},
		{'2', SexFemale, false},
		{'3', SexUnspecified, false},
		{' ', SexUnknown, false},
		{0x00, SexUnknown, false},
		{'0', SexUnknown, true},
		{'4', SexUnknown, true},
		{'M', SexUnknown, true},
		{0x07, SexUnknown, true},
		{0xDB, SexUnknown, true},
	} {
		t.Run(fmt.Sprintf("%02X", row.raw), func(t *testing.T) {
			card := newCard()
			card.moi[0][0x00E1] = row.raw
			id := mustRead(t, card, FieldSex)
			assert.Equal(t, row.want, id.Sex.Reveal())
			if row.odd {
				assert.Equal(t, []Finding{{PartSex, FindingSexUnknown}}, id.Findings)
			} else {
				assert.Empty(t, id.Findings)
			}
		})
	}
}
