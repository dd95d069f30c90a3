package breach

import (
	"strings"
	"unicode"
)

// unveiled is a text as the scanner reads it best: digits of every script as ours,
// since they may have become Thai on the way into a notice, and nothing in it that
// nobody sees and that would tear a number apart.
func unveiled(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.Is(unicode.Nd, r):
			return digit(r)
		case unicode.In(r, unicode.Cf, unicode.Other_Default_Ignorable_Code_Point, unicode.Variation_Selector):
			return -1
		}
		return r
	}, s)
}

// digit is one of ours for one of any script. Unicode has them by tens, from zero on.
func digit(r rune) rune {
	for _, t := range unicode.Nd.R16 {
		if r >= rune(t.Lo) && r <= rune(t.Hi) {
			return '0' + (r-rune(t.Lo))%10
		}
	}
	for _, t := range unicode.Nd.R32 {
		if r >= rune(t.Lo) && r <= rune(t.Hi) {
			return '0' + (r-rune(t.Lo))%10
		}
	}
	return r
}

// joined is a text without what stands alone between two digits and is in no number
// as the scanner knows them: points, underscores, slashes, ends of lines.
func joined(s string) string {
	var out strings.Builder
	runes := []rune(s)
	isDigit := func(i int) bool { return i >= 0 && i < len(runes) && runes[i] >= '0' && runes[i] <= '9' }
	for i, r := range runes {
		if strings.ContainsRune("._/\n", r) && isDigit(i-1) && isDigit(i+1) {
			continue
		}
		out.WriteRune(r)
	}
	return out.String()
}

// fewest letters and digits of a text that names something.
const fewest = 4

// namesMore says that a text is more than a dash or a title: to take those out of a
// notice would take the numbers and names apart that it must not hold.
func namesMore(s string) bool {
	n := 0
	for _, r := range s {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			n++
		}
	}
	return n >= fewest
}
