package audit

import (
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// Event is what a caller says has happened. It holds no secret and no person:
// internal ids, short words, pseudonyms.
type Event struct {
	Kind    Kind
	At      time.Time // zero: the moment of writing
	Actor   string    // internal id of a user, "os:<uid>", or empty for nobody known
	Subject string    // internal id, or pseudonym, of whom or what it is about
	Session string    // id of the session, never its token; may be empty
	// Attributes are the details. Names are [a-z][a-z0-9_]*.
	Attributes map[string]string
}

// longestText is how much of an actor, a subject or an attribute is kept, in
// bytes. Only entries about the log itself may need more ([MaxText]).
const longestText = 1024

// clean gives the text in the form that an entry may hold. What comes from
// outside (an origin, the name of a device) may be anything, and a hostile value
// must be cut and escaped, not make the act fail (agent-security §10).
func clean(s string, longest int) string {
	s = maskNumbers(strings.ToValidUTF8(s, "\uFFFD"))
	s = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) {
			return '\uFFFD'
		}
		return r
	}, s)
	if len(s) <= longest {
		return s
	}
	cut := longest
	for !utf8.RuneStart(s[cut]) {
		cut--
	}
	return s[:cut]
}

// maskedNumber stands in for what could be a citizen's number.
const maskedNumber = "[13 digits]"

// maskNumbers is the last line of defence of the rule that no citizen's number
// is ever in the log in clear: thirteen digits (Thai ones too) that stand alone,
// in one run or grouped as on the card, are masked. Longer words of letters and
// digits, as ids and hashes are, stay.
func maskNumbers(s string) string {
	var out strings.Builder
	copied := 0
	for i := 0; i < len(s); {
		_, size := utf8.DecodeRuneInString(s[i:])
		if begins(s, i) {
			if end := max(digitsAt(s, i, 13), digitsAt(s, i, 1, 4, 5, 2, 1)); end > 0 {
				out.WriteString(s[copied:i])
				out.WriteString(maskedNumber)
				copied, size = end, end-i
			}
		}
		i += size
	}
	if copied == 0 {
		return s
	}
	return out.String() + s[copied:]
}

// digitsAt finds groups of digits at i, of these lengths, with a dash or a space
// between them, and nothing that belongs to a longer word after them. It returns
// where they end; 0 if they aren't there.
func digitsAt(s string, i int, groups ...int) (end int) {
	for n, length := range groups {
		if n > 0 {
			if i == len(s) || s[i] != '-' && s[i] != ' ' {
				return 0
			}
			i++
		}
		for range length {
			r, size := utf8.DecodeRuneInString(s[i:])
			if !digit(r) {
				return 0
			}
			i += size
		}
	}
	if r, _ := utf8.DecodeRuneInString(s[i:]); wordly(r) {
		return 0
	}
	return i
}

// begins says that no word goes on at i.
func begins(s string, i int) bool {
	r, _ := utf8.DecodeLastRuneInString(s[:i])
	return !wordly(r)
}

// wordly says that a letter or digit belongs to the same word as a digit beside
// it. Thai letters don't: a number is often written right after a Thai word.
func wordly(r rune) bool {
	return digit(r) || r == '_' || r < utf8.RuneSelf && unicode.IsLetter(r)
}

func digit(r rune) bool { return r >= '0' && r <= '9' || r >= '๐' && r <= '๙' }
