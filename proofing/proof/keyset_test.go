package proof

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"encoding/json"
	"math/big"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// N43 as far as a file goes; http, redirects and loopback are of whoever fetches.
func TestN43AKeySetThatIsNotOneVerifiesNothing(t *testing.T) {
	p384, err := ecdsa.GenerateKey(elliptic.P384(), rand.Reader)
	require.NoError(t, err)
	point, err := p384.PublicKey.Bytes()
	require.NoError(t, err)
	for name, file := range map[string]string{
		"a private member": setOf(exampleKey("d", "synthetic")),
		"an EC key of another curve": setOf(map[string]any{
			"kty": "EC", "crv": "P-384", "use": "sig", "alg": "ES384", "kid": "x", "x": b64(point[1:49]), "y": b64(point[49:]),
		}),
		"another curve's point under P-256": setOf(exampleKey("x", b64(point[1:49]), "y", b64(point[49:]))),
		"a byte of y moved into x":          setOf(exampleKey("x", b64(slices.Concat(decoded(t, exampleX), decoded(t, exampleY)[:1])), "y", b64(decoded(t, exampleY)[1:]))),
		"an oct key":                        setOf(map[string]any{"kty": "oct", "k": "c3ludGhldGlj", "use": "sig", "alg": "ES256", "kid": "x"}),
		"an oct key without its value":      setOf(map[string]any{"kty": "oct", "use": "sig", "alg": "ES256", "kid": "x", "x": exampleX, "y": exampleY}),
		"a false kid":                       setOf(exampleKey("kid", handKID(newKey(t)))),
		"the same kid twice":                setOf(exampleKey(), exampleKey()),
		"a bad key beside a good one":       setOf(exampleKey(), exampleKey("use", "enc")),
		"oversize":                          setOf(exampleKey()) + strings.Repeat("\n", 64<<10),
	} {
		t.Run(name, func(t *testing.T) {
			set, err := ParseKeys([]byte(file))
			assert.ErrorIs(t, err, ErrKeysInvalid)
			assert.Zero(t, set.Len())
			_, there := set.Key(exampleKID)
			assert.False(t, there)
		})
	}
}

// N13's second half: a key is never used under another name, use or algorithm.
func TestN13AKeyEntryThatDoesNotFitIsRefused(t *testing.T) {
	for _, change := range [][2]string{{"kid", "counter-07"}, {"use", "enc"}, {"alg", "ES384"}, {"alg", "none"}, {"kid", ""}, {"use", ""}, {"alg", ""}} {
		t.Run(change[0]+" "+change[1], func(t *testing.T) {
			_, err := ParseKeys([]byte(setOf(exampleKey(change[0], change[1]))))
			assert.ErrorIs(t, err, ErrKeysInvalid)
		})
	}
}

func TestASetOfKeysKeepsItsOrderAndNeverChanges(t *testing.T) {
	a, b, c := newKey(t), newKey(t), newKey(t)
	ab, bc := setFrom(t, a, b), setFrom(t, b, c)
	all := ab.Merge(bc)
	assert.Equal(t, []string{handKID(a), handKID(b), handKID(c)}, all.Thumbprints())
	assert.Equal(t, []string{handKID(a), handKID(c)}, all.Without(handKID(b), "unknown").Thumbprints())
	assert.Equal(t, []string{handKID(a), handKID(b)}, ab.Thumbprints(), "the others are as they were")
	assert.Equal(t, 3, all.Len())
	assert.Zero(t, all.Without(all.Thumbprints()...).Len())
	assert.Equal(t, ab.Thumbprints(), ab.Merge().Thumbprints())

	key, there := all.Key(handKID(c))
	require.True(t, there)
	assert.True(t, key.Equal(&c.PublicKey))
	_, there = all.Key("")
	assert.False(t, there)

	again, err := ParseKeys(all.JSON())
	require.NoError(t, err)
	assert.Equal(t, string(all.JSON()), string(again.JSON()))
	var published struct{ Keys []map[string]string }
	require.NoError(t, json.Unmarshal(all.JSON(), &published))
	for _, key := range published.Keys {
		assert.Len(t, key, 7, "public members only")
		assert.NotContains(t, key, "d")
	}
}

func TestASetTakesKeysOfP256Once(t *testing.T) {
	a := newKey(t)
	p384, err := ecdsa.GenerateKey(elliptic.P384(), rand.Reader)
	require.NoError(t, err)
	for name, keys := range map[string][]*ecdsa.PublicKey{
		"twice": {&a.PublicKey, &a.PublicKey}, "another curve": {&p384.PublicKey}, "none": {nil}, "an empty one": {{}},
		"no point": {offCurve()}, "no coordinates": {{Curve: elliptic.P256()}},
		"too many": make([]*ecdsa.PublicKey, maxKeys+1),
	} {
		t.Run(name, func(t *testing.T) {
			_, err := NewKeySet(keys...)
			assert.ErrorIs(t, err, ErrKeysInvalid)
		})
	}
	empty, err := NewKeySet()
	require.NoError(t, err)
	assert.Zero(t, empty.Len())
}

// offCurve is a key that only code could make: no parser would.
func offCurve() *ecdsa.PublicKey {
	//lint:ignore SA1019 there is no other way to make a bad one
	return &ecdsa.PublicKey{Curve: elliptic.P256(), X: big.NewInt(1), Y: big.NewInt(1)}
}

func TestAThumbprintIsTheOneOfRFC7638(t *testing.T) {
	set, err := ParseKeys([]byte(setOf(exampleKey())))
	require.NoError(t, err)
	key, there := set.Key(exampleKID)
	require.True(t, there)
	kid, err := Thumbprint(key)
	require.NoError(t, err)
	assert.Equal(t, exampleKID, kid)
	for range 50 {
		key := newKey(t)
		kid, err := Thumbprint(&key.PublicKey)
		require.NoError(t, err)
		assert.Equal(t, handKID(key), kid)
	}
	_, err = Thumbprint(nil)
	assert.Error(t, err)
}
