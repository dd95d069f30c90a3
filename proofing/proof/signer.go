package proof

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"errors"
	"fmt"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/cryptosigner"
)

// ErrSignerInvalid is for a key that can't sign here: another kind of key or
// curve, none at all, or one that fails.
var ErrSignerInvalid = errors.New("signing key invalid")

// CheckSigner says whether a key can sign proofs and requests, without signing:
// a key on another curve would be found only then. Error: [ErrSignerInvalid].
func CheckSigner(signer crypto.Signer) error {
	_, err := publicOf(signer)
	return err
}

func publicOf(signer crypto.Signer) (*ecdsa.PublicKey, error) {
	if signer == nil {
		return nil, fmt.Errorf("%w: there is none", ErrSignerInvalid)
	}
	key, ok := signer.Public().(*ecdsa.PublicKey)
	if !ok || key == nil || key.Curve != elliptic.P256() {
		return nil, fmt.Errorf("%w: it is no ECDSA key of P-256", ErrSignerInvalid)
	}
	return key, nil
}

// signCompact signs a payload, with the header of proof §1.
func signCompact(signer crypto.Signer, typ string, payload []byte) (string, error) {
	key, err := publicOf(signer)
	if err != nil {
		return "", err
	}
	kid, err := Thumbprint(key)
	if err != nil {
		return "", fmt.Errorf("%w: %w", ErrSignerInvalid, err)
	}
	opaque := jose.JSONWebKey{Key: cryptosigner.Opaque(signer), KeyID: kid}
	options := (&jose.SignerOptions{}).WithType(jose.ContentType(typ))
	joseSigner, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.ES256, Key: opaque}, options)
	if err != nil {
		return "", fmt.Errorf("%w: %w", ErrSignerInvalid, err)
	}
	signed, err := joseSigner.Sign(payload)
	if err != nil {
		return "", fmt.Errorf("%w: %w", ErrSignerInvalid, err)
	}
	token, err := signed.CompactSerialize()
	if err != nil {
		return "", fmt.Errorf("%w: %w", ErrSignerInvalid, err)
	}
	return token, nil
}
