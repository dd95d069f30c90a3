package proof

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"encoding/base64"
	stdjson "encoding/json"
	"errors"
	"io"
	"os"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// exampleProof is the example of proof §10 as a value, read by our own types.
func exampleProof(t testing.TB) Proof {
	t.Helper()
	file, err := os.ReadFile("testdata/proof.json")
	require.NoError(t, err)
	claims, err := decode[proofClaims](file, refuseUnknown)
	require.NoError(t, err, "our types know every member of the example")
	require.NoError(t, claims.check())
	return *claims.proof()
}

func payloadOf(t testing.TB, token string) string {
	t.Helper()
	payload, err := base64.RawURLEncoding.DecodeString(strings.Split(token, ".")[1])
	require.NoError(t, err)
	return string(payload)
}

func headerOf(t testing.TB, token string) string {
	t.Helper()
	header, err := base64.RawURLEncoding.DecodeString(strings.Split(token, ".")[0])
	require.NoError(t, err)
	return string(header)
}

// examplePrivateKey is the private half of the example key of RFC 7517 A.2: it is
// published, so it stands in no key set but the tests'.
func examplePrivateKey(t testing.TB) *ecdsa.PrivateKey {
	t.Helper()
	d, err := base64.RawURLEncoding.DecodeString("870MB6gfuTJ4HtUnUvYMyJpr5eUZNP4Bk43bVdj3eAE")
	require.NoError(t, err)
	key, err := ecdsa.ParseRawPrivateKey(elliptic.P256(), d)
	require.NoError(t, err)
	x, y := handJWK(key)
	require.Equal(t, []string{exampleX, exampleY}, []string{x, y})
	return key
}

func TestTheExampleComesOutByteForByteAndVerifies(t *testing.T) {
	file, err := os.ReadFile("testdata/proof.json")
	require.NoError(t, err)
	var golden bytes.Buffer
	require.NoError(t, stdjson.Compact(&golden, file))

	p := exampleProof(t)
	revealed, err := p.Reveal()
	require.NoError(t, err)
	assert.Equal(t, golden.String(), string(revealed), "members in the order of proof §10")

	token, err := Sign(examplePrivateKey(t), p)
	require.NoError(t, err)
	assert.Equal(t, golden.String(), payloadOf(t, token))
	assert.JSONEq(t, `{"alg":"ES256","typ":"chipproof+jwt","kid":"`+exampleKID+`"}`, headerOf(t, token))
	assert.InDelta(t, 6600, len(token), 300, "about 6.6 KB")

	keys, err := ParseKeys([]byte(setOf(exampleKey())))
	require.NoError(t, err)
	made, err := Verify(token, Options{
		Issuers:  []Issuer{{Name: testIssuer, Keys: keys, Agents: map[string]string{exampleKID: "counter-07"}}},
		Audience: site, Origin: site, Purpose: purpose, Mode: Test, Now: at(proofMade + 299),
	})
	require.NoError(t, err)
	again, err := made.Reveal()
	require.NoError(t, err)
	assert.Equal(t, golden.String(), string(again))
	assert.Equal(t, "1101700230708", made.Verified.Reveal().Claims.CitizenID)
	fact, there := made.Fact("face_visual")
	assert.True(t, there)
	assert.Equal(t, "u-0042", fact.By)
	_, there = made.Fact("synthetic")
	assert.False(t, there)
}

func TestSigningFillsNameAndTimes(t *testing.T) {
	key := newKey(t)
	p := exampleProof(t)
	p.ID, p.ExpiresAt = "", 0
	seen := map[string]bool{}
	for range 20 {
		token, err := Sign(key, p)
		require.NoError(t, err)
		made, err := Verify(token, Options{
			Issuers: []Issuer{{Name: testIssuer, Keys: setFrom(t, key)}}, Audience: site, Origin: site, Purpose: purpose, Mode: Test, Now: at(proofMade),
		})
		require.NoError(t, err)
		assert.Len(t, made.ID, 22)
		assert.False(t, seen[made.ID], "a name comes once")
		seen[made.ID] = true
		assert.EqualValues(t, proofMade+300, made.ExpiresAt)
		assert.Contains(t, payloadOf(t, token), `"iat":1795228215,"nbf":1795228215,"exp":1795228515,`)
	}
}

