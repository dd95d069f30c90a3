package mfa

import (
	"encoding/base32"
	"io"
	"strings"
)

// Codes that a person types from paper: Crockford's base32, which has no I, L,
// O or U to misread, in groups of four. The two kinds differ in length, so a
// page with one field can tell them apart by [KindOfCode].
const (
	backupCodeChars    = 16 // 80 bits; NIST asks for 64
	emergencyCodeChars = 20 // 100 bits
	codeGroup          = 4
)

// BackupCodeCount is how many codes a set has.
const BackupCodeCount = 10

var crockford = base32.NewEncoding("0123456789ABCDEFGHJKMNPQRSTVWXYZ").WithPadding(base32.NoPadding)

func newCode(random io.Reader, chars int) (string, error) {
	raw, err := randomBytes(random, (chars*5+7)/8)
	if err != nil {
		return "", err
	}
	text := crockford.EncodeToString(raw)[:chars]
	var groups []string
	for ; text != ""; text = text[codeGroup:] {
		groups = append(groups, text[:codeGroup])
	}
	return strings.Join(groups, "-"), nil
}

// canonicalCode brings a typed code into its one form: capitals, no hyphens or
// spaces, and Crockford's readings of I, L and O. Each code has one such form,
// and that form is what is hashed and struck off, so a code typed differently
// is still the same code.
func canonicalCode(typed string, chars int) (string, bool) {
	if len(typed) > 4*chars {
		return "", false
	}
	code := codeFold.Replace(strings.ToUpper(typed))
	if len(code) != chars {
		return "", false
	}
	for _, c := range []byte(code) {
		if !strings.Contains("0123456789ABCDEFGHJKMNPQRSTVWXYZ", string(c)) {
			return "", false
		}
	}
	return code, true
}

var codeFold = strings.NewReplacer("-", "", " ", "", "O", "0", "I", "1", "L", "1")

// KindOfCode says by its form alone which factor a typed code can be: TOTP,
// backup code, emergency code, or none (the empty method).
func KindOfCode(typed Hidden) Method {
	if sixDigits(typed.Reveal()) {
		return MethodTOTP
	}
	if _, ok := canonicalCode(typed.Reveal(), backupCodeChars); ok {
		return MethodBackupCode
	}
	if _, ok := canonicalCode(typed.Reveal(), emergencyCodeChars); ok {
		return MethodEmergencyCode
	}
	return ""
}

// A backup code's hash holds its owner, so that another user's code is simply
// an unknown one (mfa §10, 16).
func backupCodeHash(user, typed string) ([]byte, bool) {
	code, ok := canonicalCode(typed, backupCodeChars)
	return hashSecret("backup code", user, code), ok
}

func emergencyCodeHash(typed string) ([]byte, bool) {
	code, ok := canonicalCode(typed, emergencyCodeChars)
	return hashSecret("emergency code", code), ok
}
