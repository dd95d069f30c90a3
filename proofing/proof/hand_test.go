package proof

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/asn1"
	"encoding/base64"
	"encoding/json"
	"math/big"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// Tokens of the negative tests are made by hand: by the standard library alone,
// neither by the signer of this package nor by its JWS library.

func newKey(t testing.TB) *ecdsa.PrivateKey {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	return key
}

func setFrom(t testing.TB, keys ...*ecdsa.PrivateKey) KeySet {
	t.Helper()
	public := make([]*ecdsa.PublicKey, 0, len(keys))
	for _, key := range keys {
		public = append(public, &key.PublicKey)
	}
	set, err := NewKeySet(public...)
	require.NoError(t, err)
	return set
}

func b64(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }

// handJWK are the members of a public key, by RFC 7518 §6.2.1.
func handJWK(key *ecdsa.PrivateKey) (x, y string) {
	point, _ := key.PublicKey.Bytes()
	return b64(point[1:33]), b64(point[33:])
}

// handKID is the thumbprint, by RFC 7638 §3.
func handKID(key *ecdsa.PrivateKey) string {
	x, y := handJWK(key)
	sum := sha256.Sum256([]byte(`{"crv":"P-256","kty":"EC","x":"` + x + `","y":"` + y + `"}`))
	return b64(sum[:])
}

// handSign is r‖s over SHA-256 of a text, by RFC 7518 §3.4. Without a source of
// randomness it is deterministic (RFC 6979).
func handSign(key *ecdsa.PrivateKey, text string) []byte {
	sum := sha256.Sum256([]byte(text))
	der, err := key.Sign(nil, sum[:], crypto.SHA256)
	if err != nil {
		panic(err) // of a test
	}
	var sig struct{ R, S *big.Int }
	if _, err := asn1.Unmarshal(der, &sig); err != nil {
		panic(err)
	}
	return append(sig.R.FillBytes(make([]byte, 32)), sig.S.FillBytes(make([]byte, 32))...)
}

// twin is the other signature that fits the same text and key: (r, n−s).
func twin(token string) string {
	head, last := token[:strings.LastIndex(token, ".")+1], token[strings.LastIndex(token, ".")+1:]
	sig, err := base64.RawURLEncoding.DecodeString(last)
	if err != nil {
		panic(err)
	}
	s := new(big.Int).Sub(elliptic.P256().Params().N, new(big.Int).SetBytes(sig[32:]))
	return head + b64(append(sig[:32], s.FillBytes(make([]byte, 32))...))
}

func handHeader(typ, kid string) string {
	return `{"alg":"ES256","typ":"` + typ + `","kid":"` + kid + `"}`
}

func handToken(key *ecdsa.PrivateKey, header, payload string) string {
	signed := b64([]byte(header)) + "." + b64([]byte(payload))
	return signed + "." + b64(handSign(key, signed))
}

// tree is a JSON object to be changed.
type tree map[string]any

// example reads one of the examples of proof §10 and §11, copied from that page.
func example(t testing.TB, name string) tree {
	t.Helper()
	file, err := os.ReadFile("testdata/" + name)
	require.NoError(t, err)
	decoder := json.NewDecoder(strings.NewReader(string(file)))
	decoder.UseNumber()
	var claims tree
	require.NoError(t, decoder.Decode(&claims))
	return claims
}

func (c tree) text() string {
	text, err := json.Marshal(c)
	if err != nil {
		panic(err)
	}
	return string(text)
}

// with is a copy with one member set, down a path; an element behind the last of
// a list is added.
func (c tree) with(path string, value any) tree {
	copied := c.copy()
	parent, name := copied.parent(path)
	if list, ok := parent.([]any); ok {
		if i := number(name); i < len(list) {
			list[i] = value
			return copied
		}
		return copied.with(path[:strings.LastIndex(path, "/")], append(list, value))
	}
	parent.(map[string]any)[name] = value
	return copied
}

func (c tree) without(path string) tree {
	copied := c.copy()
	parent, name := copied.parent(path)
	delete(parent.(map[string]any), name)
	return copied
}

func (c tree) copy() tree {
	decoder := json.NewDecoder(strings.NewReader(c.text()))
	decoder.UseNumber()
	var copied tree
	if err := decoder.Decode(&copied); err != nil {
		panic(err)
	}
	return copied
}

// parent follows a path of names joined by slashes; an element of a list is named
// by its number.
func (c tree) parent(path string) (any, string) {
	names := strings.Split(path, "/")
	var at any = map[string]any(c)
	for _, name := range names[:len(names)-1] {
		at = child(at, name)
	}
	return at, names[len(names)-1]
}

func child(at any, name string) any {
	if list, ok := at.([]any); ok {
		return list[number(name)]
	}
	return at.(map[string]any)[name]
}

func number(name string) int {
	i, err := strconv.Atoi(name)
	if err != nil {
		panic(err)
	}
	return i
}

// at is a moment of the examples, in seconds since 1970.
func at(seconds int64) time.Time { return time.Unix(seconds, 0) }
