package proofing

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"chipproof/proofing/thaiid"
)

// plain is a text without what people don't mean when they write it: spaces and
// invisible characters, capitals, Thai or full-width digits, and the two orders
// in which Thai marks that look alike are typed.
func plain(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return -1
		}
		return r
	}, spaced(s))
}

// spaced is plain with its spaces.
func spaced(s string) string {
	s = strings.Map(plainRune, norm.NFKC.String(s))
	return strings.ToLower(thaiMarks().Replace(s))
}

func plainRune(r rune) rune {
	switch {
	case r >= '๐' && r <= '๙':
		return '0' + r - '๐'
	case r >= '\u2010' && r <= '\u2015' || r == '\u2212': // hyphens, dashes, minus
		return '-'
	case unicode.IsSpace(r):
		return ' '
	case unicode.In(r, unicode.C):
		return -1
	}
	return r
}

// thaiMarks: NFKC takes ำ apart and leaves a tone mark before or behind the
// circle, as it was typed; and two เ look like one แ.
func thaiMarks() *strings.Replacer {
	return strings.NewReplacer(
		"\u0e4d\u0e48", "\u0e48\u0e4d", "\u0e4d\u0e49", "\u0e49\u0e4d", "\u0e4d\u0e4a", "\u0e4a\u0e4d", "\u0e4d\u0e4b", "\u0e4b\u0e4d",
		"\u0e40\u0e40", "\u0e41",
	)
}

// number is a number or code without the dashes between its groups.
func number(s string) string {
	return strings.ToUpper(strings.ReplaceAll(plain(s), "-", ""))
}

// comparePart compares a part of a name with the chip's, in either script.
func comparePart(claim, th, en string, noEnglish bool) agreement {
	return comparePlain(plain(claim), plain(th), plain(en), noEnglish)
}

// comparePlain: what the chip leaves empty it says nothing about, and so it does of
// a name in Latin letters where it has no English name. A claim of nothing agrees
// with nothing.
func comparePlain(claim, th, en string, noEnglish bool) agreement {
	switch {
	case th == "" && en == "":
		return unknown
	case claim != "" && (claim == th || claim == en):
		return agrees
	case noEnglish && latin(claim):
		return unknown
	}
	return differs
}

// compareMiddle: a card with a name and without a middle name does say something,
// which contradicts whoever claims one.
func compareMiddle(claim string, th, en thaiid.Name, noEnglish bool) agreement {
	result := comparePart(claim, th.Middle.Reveal(), en.Middle.Reveal(), noEnglish)
	if result == unknown && plain(claim) != "" && plain(th.First.Reveal()) != "" && !(noEnglish && latin(plain(claim))) {
		return differs
	}
	return result
}

// compareFirst also takes a first name with the holder's own title before it.
func compareFirst(claim string, th, en thaiid.Name, noEnglish bool) agreement {
	result := comparePart(claim, th.First.Reveal(), en.First.Reveal(), noEnglish)
	if result == agrees {
		return agrees
	}
	for _, name := range []thaiid.Name{th, en} {
		for _, title := range titleForms(name.Title.Reveal()) {
			if first := plain(name.First.Reveal()); first != "" && plain(claim) == title+first {
				return agrees
			}
		}
	}
	return result
}

func compareTitle(claim, th, en string, noEnglish bool) agreement {
	return comparePlain(shortTitle(claim), shortTitle(th), shortTitle(en), noEnglish)
}

// latin says that a text has letters and none of them is Thai.
func latin(s string) bool {
	return strings.ContainsFunc(s, unicode.IsLetter) && !strings.ContainsFunc(s, func(r rune) bool { return unicode.Is(unicode.Thai, r) })
}
