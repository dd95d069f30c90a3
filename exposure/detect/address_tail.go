package detect

import (
	"bytes"
	"unicode/utf8"
)

// addressTail looks before a postcode: an address that is written without the
// words ตำบล and อำเภอ ends in a province and its postcode, and has a house number.
func (d *Detector) addressTail(t *Text, g *group, r int) {
	if g.runs[r].n != 5 {
		return
	}
	start, end := g.bounds(r, r)
	b := t.Bytes
	if start < d.addressEnd || end < len(b) && (isDigit(b[end]) || b[end] == '/') {
		return
	}
	at := start
	for at > 0 {
		c, size := utf8.DecodeLastRune(b[:at])
		if c != ' ' && !isSpace(c) && c != ',' {
			break
		}
		at -= size
	}
	province := provinceBefore(b[max(0, at-80):at], string(g.text(r, r)[:2]))
	if province == "" {
		return
	}
	from := max(0, start-addressBefore)
	for from < start && !utf8.RuneStart(b[from]) {
		from++
	}
	head := b[from : at-len(province)]
	if nl := bytes.LastIndexByte(head, '\n'); nl >= 0 {
		head = head[nl+1:]
		from += nl + 1
	}
	house, past := -1, 0
	for i := 0; i < len(head); {
		if p, n := markerAt(head[i:]); n > 0 && p == partMoo {
			i, _ = skipSpaces(head, i+n)
			i = skipNumber(head, i)
			continue
		}
		if n, ok := houseNumber(head, i); ok {
			house, past = i, n
			i = n
			continue
		}
		_, size := utf8.DecodeRune(head[i:])
		i += size
	}
	if house < 0 || thaiLetters(head[past:]) < 4 {
		return
	}
	a := d.context(t, from+house, end)
	score := 45 + a.supports(setOf(ofAddress))/2
	if a.says(setOf(ofOffice)) && !a.header.has(ofAddress) {
		score -= 35
	}
	d.addressEnd = end
	value := NewValue(addressValue(string(b[from+house : end])))
	d.add(Hit{Class: Address, Start: from + house, End: end, Value: value, Score: score})
}

func thaiLetters(b []byte) int {
	n := 0
	for _, r := range string(b) {
		if isThaiLetter(r) {
			n++
		}
	}
	return n
}
