package proofing

import (
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
)

// compareDate asks of a claimed birth date as much as the chip knows: for many
// elderly that is a year. A claim that says less than the chip differs.
func compareDate(claim string, year int, month time.Month, day int) agreement {
	if year == 0 {
		return unknown
	}
	y, m, d, ok := claimedDate(claim)
	return agreementOf(ok && y == year && (month == 0 || m == month) && (day == 0 || d == day))
}

// claimedDate reads a date as people type it: year, month and day in this order
// or the other, with any of - / . and spaces between or without, the month as a
// number or a word, the year of either era. Unknown parts are zero.
func claimedDate(s string) (year int, month time.Month, day int, ok bool) {
	parts, ok := dateParts(s)
	if !ok {
		return 0, 0, 0, false
	}
	if len(parts) == 1 && len(parts[0]) == 8 {
		parts = splitDate(parts[0])
	}
	if len(parts) == 0 || len(parts) > 3 {
		return 0, 0, 0, false
	}
	if _, yearFirst := datePart(parts[0], 0); !yearFirst {
		slices.Reverse(parts)
	}
	var read [3]int
	for i, part := range parts {
		if read[i], ok = datePart(part, i); !ok {
			return 0, 0, 0, false
		}
	}
	return commonYear(read[0]), time.Month(read[1]), read[2], true
}

// datePart reads the year, month or day of a date, by its place.
func datePart(part string, place int) (int, bool) {
	n, err := strconv.Atoi(part)
	switch {
	case place == 0:
		return n, err == nil && len(part) == 4
	case place == 1 && err != nil:
		return monthNamed(part)
	case place == 1:
		return n, len(part) <= 2 && n <= 12
	}
	return n, err == nil && len(part) <= 2 && n <= 31
}

// commonYear: no living person's birth year lies between the two eras.
func commonYear(year int) int {
	if year >= 2400 {
		return year - 543
	}
	return year
}

// splitDate tells 19821231 from 31121982 by where a month can stand.
func splitDate(digits string) []string {
	if digits[4:6] <= "12" {
		return []string{digits[:4], digits[4:6], digits[6:]}
	}
	return []string{digits[:2], digits[2:4], digits[4:]}
}

// dateParts splits a date into numbers and words, without the words for the era.
func dateParts(s string) (parts []string, ok bool) {
	var part strings.Builder
	flush := func() {
		if word := part.String(); word != "" && !slices.Contains([]string{"พศ", "คศ", "be", "ad", "ce"}, word) {
			parts = append(parts, word)
		}
		part.Reset()
	}
	digits := false
	for _, r := range spaced(s) {
		switch {
		case r >= '0' && r <= '9':
			if !digits {
				flush()
			}
			digits = true
			part.WriteRune(r)
		case unicode.IsLetter(r), unicode.Is(unicode.M, r):
			if digits {
				flush()
			}
			digits = false
			part.WriteRune(r)
		case r == '.' && !digits: // within an abbreviation
		case strings.ContainsRune("-/., ", r):
			flush()
			digits = false
		default:
			return nil, false
		}
	}
	flush()
	return parts, true
}

// months are the names of months in full and abbreviated, without dots.
var months = [12][]string{
	{"มกราคม", "มค", "january", "jan"},
	{"กุมภาพันธ์", "กพ", "february", "feb"},
	{"มีนาคม", "มีค", "march", "mar"},
	{"เมษายน", "เมย", "april", "apr"},
	{"พฤษภาคม", "พค", "may"},
	{"มิถุนายน", "มิย", "june", "jun"},
	{"กรกฎาคม", "กค", "july", "jul"},
	{"สิงหาคม", "สค", "august", "aug"},
	{"กันยายน", "กย", "september", "sep", "sept"},
	{"ตุลาคม", "ตค", "october", "oct"},
	{"พฤศจิกายน", "พย", "november", "nov"},
	{"ธันวาคม", "ธค", "december", "dec"},
}

func monthNamed(word string) (int, bool) {
	i := slices.IndexFunc(months[:], func(names []string) bool { return slices.Contains(names, word) })
	return i + 1, i >= 0
}
