package issuer

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

const (
	// maxDesc is how much of the issuer's words is kept, in characters.
	maxDesc = 200
	// masked stands for what could name a person.
	masked = "…"
)

var (
	// 5 digits could be a part of a number; dates and codes are shorter.
	digitRun = regexp.MustCompile(`[0-9๐-๙]{5,}`)
	// A number as people write it, with dashes or spaces: 9 digits or more, so
	// that 12-05-2567 stays a date.
	writtenNumber = regexp.MustCompile(`[0-9๐-๙](?:[ -]?[0-9๐-๙]){8,}`)
)

// words makes the issuer's words fit to be shown and kept: one line of at most
// [maxDesc] characters that are there to be seen, without what was asked, without
// what else is known of the holder, and without what looks like a number of a
// person. Rather too much is masked than too little: the code says the same.
func words(desc string, asked question) string {
	var b strings.Builder
	for _, r := range desc {
		switch {
		case r == utf8.RuneError:
		case unicode.IsSpace(r):
			b.WriteRune(' ')
		case unicode.IsGraphic(r): // neither controls nor bidirectional formatting
			b.WriteRune(r)
		}
	}
	s := thaiSpelling().Replace(strings.Join(strings.Fields(b.String()), " "))
	for _, f := range asked.fields {
		if value := strings.TrimSpace(f.value); value != "" {
			s = textPattern(value).mask(s)
		}
	}
	for _, p := range known(asked.holder) {
		s = p.mask(s)
	}
	s = writtenNumber.ReplaceAllString(s, masked)
	s = digitRun.ReplaceAllString(s, masked)
	if runes := []rune(s); len(runes) > maxDesc {
		s = string(runes[:maxDesc-1]) + "…"
	}
	return s
}

// thaiSpelling puts what looks alike into the one form in which a card has it: a
// ำ that was typed as two signs, a tone mark before or behind the first of them,
// and two เ for one แ.
func thaiSpelling() *strings.Replacer {
	return strings.NewReplacer(
		"\u0e40\u0e40", "\u0e41", "\u0e4d\u0e32", "\u0e33",
		"\u0e48\u0e4d\u0e32", "\u0e48\u0e33", "\u0e49\u0e4d\u0e32", "\u0e49\u0e33", "\u0e4a\u0e4d\u0e32", "\u0e4a\u0e33", "\u0e4b\u0e4d\u0e32", "\u0e4b\u0e33",
		"\u0e4d\u0e48\u0e32", "\u0e48\u0e33", "\u0e4d\u0e49\u0e32", "\u0e49\u0e33", "\u0e4d\u0e4a\u0e32", "\u0e4a\u0e33", "\u0e4d\u0e4b\u0e32", "\u0e4b\u0e33",
	)
}
