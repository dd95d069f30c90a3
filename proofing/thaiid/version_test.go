package thaiid

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestOtherVersionsAreUnsupported(t *testing.T) {
	for _, version := range []string{"0001", "0004", "3000", "    ", "\x00\x00\x00\x00", "\xFF\xFF\xFF\xFF"} {
		t.Run(fmt.Sprintf("%x", version), func(t *testing.T) {
			card := newCard()
			put(card.moi[0], 0, 4, []byte(version))
			err := readFails(t, card, TextFields()...)
			assert.ErrorIs(t, err, ErrUnsupported)
			assert.Len(t, card.reads(), 1, "the version decides before anything else is read")
		})
	}
}

// thai-id-card §5, unproven. The first read is the one of version 0003, which
// such a card can't answer whole; then the version decides.
func TestVersion0002IsReadByItsOwnPlan(t *testing.T) {
	card := newCard0002()
	id := mustRead(t, card, append(TextFields(), FieldPhoto)...)

	assert.Equal(t, "1101700230708", id.CitizenID.Reveal())
	assert.Equal(t, "นาย สมชาย ใจดี", id.Name.TH.Reveal())
	assert.Equal(t, "ตำบลหนองกะปุ", id.Address.Subdistrict.Reveal())
	assert.Equal(t, Version0002, id.Card.Version)
	assert.Equal(t, "2028-12-30", id.Card.ExpiryDate.Reveal())
	assert.Empty(t, id.Card.PhotoNumber.Reveal(), "not known where it is")
	assert.Equal(t, jpegOf(5118), id.Photo.Bytes())
	assert.Equal(t, []Finding{{PartCard, FindingVersionUnproven}}, id.Findings)

	reads := card.reads()
	assert.Equal(t, [][3]int{
		{0, 0, 255}, // refused: the block is shorter
		{0, 0, 4},   // the version alone
		{0, 4, 150}, // the address is in block 0
		{1, 4, 255}, // the rest in block 1, merged
	}, reads[:4])
	assert.Equal(t, [3]int{1, 4, 13}, reads[len(reads)-1], "the number again, from where it was read")
}

// A card that gives 255 bytes from block 0 says its version at once.
func TestVersion0002WithALongBlock0(t *testing.T) {
	card := newCard0002()
	card.moi[0] = append(card.moi[0], make([]byte, 200)...)
	id := mustRead(t, card, FieldName, FieldAddress)
	assert.Equal(t, "จังหวัดเพชรบุรี", id.Address.Province.Reveal())
	assert.Equal(t, [][3]int{{0, 0, 217}, {1, 4, 213}, {1, 4, 13}}, card.reads())
}

func TestVersion0002ThatRefusesMergedReads(t *testing.T) {
	card := newCard0002()
	card.refuse = acrossParts
	id := mustRead(t, card, append(TextFields(), FieldPhoto)...)
	merged := newCard0002()
	assert.Equal(t, mustRead(t, merged, append(TextFields(), FieldPhoto)...), id)
}

func TestTheFindingOf0002StandsWhateverWasAskedFor(t *testing.T) {
	for _, field := range AllFields()[:7] {
		id := mustRead(t, newCard0002(), field)
		assert.Contains(t, id.Findings, Finding{PartCard, FindingVersionUnproven}, "%s", field)
	}
}

func TestACardThatWillNotSayItsVersion(t *testing.T) {
	card := newCard()
	card.refuse = func(_, from, _ int) uint16 {
		if from == 0 {
			return 0x6986
		}
		return 0
	}
	err := readFails(t, card, TextFields()...)
	assertPart(t, err, PartVersion)
	require.NotErrorIs(t, err, ErrUnsupported)
}
