package formats

import (
	"bytes"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
)

// encoding is how the bytes of a text file stand for characters.
type encoding uint8

const (
	undecided encoding = iota // ASCII so far
	utf8Text
	utf16LE
	utf16BE
	cp874 // Windows-874, of which TIS-620 is a part
)

// sniffMarks looks at the beginning of a file for a byte order mark, or for the
// pattern that UTF-16 of Thai or English has without one.
func sniffMarks(head []byte) (enc encoding, mark int) {
	switch {
	case bytes.HasPrefix(head, []byte{0xEF, 0xBB, 0xBF}):
		return utf8Text, 3
	case bytes.HasPrefix(head, []byte{0xFF, 0xFE}):
		return utf16LE, 2
	case bytes.HasPrefix(head, []byte{0xFE, 0xFF}):
		return utf16BE, 2
	}
	pairs := min(len(head), 4096) / 2
	if pairs < 4 {
		return undecided, 0
	}
	high := [2]int{} // bytes that are the high half of Latin or Thai
	for i := range pairs * 2 {
		if head[i] == 0x00 || head[i] == 0x0E {
			high[i%2]++
		}
	}
	switch {
	case high[1]*10 >= pairs*9 && high[0]*10 < pairs:
		return utf16LE, 0
	case high[0]*10 >= pairs*9 && high[1]*10 < pairs:
		return utf16BE, 0
	}
	return undecided, 0
}

// decide looks at the first block that is not ASCII.
func decide(block []byte) encoding {
	ascii := true
	for _, c := range block {
		if c >= utf8.RuneSelf {
			ascii = false
			break
		}
	}
	switch {
	case ascii:
		return undecided
	case utf8.Valid(withoutTail(block)):
		return utf8Text
	}
	// Not UTF-8. Mostly Thai bytes means CP874; anything else is left as it is.
	thai, high := 0, 0
	for _, c := range block {
		if c >= utf8.RuneSelf {
			high++
			if c >= 0xA1 && c <= 0xDA || c >= 0xDF && c <= 0xFB {
				thai++
			}
		}
	}
	// One wrong byte in a UTF-8 file doesn't make it CP874: there, a third of
	// the bytes are lead bytes E0, each with two behind it.
	if bytes.Count(block, []byte{0xE0, 0xB8})*9 > high*2 {
		return utf8Text
	}
	if thai*10 >= high*9 {
		return cp874
	}
	return utf8Text
}

// withoutTail is b without a character that is cut at its end.
func withoutTail(b []byte) []byte {
	for back := 1; back < utf8.UTFMax && back <= len(b); back++ {
		c := b[len(b)-back]
		if utf8.RuneStart(c) {
			if !utf8.FullRune(b[len(b)-back:]) {
				return b[:len(b)-back]
			}
			return b
		}
	}
	return b
}

// decode appends raw as UTF-8 and says how many bytes of raw it took.
func (e encoding) decode(dst, raw []byte, last bool) ([]byte, int) {
	switch e {
	case utf16LE, utf16BE:
		return e.decode16(dst, raw, last)
	case cp874:
		for _, c := range raw {
			if c < utf8.RuneSelf {
				dst = append(dst, c)
			} else {
				dst = utf8.AppendRune(dst, charmap.Windows874.DecodeByte(c))
			}
		}
		return dst, len(raw)
	}
	if !last {
		raw = withoutTail(raw)
	}
	return append(dst, raw...), len(raw)
}

func (e encoding) decode16(dst, raw []byte, last bool) ([]byte, int) {
	unit := func(i int) rune {
		if e == utf16LE {
			return rune(raw[i]) | rune(raw[i+1])<<8
		}
		return rune(raw[i])<<8 | rune(raw[i+1])
	}
	i := 0
	for i+1 < len(raw) {
		r := unit(i)
		if utf16.IsSurrogate(r) {
			if i+3 >= len(raw) && !last {
				break
			}
			r2 := utf8.RuneError
			if i+3 < len(raw) {
				r2 = utf16.DecodeRune(r, unit(i+2))
			}
			if r2 != utf8.RuneError {
				dst = utf8.AppendRune(dst, r2)
				i += 4
				continue
			}
			r = utf8.RuneError
		}
		dst = utf8.AppendRune(dst, r)
		i += 2
	}
	if last && i < len(raw) {
		i = len(raw) // half a character at the end
	}
	return dst, i
}

// rawLength is how many bytes of the file this decoded text was.
func (e encoding) rawLength(text []byte) int64 {
	switch e {
	case utf16LE, utf16BE:
		n := int64(0)
		for len(text) > 0 {
			r, size := utf8.DecodeRune(text)
			if n += 2; r > 0xFFFF {
				n += 2
			}
			text = text[size:]
		}
		return n
	case cp874:
		return int64(utf8.RuneCount(text))
	}
	return int64(len(text))
}
