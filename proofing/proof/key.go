package proof

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// publicKey are the members of a key that are read and written.
type publicKey struct {
	KTY string `json:"kty"`
	CRV string `json:"crv"`
	Use string `json:"use"`
	Alg string `json:"alg"`
	KID string `json:"kid"`
	X   string `json:"x"`
	Y   string `json:"y"`
}

// privateMembers are those of RFC 7518 §6 that belong to nobody but the owner.
var privateMembers = map[string]bool{"d": true, "p": true, "q": true, "dp": true, "dq": true, "qi": true, "oth": true, "k": true}

func parseKey(members map[string]jsontext.Value) (namedKey, error) {
	for name := range members {
		if privateMembers[name] {
			return namedKey{}, fmt.Errorf("it holds the private member %q: this file must never leave the site; make a new key and register its public half", name)
		}
	}
	var key publicKey
	for name, into := range map[string]*string{
		"kty": &key.KTY, "crv": &key.CRV, "use": &key.Use, "alg": &key.Alg, "kid": &key.KID, "x": &key.X, "y": &key.Y,
	} {
		if err := json.Unmarshal(members[name], into); err != nil || *into == "" {
			return namedKey{}, fmt.Errorf("its member %q is missing or no text", name)
		}
	}
	for _, want := range []struct{ name, is, must string }{
		{"kty", key.KTY, "EC"}, {"crv", key.CRV, "P-256"}, {"use", key.Use, "sig"}, {"alg", key.Alg, "ES256"},
	} {
		if want.is != want.must {
			return namedKey{}, fmt.Errorf("its %s must be %s", want.name, want.must)
		}
	}
	public, err := pointOf(key.X, key.Y)
	if err != nil {
		return namedKey{}, err
	}
	kid, err := Thumbprint(public)
	if err != nil {
		return namedKey{}, err
	}
	if key.KID != kid {
		return namedKey{}, fmt.Errorf("its kid must be its thumbprint, %s (RFC 7638)", kid)
	}
	return namedKey{kid, public}, nil
}

// pointOf reads the coordinates, in the one form that they have, and checks that
// they are a point of the curve.
func pointOf(x, y string) (*ecdsa.PublicKey, error) {
	point := []byte{4} // uncompressed: SEC 1 §2.3.3
	for _, text := range []string{x, y} {
		coordinate, err := decodeCanonical(text)
		if err != nil || len(coordinate) != 32 {
			return nil, errors.New("its x and y are not 32 bytes each, in base64url without padding")
		}
		point = append(point, coordinate...)
	}
	key, err := ecdsa.ParseUncompressedPublicKey(elliptic.P256(), point)
	if err != nil {
		return nil, errors.New("its x and y are no point of P-256")
	}
	return key, nil
}

// public is the key as a member of a set.
func (k namedKey) public() publicKey {
	x, y, _ := coordinates(k.key) // every key of a set was checked when it came in
	return publicKey{KTY: "EC", CRV: "P-256", Use: "sig", Alg: "ES256", KID: k.kid, X: x, Y: y}
}

// coordinates are those of a key of P-256, as a JWK has them.
func coordinates(key *ecdsa.PublicKey) (x, y string, err error) {
	if key == nil || key.Curve != elliptic.P256() {
		return "", "", errors.New("it is no key of P-256")
	}
	//lint:ignore SA1019 a key that was never filled has none of them, and Bytes would panic
	if key.X == nil || key.Y == nil {
		return "", "", errors.New("it is empty")
	}
	point, err := key.Bytes()
	if err != nil || len(point) != 65 {
		return "", "", errors.New("it is no point of P-256")
	}
	return base64.RawURLEncoding.EncodeToString(point[1:33]), base64.RawURLEncoding.EncodeToString(point[33:]), nil
}

// Thumbprint is the name of a key by RFC 7638: base64url of SHA-256 over its
// required members. It can be recomputed by anybody, so it can't lie. It fails
// for a key that is not of P-256.
func Thumbprint(key *ecdsa.PublicKey) (string, error) {
	x, y, err := coordinates(key)
	if err != nil {
		return "", fmt.Errorf("name key: %w", err)
	}
	sum := sha256.Sum256([]byte(`{"crv":"P-256","kty":"EC","x":"` + x + `","y":"` + y + `"}`))
	return base64.RawURLEncoding.EncodeToString(sum[:]), nil
}
