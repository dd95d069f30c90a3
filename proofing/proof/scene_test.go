package proof

import (
	"crypto/ecdsa"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// The moments and names of the examples in proof §10 and §11.
const (
	proofMade   = 1795228215
	requestMade = 1795228195
	testIssuer  = "https://test.chipproof.invalid"
	site        = "https://app.example.go.th"
	purpose     = "identity_proofing"
)

// scene is one kind of token with everything that is needed to attack it: the
// keys that are configured, a good payload, and the verifier.
type scene struct {
	typ     string
	limit   int
	payload tree
	// key signed the good token, second is another good key of the same side; the
	// others are in no set, but for revoked, which is denied.
	key, second, stranger, retired, revoked, testKey *ecdsa.PrivateKey
	keys                                             KeySet
	// step verifies a token and gives the number of the step that refused it, of
	// proof §6; 0 if it passed. §11 has the same first five.
	step func(t testing.TB, token string) int
}

func (s scene) good() string { return s.token(s.payload) }

func (s scene) header() string { return handHeader(s.typ, handKID(s.key)) }

func (s scene) token(payload tree) string { return s.raw(payload.text()) }

func (s scene) raw(payload string) string { return handToken(s.key, s.header(), payload) }

func newScene(t testing.TB, typ string, limit int, file string) scene {
	s := scene{
		typ: typ, limit: limit, payload: example(t, file),
		key: newKey(t), second: newKey(t), stranger: newKey(t), retired: newKey(t), revoked: newKey(t), testKey: newKey(t),
	}
	s.keys = setFrom(t, s.key, s.second)
	return s
}

// proofOptions are those of the example's relying party, a test system.
func proofOptions(s scene) Options {
	return Options{
		Issuers: []Issuer{{Name: testIssuer, Keys: s.keys}}, Audience: site, Origin: site, Purpose: purpose, Mode: Test,
		Now: at(proofMade + 2),
	}
}

func proofScene(t testing.TB) scene {
	s := newScene(t, "chipproof+jwt", 32<<10, "proof.json")
	o := proofOptions(s)
	o.Issuers[0].Keys = setFrom(t, s.key, s.second, s.revoked)
	o.Deny = []string{handKID(s.revoked)}
	s.step = func(t testing.TB, token string) int {
		p, err := Verify(token, o)
		return stepOfProof(t, p, err)
	}
	return s
}

// stepOfProof demands that a refusal is one step's and gives no proof.
func stepOfProof(t testing.TB, p *Proof, err error) int {
	if err == nil {
		require.NotNil(t, p)
		return 0
	}
	assert.Nil(t, p, "a refused proof is not handed out")
	assert.ErrorIs(t, err, ErrProofRefused)
	step, known := StepOf(err)
	assert.True(t, known, "%v", err)
	return step.Number
}

func requestScene(t testing.TB) scene {
	s := newScene(t, "chipproof-request+jwt", 8<<10, "request.json")
	s.step = func(t testing.TB, token string) int {
		r, err := VerifyRequest(token, s.keys, RequestOptions{Origin: site, Now: at(requestMade + 3)})
		return stepOfRequest(t, r, err)
	}
	return s
}

// requestSteps are the steps of VerifyRequest, by the number of proof §6.
var requestSteps = map[string]int{
	StepForm: 1, StepHeader: 2, StepKey: 3, StepSignature: 4, StepPayload: 5, StepIssuer: 6, StepFor: 6, StepTimes: 7,
}

func stepOfRequest(t testing.TB, r Request, err error) int {
	if err == nil {
		require.NotEmpty(t, r.ID)
		return 0
	}
	assert.Empty(t, r.ID, "a refused request is not handed out")
	return requestSteps[stepName(t, err)]
}

// stepName is the step of a refused request.
func stepName(t testing.TB, err error) string {
	t.Helper()
	var refused *RequestError
	if !assert.ErrorAs(t, err, &refused) {
		return ""
	}
	assert.ErrorIs(t, err, ErrRequestRefused)
	assert.NotEmpty(t, refused.Why)
	return refused.Step
}

func verifyRequest(s scene, token string, now time.Time) (Request, error) {
	return VerifyRequest(token, s.keys, RequestOptions{Origin: site, Now: now})
}

func TestTheExamplesMadeByHandPass(t *testing.T) {
	s := proofScene(t)
	assert.Zero(t, s.step(t, s.good()))
	s = requestScene(t)
	assert.Zero(t, s.step(t, s.good()))
	assert.Zero(t, s.step(t, handToken(s.second, handHeader(s.typ, handKID(s.second)), s.payload.text())))
}
