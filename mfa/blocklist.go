package mfa

import (
	_ "embed" // the lists are files, so that a reviewer can read them
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// common.txt comes from the frequency list of zxcvbn (MIT, see the licence
// beside it): all its passwords of eight characters and more, and the first
// thousands of the shorter ones, which are tried with a year behind them.
var (
	//go:embed blocklist/common.txt
	commonList string
	//go:embed blocklist/thai.txt
	thaiList string
	//go:embed blocklist/places.txt
	placeList string
)

// blocklist knows the passwords that are tried first, as skeletons.
type blocklist struct {
	words  map[string]PasswordReason
	agency []string
}

// newBlocklist reads the embedded lists; agency are the names that the agency
// goes by, in any language.
func newBlocklist(agency []string) *blocklist {
	b := &blocklist{words: make(map[string]PasswordReason, 20_000)}
	b.add(commonList, PasswordCommon)
	b.add(thaiList, PasswordCommon)
	b.add(placeList, PasswordPlace)
	for _, name := range agency {
		if s := skeleton(name); utf8.RuneCountInString(s) >= 2 {
			b.agency = append(b.agency, s)
		}
	}
	return b
}

func (b *blocklist) add(list string, reason PasswordReason) {
	for line := range strings.Lines(list) {
		if strings.HasPrefix(line, "# ") {
			continue
		}
		if word := skeleton(strings.TrimSpace(line)); word != "" {
			b.words[word] = reason
		}
	}
}

// find gives the reason to refuse a password, or none. The password is judged
// as a whole, in the disguises that people put on one word: other keyboard
// layout, look-alike signs, a few digits or signs around it, the word twice.
// A password that merely has such a word in it is let through.
func (b *blocklist) find(password, userName string) PasswordReason {
	if isPersonalNumber(password) {
		return PasswordNumber
	}
	if isPattern(skeleton(password)) {
		return PasswordPattern
	}
	own := skeleton(userName)
	for _, form := range disguises(password) {
		for _, word := range []string{skeleton(form), plain(form)} {
			if reason := b.reason(word, own); reason != "" {
				return reason
			}
			if half := word[:len(word)/2]; half+half == word {
				if reason := b.reason(half, own); reason != "" {
					return reason
				}
			}
		}
	}
	return ""
}

func (b *blocklist) reason(word, own string) PasswordReason {
	if own != "" && word == own {
		return PasswordUserName
	}
	for _, name := range b.agency {
		if word == name {
			return PasswordAgency
		}
	}
	return b.words[word]
}

// maxAround is how many digits and signs before or behind a word are taken for
// its decoration: a year with a sign.
const maxAround = 5

// disguises are the words that a password may stand for: without decoration,
// and read as if typed on the other layout. Layouts are undone before case is,
// because Shift chooses the Thai letter.
func disguises(password string) []string {
	runes := []rune(password)
	var forms []string
	for before := 0; before <= maxAround && before < len(runes); before++ {
		if before > 0 && !isDecoration(runes[before-1]) {
			break
		}
		for behind := 0; behind <= maxAround && before+behind < len(runes); behind++ {
			if behind > 0 && !isDecoration(runes[len(runes)-behind]) {
				break
			}
			core := string(runes[before : len(runes)-behind])
			forms = append(forms, core, toThaiLayout(core), toEnglishLayout(core))
		}
	}
	return forms
}

func isDecoration(r rune) bool {
	return unicode.IsDigit(r) || unicode.IsPunct(r) || unicode.IsSymbol(r) || unicode.IsSpace(r)
}

// skeleton is the form in which words are compared: NFKC, lower case, without
// the signs that people put between words.
func skeleton(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || strings.ContainsRune("-_.'", r) {
			return -1
		}
		return r
	}, strings.ToLower(norm.NFKC.String(s)))
}

// plain undoes the signs that stand in for letters: p@ssw0rd.
func plain(s string) string {
	return skeleton(lookAlikes.Replace(strings.ToLower(s)))
}

var lookAlikes = strings.NewReplacer(
	"@", "a", "4", "a", "3", "e", "1", "i", "!", "i", "0", "o", "$", "s", "5", "s", "7", "t", "+", "t", "8", "b",
)
