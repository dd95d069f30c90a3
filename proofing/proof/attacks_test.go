package proof

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/hmac"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/sha512"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/base64"
	"encoding/json"
	"math/big"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// attack is a row of proof §8, or one variant of it.
type attack struct {
	row, name string
	token     string
	// step refuses it.
	step int
}

// N1 to N16 and N18 to N24, for proofs and, as Q1 says, for requests.
func TestN1ToN24AndQ1EveryBadTokenIsRefusedAtItsStep(t *testing.T) {
	for name, s := range map[string]scene{"proof": proofScene(t), "request": requestScene(t)} {
		t.Run(name, func(t *testing.T) {
			require.Zero(t, s.step(t, s.good()), "the token that is attacked is good")
			rows := append(headerAttacks(t, s), keyAttacks(t, s)...)
			rows = append(rows, formAttacks(s)...)
			rows = append(rows, payloadAttacks(s)...)
			for _, a := range rows {
				t.Run(a.row+" "+a.name, func(t *testing.T) {
					assert.Equal(t, a.step, s.step(t, a.token))
				})
			}
		})
	}
}

func headerAttacks(t *testing.T, s scene) []attack {
	kid, payload := handKID(s.key), s.payload.text()
	signed := func(header string) string { return handToken(s.key, header, payload) }
	with := func(member string) string {
		return strings.Replace(s.header(), "{", "{"+member+",", 1)
	}
	behind := func(header, signature string) string {
		return b64([]byte(header)) + "." + b64([]byte(payload)) + "." + signature
	}
	alg := func(value string) string { return strings.Replace(s.header(), `"ES256"`, value, 1) }
	typ := func(value string) string { return strings.Replace(s.header(), `"`+s.typ+`"`, value, 1) }
	x, y := handJWK(s.stranger)
	jwk := `"jwk":{"kty":"EC","crv":"P-256","x":"` + x + `","y":"` + y + `"}`
	der := certificate(t, s.key)

	rows := []attack{
		{"N1", "empty signature", behind(s.header(), ""), 1},
		{"N2", "HS256 keyed with the public key", macToken(t, s, alg(`"HS256"`)), 2},
		{"N2", "ES384 by its own key", es384Token(t, alg(`"ES384"`), payload), 2},
		{"N2", "RS256 by its own key", rsaToken(t, alg(`"RS256"`), payload), 2},
		{"N3", "alg missing", signed(`{"typ":"` + s.typ + `","kid":"` + kid + `"}`), 2},
		{"N3", "alg in an array", signed(alg(`["ES256"]`)), 2},
		{"N3", "alg named ALG", signed(strings.Replace(s.header(), `"alg"`, `"ALG"`, 1)), 2},
		{"N3", "alg null", signed(alg(`null`)), 2},
		{"N4", "alg twice", signed(with(`"alg":"ES256"`)), 2},
		{"N4", "kid twice", signed(with(`"kid":"` + kid + `"`)), 2},
		{"N4", "header is an array", signed(`["ES256"]`), 2},
		{"N4", "header is a string", signed(`"ES256"`), 2},
		{"N4", "header is null", signed(`null`), 2},
		{"N4", "two headers", signed(s.header() + s.header()), 2},
		{"N4", "header in invalid UTF-8", signed(strings.Replace(s.header(), "ES256", "ES256\xff", 1)), 2},
		{"N5", "typ missing", signed(`{"alg":"ES256","kid":"` + kid + `"}`), 2},
		{"N6", "jwk of the attacker, signed by it", handToken(s.stranger, with(jwk), payload), 2},
		{"N6", "jwk and kid of the attacker, signed by it", handToken(s.stranger, strings.Replace(with(jwk), kid, handKID(s.stranger), 1), payload), 2},
		{"N7", "jwk, signed by a good key", signed(with(jwk)), 2},
		{"N8", "x5c that is no certificate", signed(with(`"x5c":["AAAA"]`)), 2},
		{"N8", "x5c that is one", signed(with(`"x5c":["` + base64.StdEncoding.EncodeToString(der) + `"]`)), 2},
		{"N9", "crit with an unknown name", signed(with(`"crit":["synthetic"],"synthetic":1`)), 2},
		{"N10", "crit empty", signed(with(`"crit":[]`)), 2},
		{"N10", "crit b64 with b64 true", signed(with(`"crit":["b64"],"b64":true`)), 2},
		{"N11", "b64 false", signed(with(`"b64":false`)), 2},
		{"N11", "b64 false, critical, unencoded payload", unencoded(s, with(`"crit":["b64"],"b64":false`)), 1},
	}
	for _, value := range []string{"none", "None", "NONE"} {
		rows = append(rows,
			attack{"N1", value + " with an empty signature", behind(alg(`"`+value+`"`), ""), 1},
			attack{"N1", value + " with a good signature", signed(alg(`"` + value + `"`)), 2},
			attack{"N1", value + " with some signature", behind(alg(`"`+value+`"`), "AA"), 2})
	}
	for _, value := range []string{"HS256", "ES384", "RS256", "PS256", "EdDSA", "es256", "ES256K"} {
		rows = append(rows, attack{"N2", value + " named over a good signature", signed(alg(`"` + value + `"`)), 2})
	}
	for _, value := range []string{
		`"JWT"`, `1`, `null`, `["` + s.typ + `"]`, `"` + strings.ToUpper(s.typ) + `"`, `"application/` + s.typ + `"`, `"chipproof-enrol+jwt"`, `"at+jwt"`, `""`,
	} {
		rows = append(rows, attack{"N5", "typ " + value, signed(typ(value)), 2})
	}
	for _, other := range []string{"chipproof+jwt", "chipproof-request+jwt"} {
		if other != s.typ {
			rows = append(rows, attack{"N5", "typ " + other, signed(typ(`"` + other + `"`)), 2})
		}
	}
	for _, member := range []string{
		`"jku":"https://evil.example/keys"`, `"x5u":"https://evil.example/cert"`, `"x5t":"AAAA"`, `"x5t#S256":"AAAA"`, `"zip":"DEF"`, `"nonce":"n"`, `"cty":"JWT"`, `"Kid":"x"`,
	} {
		rows = append(rows, attack{"N7", member, signed(with(member)), 2})
	}
	return rows
}

