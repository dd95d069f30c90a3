package simulator

import "fmt"

// encodeTIS620 turns text into the card's character set (TIS 620-2533, after
// ISO/IEC 8859-11): ASCII as it is, U+0E01–U+0E3A at A1–DA, U+0E3F–U+0E5B at DF–FB.
//
// It is arithmetic of its own and no library's table, so that a mistake in the
// reader's decoder meets a second opinion here.
func encodeTIS620(text string) ([]byte, error) {
	out := make([]byte, 0, len(text))
	place := 0
	for _, r := range text {
		switch {
		case r >= 0x20 && r <= 0x7E:
			out = append(out, byte(r))
		case r >= 0x0E01 && r <= 0x0E3A:
			out = append(out, byte(r-0x0E01)+0xA1)
		case r >= 0x0E3F && r <= 0x0E5B:
			out = append(out, byte(r-0x0E3F)+0xDF)
		default:
			return nil, fmt.Errorf("character %d has no place in TIS-620", place+1)
		}
		place++
	}
	return out, nil
}
