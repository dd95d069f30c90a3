package report

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Digits says how numbers are written.
type Digits int

const (
	// Arabic digits: 2568.
	Arabic Digits = iota
	// Thai digits, as official letters have them: ๒๕๖๘.
	Thai
)

func (d Digits) text(s string) string {
	if d == Arabic {
		return s
	}
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r - '0' + '๐'
		}
		return r
	}, s)
}

var months = [12]string{"มกราคม", "กุมภาพันธ์", "มีนาคม", "เมษายน", "พฤษภาคม", "มิถุนายน", "กรกฎาคม", "สิงหาคม", "กันยายน", "ตุลาคม", "พฤศจิกายน", "ธันวาคม"}

// bangkok is Thailand's time, which has no summer time.
var bangkok = time.FixedZone("ICT", 7*60*60)

// date is 16 มิถุนายน 2566: the Thai calendar day, Buddhist era.
func date(t time.Time) string {
	t = t.In(bangkok)
	return fmt.Sprintf("%d %s %d", t.Day(), months[t.Month()-1], t.Year()+543)
}

func clock(t time.Time) string { return t.In(bangkok).Format("15.04") + " น." }

// number has commas: 12,345.
func number(n int64) string {
	s := strconv.FormatInt(n, 10)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}
