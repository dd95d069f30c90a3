package thaiid

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
)

// thai-id-card §2: reads across text and photo are not proven on any card, so a
// card that refuses them is read part by part.
func TestARefusedMergedReadFallsBackToSingleParts(t *testing.T) {
	whole := mustRead(t, newCard(), AllFields()...)
	for name, change := range map[string]func(*testCard){
		"every read across parts": func(c *testCard) { c.refuse = acrossParts },
		"only from text into the photo": func(c *testCard) {
			c.refuse = func(_, from, to int) uint16 {
				if from < 0x0179 && to > 0x017B {
					return 0x6A86
				}
				return 0
			}
		},
		"only reads of more than 160 bytes in the text": func(c *testCard) {
			c.refuse = func(_, from, to int) uint16 {
				if to-from > 160 && from < 0x0179 {
					return 0x6700
				}
				return 0
			}
		},
		"by sending less than asked": func(c *testCard) { c.on = c.shorten(func(e extent) bool { return acrossParts(0, e.from, e.to) != 0 }) },
	} {
		t.Run(name, func(t *testing.T) {
			card := newCard()
			change(card)
			assert.Equal(t, whole, mustRead(t, card, AllFields()...))
			assert.Less(t, len(card.commands), maxExchanges)
		})
	}
}

// shorten cuts the last byte off the answers to some reads, with 9000.
func (c *testCard) shorten(which func(extent) bool) func(int, []byte) ([]byte, bool) {
	cut := false
	return func(_ int, command []byte) ([]byte, bool) {
		if command[1] == 0xB0 {
			from := int(command[2])<<8 | int(command[3])
			cut = which(extent{from, from + int(command[6])})
		}
		if command[1] != 0xC0 || !cut {
			return nil, false
		}
		answer := c.getResponse(command)
		return append(answer[:len(answer)-3], 0x90, 0x00), true
	}
}

// thai-id-card §2: fewer bytes than asked are an error with the part's name,
// never an empty field (go-thai-smartcard reads a refusal as an empty name).
func TestAPartThatIsRefusedOrShortIsNamed(t *testing.T) {
	for _, s := range MOI {
		if s.Part == PartPhoto {
			continue // TestAPhotoBlockThatIsRefusedOrShort
		}
		touches := func(e extent) bool { return e.from < s.End() && s.Offset < e.to }
		t.Run(fmt.Sprintf("%s refused", s.Part), func(t *testing.T) {
			card := newCard()
			card.refuse = func(_, from, to int) uint16 {
				if touches(extent{from, to}) {
					return 0x6A82
				}
				return 0
			}
			assertPart(t, readFails(t, card, AllFields()[:7]...), s.Part)
		})
		t.Run(fmt.Sprintf("%s short", s.Part), func(t *testing.T) {
			card := newCard()
			card.on = card.shorten(touches)
			assertPart(t, readFails(t, card, AllFields()[:7]...), s.Part)
		})
	}
}

func TestAPhotoBlockThatIsRefusedOrShort(t *testing.T) {
	inPhoto := func(e extent) bool { return e.from >= 0x0400 && e.to <= 0x1579 }
	card := newCard()
	card.refuse = func(_, from, to int) uint16 {
		if inPhoto(extent{from, to}) {
			return 0x6F00
		}
		return 0
	}
	assertPart(t, readFails(t, card, FieldPhoto), PartPhoto)

	card = newCard()
	card.on = card.shorten(inPhoto)
	assertPart(t, readFails(t, card, FieldPhoto), PartPhoto)
}

// An answer longer than was asked for is as wrong as a short one.
func TestAnAnswerThatIsTooLong(t *testing.T) {
	card := newCard()
	card.on = func(_ int, command []byte) ([]byte, bool) {
		if command[1] != 0xC0 {
			return nil, false
		}
		return append([]byte{'0'}, card.getResponse(command)...), true
	}
	assertPart(t, readFails(t, card, FieldName), PartVersion)
}
