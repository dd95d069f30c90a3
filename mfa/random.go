package mfa

import (
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"io"
)

func randomBytes(random io.Reader, n int) ([]byte, error) {
	b := make([]byte, n)
	if _, err := io.ReadFull(random, b); err != nil {
		return nil, fmt.Errorf("read random bytes: %w", err)
	}
	return b, nil
}

// newID is a random name of a row. It is no secret, but says nothing about the
// order of rows or how many there are.
func newID(random io.Reader) (string, error) {
	b, err := randomBytes(random, 16)
	if err != nil {
		return "", err
	}
	return hex.EncodeToString(b), nil
}

// lengthPrefixed joins parts so that no two lists of parts give the same bytes.
func lengthPrefixed(parts ...string) []byte {
	var b []byte
	for _, p := range parts {
		b = binary.BigEndian.AppendUint32(b, uint32(len(p)))
		b = append(b, p...)
	}
	return b
}
