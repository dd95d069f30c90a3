package mfa

import (
	"crypto/aes"
	"crypto/cipher"
	"fmt"
	"io"
)

// Place is where a sealed value stands. It is bound to it: copied to another
// row, column or table it doesn't open (mfa §3).
type Place struct{ Table, Column, Row string }

// A sealed value is: version, length of the key id, key id, nonce, ciphertext
// with tag. The whole head is authenticated together with the place.
const (
	sealVersion = 1
	nonceBytes  = 12
)

// Seal encrypts a secret for one place under the current key: AES-256-GCM with
// a random nonce, under a key of its own for each table and column.
func (k *Keyring) Seal(random io.Reader, at Place, secret []byte) ([]byte, error) {
	aead, err := k.aead(k.Current(), at)
	if err != nil {
		return nil, fmt.Errorf("seal %s.%s: %w", at.Table, at.Column, err)
	}
	nonce, err := randomBytes(random, nonceBytes)
	if err != nil {
		return nil, fmt.Errorf("seal %s.%s: %w", at.Table, at.Column, err)
	}
	sealed := append([]byte{sealVersion, byte(len(k.Current()))}, k.Current()...)
	sealed = append(sealed, nonce...)
	return aead.Seal(sealed, nonce, secret, at.bound(k.Current())), nil
}

// Open decrypts what [Keyring.Seal] made for the same place. Stale says that it
// stands under an old key and should be sealed anew. Errors: [ErrSealBroken],
// [ErrKeyMissing].
func (k *Keyring) Open(at Place, sealed []byte) (secret []byte, stale bool, err error) {
	id, rest, err := splitSealed(sealed)
	if err != nil {
		return nil, false, fmt.Errorf("open %s.%s: %w", at.Table, at.Column, err)
	}
	aead, err := k.aead(id, at)
	if err != nil {
		return nil, false, fmt.Errorf("open %s.%s: %w", at.Table, at.Column, err)
	}
	secret, err = aead.Open(nil, rest[:nonceBytes], rest[nonceBytes:], at.bound(id))
	if err != nil {
		return nil, false, fmt.Errorf("open %s.%s: %w", at.Table, at.Column, ErrSealBroken)
	}
	return secret, id != k.Current(), nil
}

// SealedKey is the id of the key that a sealed value needs.
// Error: [ErrSealBroken].
func SealedKey(sealed []byte) (string, error) {
	id, _, err := splitSealed(sealed)
	return id, err
}

func splitSealed(sealed []byte) (id string, rest []byte, err error) {
	if len(sealed) < 2 || sealed[0] != sealVersion {
		return "", nil, ErrSealBroken
	}
	head := 2 + int(sealed[1])
	if len(sealed) < head+nonceBytes {
		return "", nil, ErrSealBroken
	}
	id = string(sealed[2:head])
	if !validKeyID(id) {
		return "", nil, ErrSealBroken
	}
	return id, sealed[head:], nil
}

// bound is the additional data: table, column, row id and key id.
func (p Place) bound(keyID string) []byte {
	return lengthPrefixed(p.Table, p.Column, p.Row, keyID)
}

func (k *Keyring) aead(id string, at Place) (cipher.AEAD, error) {
	key, err := k.derive(id, "seal", at.Table, at.Column)
	if err != nil {
		return nil, err
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	return cipher.NewGCM(block)
}
