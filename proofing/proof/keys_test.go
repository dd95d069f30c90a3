package proof

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"maps"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// The public example key of RFC 7517, A.1. Its kid is its thumbprint, worked out
// below once more as RFC 7638 §3 says and not by the library.
const (
	exampleX   = "MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4"
	exampleY   = "4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM"
	exampleKID = "cn-I_WNMClehiVp51i_0VpOENW1upEerA8sEam5hn-s"
)

// exampleKey is that key as a set's member, with members changed; an empty value
// leaves one out.
func exampleKey(change ...string) map[string]any {
	key := map[string]any{"kty": "EC", "crv": "P-256", "use": "sig", "alg": "ES256", "kid": exampleKID, "x": exampleX, "y": exampleY}
	for i := 0; i < len(change); i += 2 {
		key[change[i]] = change[i+1]
		if change[i+1] == "" {
			delete(key, change[i])
		}
	}
	return key
}

func setOf(keys ...map[string]any) string {
	b, _ := json.Marshal(map[string]any{"keys": keys})
	return string(b)
}

func TestAKeySetOfPublicKeysIsTakenAndStoredInOneForm(t *testing.T) {
	sum := sha256.Sum256([]byte(`{"crv":"P-256","kty":"EC","x":"` + exampleX + `","y":"` + exampleY + `"}`))
	require.Equal(t, exampleKID, base64.RawURLEncoding.EncodeToString(sum[:]))

	plain, err := ParseKeys([]byte(setOf(exampleKey())))
	require.NoError(t, err)
	assert.Equal(t, []string{exampleKID}, plain.Thumbprints())
	withMore, err := ParseKeys([]byte(" \n" + setOf(exampleKey("key_ops", "verify", "x5u", "https://evil.example", "note", "ours"))))
	require.NoError(t, err)
	assert.Equal(t, string(plain.JSON()), string(withMore.JSON()), "what we don't read is not kept")
	again, err := ParseKeys(plain.JSON())
	require.NoError(t, err)
	assert.Equal(t, string(plain.JSON()), string(again.JSON()))
	assert.Equal(t, `{"keys":[{"kty":"EC","crv":"P-256","use":"sig","alg":"ES256","kid":"`+exampleKID+`","x":"`+exampleX+`","y":"`+exampleY+`"}]}`,
		string(plain.JSON()))
	assert.Empty(t, KeySet{}.Thumbprints())
	assert.Equal(t, `{"keys":[]}`, string(KeySet{}.JSON()))
}