func keyAttacks(t *testing.T, s scene) []attack {
	payload := s.payload.text()
	kid := func(value string) string { return handHeader(s.typ, value) }
	by := func(key *ecdsa.PrivateKey) string { return handToken(key, kid(handKID(key)), payload) }
	good := strings.Split(s.good(), ".")
	signature := func(b []byte) string { return good[0] + "." + good[1] + "." + b64(b) }
	sig := handSign(s.key, good[0]+"."+good[1])

	rows := []attack{
		{"N12", "kid missing", handToken(s.key, `{"alg":"ES256","typ":"`+s.typ+`"}`, payload), 3},
		{"N12", "kid empty", handToken(s.key, kid(""), payload), 3},
		{"N12", "kid a number", handToken(s.key, strings.Replace(s.header(), `"`+handKID(s.key)+`"`, "1", 1), payload), 2},
		{"N12", "kid unknown", by(s.stranger), 3},
		{"N12", "kid retired", by(s.retired), 3},
		{"N12", "kid revoked", by(s.revoked), 3},
		{"N12", "kid of the test key", by(s.testKey), 3},
		{"N12", "kid in other case", handToken(s.key, kid(strings.ToUpper(handKID(s.key))), payload), 3},
		{"N12", "kid with a blank", handToken(s.key, kid(handKID(s.key)+" "), payload), 3},
		{"N13", "signed by one good key under the kid of another", handToken(s.second, s.header(), payload), 4},
		{"N15", "zeros", signature(make([]byte, 64)), 4},
		{"N15", "r and s are n", signature(append(elliptic.P256().Params().N.Bytes(), elliptic.P256().Params().N.Bytes()...)), 4},
		{"N15", "short", signature(sig[:63]), 4},
		{"N15", "one byte", signature(sig[:1]), 4},
		{"N15", "long", signature(append(append([]byte{}, sig...), 0)), 4},
		{"N15", "DER", signature(derOf(t, sig)), 4},
		{"N15", "of another key", signature(handSign(s.stranger, good[0]+"."+good[1])), 4},
		{"N15", "of another payload", signature(handSign(s.key, good[0]+"."+b64([]byte("{}")))), 4},
		{"N15", "over the payload alone", signature(handSign(s.key, good[1])), 4},
	}
	return rows
}

