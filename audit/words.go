package audit

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/binary"
	"fmt"
	"strings"
	"time"
	"unicode"
)

// A sheet in words is 220 bits in 20 words of 11 bits: a version (4), the day
// since 2000-01-01 (16), the number of entries (40), the first 136 bits of the
// root, and 24 check bits over all of it and the log's key. 136 bits are beyond
// anyone who would search for a second log with the same words.
//
// The words are no language's. Each is consonant, vowel, consonant, vowel,
// consonant, of letters that Thai and English speakers tell apart (no r beside
// l, no c, g, q, v, x, z), so 2,048 of them need no list. The last consonant
// checks the other letters: one wrong letter, or two letters changed over, makes
// no word, and the message says which one to look at.
const (
	sheetWords   = 20
	wordBits     = 11
	consonants   = "bdfhjklmnpstw" // 13, a prime
	vowels       = "aeiou"
	sheetVersion = 1

	rootBytes  = 17
	checkBytes = 3
	maxDay     = 1<<16 - 1
)

var dayZero = time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)

// word spells 11 bits.
func word(bits uint32) string {
	c1, bits := bits%13, bits/13
	v1, bits := bits%5, bits/5
	v2, c2 := bits%5, bits/5
	c3 := (c1 + 3*v1 + 5*c2 + 7*v2) % 13
	return string([]byte{consonants[c1], vowels[v1], consonants[c2], vowels[v2], consonants[c3]})
}

// unword is the inverse; false for anything that isn't one of the words.
func unword(w string) (uint32, bool) {
	if len(w) != 5 {
		return 0, false
	}
	c1, v1, c2, v2 := strings.IndexByte(consonants, w[0]), strings.IndexByte(vowels, w[1]), strings.IndexByte(consonants, w[2]), strings.IndexByte(vowels, w[3])
	if c1 < 0 || v1 < 0 || c2 < 0 || v2 < 0 {
		return 0, false
	}
	bits := uint32(c1 + 13*(v1+5*(v2+5*c2)))
	return bits, bits < 1<<wordBits && word(bits) == w
}

// sheetBytes are the 196 bits before the check value, in 25 bytes: the version
// stands alone in the first. Day and size are mixed with a hash of the root, so
// that the zeros of a small log don't give a row of equal words to lose count in.
func sheetBytes(day time.Time, h Head) []byte {
	b := []byte{sheetVersion}
	b = binary.BigEndian.AppendUint16(b, uint16(day.Sub(dayZero)/(24*time.Hour)))
	b = append(b, binary.BigEndian.AppendUint64(nil, uint64(h.Size))[3:]...)
	mix(b[1:], h.Root[:rootBytes])
	return append(b, h.Root[:rootBytes]...)
}

func mix(b, root []byte) {
	sum := sha256.Sum256(root)
	subtle.XORBytes(b, b, sum[:])
}

func sheetCheck(sheet []byte, key uint32) []byte {
	sum := sha256.Sum256(append(binary.BigEndian.AppendUint32([]byte("chipproof sheet"), key), sheet...))
	return sum[:checkBytes]
}

func formatWords(day time.Time, h Head, key uint32) []string {
	b := sheetBytes(day, h)
	b = append(b, sheetCheck(b, key)...)
	words := make([]string, 0, sheetWords)
	acc, n := uint32(b[0]), 4 // of the version only the lower half is there
	for _, next := range b[1:] {
		acc, n = acc<<8|uint32(next), n+8
		if n >= wordBits {
			n -= wordBits
			words = append(words, word(acc>>n))
			acc &= 1<<n - 1
		}
	}
	return words
}

// parseWords takes the words in any case, with anything but letters between them.
func parseWords(text string, key uint32) (Sighting, error) {
	words := strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return !unicode.IsLetter(r) })
	if len(words) != sheetWords {
		return Sighting{}, fmt.Errorf("read words: %w: %d words instead of %d", ErrWitnessInvalid, len(words), sheetWords)
	}
	b := make([]byte, 0, 1+2+5+rootBytes+checkBytes)
	acc, n := uint32(0), 4 // the upper half of the version
	for i, w := range words {
		bits, ok := unword(w)
		if !ok {
			return Sighting{}, fmt.Errorf("read words: %w: word %d is mistyped", ErrWitnessInvalid, i+1)
		}
		acc, n = acc<<wordBits|bits, n+wordBits
		for n >= 8 {
			n -= 8
			b = append(b, byte(acc>>n))
			acc &= 1<<n - 1
		}
	}
	sheet, check := b[:len(b)-checkBytes], b[len(b)-checkBytes:]
	if sheet[0] != sheetVersion || string(check) != string(sheetCheck(sheet, key)) {
		return Sighting{}, fmt.Errorf("read words: %w: mistyped, or of another log", ErrWitnessInvalid)
	}
	mix(sheet[1:8], sheet[8:])
	size := binary.BigEndian.Uint64(append(make([]byte, 3), sheet[3:8]...))
	day := dayZero.AddDate(0, 0, int(binary.BigEndian.Uint16(sheet[1:3])))
	return sighting(day, int64(size), sheet[8:]), nil
}

// sighting of a sheet. Its day begins up to 14 hours before that of UTC.
func sighting(day time.Time, size int64, root []byte) Sighting {
	h := Head{Size: size}
	copy(h.Root[:], root)
	return Sighting{Head: h, At: day.Add(-14 * time.Hour), Day: day.Format(time.DateOnly)}
}
