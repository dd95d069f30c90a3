package audit

import (
	"crypto/sha256"
	"fmt"
	"io"

	"golang.org/x/mod/sumdb/tlog"
)

// SaltBytes is the length of an entry's salt. 128 random bits hide a payload
// that could be guessed, once both are erased.
const SaltBytes = 16

// NewSalt draws the salt of one entry.
func NewSalt(random io.Reader) ([]byte, error) {
	salt := make([]byte, SaltBytes)
	if _, err := io.ReadFull(random, salt); err != nil {
		return nil, fmt.Errorf("draw salt: %w", err)
	}
	return salt, nil
}

// Leaf is the hash of an entry in the tree: the record hash of RFC 6962 §2.1
// over salt ‖ SHA-256(payload). Salt and payload can be erased: the leaf stays,
// so every proof holds, and without the salt it says nothing about the payload.
func Leaf(salt, payload []byte) tlog.Hash {
	var record [SaltBytes + sha256.Size]byte
	copy(record[:], salt)
	sum := sha256.Sum256(payload)
	copy(record[SaltBytes:], sum[:])
	return tlog.RecordHash(record[:])
}
