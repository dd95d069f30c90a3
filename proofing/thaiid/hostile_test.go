package thaiid

import (
	"bytes"
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/apdu"
)

// agent-security §11, rows 16 to 23, as far as they concern a read.

// Row 6 and rivals.md 5.6: the number is read again at the end, where
// thai-smartcard-nodejs crashes (#22). The other card is synthetic too.
func TestACardThatIsChangedAtAnyExchangeIsNoticed(t *testing.T) {
	count := newCard()
	mustRead(t, count, AllFields()...)
	first := len(count.commands) - count.sinceMOI() + 2 // the first read is on its way
	for n := first; n < len(count.commands)-1; n++ {
		card := newCard()
		other := newMOI()
		put(other, 0x0004, 13, []byte("1234567890121"))
		card.on = func(i int, _ []byte) ([]byte, bool) {
			if i == n {
				card.moi = blocks{other}
			}
			return nil, false
		}
		assert.ErrorIs(t, readFails(t, card, AllFields()...), ErrChanged, "at exchange %d", n)
	}
}

// Even when the picture became nonsense by the swap: what counts is the swap.
func TestASwapInThePhotoIsASwapAndNoBadPhoto(t *testing.T) {
	card := newCard()
	other := newMOI()
	put(other, 0x0004, 13, []byte("1234567890121"))
	putPhoto(other, nil)
	card.on = func(_ int, command []byte) ([]byte, bool) {
		if command[1] == 0xB0 && command[2] == 0x08 {
			card.moi = blocks{other}
		}
		return nil, false
	}
	assert.ErrorIs(t, readFails(t, card, AllFields()...), ErrChanged)
}

// A number that can't be read again is an answer that is wrong, not a swap.
func TestANumberThatIsRefusedTheSecondTime(t *testing.T) {
	card := newCard()
	card.refuse = func(_, from, to int) uint16 {
		if from == 4 && to == 17 {
			return 0x6982
		}
		return 0
	}
	err := readFails(t, card, TextFields()...)
	assertPart(t, err, PartCitizenID)
	assert.NotErrorIs(t, err, ErrChanged)
}

// Row 17: status word only, no byte, one byte, 65 KiB, at every exchange.
func TestAnswersThatAreNoneAtEveryExchange(t *testing.T) {
	count := newCard()
	mustRead(t, count, AllFields()...)
	for name, answer := range map[string][]byte{
		"no byte": {}, "one byte": {0x90}, "65 KiB": append(make([]byte, 65<<10), 0x90, 0x00),
	} {
		for n := range count.commands {
			t.Run(fmt.Sprintf("%s at %d", name, n), func(t *testing.T) {
				card := newCard()
				card.on = func(i int, _ []byte) ([]byte, bool) { return answer, i == n }
				assert.ErrorIs(t, readFails(t, card, AllFields()...), ErrAnswer)
			})
		}
	}
}

// Row 18: a card that goes on for ever, from any exchange.
func TestCardsThatNeverFinishFromAnyExchange(t *testing.T) {
	count := newCard()
	mustRead(t, count, AllFields()...)
	for name, answers := range map[string][]uint16{
		"61xx": {0x6100}, "6Cxx": {0x6C0D}, "alternating": {0x6110, 0x6C10},
	} {
		for n := range count.commands {
			t.Run(fmt.Sprintf("%s from %d", name, n), func(t *testing.T) {
				card := newCard()
				card.on = func(i int, _ []byte) ([]byte, bool) {
					return word(answers[i%len(answers)]), i >= n
				}
				err := readFails(t, card, AllFields()...)
				// A SELECT that answers 61xx is good, so some end with a refusal.
				assert.ErrorIs(t, err, ErrAnswer)
				assert.LessOrEqual(t, len(card.commands), n+6*(maxRounds+1), "stopped by the rounds")
			})
		}
	}
}

// Row 19: each total has a limit, and each limit a test.
func TestALimitOnAllExchanges(t *testing.T) {
	card := newCard()
	card.refuse = acrossParts
	helping := 0
	card.on = func(_ int, command []byte) ([]byte, bool) {
		// Part by part, and every part in eight helpings: good, but too much.
		switch {
		case command[1] == 0xB0:
			helping = 0
			return card.read(command), true
		case command[1] == 0xC0 && helping < 7 && len(card.pending) > 1:
			helping++
			return []byte{card.take(), 0x61, byte(len(card.pending))}, true
		}
		return nil, false
	}
	err := readFails(t, card, AllFields()...)
	assert.ErrorIs(t, err, apdu.ErrLimit)
	assert.ErrorContains(t, err, "256 exchanges")
	assert.Len(t, card.commands, maxExchanges)
}

