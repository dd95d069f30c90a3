package counter

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"encoding/base64"
	"errors"
	"fmt"
	"slices"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// ErrKeysInvalid is for a key set that can't be registered for an origin. The
// error names the key and what is wrong with it.
var ErrKeysInvalid = errors.New("key set invalid")

// maxKeySet is how large the file of a key set may be, in bytes, and maxKeys how
// many keys it may hold: far more than any rotation needs (proof §7).
const (
	maxKeySet = 64 << 10
	maxKeys   = 64
)

// publicKey are the members of a key that are read; whatever else a site puts
// into its set means nothing here.
type publicKey struct {
	KTY string `json:"kty"`
	CRV string `json:"crv"`
	Use string `json:"use"`
	Alg string `json:"alg"`
	KID string `json:"kid"`
	X   string `json:"x"`
	Y   string `json:"y"`
}

// keySet is a JWK set in the form that is stored.
type keySet struct {
	Keys []publicKey `json:"keys"`
}

// privateMembers are those of RFC 7518 §6 that belong to nobody but the owner.
var privateMembers = map[string]bool{"d": true, "p": true, "q": true, "dp": true, "dq": true, "qi": true, "oth": true, "k": true}

// ParseKeys reads the file of a JWK set with the public keys of an origin's
// backend (proof §7, RFC 7517), and gives it in the one form in which it is
// stored. Only keys for ES256 are taken: EC, P-256, use sig, alg ES256, kid the
// key's own thumbprint (RFC 7638), none twice, and no private member anywhere.
// Error: [ErrKeysInvalid].
func ParseKeys(file []byte) ([]byte, error) {
	if len(file) > maxKeySet {
		return nil, fmt.Errorf("%w: larger than 64 KiB", ErrKeysInvalid)
	}
	var raw struct {
		Keys []map[string]jsontext.Value `json:"keys"`
	}
	// Repeated members are refused by the decoder: two readers could take two.
	if err := json.Unmarshal(file, &raw); err != nil {
		return nil, fmt.Errorf("%w: no JSON of the form {\"keys\": […]}", ErrKeysInvalid)
	}
	if len(raw.Keys) == 0 || len(raw.Keys) > maxKeys {
		return nil, fmt.Errorf("%w: %d keys; 1 to %d are taken", ErrKeysInvalid, len(raw.Keys), maxKeys)
	}
	var set keySet
	for i, members := range raw.Keys {
		key, err := parseKey(members)
		if err != nil {
			return nil, fmt.Errorf("%w: key %d: %w", ErrKeysInvalid, i+1, err)
		}
		if slices.ContainsFunc(set.Keys, func(k publicKey) bool { return k.KID == key.KID }) {
			return nil, fmt.Errorf("%w: key %d: it stands there twice", ErrKeysInvalid, i+1)
		}
		set.Keys = append(set.Keys, key)
	}
	stored, err := json.Marshal(set, json.Deterministic(true))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrKeysInvalid, err)
	}
	return stored, nil
}

func parseKey(members map[string]jsontext.Value) (publicKey, error) {
	for name := range members {
		if privateMembers[name] {
			return publicKey{}, fmt.Errorf("it holds the private member %q: this file must never leave the site; make a new key and register its public half", name)
		}
	}
	var key publicKey
	for name, into := range map[string]*string{
		"kty": &key.KTY, "crv": &key.CRV, "use": &key.Use, "alg": &key.Alg, "kid": &key.KID, "x": &key.X, "y": &key.Y,
	} {
		if err := json.Unmarshal(members[name], into); err != nil || *into == "" {
			return publicKey{}, fmt.Errorf("its member %q is missing or no text", name)
		}
	}
	for _, want := range []struct{ name, is, must string }{
		{"kty", key.KTY, "EC"}, {"crv", key.CRV, "P-256"}, {"use", key.Use, "sig"}, {"alg", key.Alg, "ES256"},
	} {
		if want.is != want.must {
			return publicKey{}, fmt.Errorf("its %s must be %s", want.name, want.must)
		}
	}
	thumbprint, err := thumbprint(key)
	if err != nil {
		return publicKey{}, err
	}
	if key.KID != thumbprint {
		return publicKey{}, fmt.Errorf("its kid must be its thumbprint, %s (RFC 7638)", thumbprint)
	}
	return key, nil
}

// thumbprint checks that the coordinates are a point of the curve, in their one
// form, and gives the key's own name.
func thumbprint(key publicKey) (string, error) {
	text, err := json.Marshal(key)
	if err != nil {
		return "", err
	}
	var jwk jose.JSONWebKey
	if err := jwk.UnmarshalJSON(text); err != nil {
		return "", errors.New("its x and y are no point of P-256")
	}
	public, ok := jwk.Key.(*ecdsa.PublicKey)
	if !ok || public.Curve != elliptic.P256() || !jwk.Valid() || !jwk.IsPublic() {
		return "", errors.New("its x and y are no point of P-256")
	}
	point, err := public.Bytes()
	if err != nil || !bytes.Equal(point, slices.Concat([]byte{4}, coordinate(key.X), coordinate(key.Y))) {
		return "", errors.New("its x and y are not 32 bytes each, in base64url without padding")
	}
	sum, err := jwk.Thumbprint(crypto.SHA256)
	if err != nil {
		return "", err
	}
	return base64.RawURLEncoding.EncodeToString(sum), nil
}

// coordinate decodes the one form that a coordinate has. The decoder would skip
// line ends.
func coordinate(text string) []byte {
	b, err := base64.RawURLEncoding.Strict().DecodeString(text)
	if err != nil || base64.RawURLEncoding.EncodeToString(b) != text {
		return nil
	}
	return b
}

// Thumbprints are the names of the keys in a stored set, in their order: what an
// administrator compares with those that the site shows.
func Thumbprints(stored []byte) []string {
	var set keySet
	if len(stored) == 0 || json.Unmarshal(stored, &set) != nil {
		return []string{}
	}
	names := make([]string, len(set.Keys))
	for i, k := range set.Keys {
		names[i] = k.KID
	}
	return names
}
