package mfa

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"io"
	"log/slog"
)

const hiddenText = "[hidden]"

// Hidden is a secret that a person typed or is about to be shown: a password,
// a code, a grant, a CSRF value. It prints as a fixed word, so that no log,
// error or dump of a struct can hold it by accident. The value is behind a
// pointer because package fmt calls no method of an unexported field: there it
// prints an address.
type Hidden struct{ value *string }

// Hide wraps a clear value.
func Hide(value string) Hidden { return Hidden{&value} }

// Reveal is the clear value.
func (h Hidden) Reveal() string {
	if h.value == nil {
		return ""
	}
	return *h.value
}

// String, GoString, Format, LogValue and MarshalText all hide the value.
func (h Hidden) String() string { return hiddenText }

// GoString hides the value from %#v.
func (h Hidden) GoString() string { return hiddenText }

// Format hides the value from every verb, %x and %d included.
func (h Hidden) Format(s fmt.State, _ rune) { fmt.Fprint(s, hiddenText) }

// LogValue hides the value from structured logs.
func (h Hidden) LogValue() slog.Value { return slog.StringValue(hiddenText) }

// MarshalText hides the value from encoders; an API that must hand it out
// calls [Hidden.Reveal].
func (h Hidden) MarshalText() ([]byte, error) { return []byte(hiddenText), nil }

func (h Hidden) empty() bool { return h.Reveal() == "" }

// Token is what the cookie of a session holds: 256 random bits. Only its hash
// is stored.
type Token struct{ Hidden }

// TokenFrom takes the value of a cookie. One that was never handed out leads to
// no session.
func TokenFrom(cookie string) Token { return Token{Hide(cookie)} }

func (t Token) hash() []byte { return hashSecret("session token", t.Reveal()) }

const tokenBytes = 32

func newToken(random io.Reader) (Token, error) {
	raw, err := randomBytes(random, tokenBytes)
	if err != nil {
		return Token{}, err
	}
	return TokenFrom(base64.RawURLEncoding.EncodeToString(raw)), nil
}

// hashSecret is the stored form of a random secret of 64 bits and more. The
// kind goes in, so that the hash of one kind is never that of another.
func hashSecret(kind string, parts ...string) []byte {
	h := sha256.New()
	h.Write(lengthPrefixed(append([]string{"chipproof " + kind + " v1"}, parts...)...))
	return h.Sum(nil)
}

func equalSecret(a, b string) bool {
	return subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1
}