// take gives the first pending byte.
func (c *testCard) take() byte {
	b := c.pending[0]
	c.pending = c.pending[1:]
	return b
}

func TestALimitOnAllBytes(t *testing.T) {
	card := newCard()
	card.on = func(_ int, command []byte) ([]byte, bool) {
		// A refusal with a kilobyte of ballast, for as long as others are tried.
		return append(make([]byte, 33<<10), 0x6A, 0x86), command[1] == 0xA4
	}
	err := readFails(t, card, AllFields()...)
	assert.ErrorIs(t, err, apdu.ErrLimit)
	assert.ErrorContains(t, err, "bytes in all")
}

func TestALimitOnTheBytesOfOneRead(t *testing.T) {
	card := newCard()
	card.on = func(_ int, command []byte) ([]byte, bool) {
		return append(make([]byte, maxResponseBytes+1), 0x90, 0x00), command[1] == 0xC0
	}
	err := readFails(t, card, FieldName)
	assertPart(t, err, PartVersion)
	assert.ErrorIs(t, err, apdu.ErrLimit)
}

// Row 16: a length field that lies. The picture decides then, and where there is
// none, there is no identity.
func TestAPhotoLengthThatLies(t *testing.T) {
	for _, declared := range []uint16{0, 1, 3, 4, 499, 501, 5118, 5119, 65535} {
		t.Run(fmt.Sprint(declared), func(t *testing.T) {
			card := withPhoto(jpegOf(500))()
			copy(card.moi[0][0x0179:], word(declared))
			id := mustRead(t, card, FieldPhoto)
			assert.Equal(t, jpegOf(500), id.Photo.Bytes())
		})
		t.Run(fmt.Sprintf("%d without a picture", declared), func(t *testing.T) {
			card := newCard()
			put(card.moi[0], 0x0179, 5120, word(declared))
			assertPart(t, readFails(t, card, AllFields()...), PartPhoto)
		})
	}
}

// Row 23, the bytes: each byte of a good card set to what text, digits, dates,
// the picture's markers and the decoder of TIS-620 could stumble over.
func TestEveryByteOfAGoodCardChanged(t *testing.T) {
	values := []byte{0x00, 0x1B, ' ', '#', '/', '0', '9', ':', 0x7F, 0x80, 0xA0, 0xDB, 0xFF}
	good := newMOI()
	for at := range good {
		fields, values := TextFields(), values
		if at >= 0x0179 && at < 0x1579 {
			fields = Fields{FieldPhoto}
		}
		if at >= 0x017B+64 && at < 0x1579-16 {
			values = []byte{0xFF} // inside the scan: the first half of a marker
		}
		for _, value := range values {
			changed := bytes.Clone(good)
			changed[at] = value
			card := &testCard{moi: blocks{changed}, direct: true}
			checkRead(t, card, fmt.Sprintf("byte %#x = %#x", at, value), fields...)
		}
	}
}

// Row 23, the bits: on everything that is a length, a version or a marker.
func TestEveryBitOfTheLengthsFlipped(t *testing.T) {
	good := newMOI()
	for _, e := range []extent{{0x0000, 0x0011}, {0x0179, 0x017B + 64}, {0x1579 - 8, 0x1579}} {
		for at := e.from; at < e.to; at++ {
			for bit := range 8 {
				changed := bytes.Clone(good)
				changed[at] ^= 1 << bit
				checkRead(t, &testCard{moi: blocks{changed}}, fmt.Sprintf("bit %d of %#x", bit, at), AllFields()[:7]...)
			}
		}
	}
}

func TestEveryByteOfTheOtherAppletsChanged(t *testing.T) {
	for _, which := range []string{"nhso", "adm", "cplc"} {
		size := map[string]int{"nhso": len(newNHSO()), "adm": len(newADM()), "cplc": len(newCPLC())}[which]
		for at := range size {
			for _, value := range []byte{0x00, 0x1F, 0x20, '#', 0x7F, 0xDB, 0xFF} {
				card := newCard()
				card.moi, card.direct = blocks{newMOI()}, true
				map[string][]byte{"nhso": card.nhso[0], "adm": card.adm, "cplc": card.cplc}[which][at] = value
				checkRead(t, card, fmt.Sprintf("%s byte %#x = %#x", which, at, value), FieldCard, FieldLaserCode, FieldNHSO)
			}
		}
	}
}

// checkRead demands an identity that holds together or an error, never both.
func checkRead(t testing.TB, card *testCard, what string, fields ...Field) {
	t.Helper()
	id, err := Read(t.Context(), card, atr18, Options{Fields: fields})
	if err != nil {
		require.Nil(t, id, what)
		require.True(t, isKnown(err), "%s: %v", what, err)
		return
	}
	checkIdentity(t, id, what)
}