func TestAProofThatIsNotAcceptedIsSignedWithoutThePerson(t *testing.T) {
	key := newKey(t)
	for _, decision := range []string{Rejected, Inconclusive} {
		p := exampleProof(t)
		p.Decision, p.Verified = decision, nil
		token, err := Sign(key, p)
		require.NoError(t, err)
		assert.NotContains(t, payloadOf(t, token), "verified_claims")
		assert.NotContains(t, payloadOf(t, token), "1101700230708")
	}
}

func TestWhatARelyingPartyWouldRefuseIsNotSigned(t *testing.T) {
	key := newKey(t)
	for name, row := range map[string]struct {
		change func(*Proof)
		step   error
	}{
		"no nonce":                     {func(p *Proof) { p.Nonce = "" }, ErrPayload},
		"a jti of another form":        {func(p *Proof) { p.ID = "1" }, ErrPayload},
		"no time":                      {func(p *Proof) { p.IssuedAt = 0 }, ErrPayload},
		"too long a life":              {func(p *Proof) { p.ExpiresAt = proofMade + 301 }, ErrTime},
		"no issuer":                    {func(p *Proof) { p.Issuer = "" }, ErrIssuer},
		"no audience":                  {func(p *Proof) { p.Audience = "" }, ErrAudience},
		"no origin":                    {func(p *Proof) { p.Origin = "" }, ErrAsked},
		"a read":                       {func(p *Proof) { p.Purpose = "form_fill" }, ErrAsked},
		"a compatible read":            {func(p *Proof) { p.Purpose = "compat" }, ErrAsked},
		"no mode":                      {func(p *Proof) { p.Mode = "" }, ErrMode},
		"no txn":                       {func(p *Proof) { p.Txn = "" }, ErrPayload},
		"no agent":                     {func(p *Proof) { p.Agent = Agent{} }, ErrPayload},
		"no operator":                  {func(p *Proof) { p.Operator = Operator{} }, ErrPayload},
		"no facts":                     {func(p *Proof) { p.Facts = nil }, ErrPayload},
		"rejected, with the person":    {func(p *Proof) { p.Decision = Rejected }, ErrPayload},
		"accepted, without the person": {func(p *Proof) { p.Verified = nil }, ErrDemand},
		"a check without its fact": {func(p *Proof) {
			v := p.Verified.Reveal()
			v.Verification.Evidence[0].CheckDetails[0].CheckID = p.Txn + ".face_biometric"
			p.Verified = Conceal(v)
		}, ErrDemand},
		"vcrypt": {func(p *Proof) {
			v := p.Verified.Reveal()
			v.Verification.Evidence[0].CheckDetails[0].CheckMethod = "vcrypt"
			p.Verified = Conceal(v)
		}, ErrDemand},
		"another framework": {func(p *Proof) {
			v := p.Verified.Reveal()
			v.Verification.TrustFramework = "th_etda"
			p.Verified = Conceal(v)
		}, ErrDemand},
		"a level that is not confirmed": {func(p *Proof) {
			p.Assurance[0].Level, p.Assurance[0].CandidateLevel = p.Assurance[0].CandidateLevel, nil
		}, ErrDemand},
		"invalid UTF-8": {func(p *Proof) { p.Purpose = "x\xff" }, ErrPayload},
		"more than 32 KiB": {func(p *Proof) {
			v := p.Verified.Reveal()
			v.Claims.Address.Formatted = strings.Repeat("ก", 10_000)
			p.Verified = Conceal(v)
		}, ErrForm},
	} {
		t.Run(name, func(t *testing.T) {
			p := exampleProof(t)
			row.change(&p)
			token, err := Sign(key, p)
			assert.ErrorIs(t, err, row.step)
			assert.ErrorIs(t, err, ErrProofRefused)
			assert.Empty(t, token)
		})
	}
}

