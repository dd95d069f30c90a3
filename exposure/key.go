package exposure

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"io"

	"chipproof/exposure/detect"
)

// ErrKeyInvalid: what should be a fingerprint key is none.
var ErrKeyInvalid = errors.New("fingerprint key invalid")

const keySize = 32

// Key makes fingerprints. It is one agency's own: with it, anyone could try out
// all citizen numbers against a report. It hides itself.
type Key struct{ detect.Value }

// NewKey makes a random key.
func NewKey(random io.Reader) (Key, error) {
	raw := make([]byte, keySize)
	if _, err := io.ReadFull(random, raw); err != nil {
		return Key{}, fmt.Errorf("make fingerprint key: %w", err)
	}
	return Key{detect.NewValue(string(raw))}, nil
}

// ParseKey reads what [Key.Text] gave. Error: [ErrKeyInvalid].
func ParseKey(text string) (Key, error) {
	raw, err := base64.RawURLEncoding.Strict().DecodeString(text)
	if err != nil || len(raw) != keySize || base64.RawURLEncoding.EncodeToString(raw) != text { // the decoder passes over line ends
		return Key{}, fmt.Errorf("parse fingerprint key: %w", ErrKeyInvalid)
	}
	return Key{detect.NewValue(string(raw))}, nil
}

// Text is the key for the file in which it is kept, mode 0600.
func (k Key) Text() string { return base64.RawURLEncoding.EncodeToString([]byte(k.Reveal())) }

// fingerprintSize is how much of the HMAC is kept: 128 bits.
const fingerprintSize = 16

// Fingerprint is the same for the same value in every scan under this key, and
// tells nothing to whoever lacks it.
func (k Key) Fingerprint(c Class, v detect.Value) string { return k.sum(string(c), v.Reveal()) }

// TargetID is the same for the same target, whose name may itself be masked in
// reports.
func (k Key) TargetID(target string) string { return k.sum("target", target) }

func (k Key) sum(kind, value string) string {
	mac := hmac.New(sha256.New, []byte(k.Reveal()))
	io.WriteString(mac, kind+"\x00"+value)
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil)[:fingerprintSize])
}