func TestO12AKeySetThatIsNotOneIsRefusedAndNamesWhatIsWrong(t *testing.T) {
	for name, row := range map[string]struct{ file, says string }{
		"private member":         {setOf(exampleKey("d", "synthetic")), `private member "d"`},
		"symmetric key":          {setOf(map[string]any{"kty": "oct", "k": "synthetic", "kid": "x"}), `private member "k"`},
		"private RSA":            {setOf(map[string]any{"kty": "RSA", "n": "x", "e": "AQAB", "dp": "synthetic"}), `private member "dp"`},
		"RSA":                    {setOf(map[string]any{"kty": "RSA", "n": "x", "e": "AQAB"}), "missing"},
		"no kid":                 {setOf(exampleKey("kid", "")), `"kid" is missing`},
		"no use":                 {setOf(exampleKey("use", "")), `"use" is missing`},
		"no alg":                 {setOf(exampleKey("alg", "")), `"alg" is missing`},
		"no x":                   {setOf(exampleKey("x", "")), `"x" is missing`},
		"use enc":                {setOf(exampleKey("use", "enc")), "use must be sig"},
		"another algorithm":      {setOf(exampleKey("alg", "ES384")), "alg must be ES256"},
		"none":                   {setOf(exampleKey("alg", "none")), "alg must be ES256"},
		"another curve":          {setOf(exampleKey("crv", "P-384")), "crv must be P-256"},
		"another type":           {setOf(exampleKey("kty", "OKP")), "kty must be EC"},
		"false kid":              {setOf(exampleKey("kid", "1")), exampleKID},
		"kid of the other case":  {setOf(exampleKey("kid", strings.ToLower(exampleKID))), exampleKID},
		"the same key twice":     {setOf(exampleKey(), exampleKey()), "key 2: it stands there twice"},
		"not on the curve":       {setOf(exampleKey("y", exampleX)), "no point"},
		"padded coordinate":      {setOf(exampleKey("x", exampleX+"=")), ""},
		"spare bits":             {setOf(exampleKey("x", exampleX[:42]+"5")), ""},
		"blank in a coordinate":  {setOf(exampleKey("x", exampleX[:20]+"\n"+exampleX[20:])), ""},
		"short coordinate":       {setOf(exampleKey("x", exampleX[:40])), ""},
		"number for text":        {strings.Replace(setOf(exampleKey()), `"sig"`, `1`, 1), `"use"`},
		"repeated member":        {strings.Replace(setOf(exampleKey()), `"use":"sig"`, `"use":"enc","use":"sig"`, 1), "no JSON"},
		"member in another case": {strings.Replace(setOf(exampleKey()), `"use"`, `"Use"`, 1), `"use"`},
		"no set":                 {`{"kty":"EC"}`, "0 keys"},
		"one key alone":          {mustJSON(exampleKey()), "0 keys"},
		"empty set":              {`{"keys":[]}`, "0 keys"},
		"null":                   {`null`, "0 keys"},
		"a list":                 {`[]`, "no JSON"},
		"bytes after it":         {setOf(exampleKey()) + "{}", "no JSON"},
		"nothing":                {"", "no JSON"},
		"a web page":             {"<!doctype html>", "no JSON"},
		"a private key file":     {"-----BEGIN something-----", "no JSON"},
		"too large":              {setOf(exampleKey()) + strings.Repeat(" ", MaxKeySet), "64 KiB"},
		"invalid UTF-8":          {strings.Replace(setOf(exampleKey()), "sig", "s\xffg", 1), "no JSON"},
	} {
		stored, err := ParseKeys([]byte(row.file))
		assert.ErrorIs(t, err, ErrKeysInvalid, name)
		assert.ErrorContains(t, err, row.says, name)
		assert.Zero(t, stored.Len(), name)
		if err != nil {
			assert.NotContains(t, err.Error(), "synthetic", "no private value is repeated")
		}
	}
}

func mustJSON(v any) string {
	b, _ := json.Marshal(v)
	return string(b)
}

func TestThereIsALimitToKeys(t *testing.T) {
	var many []map[string]any
	for range maxKeys + 1 {
		many = append(many, exampleKey())
	}
	_, err := ParseKeys([]byte(setOf(many...)))
	assert.ErrorContains(t, err, fmt.Sprint(maxKeys+1, " keys"))
}

// Whatever is taken is a set in the one stored form, of public members only, and
// each kid is the thumbprint by RFC 7638.
func FuzzParseKeys(f *testing.F) {
	for _, file := range []string{
		setOf(exampleKey()), setOf(exampleKey("d", "x")), setOf(exampleKey("kid", "1")), `{"keys":[]}`, `{"keys":null}`, "", "null", `{"keys":[{}]}`,
		setOf(exampleKey(), exampleKey("x", exampleY, "y", exampleX)),
	} {
		f.Add([]byte(file))
	}
	f.Fuzz(func(t *testing.T, file []byte) {
		stored, err := ParseKeys(file)
		if err != nil {
			require.ErrorIs(t, err, ErrKeysInvalid)
			return
		}
		var set struct {
			Keys []map[string]string `json:"keys"`
		}
		require.NoError(t, json.Unmarshal(stored.JSON(), &set))
		for _, key := range set.Keys {
			require.ElementsMatch(t, []string{"kty", "crv", "use", "alg", "kid", "x", "y"}, slicesOf(key))
			sum := sha256.Sum256([]byte(`{"crv":"P-256","kty":"EC","x":"` + key["x"] + `","y":"` + key["y"] + `"}`))
			require.Equal(t, base64.RawURLEncoding.EncodeToString(sum[:]), key["kid"])
		}
		again, err := ParseKeys(stored.JSON())
		require.NoError(t, err)
		require.Equal(t, string(stored.JSON()), string(again.JSON()))
	})
}

func slicesOf(key map[string]string) (names []string) {
	for name := range maps.Keys(key) {
		names = append(names, name)
	}
	return names
}
