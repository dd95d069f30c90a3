package thaiid

import (
	"errors"
	"fmt"
	"strings"
	"time"
)

var errNotDate = errors.New("not a date of eight digits")

// Precision says how much of a date is known.
type Precision string

// The precisions. A date of PrecisionNone is blank, or lifelong.
const (
	PrecisionDay   Precision = "day"
	PrecisionMonth Precision = "month"
	PrecisionYear  Precision = "year"
	PrecisionNone  Precision = "none"
)

// Date is a date of the card, as exact as the card has it: many elderly people
// have a birth year and no more (thai-id-card §6). It hides itself.
type Date struct{ hidden[calendar] }

// calendar is a date in the common era; what is zero is unknown.
type calendar struct {
	year     int
	month    time.Month
	day      int
	lifelong bool
	buddhist string // the eight characters of the card
}

// Precision says how much is known. It is PrecisionNone for the zero Date.
func (d Date) Precision() Precision {
	switch c := d.reveal(); {
	case c.day != 0:
		return PrecisionDay
	case c.month != 0:
		return PrecisionMonth
	case c.year != 0:
		return PrecisionYear
	}
	return PrecisionNone
}

// Reveal is the date in the common era, as long as its precision: 1982-12-31,
// 1982-12, 1982, or empty.
func (d Date) Reveal() string {
	c := d.reveal()
	switch d.Precision() {
	case PrecisionDay:
		return fmt.Sprintf("%04d-%02d-%02d", c.year, c.month, c.day)
	case PrecisionMonth:
		return fmt.Sprintf("%04d-%02d", c.year, c.month)
	case PrecisionYear:
		return fmt.Sprintf("%04d", c.year)
	}
	return ""
}

// Parts are year (common era), month and day; what is unknown is zero.
func (d Date) Parts() (year int, month time.Month, day int) {
	c := d.reveal()
	return c.year, c.month, c.day
}

// Buddhist is the card's own eight characters, YYYYMMDD of the Buddhist era, or
// eight spaces where it is blank.
func (d Date) Buddhist() string { return d.reveal().buddhist }

// Lifelong says whether an expiry date is the nines that mean: never. A blank
// one is not lifelong (seen with holders over 75; thai-id-card §6, §14.12).
func (d Date) Lifelong() bool { return d.reveal().lifelong }

const (
	blankDate = "        "
	zeroDate  = "00000000"
	ninesDate = "99999999"

	// buddhistEra is what the Buddhist year is ahead. Until 2483 BE the Thai year
	// began in April; no source says what the register did about January to
	// March, so nothing is done here and the raw value is kept.
	buddhistEra = 543
)

// decodeDate takes the eight bytes of any date but an expiry. It is odd when a
// part of it is impossible: then the part that is possible is kept. An error
// means letters or signs.
func decodeDate(raw []byte) (date Date, odd bool, err error) {
	text := strings.ReplaceAll(string(raw), "\x00", " ") // both are padding
	if len(text) != len(blankDate) {
		return Date{}, false, errNotDate
	}
	if text == blankDate || text == zeroDate {
		return Date{hide(calendar{buddhist: text})}, false, nil
	}
	for _, c := range []byte(text) {
		if c < '0' || c > '9' {
			return Date{}, false, errNotDate
		}
	}
	c, odd := readCalendar(text)
	c.buddhist = text
	return Date{hide(c)}, odd, nil
}

// decodeExpiry is [decodeDate] for an expiry, where nines mean lifelong.
func decodeExpiry(raw []byte) (date Date, odd bool, err error) {
	if string(raw) == ninesDate {
		return Date{hide(calendar{lifelong: true, buddhist: ninesDate})}, false, nil
	}
	return decodeDate(raw)
}

// readCalendar reads eight digits from the left and stops at the first part
// that is unknown (00) or impossible (odd). A day without a month counts for
// nothing. Whether a day exists is asked of the common-era calendar: 29
// February is legal in 2543 (2000) and not in 2542.
func readCalendar(digits string) (c calendar, odd bool) {
	year, month, day := number(digits[:4])-buddhistEra, time.Month(number(digits[4:6])), number(digits[6:])
	if year < 1 || digits == ninesDate {
		return c, true
	}
	c.year = year
	if month == 0 {
		return c, false
	}
	if month > time.December {
		return c, true
	}
	c.month = month
	if day > daysIn(year, month) {
		return c, true
	}
	c.day = day
	return c, false
}

func daysIn(year int, month time.Month) int {
	return time.Date(year, month+1, 0, 0, 0, 0, 0, time.UTC).Day()
}

// number reads ASCII digits.
func number(digits string) int {
	n := 0
	for _, c := range []byte(digits) {
		n = n*10 + int(c-'0')
	}
	return n
}
