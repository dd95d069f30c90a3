package thaiid

import (
	"fmt"
	"testing"
	"unicode"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func TestTextIsTIS620WithoutItsPadding(t *testing.T) {
	for name, row := range map[string]struct{ raw, want string }{
		"blank":                    {"          ", ""},
		"NUL":                      {"\x00\x00\x00", ""},
		"nothing":                  {"", ""},
		"ASCII":                    {"Somchai   ", "Somchai"},
		"spaces and NUL behind":    {"A \x00 \x00\x00  ", "A"},
		"spaces before":            {"  A", "A"},
		"spaces inside stay":       {"A  B ", "A  B"},
		"Thai":                     {"\xCA\xC1\xAA\xD2\xC2  ", "สมชาย"},
		"first and last character": {"\xA1\xDA\xDF\xFB", "กฺ฿๛"},
		"Thai digits":              {"\xF0\xF9", "๐๙"},
		"tone marks":               {"\xB9\xE9\xD3", "น้ำ"},
		"Windows-874 beyond TIS":   {"\x80\x85\x91\x97", "€…‘—"},
		"no-break space stays":     {"A\xA0B", "A\u00A0B"},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := decodeText([]byte(row.raw))
			require.NoError(t, err)
			assert.Equal(t, row.want, got)
		})
	}
}

// agent-security §11.21.
func TestBytesThatAreNoTextAreRefused(t *testing.T) {
	refused := map[byte]error{0x7F: errControl}
	for b := range 0x20 {
		refused[byte(b)] = errControl
	}
	for _, b := range []byte{0x81, 0x84, 0x86, 0x90, 0x98, 0x9F, 0xDB, 0xDC, 0xDD, 0xDE, 0xFC, 0xFD, 0xFE, 0xFF} {
		refused[b] = errNoCharacter
	}
	for b, want := range refused {
		t.Run(fmt.Sprintf("%02X", b), func(t *testing.T) {
			got, err := decodeText([]byte{'A', b, 'B'})
			assert.ErrorIs(t, err, want)
			assert.Empty(t, got)
		})
	}
	for name, text := range map[string]string{
		"UTF-8 Thai": "สมชาย", "a line feed": "A\nB", "an escape": "\x1b[31m",
	} {
		t.Run(name, func(t *testing.T) {
			_, err := decodeText([]byte(text))
			assert.Error(t, err)
		})
	}
}

// Bidirectional controls have no byte in Windows-874. In UTF-8, as a hostile
// writer would put them, their bytes are three characters that everybody sees.
func TestNoByteTurnsTheTextRound(t *testing.T) {
	got, err := decodeText([]byte("A\u202EB"))
	require.NoError(t, err)
	assert.Equal(t, "Aโ€ฎB", got)
}

func TestEveryByteDecodesToOneVisibleCharacterOrIsRefused(t *testing.T) {
	for b := range 256 {
		got, err := decodeText([]byte{'x', byte(b), 'x'})
		if err != nil {
			assert.Empty(t, got)
			continue
		}
		runes := []rune(got)
		require.Len(t, runes, 3, "%02X", b)
		assert.True(t, unicode.IsGraphic(runes[1]), "%02X", b)
		if b >= 0x20 && b <= 0x7E || b >= 0xA1 {
			assert.Equal(t, byte(b), tis(got)[1], "TIS-620 by its arithmetic")
		}
	}
}

func TestAnyThaiTextComesBackAsItWas(t *testing.T) {
	letter := rapid.OneOf(rapid.RuneFrom([]rune("กขคงจฉชซญดตถทธนบปผพฟมยรลวศษสหอฮะาิีึืุูเแโใไ่้๊๋์ๆ๐๙")), rapid.RuneFrom([]rune("ABCxyz0189./-")))
	rapid.Check(t, func(t *rapid.T) {
		text := string(rapid.SliceOfN(letter, 0, 50).Draw(t, "text"))
		padding := rapid.StringMatching(`[ \x00]{0,20}`).Draw(t, "padding")
		got, err := decodeText(append(tis(text), padding...))
		require.NoError(t, err)
		assert.Equal(t, text, got)
	})
}

// Issue 2, "what bad input gets": the part is named, its content is not.
func TestTextThatIsNoneNamesItsPart(t *testing.T) {
	for _, part := range []Part{
		PartNameTH, PartNameEN, PartRequestNumber, PartIssuer, PartIssuerCode, PartCardType, PartAddress, PartPhotoNumber,
	} {
		for name, bad := range map[string]byte{"a control": 0x07, "no character": 0xDB} {
			t.Run(fmt.Sprintf("%s with %s", part, name), func(t *testing.T) {
				card := newCard()
				s, _ := plan{layout: MOI}.segment(part)
				card.moi[0][s.Offset] = bad
				err := readFails(t, card, TextFields()...)
				assertPart(t, err, part)
				assert.NotContains(t, err.Error(), "somchai")
				assert.Len(t, err.Error(), len("read "+string(part)+": ")+len(map[byte]error{0x07: errControl, 0xDB: errNoCharacter}[bad].Error()))
			})
		}
	}
}
