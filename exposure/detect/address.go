package detect

import (
	"bytes"
	"strings"
	"unicode"
	"unicode/utf8"
)

// markers of the parts of an address, from small to large.
var markers = []struct {
	part  part
	words []string
}{
	{partMoo, []string{"หมู่ที่", "หมู่", "ม."}},
	{partRoad, []string{"ถนน", "ถ.", "ซอย", "ซ.", "ตรอก", "หมู่บ้าน"}},
	{partTambon, []string{"ตำบล", "แขวง", "ต."}},
	{partAmphoe, []string{"อำเภอ", "เขต", "อ."}},
	{partProvince, []string{"จังหวัด", "จ."}},
}

type part uint8

const (
	partHouse part = 1 << iota
	partMoo
	partRoad
	partTambon
	partAmphoe
	partProvince
	partPostcode
)

const (
	addressBefore = 260 // bytes that house number, moo, road may take before the ตำบล
	addressAfter  = 320 // and ตำบล, district, province, postcode behind it
)

// address looks round a word ตำบล or แขวง, or a postcode, at i. It needs several
// parts together: a house number, and at least two of ตำบล, district and
// province, or one of them and the postcode that fits. It returns where to go on.
func (d *Detector) address(t *Text, i int) int {
	b := t.Bytes
	if i < d.addressEnd {
		return i
	}
	end, found, province := addressForward(b, i, t.Loose)
	if found&partPostcode == 0 {
		if n, code := postcodeAt(b, end); n > end && (province == "" || strings.HasPrefix(code, provinces[province])) {
			end, found = n, found|partPostcode
		}
	}
	if count(found&(partTambon|partAmphoe|partProvince|partPostcode)) < 2 {
		return i
	}
	start, before := addressBackward(b, i)
	if before&partHouse == 0 {
		return i
	}
	found |= before
	a := d.context(t, start, end)
	score := 28 + 8*count(found&^partHouse) + a.supports(setOf(ofAddress))/2
	if a.says(setOf(ofOffice)) && !a.header.has(ofAddress) {
		score -= 35 // an office's own address
	}
	d.addressEnd = end
	d.add(Hit{Class: Address, Start: start, End: end, Value: NewValue(addressValue(string(b[start:end]))), Score: score})
	return i
}

func count(p part) int {
	n := 0
	for ; p != 0; p &= p - 1 {
		n++
	}
	return n
}

// addressForward reads the parts that begin at i: markers with their words, the
// province by name, the postcode.
func addressForward(b []byte, i int, loose Looseness) (end int, found part, province string) {
	limit := min(len(b), i+addressAfter)
	end = i
	for at := i; at < limit; {
		at, _ = skipSpaces(b[:limit], at)
		if p, n := markerAt(b[at:limit]); n > 0 && p >= partTambon {
			next := at + n
			next, _ = skipSpaces(b[:limit], next)
			word, past := placeWord(b[:limit], next, loose)
			if word == "" {
				return end, found, province
			}
			found |= p
			if p == partProvince {
				if name := provinceAt(b[next:limit]); name != "" {
					province, past = name, next+len(name)
				}
			}
			at, end = past, past
			continue
		}
		if name := provinceAt(b[at:limit]); name != "" {
			province = name
			found |= partProvince
			at += len(name)
			if name == "กทม" && at < limit && b[at] == '.' {
				at++
			}
			end = at
			continue
		}
		if n, code := postcodeAt(b[:limit], at); n > at {
			if province == "" || strings.HasPrefix(code, provinces[province]) {
				found |= partPostcode
				end = n
			}
			return end, found, province
		}
		if found != 0 && at < limit && (b[at] == ',' || b[at] == '\n' || b[at] == '\r') && at == end {
			at++
			continue
		}
		return end, found, province
	}
	return end, found, province
}

// beginsTambon says that b begins with a word for ตำบล.
func beginsTambon(b []byte) bool {
	return len(b) > 12 && (string(b[:4]) == "ต." || string(b[:12]) == "ตำบล" || string(b[:12]) == "แขวง")
}

// markerAt is the marker that b begins with.
func markerAt(b []byte) (part, int) {
	for _, m := range markers {
		for _, w := range m.words {
			if len(b) >= len(w) && string(b[:len(w)]) == w {
				return m.part, len(w)
			}
		}
	}
	return 0, 0
}

// placeWord reads the name behind a marker: Thai letters up to a space, a sign,
// or, where spaces are lost, the next marker.
func placeWord(b []byte, i int, loose Looseness) (word string, end int) {
	start := i
	for i < len(b) {
		r, size := utf8.DecodeRune(b[i:])
		if !isThaiLetter(r) && !isZeroWidth(r) || i-start > 3*wordMax {
			break
		}
		if i > start+6 {
			if _, n := markerAt(b[i:]); n > 3 && (loose == Unspaced || n > 9) {
				break
			}
			if r == 'จ' || r == 'อ' || r == 'ต' { // "ต.บ้านลาดอ.เมือง"
				if i+size < len(b) && b[i+size] == '.' {
					break
				}
			}
		}
		i += size
	}
	if i-start < 6 {
		return "", start
	}
	return string(b[start:i]), i
}