// failing is a key that is there and doesn't answer, like one in a TPM that was
// reset.
type failing struct{ public crypto.PublicKey }

func (f failing) Public() crypto.PublicKey { return f.public }

func (f failing) Sign(io.Reader, []byte, crypto.SignerOpts) ([]byte, error) {
	return nil, errors.New("the chip was reset")
}

// lying is a key that signs with another one than it shows.
type lying struct {
	failing
	key *ecdsa.PrivateKey
}

func (l lying) Sign(random io.Reader, digest []byte, opts crypto.SignerOpts) ([]byte, error) {
	return l.key.Sign(random, digest, opts)
}

func TestOnlyAKeyOfP256SignsAndItIsCheckedBefore(t *testing.T) {
	p384, err := ecdsa.GenerateKey(elliptic.P384(), rand.Reader)
	require.NoError(t, err)
	_, ed, err := ed25519.GenerateKey(rand.Reader)
	require.NoError(t, err)
	rsaKey, err := rsa.GenerateKey(rand.Reader, 2048)
	require.NoError(t, err)
	var none *ecdsa.PublicKey
	for name, signer := range map[string]crypto.Signer{
		"P-384": p384, "Ed25519": ed, "RSA": rsaKey, "none": nil, "without a public half": failing{nil}, "with an empty one": failing{none},
	} {
		t.Run(name, func(t *testing.T) {
			assert.ErrorIs(t, CheckSigner(signer), ErrSignerInvalid)
			_, err := Sign(signer, exampleProof(t))
			assert.ErrorIs(t, err, ErrSignerInvalid)
			_, err = SignRequest(signer, exampleRequest())
			assert.ErrorIs(t, err, ErrSignerInvalid)
		})
	}
	good := newKey(t)
	require.NoError(t, CheckSigner(good))
	t.Run("one that fails", func(t *testing.T) {
		_, err := Sign(failing{&good.PublicKey}, exampleProof(t))
		assert.ErrorIs(t, err, ErrSignerInvalid)
	})
	t.Run("one that signs as another", func(t *testing.T) {
		token, err := Sign(lying{failing{&good.PublicKey}, newKey(t)}, exampleProof(t))
		assert.ErrorIs(t, err, ErrSignature, "found by our own verifier")
		assert.Empty(t, token)
	})
	t.Run("one that is no point", func(t *testing.T) {
		_, err := Sign(failing{offCurve()}, exampleProof(t))
		assert.ErrorIs(t, err, ErrSignerInvalid)
	})
}

func exampleRequest() Request {
	return Request{
		Issuer: site, Nonce: NewNonce(), Audience: site, Purpose: purpose, IssuedAt: requestMade, Fields: []string{"citizen_id", "name"},
		Needs: []string{"face_visual"}, Claimed: NewClaimed(map[string]string{"first_name": "สมชาย"}), IssuerCheck: true,
	}
}

func TestARequestSignedHereSaysWhatWasAsked(t *testing.T) {
	key := newKey(t)
	asked := exampleRequest()
	asked.Evidence, asked.ReturnURL, asked.State = Typed, site+"/back", "s-1"
	token, err := SignRequest(key, asked)
	require.NoError(t, err)
	assert.JSONEq(t, `{"alg":"ES256","typ":"chipproof-request+jwt","kid":"`+handKID(key)+`"}`, headerOf(t, token))
	r, err := VerifyRequest(token, setFrom(t, key), RequestOptions{Origin: site, Now: at(requestMade)})
	require.NoError(t, err)
	assert.Len(t, r.ID, 22)
	assert.Equal(t, "สมชาย", r.Claimed.Reveal("first_name"))
	assert.Equal(t, []string{"first_name"}, r.Claimed.Names())
	asked.ID, asked.ExpiresAt = r.ID, requestMade+120
	asked.Claimed, r.Claimed = Claimed{}, Claimed{}
	assert.Equal(t, asked, r)
}

