package detect

import (
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// normal is a window made plain for matching: NFC, lower case, one space for
// every kind of space, underscore or dash, zero-width characters gone, a space
// at each border of camelCase (assurance §4.2). at holds for every byte where
// it stands in the window's original.
type normal struct {
	text []byte
	at   []int32
	nfc  []byte
}

// of normalises b. Its results live until the next call.
func (n *normal) of(b []byte) {
	n.text, n.at = n.text[:0], n.at[:0]
	for i := 0; i < len(b); {
		c := b[i]
		if c < utf8.RuneSelf {
			n.ascii(b, i, c)
			i++
			continue
		}
		r, size := utf8.DecodeRune(b[i:])
		switch {
		case isZeroWidth(r):
		case isSpace(r) || isDash(r):
			n.put(' ', i)
		case r == utf8.RuneError && size == 1:
			n.put(c, i)
		default:
			if d, ok := thaiDigit(r); ok {
				n.put(d, i)
				break
			}
			n.runes(b, i, size)
		}
		i += size
	}
}

func (n *normal) ascii(b []byte, i int, c byte) {
	switch {
	case c >= 'A' && c <= 'Z':
		if i > 0 && b[i-1] >= 'a' && b[i-1] <= 'z' {
			n.put(' ', i)
		}
		n.put(c|0x20, i)
	case c == '_' || c == '-' || c == '\t' || c == '\n' || c == '\r':
		n.put(' ', i)
	default:
		n.put(c, i)
	}
}

// runes puts one character, in the order that NFC gives it among the marks
// before it: Thai vowels below and tone marks are typed in either order.
func (n *normal) runes(b []byte, i, size int) {
	for _, c := range b[i : i+size] {
		n.put(c, i)
	}
	if len(n.text) < 6 || size != 3 || !isMark(b[i:i+3]) || !isMark(n.text[len(n.text)-6:]) {
		return
	}
	pair := n.text[len(n.text)-6:]
	if !norm.NFC.IsNormal(pair) {
		n.nfc = norm.NFC.Append(n.nfc[:0], pair...)
		if len(n.nfc) == len(pair) {
			copy(pair, n.nfc)
		}
	}
}

func (n *normal) put(c byte, at int) {
	if c == ' ' && len(n.text) > 0 && n.text[len(n.text)-1] == ' ' {
		return
	}
	n.text = append(n.text, c)
	n.at = append(n.at, int32(at))
}

// isMark says that b begins with a Thai mark whose place among others NFC
// fixes: U+0E38 to U+0E3A, U+0E48 to U+0E4B.
func isMark(b []byte) bool {
	return b[0] == 0xE0 && (b[1] == 0xB8 && b[2] >= 0xB8 && b[2] <= 0xBA || b[1] == 0xB9 && b[2] >= 0x88 && b[2] <= 0x8B)
}

func isZeroWidth(r rune) bool {
	switch r {
	case 0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF, 0x00AD, 0x200E, 0x200F:
		return true
	}
	return false
}

func isSpace(r rune) bool {
	return r == 0x00A0 || r >= 0x2000 && r <= 0x200A || r == 0x202F || r == 0x205F || r == 0x3000
}

func isDash(r rune) bool {
	return r >= 0x2010 && r <= 0x2015 || r == 0x2212 || r == 0xFE63 || r == 0xFF0D
}

// thaiDigit is the ASCII digit of ๐ to ๙, and of the full-width digits that some
// input methods give.
func thaiDigit(r rune) (byte, bool) {
	switch {
	case r >= '๐' && r <= '๙':
		return byte(r-'๐') + '0', true
	case r >= 0xFF10 && r <= 0xFF19:
		return byte(r-0xFF10) + '0', true
	}
	return 0, false
}

func isThaiLetter(r rune) bool { return r >= 0x0E01 && r <= 0x0E4E && r != 0x0E3F }
