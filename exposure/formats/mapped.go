package formats

import (
	"html"
	"sort"
	"strconv"
	"unicode/utf16"
	"unicode/utf8"
)

// mapped is text that was put together from pieces of a stream, some of them
// decoded, and that knows where each byte came from.
type mapped struct {
	text []byte
	segs []segment
}

// segment begins at a byte of the text and at a decoded position of the stream.
// Within it both go on alike, unless it is one decoded character.
type segment struct {
	from  int
	at    int64
	fixed bool
}

func (m *mapped) reset() { m.text, m.segs = m.text[:0], m.segs[:0] }

// plain appends text as it stands in the stream at a position.
func (m *mapped) plain(text []byte, at int64) {
	if len(text) == 0 {
		return
	}
	if n := len(m.segs); n == 0 || m.segs[n-1].fixed || m.segs[n-1].at+int64(len(m.text)-m.segs[n-1].from) != at {
		m.segs = append(m.segs, segment{len(m.text), at, false})
	}
	m.text = append(m.text, text...)
}

// char appends what a code at a position stands for.
func (m *mapped) char(text string, at int64) {
	m.segs = append(m.segs, segment{len(m.text), at, true})
	m.text = append(m.text, text...)
}

// place is the decoded position of byte i of the text.
func (m *mapped) place(i int) int64 {
	k := sort.Search(len(m.segs), func(k int) bool { return m.segs[k].from > i }) - 1
	if k < 0 {
		return 0
	}
	if m.segs[k].fixed {
		return m.segs[k].at
	}
	return m.segs[k].at + int64(i-m.segs[k].from)
}

// entities appends raw with its HTML or XML entities decoded.
func (m *mapped) entities(raw []byte, at int64) {
	from := 0
	for i := 0; i < len(raw); i++ {
		if raw[i] != '&' {
			continue
		}
		end := i + 1
		for end < len(raw) && end-i < 32 && raw[end] != ';' && raw[end] != '&' && raw[end] > ' ' {
			end++
		}
		if end >= len(raw) || raw[end] != ';' {
			continue
		}
		code := string(raw[i : end+1])
		if text := html.UnescapeString(code); text != code {
			m.plain(raw[from:i], at+int64(from))
			m.char(text, at+int64(i))
			from, i = end+1, end
		}
	}
	m.plain(raw[from:], at+int64(from))
}

// quoted appends what stands between the quotes of a JSON string.
func (m *mapped) quoted(raw []byte, at int64) {
	from := 0
	for i := 0; i < len(raw); i++ {
		if raw[i] != '\\' || i+1 >= len(raw) {
			continue
		}
		text, n := unescape(raw[i:])
		m.plain(raw[from:i], at+int64(from))
		m.char(text, at+int64(i))
		i += n - 1
		from = i + 1
	}
	if from < len(raw) {
		m.plain(raw[from:], at+int64(from))
	}
}

// unescape reads one escape of a JSON string (RFC 8259 §7).
func unescape(b []byte) (text string, n int) {
	switch b[1] {
	case 'n':
		return "\n", 2
	case 't':
		return "\t", 2
	case 'r':
		return "\r", 2
	case 'b', 'f':
		return " ", 2
	case 'u':
		r, ok := hex4(b[2:])
		if !ok {
			return "\\", 1
		}
		if utf16.IsSurrogate(r) && len(b) >= 12 && b[6] == '\\' && b[7] == 'u' {
			if r2, ok := hex4(b[8:]); ok {
				if full := utf16.DecodeRune(r, r2); full != utf8.RuneError {
					return string(full), 12
				}
			}
		}
		return string(r), 6
	}
	return string(b[1:2]), 2
}

func hex4(b []byte) (rune, bool) {
	if len(b) < 4 {
		return 0, false
	}
	v, err := strconv.ParseUint(string(b[:4]), 16, 16)
	return rune(v), err == nil
}