func TestTheExampleRequestComesOutByteForByte(t *testing.T) {
	file, err := os.ReadFile("testdata/request.json")
	require.NoError(t, err)
	var golden bytes.Buffer
	require.NoError(t, stdjson.Compact(&golden, file))
	claims, err := decode[requestClaims](file, refuseUnknown)
	require.NoError(t, err)
	token, err := SignRequest(newKey(t), claims.request())
	require.NoError(t, err)
	assert.Equal(t, golden.String(), payloadOf(t, token))
}

func TestARequestThatAnAgentWouldRefuseIsNotSigned(t *testing.T) {
	key := newKey(t)
	for name, row := range map[string]struct {
		change func(*Request)
		step   string
	}{
		"no nonce":          {func(r *Request) { r.Nonce = "" }, StepPayload},
		"no time":           {func(r *Request) { r.IssuedAt = 0 }, StepPayload},
		"milliseconds":      {func(r *Request) { r.IssuedAt = requestMade * 1000 }, StepPayload},
		"121 seconds":       {func(r *Request) { r.ExpiresAt = requestMade + 121 }, StepTimes},
		"no origin":         {func(r *Request) { r.Issuer = "" }, StepIssuer},
		"no audience":       {func(r *Request) { r.Audience = "" }, StepAudience},
		"no fields":         {func(r *Request) { r.Fields = nil }, StepPayload},
		"unknown need":      {func(r *Request) { r.Needs = []string{"chip_read"} }, StepPayload},
		"unknown evidence":  {func(r *Request) { r.Evidence = "face" }, StepPayload},
		"typed, no claimed": {func(r *Request) { r.Evidence, r.Claimed = Typed, Claimed{} }, StepPayload},
		"unknown claimed":   {func(r *Request) { r.Claimed = NewClaimed(map[string]string{"x": "y"}) }, StepPayload},
		"state of 513":      {func(r *Request) { r.State = strings.Repeat("a", 513) }, StepPayload},
		"invalid UTF-8":     {func(r *Request) { r.Purpose = "\xff" }, StepPayload},
		"more than 8 KiB":   {func(r *Request) { r.ReturnURL = strings.Repeat("a", 8<<10) }, StepForm},
	} {
		t.Run(name, func(t *testing.T) {
			r := exampleRequest()
			row.change(&r)
			token, err := SignRequest(key, r)
			assert.Equal(t, row.step, stepName(t, err))
			assert.Empty(t, token)
		})
	}
}

func TestEveryMemberOfVerifiedClaimsComesBackAsItWasWritten(t *testing.T) {
	p := exampleProof(t)
	v := p.Verified.Reveal()
	v.Verification.AssuranceProcess.AssuranceDetails[0].EvidenceRef[0].EvidenceMetadata.EvidenceClassification = "synthetic"
	v.Claims = PersonClaims{
		SalutationTH: "นาย", MiddleNameTH: "กลาง", MiddleNameEN: "Klang", Birthdate: "1950",
		BirthDateParts: &BirthDate{Date: "1950-04", Precision: "month", Buddhist: "24930400"},
		AddressParts:   &ThaiAddress{HouseNo: "99/9", Moo: "หมู่ที่ 3", Subdistrict: "ตำบลหนองกะปุ", District: "อำเภอบ้านลาด", Province: "จังหวัดเพชรบุรี", Text: "99/9"},
	}
	p.Verified = Conceal(v)
	key := newKey(t)
	token, err := Sign(key, p)
	require.NoError(t, err)
	made, err := Verify(token, Options{
		Issuers: []Issuer{{Name: testIssuer, Keys: setFrom(t, key)}}, Audience: site, Origin: site, Purpose: purpose, Mode: Test, Now: at(proofMade),
	})
	require.NoError(t, err)
	assert.Equal(t, v, made.Verified.Reveal())
	assert.Contains(t, payloadOf(t, token), `"urn:chipproof:claim:birth_date":{"date":"1950-04","precision":"month","buddhist":"24930400"}`)
	assert.Contains(t, payloadOf(t, token), `"trok":"","soi":"","road":""`)

	clear, err := json.Marshal(v)
	require.NoError(t, err)
	assert.Contains(t, payloadOf(t, token), string(clear))
}
