package thaiid

import (
	"bytes"
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// thai-id-card §7. go-thai-smartcard v1 trims each block, which corrupts the
// picture; chakphanu #15 and #21 are photos that came out wrong.
func TestBlocksThatEndInSpacesStayWhole(t *testing.T) {
	jpeg := jpegOf(3000) // its scan is 0x20 throughout
	assert.Equal(t, jpeg, mustRead(t, withPhoto(jpeg)(), FieldPhoto).Photo.Bytes())
	assert.Equal(t, jpeg, mustRead(t, withPhoto(jpeg)(), AllFields()...).Photo.Bytes())
}

// The usual 20 blocks of 255 lose the last 18 bytes of a picture that fills the
// area (thai-id-card §7, §14.11).
func TestAPhotoThatFillsItsAreaIsWhole(t *testing.T) {
	for size := 5099; size <= 5118; size++ {
		assert.Equal(t, jpegOf(size), mustRead(t, withPhoto(jpegOf(size))(), FieldPhoto).Photo.Bytes())
	}
}

func TestSmallPhotosCostFewerReads(t *testing.T) {
	small, large := withPhoto(jpegOf(1000))(), withPhoto(jpegOf(5118))()
	mustRead(t, small, FieldPhoto)
	mustRead(t, large, FieldPhoto)
	assert.Len(t, small.reads(), 1+4+1) // 1,002 bytes from the length field on are four reads
	assert.Len(t, large.reads(), 1+21+1)
}

// Without a length to go by, reading stops where the picture does.
func TestAPhotoWithoutALengthEndsWithItsMarker(t *testing.T) {
	card := withPhoto(jpegOf(1000))()
	copy(card.moi[0][0x0179:], []byte{0, 0})
	id := mustRead(t, card, FieldPhoto)
	assert.Equal(t, jpegOf(1000), id.Photo.Bytes())
	assert.Len(t, card.reads(), 1+4+1)
}

// A thumbnail has an EOI of its own, inside a segment: it doesn't close the picture.
func TestAThumbnailsEndIsNotThePicturesEnd(t *testing.T) {
	jpeg := jpegOf(600)
	thumbnail := append([]byte{0xFF, 0xE1, 0x00, 0x08}, 0xFF, 0xD8, 0x20, 0x20, 0xFF, 0xD9)
	jpeg = append(bytes.Clone(jpeg[:2]), append(thumbnail, jpeg[2:]...)...)
	for name, declared := range map[string]uint16{"by its length": uint16(len(jpeg)), "by its markers": 0, "with a length that ends with the thumbnail": 12} {
		t.Run(name, func(t *testing.T) {
			card := withPhoto(jpeg)()
			copy(card.moi[0][0x0179:], word(declared))
			assert.Equal(t, jpeg, mustRead(t, card, FieldPhoto).Photo.Bytes())
		})
	}
}

// The length field lies: it ends in a comment that holds an EOI, or behind more
// than the picture. What is handed out is the picture, whole and alone.
func TestALengthThatLiesNeitherCutsNorAddsToAPicture(t *testing.T) {
	comment := []byte{0xFF, 0xFE, 0x00, 0x06, 0x41, 0x41, 0xFF, 0xD9}
	picture := jpegOf(600)
	frameEnd := bytes.Index(picture, []byte{0xFF, 0xC0}) + 13
	picture = append(append(bytes.Clone(picture[:frameEnd]), comment...), picture[frameEnd:]...)
	behind := append(bytes.Clone(picture), append(bytes.Repeat([]byte{0x41}, 40), 0xFF, 0xD9)...)
	for declared, area := range map[int][]byte{frameEnd + len(comment): picture, len(behind): behind} {
		card := withPhoto(area)()
		copy(card.moi[0][0x0179:], word(uint16(declared)))
		assert.Equal(t, picture, mustRead(t, card, FieldPhoto).Photo.Bytes(), "length %d", declared)
	}
}

// agent-security §11.22: never decoded beyond the header.
func TestAPhotoThatIsNoneIsAnErrorAndNoBrokenPicture(t *testing.T) {
	whole := jpegOf(700)
	frame := bytes.Index(whole, []byte{0xFF, 0xC0})
	for name, area := range map[string][]byte{
		"blank":                         {},
		"zeros":                         make([]byte, 5118),
		"a PNG":                         append([]byte("\x89PNG\r\n\x1a\n"), make([]byte, 700)...),
		"cut off in the scan":           whole[:650],
		"cut off in the header":         whole[:10],
		"no end marker in the area":     append(whole[:650:650], bytes.Repeat([]byte{0x41}, 5118-650)...),
		"an end and no beginning":       whole[2:],
		"beginning and end, no more":    {0xFF, 0xD8, 0xFF, 0xD9},
		"no frame before the scan":      append(append([]byte{}, whole[:frame]...), whole[frame+13:]...),
		"a frame and no scan":           append(append([]byte{}, whole[:frame+13]...), 0xFF, 0xD9),
		"65,535 pixels wide":            pictureOf(65535, 178),
		"65,535 pixels high":            pictureOf(148, 65535),
		"one pixel too wide":            pictureOf(maxPhotoSide+1, 178),
		"no width":                      pictureOf(0, 178),
		"no height":                     pictureOf(148, 0),
		"two frames":                    append(append([]byte{}, whole[:frame+13]...), whole[frame:]...),
		"a frame too short":             replaced(whole, frame+3, 0x07),
		"a segment of length 1":         replaced(whole, frame+3, 0x01),
		"a segment beyond the area":     replaced(whole, frame+2, 0xFF),
		"a second beginning":            append([]byte{0xFF, 0xD8}, whole...),
		"text where a marker should be": replaced(whole, frame, 'A'),
	} {
		for _, declared := range []uint16{uint16(len(area)), 0} {
			t.Run(fmt.Sprintf("%s, length %d", name, declared), func(t *testing.T) {
				card := newCard()
				put(card.moi[0], 0x017B, 5118, area)
				copy(card.moi[0][0x0179:], word(declared))
				assertPart(t, readFails(t, card, AllFields()...), PartPhoto)
			})
		}
	}
}

func pictureOf(width, height int) []byte {
	return append(append(jpegHead(width, height), bytes.Repeat([]byte{0x20}, 200)...), 0xFF, 0xD9)
}

func replaced(b []byte, at int, value byte) []byte {
	out := bytes.Clone(b)
	out[at] = value
	return out
}

// No use reading on where nothing could become a picture.
func TestReadingStopsAtAPhotoThatIsNone(t *testing.T) {
	card := withPhoto(make([]byte, 5000))()
	readFails(t, card, FieldPhoto)
	assert.LessOrEqual(t, len(card.reads()), 3)
}

func TestThePhotoHandedOutIsACopy(t *testing.T) {
	id := mustRead(t, withPhoto(jpegOf(300))(), FieldPhoto)
	clear(id.Photo.Bytes())
	assert.Equal(t, jpegOf(300), id.Photo.Bytes())
	require.Nil(t, Photo{}.Bytes())
}
