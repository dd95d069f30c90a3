package detect

import (
	"encoding/base64"
	"html"
	"unicode/utf8"
)

const (
	encodedReach = 96      // bytes of plain text kept beside an encoded piece
	encodedMax   = 8 << 10 // bytes of one encoded piece
	base64Min    = 16
	base64Max    = 64 << 10
)

// encoded looks at '%' or '&' at i: when a percent code or an entity begins
// there, the piece with all codes in it is decoded, once, and looked through
// together with the text beside it (assurance §4.2). It returns where to go on.
func (d *Detector) encoded(t *Text, i int) int {
	if d.deep || i < d.encodedEnd {
		return i + 1
	}
	if _, n := code(t.Bytes[i:]); n == 0 {
		return i + 1
	}
	b := t.Bytes
	start := max(0, i-encodedReach)
	for start < i && !utf8.RuneStart(b[start]) {
		start++
	}
	d.plain, d.plainAt = d.plain[:0], d.plainAt[:0]
	last, end := i, i
	for at := start; at < len(b) && at-i < encodedMax && at-last < encodedReach; {
		if text, n := code(b[at:]); n > 0 {
			for k := range len(text) {
				d.plain = append(d.plain, text[k])
				d.plainAt = append(d.plainAt, int32(at))
			}
			at += n
			last, end = at, at
			continue
		}
		d.plain = append(d.plain, b[at])
		d.plainAt = append(d.plainAt, int32(at))
		at++
	}
	d.encodedEnd = end
	if !matters(d.plain) {
		return end
	}
	d.inner(t, d.plain, d.plainAt, i, end)
	return end
}

// matters says that decoding gave something that a candidate could be in.
func matters(b []byte) bool {
	digits := 0
	for _, c := range b {
		if isDigit(c) {
			digits++
		}
		if c == '@' || c == 0xE0 || digits >= 5 {
			return true
		}
	}
	return false
}

// code reads one percent code or entity.
func code(b []byte) (text string, n int) {
	switch {
	case len(b) >= 3 && b[0] == '%' && isHex(b[1]) && isHex(b[2]):
		return string([]byte{unhex(b[1])<<4 | unhex(b[2])}), 3
	case len(b) >= 4 && b[0] == '&':
		for k := 2; k < len(b) && k < 12; k++ {
			if b[k] == ';' {
				raw := string(b[:k+1])
				if text := html.UnescapeString(raw); text != raw {
					return text, k + 1
				}
				return "", 0
			}
		}
	}
	return "", 0
}

func unhex(c byte) byte {
	if isDigit(c) {
		return c - '0'
	}
	return c | 0x20 - 'a' + 10
}

// base64Around looks at a long token round the digit at i, and when it is
// base64 of text looks through that text.
func (d *Detector) base64Around(t *Text, i int) {
	if d.deep || i < d.base64End {
		return
	}
	b := t.Bytes
	start, end := i, i
	for start > 0 && i-start < base64Max && isBase64(b[start-1]) {
		start--
	}
	for end < len(b) && end-start < base64Max && isBase64(b[end]) {
		end++
	}
	d.base64End = end
	n := end - start
	if n < base64Min || !mixedCase(b[start:min(end, start+128)]) {
		return
	}
	head := make([]byte, 48)
	h, err := decodeBase64(head, b[start:start+min(n, 64)/4*4])
	if err != nil || !isText(head[:h], n > 64) {
		return
	}
	whole := make([]byte, n)
	w, err := decodeBase64(whole, b[start:end])
	if err != nil || !matters(whole[:w]) {
		return
	}
	at := make([]int32, w)
	for k := range at {
		at[k] = int32(start + k/3*4)
	}
	d.inner(t, whole[:w], at, start, end)
}

func isBase64(c byte) bool {
	return isLatin(c) || isDigit(c) || c == '+' || c == '/' || c == '-' || c == '_'
}

func mixedCase(b []byte) bool {
	upper, lower := false, false
	for _, c := range b {
		upper = upper || c >= 'A' && c <= 'Z'
		lower = lower || c >= 'a' && c <= 'z'
	}
	return upper && lower
}

func decodeBase64(dst, src []byte) (int, error) {
	for _, c := range src {
		if c == '-' || c == '_' {
			return base64.RawURLEncoding.Decode(dst, src)
		}
	}
	return base64.RawStdEncoding.Decode(dst, src)
}

// isText says that b is printable UTF-8, but for a character that was cut.
func isText(b []byte, cut bool) bool {
	for len(b) > 0 {
		r, size := utf8.DecodeRune(b)
		if r == utf8.RuneError && size == 1 {
			return cut && len(b) < utf8.UTFMax
		}
		if r < ' ' && r != '\n' && r != '\r' && r != '\t' {
			return false
		}
		b = b[size:]
	}
	return true
}

// inner looks through decoded text with a detector of its own, so that nothing
// is decoded twice, and hands on what lies over the encoded piece.
func (d *Detector) inner(t *Text, plain []byte, at []int32, start, end int) {
	if d.nested == nil {
		d.nested = &Detector{lexicon: d.lexicon, headers: map[string]set{}, deep: true}
	}
	width := func(i int) int {
		if i >= len(at) {
			return end
		}
		return int(at[i])
	}
	d.nested.Find(&Text{Bytes: plain, Header: t.Header, Loose: t.Loose}, &mapped{d, width, start, end})
}

// mapped turns places in decoded text into places in the original.
type mapped struct {
	outer *Detector
	at    func(int) int
	// What lies outside the encoded piece was decoded for its words only.
	start, end int
}

func (m *mapped) Hit(h Hit) {
	h.Start, h.End = m.at(h.Start), max(m.at(h.End), m.at(h.End-1)+1)
	if h.Start < m.end && h.End > m.start {
		m.outer.add(h)
	}
}

func (m *mapped) Miss(x Miss) {
	x.Start, x.End = m.at(x.Start), m.at(x.End)
	if x.Start < m.end && x.End > m.start {
		m.outer.found.Miss(x)
	}
}
