package mfa

import (
	"encoding/base32"
	"fmt"
	"io"
	"log/slog"
)

// SecretBytes is the length of a TOTP key: 160 bits, what RFC 4226 §4 asks for
// with SHA-1, and above the 112 bits of NIST.
const SecretBytes = 20

// Secret is a TOTP key. It hides itself like [Hidden].
type Secret struct{ raw [SecretBytes]byte }

// NewSecret draws a key.
func NewSecret(random io.Reader) (Secret, error) {
	raw, err := randomBytes(random, SecretBytes)
	if err != nil {
		return Secret{}, err
	}
	return secretFrom(raw)
}

func secretFrom(raw []byte) (Secret, error) {
	if len(raw) != SecretBytes {
		return Secret{}, fmt.Errorf("take secret: %w: %d bytes", ErrKeyInvalid, len(raw))
	}
	return Secret{[SecretBytes]byte(raw)}, nil
}

// ParseSecret reads the base32 text that a person can type into an app.
// Error: [ErrKeyInvalid].
func ParseSecret(text string) (Secret, error) {
	raw, err := base32.StdEncoding.WithPadding(base32.NoPadding).DecodeString(text)
	if err != nil {
		return Secret{}, fmt.Errorf("parse secret: %w", ErrKeyInvalid)
	}
	return secretFrom(raw)
}

// Reveal is the key as base32 text.
func (s Secret) Reveal() string {
	return base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(s.raw[:])
}

// String, GoString, Format, LogValue and MarshalText all hide the key.
func (s Secret) String() string { return hiddenText }

// GoString hides the key from %#v.
func (s Secret) GoString() string { return hiddenText }

// Format hides the key from every verb.
func (s Secret) Format(f fmt.State, _ rune) { fmt.Fprint(f, hiddenText) }

// LogValue hides the key from structured logs.
func (s Secret) LogValue() slog.Value { return slog.StringValue(hiddenText) }

// MarshalText hides the key from encoders.
func (s Secret) MarshalText() ([]byte, error) { return []byte(hiddenText), nil }
