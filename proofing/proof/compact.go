package proof

import (
	"crypto/ecdsa"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"

	"github.com/go-jose/go-jose/v4"
)

// What a token may be: proof §1 and §11.
const (
	algorithm   = "ES256"
	typeProof   = "chipproof+jwt"
	typeRequest = "chipproof-request+jwt"
	maxProof    = 32 << 10
	maxRequest  = 8 << 10
)

// header are the three members that the header of a token has.
type header struct {
	Alg string `json:"alg"`
	Typ string `json:"typ"`
	KID string `json:"kid"`
}

// parts are those of a token, decoded.
type parts struct{ header, payload, signature []byte }

// split takes the raw string apart before any library sees it: go-jose strips
// white space and ignores spare bits, so that many strings would be one token
// (proof §6 step 1).
func split(token string, limit int) (parts, error) {
	if len(token) > limit {
		return parts{}, fmt.Errorf("larger than %d KiB", limit>>10)
	}
	texts := strings.SplitN(token, ".", 4)
	if len(texts) != 3 {
		return parts{}, errors.New("not three parts joined by dots")
	}
	var decoded [3][]byte
	for i, text := range texts {
		part, err := decodeCanonical(text)
		if err != nil {
			return parts{}, fmt.Errorf("part %d: %w", i+1, err)
		}
		decoded[i] = part
	}
	return parts{decoded[0], decoded[1], decoded[2]}, nil
}

// decodeCanonical decodes base64url without padding in the one form that it has.
// Even the strict decoder would skip line ends.
func decodeCanonical(text string) ([]byte, error) {
	b, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil || text == "" || base64.RawURLEncoding.EncodeToString(b) != text {
		return nil, errors.New("empty, or not base64url in its one form")
	}
	return b, nil
}

// kidOf reads the header strictly and gives the name of the key (proof §6
// step 2). go-jose would let jwk, jku, crit [] and unknown members pass. A kid
// that is missing is no key's name, which step 3 says.
func (p parts) kidOf(typ string) (string, error) {
	h, err := decode[header](p.header, refuseUnknown)
	if err != nil {
		return "", fmt.Errorf("%w; it has alg, typ, kid and nothing else", err)
	}
	if h.Alg != algorithm {
		return "", errors.New("alg is not " + algorithm)
	}
	if h.Typ != typ {
		return "", errors.New("typ is not " + typ)
	}
	return h.KID, nil
}

// checkSignature checks the token's signature with this key, and ES256 only. The
// key decides the algorithm, never the token.
func checkSignature(token string, key *ecdsa.PublicKey) error {
	signed, err := jose.ParseSignedCompact(token, []jose.SignatureAlgorithm{jose.ES256})
	if err != nil {
		return errors.New("not to be read as a signed token")
	}
	if _, err := signed.Verify(key); err != nil {
		return errors.New("it does not fit token and key")
	}
	return nil
}