func TestN14AnyChangedByteIsRefused(t *testing.T) {
	for _, s := range []scene{proofScene(t), requestScene(t)} {
		good := strings.Split(s.good(), ".")
		payload := s.payload.text()
		for i := range payload {
			changed := []byte(payload)
			changed[i] ^= 1
			assert.Equal(t, 4, s.step(t, good[0]+"."+b64(changed)+"."+good[2]), "payload, byte %d", i)
		}
		for i := range 64 {
			changed := handSign(s.key, good[0]+"."+good[1])
			changed[i] ^= 1
			assert.Equal(t, 4, s.step(t, good[0]+"."+good[1]+"."+b64(changed)), "signature, byte %d", i)
		}
		// Of the header, it depends on the byte which step refuses it.
		for i := range s.header() {
			for _, bit := range []byte{1, 2, 4, 32, 128} {
				changed := []byte(s.header())
				changed[i] ^= bit
				step := s.step(t, b64(changed)+"."+good[1]+"."+good[2])
				assert.Contains(t, []int{2, 3}, step, "header, byte %d", i)
			}
		}
	}
}

func formAttacks(s scene) []attack {
	good := s.good()
	parts := strings.Split(good, ".")
	last := good[len(good)-1]
	signature := `"protected":"` + parts[0] + `","signature":"` + parts[2] + `"`
	rows := []attack{
		{"N19", "flattened JSON", `{"payload":"` + parts[1] + `",` + signature + `}`, 1},
		{"N19", "general JSON", `{"payload":"` + parts[1] + `","signatures":[{` + signature + `}]}`, 1},
		{"N19", "two signatures", `{"payload":"` + parts[1] + `","signatures":[{` + signature + `},{` + signature + `}]}`, 1},
		{"N19", "nothing", "", 1},
		{"N19", "one part", parts[0], 1},
		{"N19", "two parts", parts[0] + "." + parts[1], 1},
		{"N19", "four parts", good + "." + parts[2], 1},
		{"N19", "five parts", good + "." + parts[2] + "." + parts[2], 1},
		{"N19", "a dot behind", good + ".", 1},
		{"N19", "a dot before", "." + good, 1},
		{"N19", "a million dots", strings.Repeat(".", 1_000_000), 1},
		{"N19", "empty header", "." + parts[1] + "." + parts[2], 1},
		{"N19", "detached payload", parts[0] + ".." + parts[2], 1},
		{"N20", "padding behind", good + "==", 1},
		{"N20", "padded header", parts[0] + "=." + parts[1] + "." + parts[2], 1},
		{"N20", "the other alphabet", parts[0] + "." + parts[1] + "." + strings.NewReplacer("-", "+", "_", "/").Replace(parts[2]) + "+/", 1},
		{"N20", "over the limit, well signed", s.raw(s.payload.text() + strings.Repeat(" ", s.limit)), 1},
		{"N20", "hardly over the limit", longest(s, s.limit+2), 1},
	}
	// 64 bytes are 86 characters, and of the last one only two bits count: 15 others
	// decode to the same bytes.
	for _, c := range spareBits(last) {
		rows = append(rows, attack{"N16", "last character " + string(c), good[:len(good)-1] + string(c), 1})
	}
	for name, blank := range map[string]string{"blank": " ", "line break": "\n", "return": "\r", "tab": "\t", "no-break space": "\u00a0", "zero": "\x00"} {
		middle := len(parts[0]) + len(parts[1])/2
		rows = append(rows,
			attack{"N18", name + " before", blank + good, 1}, attack{"N18", name + " after", good + blank, 1},
			attack{"N18", name + " inside", good[:middle] + blank + good[middle:], 1},
			attack{"N18", name + " at a dot", parts[0] + "." + blank + parts[1] + "." + parts[2], 1})
	}
	return rows
}

// spareBits are the characters that differ from one in the lower four bits alone,
// which no byte of a signature of 64 needs.
func spareBits(last byte) []byte {
	const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
	value := strings.IndexByte(alphabet, last)
	var others []byte
	for spare := 1; spare < 16; spare++ {
		others = append(others, alphabet[value^spare])
	}
	return others
}

// longest is the longest good token of at most so many characters: blanks in the
// JSON of its payload fill it. Not every length is one of base64.
func longest(s scene, most int) string {
	room := most - len(b64([]byte(s.header()))) - len("..") - base64.RawURLEncoding.EncodedLen(64)
	text := s.payload.text()
	return s.raw(text + strings.Repeat(" ", base64.RawURLEncoding.DecodedLen(room)-len(text)))
}

func TestN20ATokenOfTheLimitPasses(t *testing.T) {
	for _, s := range []scene{proofScene(t), requestScene(t)} {
		token := longest(s, s.limit)
		require.GreaterOrEqual(t, len(token), s.limit-1)
		assert.Zero(t, s.step(t, token))
	}
}