// postcodeAt reads five digits of a postcode that some province has.
func postcodeAt(b []byte, i int) (end int, code string) {
	at, _ := skipSpaces(b, i)
	for _, w := range []string{"รหัสไปรษณีย์", "ไปรษณีย์"} {
		if bytes.HasPrefix(b[at:], []byte(w)) {
			at, _ = skipSpaces(b, at+len(w))
		}
	}
	var g group
	g.read(b, at)
	if g.nr == 0 || g.runs[0].n != 5 {
		return i, ""
	}
	code = string(g.text(0, 0))
	if provincesByCode[code[:2]] == nil {
		return i, ""
	}
	_, end = g.bounds(0, 0)
	return end, code
}

// addressBackward reads house number, moo and road before i.
func addressBackward(b []byte, i int) (start int, found part) {
	from := max(0, i-addressBefore)
	for from < i && !utf8.RuneStart(b[from]) {
		from++
	}
	window := b[from:i]
	if at := bytes.LastIndexByte(window, '\n'); at >= 0 && len(bytes.TrimSpace(window[at:])) > 0 {
		window = window[at+1:]
		from += at + 1
	}
	base := from
	start = i
	// The house number is the last number in the window that no other marker owns.
	for at := 0; at < len(window); {
		if p, n := markerAt(window[at:]); n > 0 {
			found |= p
			at += n
			at, _ = skipSpaces(window, at)
			at = skipNumber(window, at)
			continue
		}
		if n, ok := houseNumber(window, at); ok {
			if found&partHouse == 0 || base+at > start && found&(partMoo|partRoad) == 0 {
				start = base + at
				found = partHouse
			}
			at = n
			continue
		}
		_, size := utf8.DecodeRune(window[at:])
		at += size
	}
	if found&partHouse == 0 {
		return i, 0
	}
	return start, found
}

func skipNumber(b []byte, i int) int {
	for i < len(b) {
		r, size := utf8.DecodeRune(b[i:])
		if _, ok := thaiDigit(r); !ok && !(r >= '0' && r <= '9') {
			return i
		}
		i += size
	}
	return i
}

// houseNumber: 99, 99/9, 123/45-46, up to four digits before the slash.
func houseNumber(b []byte, i int) (end int, ok bool) {
	first := skipNumber(b, i)
	if first == i {
		return i, false
	}
	digits := utf8.RuneCount(b[i:first])
	end = first
	for end < len(b) && (b[end] == '/' || b[end] == '-') {
		next := skipNumber(b, end+1)
		if next == end+1 {
			break
		}
		end = next
	}
	return end, digits <= 4 && end-i <= 40
}

// bangkokNames are the other names of the capital.
var bangkokNames = strings.NewReplacer("กทม.", "กรุงเทพมหานคร", "กทม", "กรุงเทพมหานคร", "กรุงเทพฯ", "กรุงเทพมหานคร")

// addressValue is the address without spaces and markers, so that "ต." and
// "ตำบล" are the same.
func addressValue(s string) string {
	s = bangkokNames.Replace(s)
	for _, m := range markers {
		for _, w := range m.words {
			s = strings.ReplaceAll(s, w, "")
		}
	}
	s = strings.ReplaceAll(s, "รหัสไปรษณีย์", "")
	return strings.Map(func(r rune) rune {
		if d, ok := thaiDigit(r); ok {
			return rune(d)
		}
		if unicode.IsSpace(r) || isSpace(r) || isZeroWidth(r) || r == ',' || r == '.' {
			return -1
		}
		return r
	}, s)
}

// addressCell is a value under a header for addresses that has no ตำบล in it:
// a house number and a province or postcode are enough there.
func (d *Detector) addressCell(t *Text) {
	b := t.Bytes[t.Skip:]
	if len(b) < 8 || len(b) > 600 {
		return
	}
	start, past, house := 0, 0, false
	for i := 0; i < len(b) && !house; {
		if n, ok := houseNumber(b, i); ok {
			start, past, house = i, n, true
			break
		}
		_, size := utf8.DecodeRune(b[i:])
		i += size
	}
	if !house {
		return
	}
	rest := b[past:]
	thai := 0
	for _, r := range string(rest) {
		if isThaiLetter(r) {
			thai++
		}
	}
	if thai < 6 {
		return
	}
	score := 45
	for name := range provinces {
		if bytes.Contains(rest, []byte(name)) {
			score = 70
			break
		}
	}
	end := len(bytes.TrimRight(b, " \r\n\t"))
	d.add(Hit{Class: Address, Start: t.Skip + start, End: t.Skip + end, Value: NewValue(addressValue(string(b[start:end]))), Score: score})
}

// NormalAddress is an address as values of class [Address] are: without spaces
// and the words for its parts.
func NormalAddress(s string) string { return addressValue(s) }
