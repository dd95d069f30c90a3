package proof

import (
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
)

// NewID makes a jti: 128 random bits in base64url, 22 characters.
func NewID() string { return random(16) }

// NewNonce makes a nonce as a relying party's backend needs one at each click: 256
// random bits in base64url, 43 characters. Keep it in that browser's session, for
// at most 15 minutes.
func NewNonce() string { return random(32) }

func random(n int) string {
	b := make([]byte, n)
	rand.Read(b) // never fails: it ends the program first
	return base64.RawURLEncoding.EncodeToString(b)
}

// The lengths of proof §2 and §11, in characters.
const (
	lengthID                    = 22
	shortestNonce, longestNonce = 43, 255
)

// checkIDs checks the shape of a token's two random values. An empty nonce would
// equal that of a session that has none.
func checkIDs(jti, nonce string) error {
	if len(jti) != lengthID || !isBase64URL(jti) {
		return fmt.Errorf("jti is not %d characters of base64url", lengthID)
	}
	if len(nonce) < shortestNonce || len(nonce) > longestNonce || !isBase64URL(nonce) {
		return fmt.Errorf("nonce is not %d to %d characters of base64url", shortestNonce, longestNonce)
	}
	return nil
}

func isBase64URL(text string) bool {
	for _, c := range []byte(text) {
		switch {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9', c == '-', c == '_':
		default:
			return false
		}
	}
	return true
}

// latest bounds times in seconds: eleven digits, where milliseconds have
// thirteen. It also keeps sums far from overflowing.
const latest = 99_999_999_999

// checkSeconds refuses what is no time of this project in whole seconds.
func checkSeconds(times ...int64) error {
	for _, t := range times {
		if t <= 0 || t > latest {
			return errors.New("a time is not in seconds since 1970")
		}
	}
	return nil
}
