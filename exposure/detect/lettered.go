package detect

import (
	"bytes"
	"unicode/utf8"
)

// letters reads up to most upper-case Latin letters directly before start, or
// before one space or dash there.
func letters(b []byte, start, most int) (from int, word string) {
	end := start
	if end > 0 && (b[end-1] == ' ' || b[end-1] == '-') {
		end--
	}
	from = end
	for from > 0 && b[from-1] >= 'A' && b[from-1] <= 'Z' && end-from <= most {
		from--
	}
	if from == end || end-from > most || from > 0 && (isLatin(b[from-1]) || isDigit(b[from-1])) {
		return start, ""
	}
	return from, string(b[from:end])
}

// laser: two letters and ten digits, 1-7-2, that a word or a citizen number near
// by vouches for.
func (d *Detector) laser(t *Text, g *group, r int) {
	last := r
	switch {
	case g.shape(r, 1, 7, 2):
		last = r + 2
	case g.shape(r, 8, 2):
		last = r + 1
	case g.runs[r].n == 10:
	default:
		return
	}
	start, end := g.bounds(r, last)
	from, word := letters(t.Bytes, start, 2)
	if len(word) != 2 {
		return
	}
	a := d.context(t, from, end)
	score := 30 + a.supports(goodFor[LaserCode])
	if last == r+2 {
		score += 12
	}
	if d.lastCitizen > 0 && from-d.lastCitizen < wordsBefore {
		score += 10 // a citizen number near by
	}
	if a.opposes(setOf(ofGoods, ofTime), goodFor[LaserCode]) {
		score -= 30
	}
	d.add(Hit{Class: LaserCode, Start: from, End: end, Value: NewValue(word + string(g.text(r, last))), Score: score, Bare: true})
}

// passport: one or two letters, six or seven digits, and a word.
func (d *Detector) passport(t *Text, g *group, r int) {
	n := g.runs[r].n
	if n != 6 && n != 7 {
		return
	}
	start, end := g.bounds(r, r)
	from, word := letters(t.Bytes, start, 2)
	apart := start > 0 && t.Bytes[start-1] == ' '
	if word == "" || apart && (word == "HN" || word == "AN" || word == "VN") { // numbers of hospitals
		return
	}
	a := d.context(t, from, end)
	support := a.supports(goodFor[Passport])
	if support == 0 || !a.header.any(goodFor[Passport]) && !a.nearest(goodFor[Passport]) || a.opposes(setOf(ofGoods, ofTime, ofHealth), goodFor[Passport]) {
		return
	}
	d.add(Hit{Class: Passport, Start: from, End: end, Value: NewValue(word + string(g.text(r, r))), Score: 35 + support})
}

// health: a patient's number behind HN or a word for it.
func (d *Detector) health(t *Text, g *group, r int) {
	last := r
	if r+1 < g.nr && g.runs[r+1].sep != 's' && g.runs[r].n+g.runs[r+1].n <= 10 {
		last = r + 1
	}
	if n := len(g.text(r, last)); n < 4 || n > 10 {
		return
	}
	start, end := g.bounds(r, last)
	header := d.headerKinds(t.Header).any(goodFor[Health])
	if !header && !healthWord(t.Bytes[max(0, start-60):start]) {
		return
	}
	a := d.context(t, start, end)
	if !header && (a.behind(goodFor[Health]) > 6 || a.opposes(^goodFor[Health], goodFor[Health])) {
		return
	}
	d.add(Hit{Class: Health, Start: start, End: end, Value: NewValue(string(g.text(r, last))), Score: 35 + a.supports(goodFor[Health])})
}

var healthWords = [][]byte{
	[]byte("HN"), []byte("hn"), []byte("H.N"), []byte("h.n"), []byte("ผู้ป่วย"), []byte("เวชระเบียน"), []byte("โรงพยาบาล"), []byte("ospital"), []byte("atient"),
}

// healthWord is a cheap look before the costly one: any number of four digits
// could be a patient's.
func healthWord(b []byte) bool {
	for _, w := range healthWords {
		if bytes.Contains(b, w) {
			return true
		}
	}
	return false
}

// vehicle: a plate (1กข 1234, กข-1234) that a word vouches for.
func (d *Detector) vehicle(t *Text, g *group, r int) {
	n := g.runs[r].n
	if n > 4 || r+1 < g.nr && g.runs[r+1].sep != 's' {
		return
	}
	start, end := g.bounds(r, r)
	b := t.Bytes
	at := start
	for at > 0 && (b[at-1] == ' ' || b[at-1] == '-') && start-at < 2 {
		at--
	}
	from, count := at, 0
	for from >= 3 && count < 4 {
		c, size := utf8.DecodeLastRune(b[:from])
		if c < 'ก' || c > 'ฮ' {
			break
		}
		from -= size
		count++
	}
	if count < 2 || count > 3 {
		return
	}
	if before, _ := utf8.DecodeLastRune(b[:from]); isThaiLetter(before) {
		return // the end of a word
	}
	if from > 0 && b[from-1] >= '1' && b[from-1] <= '9' {
		from--
	}
	a := d.context(t, from, end)
	if !a.header.any(goodFor[Vehicle]) && a.behind(goodFor[Vehicle]) > near/2 {
		return
	}
	plate := make([]byte, 0, end-from)
	for _, c := range b[from:end] {
		if c != ' ' && c != '-' {
			plate = append(plate, c)
		}
	}
	d.add(Hit{Class: Vehicle, Start: from, End: end, Value: NewValue(string(plate)), Score: 35 + a.supports(goodFor[Vehicle])})
}
