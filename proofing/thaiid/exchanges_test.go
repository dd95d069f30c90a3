package thaiid

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

// The figures of thai-id-card §2 and design §9, counted from the SELECT of MOI
// to the citizen number read again. Others: 19 for text, 51 to 91 with photo.
func TestExchangesFromSelectToTheNumberReadAgain(t *testing.T) {
	for _, row := range []struct {
		name   string
		card   func() *testCard
		fields Fields
		want   int
	}{
		{"all text", newCard, TextFields(), 9},
		{"all text and a full photo", newCard, append(TextFields(), FieldPhoto), 49},
		{"every field", newCard, AllFields(), 49},
		{"the citizen number", newCard, Fields{FieldCitizenID}, 5},
		{"the sex, which lies in the first 255 bytes", newCard, Fields{FieldSex}, 5},
		{"the address", newCard, Fields{FieldAddress}, 7},
		{"a full photo alone", newCard, Fields{FieldPhoto}, 1 + 2*(1+21) + 2},
		{"a full photo and the address", newCard, Fields{FieldPhoto, FieldAddress}, 1 + 2*(1+20+1) + 2},
		{"text and a photo of 100 bytes", withPhoto(jpegOf(100)), append(TextFields(), FieldPhoto), 9},
		{"text and a photo that just fits behind the text", withPhoto(jpegOf(131)), append(TextFields(), FieldPhoto), 9},
		{"text and a photo one byte longer", withPhoto(jpegOf(132)), append(TextFields(), FieldPhoto), 11},
		{"text and a photo of 2,000 bytes", withPhoto(jpegOf(2000)), append(TextFields(), FieldPhoto), 9 + 2*8},
		{"text and a photo one byte short of its area", withPhoto(jpegOf(5117)), append(TextFields(), FieldPhoto), 49},
		{"version 0002, text, after a refused read", newCard0002, TextFields(), 1 + 1 + 2*(2+2) + 2},
	} {
		t.Run(row.name, func(t *testing.T) {
			card := row.card()
			mustRead(t, card, row.fields...)
			assert.Equal(t, row.want, card.sinceMOI())
		})
	}
}

func TestExchangesOfTheOtherApplets(t *testing.T) {
	moi := newCard()
	mustRead(t, moi, FieldCitizenID)
	for _, row := range []struct {
		name  string
		card  *testCard
		field Field
		want  int
	}{
		{"chip number, with a card manager that wants its Le", newCard(), FieldCard, 3},
		{"chip number, without a card manager", without(func(c *testCard) { c.noManager = true })(), FieldCard, 2},
		{"laser code", newCard(), FieldLaserCode, 2},
		{"health right", newCard(), FieldNHSO, 5},
		{"no health right", without(func(c *testCard) { c.nhso = blocks{} })(), FieldNHSO, 1},
	} {
		t.Run(row.name, func(t *testing.T) {
			mustRead(t, row.card, row.field)
			assert.Equal(t, row.want, len(row.card.commands)-row.card.sinceMOI())
		})
	}
}

// Selecting another applet loses the first (thai-id-card §1), so nothing is
// selected between the SELECT of MOI and the end.
func TestNothingIsSelectedAfterMOI(t *testing.T) {
	card := newCard()
	mustRead(t, card, AllFields()...)
	for _, command := range card.commands[len(card.commands)-card.sinceMOI()+1:] {
		assert.NotEqual(t, byte(0xA4), command[1])
	}
}

func TestTextComesFirstAndThePhotoLast(t *testing.T) {
	card := newCard()
	mustRead(t, card, append(TextFields(), FieldPhoto)...)
	want := [][3]int{
		{0, 0x0000, 255}, // text
		{0, 0x00FF, 255}, // text, and on into the photo to 0x01FD
		{0, 0x1579, 174}, // address and the number under the photo
	}
	for at := 0x01FE; at < 0x1579; at += 255 {
		want = append(want, [3]int{0, at, min(255, 0x1579-at)})
	}
	want = append(want, [3]int{0, 0x0004, 13}) // the number again
	assert.Equal(t, want, card.reads())
}

// The read of the address reaches back into the photo, but only when that
// spares a read and only as far as it takes.
func TestTheAddressReadReachesBackOnlyAsFarAsNeeded(t *testing.T) {
	for _, row := range []struct {
		name               string
		photo, from, reads int
	}{
		{"a full photo: 5,120 bytes with the length are 20 × 255 and 20 more", 5118, 0x1579 - 20, 23},
		{"one byte over 20 × 255", 5118 - 19, 0x1579 - 20, 23},
		{"20 × 255 exactly", 5118 - 20, 0x1579, 23},
		{"too far from the address", 5118 - 255 + 1, 0x1579, 23},
		{"small", 500, 0x1579, 5},
	} {
		t.Run(row.name, func(t *testing.T) {
			card := withPhoto(jpegOf(row.photo))()
			mustRead(t, card, FieldPhoto, FieldAddress)
			assert.Len(t, card.reads(), row.reads)
			address := card.reads()[2]
			assert.Equal(t, row.from, address[1])
			assert.Equal(t, 0x1579+160, address[1]+address[2], "ends with the address")
		})
	}
}
