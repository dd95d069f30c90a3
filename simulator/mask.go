package simulator

import (
	"bytes"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"slices"
	"strings"
	"time"

	"chipproof/proofing/thaiid"
)

// mask replaces what a card says by something that says as much about the card
// and nothing about the person. What comes out depends on classes of bytes, on
// nothing else: two people whose cards are built alike look the same.
type mask struct {
	clock func() time.Time
	photo jpegMask

	// numbers says which citizen numbers were met, each by a hash with a salt
	// that dies with the recorder: a swapped card must look like another one.
	salt    [32]byte
	numbers map[[32]byte]string
}

func newMask(clock func() time.Time) *mask {
	m := &mask{clock: clock, numbers: map[[32]byte]string{}}
	_, _ = rand.Read(m.salt[:]) // crypto/rand never fails (Go 1.24 on)
	return m
}

// data masks bytes that begin at a.
func (m *mask) data(a ask, original []byte) []byte {
	kept := make([]byte, len(original)) // what no part covers is kept as zeros
	if a.file == fileLaser && a.at == 0 && len(original) == 16 {
		a.at = admHeader // cards that give the code alone
	}
	if a.file == fileCPLC && a.at == 0 && bytes.HasPrefix(original, cplcHead) {
		copy(kept, cplcHead)
	}
	original = original[:min(a.left, len(original))] // nobody knows what more there is
	for _, s := range a.parts(len(original)) {
		from, to := max(s.Offset-a.at, 0), min(s.End()-a.at, len(original))
		copy(kept[from:to], m.part(s, a.at+from-s.Offset, original[from:to]))
	}
	return kept
}

// part masks the bytes of s from its byte at on.
func (m *mask) part(s segment, at int, original []byte) []byte {
	whole := at == 0 && len(original) == s.Length
	switch s.Part {
	case thaiid.PartVersion, thaiid.PartCardType:
		// Both begin with zeros on every card that is known. Other digits may be
		// a number that lies where it shouldn't.
		if whole && isDigits(string(original), s.Length) && strings.HasPrefix(string(original), "000"[:s.Length-1]) {
			return original
		}
	case thaiid.PartCitizenID:
		if whole && isDigits(string(original), s.Length) {
			return []byte(m.number(string(original)))
		}
	case thaiid.PartBirthDate, thaiid.PartIssueDate, thaiid.PartExpiryDate,
		thaiid.PartNHSOIssueDate, thaiid.PartNHSOExpiryDate, thaiid.PartNHSOUpdateDate:
		if whole && isDigits(string(original), s.Length) {
			return []byte(m.date(s.Part, string(original)))
		}
	case thaiid.PartSex:
		if whole && strings.Contains("123", string(original)) {
			return []byte{'1'}
		}
	case thaiid.PartPhotoLength:
		return maskLength(at, original)
	case thaiid.PartPhoto:
		return m.photo.mask(at, original)
	case fieldChipNumber:
		return make([]byte, len(original))
	}
	return maskText(original)
}

// maskLength keeps a photo's length if a photo can be so long. All others are
// one: a card may have anything there.
func maskLength(at int, original []byte) []byte {
	kept := slices.Clone(original)
	tooLong := at == 0 && len(original) > 0 && int(original[0]) > photoArea>>8 ||
		at == 0 && len(original) == 2 && binary.BigEndian.Uint16(original) > photoArea
	for i := range kept {
		if tooLong {
			kept[i] = 0xFF
		}
	}
	return kept
}

// number is the synthetic citizen number that stands for original: for the
// first that is met one number, for the second another. It has a right check
// digit if and only if the original has.
func (m *mask) number(original string) string {
	key := sha256.Sum256(append(m.salt[:], original...))
	if known, met := m.numbers[key]; met {
		return known
	}
	stem := fmt.Sprintf("1%011d", len(m.numbers)+19) // 100000000019, whose check digit is 0
	digit := checkDigit(stem)
	if original[12] != checkDigit(original) {
		digit = '0' + (digit-'0'+1)%10
	}
	m.numbers[key] = stem + string(digit)
	return m.numbers[key]
}

// Years that stand for all others, Buddhist era.
const (
	yearOfBirth = "2500"
	yearPast    = "2561"
	yearToCome  = "2599"
)

// date keeps, where a whole date came in one answer, which parts of a date are known and whether they make a day, and
// for an expiry whether it has passed. original is eight digits.
func (m *mask) date(part thaiid.Part, original string) string {
	if original == "00000000" || original == "99999999" {
		return original
	}
	year, month, day := original[:4], original[4:6], original[6:]
	kept := "0000"
	if year != "0000" {
		kept = m.year(part, original)
	}
	switch {
	case month > "12":
		kept += "13"
	case day != "00" && month != "00" && !isDay(year, month, day):
		return kept + "0431"
	case month == "00":
		kept += "00"
	default:
		kept += "01"
	}
	if day == "00" {
		return kept + "00"
	}
	return kept + "01"
}

func (m *mask) year(part thaiid.Part, original string) string {
	switch part {
	case thaiid.PartBirthDate:
		return yearOfBirth
	case thaiid.PartExpiryDate, thaiid.PartNHSOExpiryDate:
		now := m.clock()
		today := fmt.Sprintf("%04d%02d%02d", now.Year()+beOffset, now.Month(), now.Day())
		if original >= today {
			return yearToCome
		}
	}
	return yearPast
}

// beOffset is how far the Buddhist era is ahead.
const beOffset = 543

// isDay says whether a month of 01 to 12 has that day, in the calendar of the
// common era: 29 February is one in 2543 and none in 2542.
func isDay(year, month, day string) bool {
	var y, m, d int
	if _, err := fmt.Sscanf(year+" "+month+" "+day, "%d %d %d", &y, &m, &d); err != nil {
		return false
	}
	return time.Date(y-beOffset, time.Month(m), d, 0, 0, 0, 0, time.UTC).Day() == d
}
