package proof

import (
	"bytes"
	"crypto/ecdsa"
	"encoding/json"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Proofs and requests made here verify in other implementations, and theirs here
// (proof §8): github.com/golang-jwt/jwt/v5 and npm's jose.

// madeHere is a proof and a request by our own signer.
func madeHere(t testing.TB, key *ecdsa.PrivateKey) (proof, request string) {
	t.Helper()
	proof, err := Sign(key, exampleProof(t))
	require.NoError(t, err)
	request, err = SignRequest(key, exampleRequest())
	require.NoError(t, err)
	return proof, request
}

// theirsVerify demands that a proof and a request by others pass here.
func theirsVerify(t *testing.T, key *ecdsa.PrivateKey, proof, request string) {
	t.Helper()
	p, err := Verify(proof, Options{
		Issuers: []Issuer{{Name: testIssuer, Keys: setFrom(t, key)}}, Audience: site, Origin: site, Purpose: purpose, Mode: Test, Now: at(proofMade),
	})
	require.NoError(t, err)
	revealed, err := p.Reveal()
	require.NoError(t, err)
	assert.JSONEq(t, example(t, "proof.json").text(), string(revealed))
	r, err := VerifyRequest(request, setFrom(t, key), RequestOptions{Origin: site, Now: at(requestMade)})
	require.NoError(t, err)
	assert.Equal(t, "0vQ3pXkq1bqk0y8m7l2TzA", r.ID)
}

func TestGolangJWTAndWeVerifyEachOther(t *testing.T) {
	key := newKey(t)
	proof, request := madeHere(t, key)
	for token, now := range map[string]int64{proof: proofMade, request: requestMade} {
		read, err := jwt.Parse(token, func(*jwt.Token) (any, error) { return &key.PublicKey, nil },
			jwt.WithValidMethods([]string{"ES256"}), jwt.WithStrictDecoding(), jwt.WithJSONNumber(), jwt.WithIssuedAt(), jwt.WithExpirationRequired(),
			jwt.WithTimeFunc(func() time.Time { return at(now) }))
		require.NoError(t, err)
		assert.Equal(t, handKID(key), read.Header["kid"])
		claims, err := json.Marshal(read.Claims)
		require.NoError(t, err)
		assert.JSONEq(t, payloadOf(t, token), string(claims))
	}

	sign := func(typ string, claims tree) string {
		token := jwt.NewWithClaims(jwt.SigningMethodES256, jwt.MapClaims(claims))
		token.Header = map[string]any{"alg": "ES256", "typ": typ, "kid": handKID(key)}
		signed, err := token.SignedString(key)
		require.NoError(t, err)
		return signed
	}
	theirsVerify(t, key, sign("chipproof+jwt", example(t, "proof.json")), sign("chipproof-request+jwt", example(t, "request.json")))
}

// errands are what testdata/jose.mjs is to do, and done what it gives back.
type errands struct {
	Public  map[string]string `json:"public"`
	Private map[string]string `json:"private"`
	KID     string            `json:"kid"`
	Verify  []errand          `json:"verify"`
	Sign    []errand          `json:"sign"`
}

type errand struct {
	Typ      string          `json:"typ"`
	Token    string          `json:"token,omitempty"`
	Now      int64           `json:"now,omitempty"`
	Issuer   string          `json:"issuer,omitempty"`
	Audience string          `json:"audience,omitempty"`
	Claims   json.RawMessage `json:"claims,omitempty"`
}

type done struct {
	Verified []json.RawMessage `json:"verified"`
	Signed   []string          `json:"signed"`
	KID      string            `json:"kid"`
}

func TestNodeJoseAndWeVerifyEachOther(t *testing.T) {
	key := newKey(t)
	proof, request := madeHere(t, key)
	x, y := handJWK(key)
	d, err := key.Bytes()
	require.NoError(t, err)
	answer := runJose(t, errands{
		Public:  map[string]string{"kty": "EC", "crv": "P-256", "x": x, "y": y},
		Private: map[string]string{"kty": "EC", "crv": "P-256", "x": x, "y": y, "d": b64(d)},
		KID:     handKID(key),
		Verify: []errand{
			{Typ: "chipproof+jwt", Token: proof, Now: proofMade, Issuer: testIssuer, Audience: site},
			{Typ: "chipproof-request+jwt", Token: request, Now: requestMade, Issuer: site, Audience: "chipproof"},
		},
		Sign: []errand{
			{Typ: "chipproof+jwt", Claims: json.RawMessage(example(t, "proof.json").text())},
			{Typ: "chipproof-request+jwt", Claims: json.RawMessage(example(t, "request.json").text())},
		},
	})
	require.Len(t, answer.Verified, 2)
	assert.JSONEq(t, payloadOf(t, proof), string(answer.Verified[0]))
	assert.JSONEq(t, payloadOf(t, request), string(answer.Verified[1]))
	require.Len(t, answer.Signed, 2)
	theirsVerify(t, key, answer.Signed[0], answer.Signed[1])
	assert.Equal(t, handKID(key), answer.KID, "its thumbprint is ours")
}

// runJose runs the script where node finds jose. A machine without node fails.
func runJose(t *testing.T, work errands) done {
	t.Helper()
	installed, err := exec.CommandContext(t.Context(), "../../.ci/jose").Output()
	if failed, ok := err.(*exec.ExitError); ok {
		require.NoError(t, err, "%s", failed.Stderr)
	}
	require.NoError(t, err)
	script, err := os.ReadFile("testdata/jose.mjs")
	require.NoError(t, err)
	given, err := json.Marshal(work)
	require.NoError(t, err)

	// A module that comes by stdin finds packages from the working folder.
	node := exec.CommandContext(t.Context(), "node", "--input-type=module", "-", string(given))
	node.Dir = strings.TrimSpace(string(installed))
	node.Stdin = bytes.NewReader(script)
	var out, errs bytes.Buffer
	node.Stdout, node.Stderr = &out, &errs
	require.NoError(t, node.Run(), "%s", errs.String())
	var answer done
	require.NoError(t, json.Unmarshal(out.Bytes(), &answer), "%s", out.String())
	return answer
}
