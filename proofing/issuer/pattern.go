package issuer

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

const (
	// sure is the length from which a value is masked wherever it stands, in
	// characters: every sentence holds some short name by chance.
	sure = 4
	// sureNumber is the same where a value begins or ends with a digit: short
	// numbers are parts of others.
	sureNumber = 8
)

// pattern finds a value in the issuer's words. It holds personal data and is never
// printed.
type pattern struct {
	form *regexp.Regexp
	// before and after say what may not stand at either end.
	before, after edge
}

// edge is what an end of a value can't touch without being a part of something
// else.
type edge int

const (
	free   edge = iota
	word        // no letter and no digit
	number      // no digit, nor what joins digits to a date or a house number
)

func newPattern(form string, before, after edge) pattern {
	return pattern{regexp.MustCompile("(?i)" + form), before, after}
}

// textPattern finds a value in capitals and small letters alike, since a chip
// number may come back either way, with Thai digits or others, and whatever
// spaces it has.
func textPattern(value string) pattern {
	var form strings.Builder
	for i, part := range strings.Fields(value) {
		if i > 0 {
			form.WriteString(`\s*`)
		}
		form.WriteString(digits(regexp.QuoteMeta(part)))
	}
	first, _ := utf8.DecodeRuneInString(value)
	last, _ := utf8.DecodeLastRuneInString(value)
	length := utf8.RuneCountInString(value)
	return newPattern(form.String(), edgeOf(first, length), edgeOf(last, length))
}

func edgeOf(r rune, length int) edge {
	switch {
	case unicode.IsDigit(r) && length < sureNumber:
		return number
	case !unicode.IsDigit(r) && length < sure:
		return word
	}
	return free
}

// digits lets each digit of a form stand for the Thai one too.
func digits(form string) string {
	var out strings.Builder
	for _, r := range form {
		if r >= '0' && r <= '9' {
			out.WriteString("[" + string(r) + string('๐'+r-'0') + "]")
		} else {
			out.WriteRune(r)
		}
	}
	return out.String()
}

// mask masks what the pattern finds in s.
func (p pattern) mask(s string) string {
	var b strings.Builder
	at := 0
	for at < len(s) {
		found := p.form.FindStringIndex(s[at:])
		if found == nil || found[0] == found[1] {
			break
		}
		from, to := at+found[0], at+found[1]
		before, _ := utf8.DecodeLastRuneInString(s[:from])
		after, _ := utf8.DecodeRuneInString(s[to:])
		if p.before.touches(before) || p.after.touches(after) {
			_, size := utf8.DecodeRuneInString(s[from:])
			b.WriteString(s[at : from+size])
			at = from + size
			continue
		}
		b.WriteString(s[at:from] + masked)
		at = to
	}
	return b.String() + s[at:]
}

func (e edge) touches(r rune) bool {
	switch {
	case e == free || r == utf8.RuneError:
		return false
	case e == word:
		return unicode.IsLetter(r) || unicode.IsMark(r) || unicode.IsDigit(r)
	}
	return unicode.IsDigit(r) || strings.ContainsRune("/-", r)
}