func payloadAttacks(s scene) []attack {
	text := s.payload.text()
	inside := func(member string) string { return s.raw(strings.Replace(text, "{", "{"+member+",", 1)) }
	deep := s.limit/2 - 300
	rows := []attack{
		{"N21", "null", s.raw("null"), 5},
		{"N22", "array", s.raw("[" + text + "]"), 5},
		{"N22", "string", s.raw(`"` + purpose + `"`), 5},
		{"N22", "number", s.raw("1"), 5},
		{"N22", "empty object", s.raw("{}"), 5},
		{"N22", "a blank", s.raw(" "), 5},
		{"N22", "two objects", s.raw(text + text), 5},
		{"N22", "bytes behind it", s.raw(text + "x"), 5},
		{"N22", "thousands of levels", s.raw(strings.Repeat("[", deep)), 5},
		{"N22", "thousands of levels in a claim", s.raw(`{"x":` + strings.Repeat("[", deep) + "}"), 5},
		{"N22", "not JSON", s.raw("iss=" + site), 5},
		{"N22", "cut off", s.raw(text[:len(text)-1]), 5},
		{"N22", "byte order mark", s.raw("\ufeff" + text), 5},
		{"N22", "invalid UTF-8 in a claim", s.raw(strings.Replace(text, purpose, purpose+"\xff", 1)), 5},
		{"N22", "half a surrogate in a claim", s.raw(strings.Replace(text, purpose, purpose+`\ud800`, 1)), 5},
		{"N22", "comment", s.raw("/* */" + text), 5},
	}
	for name := range s.payload {
		value, _ := json.Marshal(s.payload[name])
		rows = append(rows, attack{"N23", name + " twice", inside(`"` + name + `":` + string(value)), 5})
	}
	for name := range s.payload {
		if name == "verified_claims" || name == "urn:chipproof:claim:photo_digest" {
			continue // optional in a proof, which may have unknown claims: as missing
		}
		moved := s.payload.with(strings.ToUpper(name), s.payload[name]).without(name)
		rows = append(rows, attack{"N24", name + " in other case", s.token(moved), 5})
	}
	return append(rows, attack{"N22", "empty payload", func() string {
		signed := b64([]byte(s.header())) + "."
		return signed + "." + b64(handSign(s.key, signed))
	}(), 1})
}

// The helpers below sign as other algorithms do.

func macToken(t *testing.T, s scene, header string) string {
	public, err := s.key.PublicKey.Bytes()
	require.NoError(t, err)
	signed := b64([]byte(header)) + "." + b64([]byte(s.payload.text()))
	mac := hmac.New(sha256.New, public)
	mac.Write([]byte(signed))
	return signed + "." + b64(mac.Sum(nil))
}

func es384Token(t *testing.T, header, payload string) string {
	key, err := ecdsa.GenerateKey(elliptic.P384(), rand.Reader)
	require.NoError(t, err)
	signed := b64([]byte(header)) + "." + b64([]byte(payload))
	sum := sha512.Sum384([]byte(signed))
	r, sv, err := ecdsa.Sign(rand.Reader, key, sum[:])
	require.NoError(t, err)
	return signed + "." + b64(append(r.FillBytes(make([]byte, 48)), sv.FillBytes(make([]byte, 48))...))
}

func rsaToken(t *testing.T, header, payload string) string {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	require.NoError(t, err)
	signed := b64([]byte(header)) + "." + b64([]byte(payload))
	sum := sha256.Sum256([]byte(signed))
	sig, err := rsa.SignPKCS1v15(rand.Reader, key, crypto.SHA256, sum[:])
	require.NoError(t, err)
	return signed + "." + b64(sig)
}

// unencoded is a token by RFC 7797, whose payload is not in base64.
func unencoded(s scene, header string) string {
	signed := b64([]byte(header)) + "." + s.payload.text()
	return signed + "." + b64(handSign(s.key, signed))
}

func derOf(t *testing.T, sig []byte) []byte {
	der, err := asn1.Marshal(struct{ R, S *big.Int }{new(big.Int).SetBytes(sig[:32]), new(big.Int).SetBytes(sig[32:])})
	require.NoError(t, err)
	return der
}

func certificate(t *testing.T, key *ecdsa.PrivateKey) []byte {
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "synthetic"}, NotBefore: at(proofMade), NotAfter: at(proofMade).Add(time.Hour),
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	require.NoError(t, err)
	return der
}
