package detect

import (
	"bytes"
	"fmt"
)

// months in Thai, whole and short, in the order of the calendar.
var months = [12][]string{
	{"มกราคม", "ม.ค."},
	{"กุมภาพันธ์", "ก.พ."},
	{"มีนาคม", "มี.ค."},
	{"เมษายน", "เม.ย."},
	{"พฤษภาคม", "พ.ค."},
	{"มิถุนายน", "มิ.ย."},
	{"กรกฎาคม", "ก.ค."},
	{"สิงหาคม", "ส.ค."},
	{"กันยายน", "ก.ย."},
	{"ตุลาคม", "ต.ค."},
	{"พฤศจิกายน", "พ.ย."},
	{"ธันวาคม", "ธ.ค."},
}

// birth: a date under a header or after a word for birth, Buddhist or Christian
// era. Its value is the Christian date.
func (d *Detector) birth(t *Text, g *group, r int) {
	year, month, day, end, ok := g.date(t.Bytes, r)
	if !ok {
		return
	}
	if year > 2400 {
		year -= 543
	}
	if year < 1880 || year > 2100 || month < 1 || month > 12 || day < 1 || day > 31 {
		return
	}
	start := g.start(g.runs[r].first)
	a := d.context(t, start, end)
	good := goodFor[BirthDate]
	if !a.header.any(good) && (a.behind(good) > near || !a.nearest(good)) {
		return
	}
	value := NewValue(fmt.Sprintf("%04d-%02d-%02d", year, month, day))
	d.add(Hit{Class: BirthDate, Start: start, End: end, Value: value, Score: 35 + a.supports(good)})
}

// nearest says that no other number stands between the candidate and the last
// word of these kinds, so that "เกิด 1/2/2530 ออกบัตร 3/4/2560" has one birth date.
func (a *around) nearest(ks set) bool {
	return a.length-a.behind(ks) >= a.barrier
}

func (g *group) date(b []byte, r int) (year, month, day, end int, ok bool) {
	num := func(k int) int {
		n := 0
		for _, c := range g.text(r+k, r+k) {
			n = n*10 + int(c-'0')
		}
		return n
	}
	n := g.runs[r].n
	three := r+2 < g.nr && g.runs[r+1].sep == g.runs[r+2].sep && g.runs[r+1].n <= 2
	switch {
	case three && n <= 2 && g.runs[r+2].n == 4:
		_, end = g.bounds(r, r+2)
		return num(2), num(1), num(0), end, true
	case three && n == 4 && g.runs[r+2].n <= 2:
		_, end = g.bounds(r, r+2)
		return num(0), num(1), num(2), end, true
	case n == 8: // 25251231, 19821231
		t := g.text(r, r)
		v := func(i, j int) (x int) {
			for _, c := range t[i:j] {
				x = x*10 + int(c-'0')
			}
			return x
		}
		_, end = g.bounds(r, r)
		return v(0, 4), v(4, 6), v(6, 8), end, true
	case n <= 2:
		_, at := g.bounds(r, r)
		month, at = thaiMonth(b, at)
		if month == 0 {
			return 0, 0, 0, 0, false
		}
		var rest group
		at += len(b[at:]) - len(bytes.TrimLeft(b[at:], " ."))
		for _, era := range []string{"พ.ศ.", "ค.ศ.", "พศ", "คศ"} {
			if bytes.HasPrefix(b[at:], []byte(era)) {
				at += len(era)
				at += len(b[at:]) - len(bytes.TrimLeft(b[at:], " "))
			}
		}
		if rest.read(b, at); rest.nr == 0 || rest.runs[0].n != 4 {
			return 0, 0, 0, 0, false
		}
		for _, c := range rest.text(0, 0) {
			year = year*10 + int(c-'0')
		}
		_, end = rest.bounds(0, 0)
		return year, month, num(0), end, true
	}
	return 0, 0, 0, 0, false
}

func thaiMonth(b []byte, at int) (month, end int) {
	rest := b[at:min(len(b), at+48)]
	trimmed := bytes.TrimLeft(rest, " \u00a0")
	at += len(rest) - len(trimmed)
	for m, names := range months {
		for _, name := range names {
			if bytes.HasPrefix(trimmed, []byte(name)) {
				return m + 1, at + len(name)
			}
		}
	}
	return 0, at
}
