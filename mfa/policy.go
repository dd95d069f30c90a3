package mfa

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Length of a password in code points after NFKC. Eight is NIST's floor beside
// a second factor, and none of our logins goes without one; 64 must be taken,
// and 256 keep a refusal cheap (mfa §1).
const (
	PasswordMin = 8
	PasswordMax = 256
)

// passwordMaxBytes bounds what is normalised at all: one code point of UTF-8
// has four bytes at most.
const passwordMaxBytes = 4 * PasswordMax

// PasswordReason says why a new password is refused. A page has a sentence for
// each.
type PasswordReason string

// The reasons, in the order in which they are looked for.
const (
	PasswordMalformed PasswordReason = "malformed"   // not UTF-8, or with control characters
	PasswordTooShort  PasswordReason = "too_short"   // below [PasswordMin]
	PasswordTooLong   PasswordReason = "too_long"    // above [PasswordMax]
	PasswordUserName  PasswordReason = "user_name"   // one's own login name
	PasswordAgency    PasswordReason = "agency_name" // the agency's own name
	PasswordNumber    PasswordReason = "number"      // a date, a telephone or a citizen number
	PasswordPattern   PasswordReason = "pattern"     // one run over the keyboard or alphabet, or a repetition
	PasswordPlace     PasswordReason = "place_name"  // a province, district or town
	PasswordCommon    PasswordReason = "common"      // what everybody tries first
	PasswordUnchanged PasswordReason = "unchanged"   // the one in force
)

// PasswordReasons are all there are, so that a test can demand a sentence for
// each.
func PasswordReasons() []PasswordReason {
	return []PasswordReason{
		PasswordMalformed, PasswordTooShort, PasswordTooLong, PasswordUserName, PasswordAgency,
		PasswordNumber, PasswordPattern, PasswordPlace, PasswordCommon, PasswordUnchanged,
	}
}

// normalPassword is the one form in which a password is hashed and compared:
// NFKC, whole, never cut (NIST SP 800-63B-4 §3.1.1.2). So the Thai vowel am is
// the same password whether a keyboard sends it as one code point or as two.
func normalPassword(typed string) (string, bool) {
	if len(typed) > passwordMaxBytes || !utf8.ValidString(typed) {
		return "", false
	}
	return norm.NFKC.String(typed), true
}

// checkPassword judges a new password as a whole. There are no composition
// rules. The error is an [ErrPasswordRefused].
func (b *blocklist) checkPassword(typed Hidden, userName string) error {
	password, ok := normalPassword(typed.Reveal())
	switch n := utf8.RuneCountInString(password); {
	case !ok && utf8.ValidString(typed.Reveal()):
		return ErrPasswordRefused{PasswordTooLong}
	case !ok || strings.ContainsFunc(password, unicode.IsControl):
		return ErrPasswordRefused{PasswordMalformed}
	case n < PasswordMin:
		return ErrPasswordRefused{PasswordTooShort}
	case n > PasswordMax:
		return ErrPasswordRefused{PasswordTooLong}
	}
	if reason := b.find(password, userName); reason != "" {
		return ErrPasswordRefused{reason}
	}
	return nil
}
