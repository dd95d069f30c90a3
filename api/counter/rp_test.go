package counter

import (
	"crypto/ecdsa"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"maps"
	"math/big"
	"testing"

	"github.com/stretchr/testify/require"

	"chipproof/proofing"
)

// backend is a relying party's: it signs requests by hand, without a line of
// package proof.
type backend struct {
	d      *desk
	origin string
	key    *ecdsa.PrivateKey
	kid    string
}

// newBackend is one with a key of its own, which is not registered yet.
func (d *desk) newBackend(origin string) *backend {
	d.t.Helper()
	key := newKey(d.t)
	return &backend{d: d, origin: origin, key: key, kid: thumbprintOf(d.t, key)}
}

// thumbprintOf works a key's name out as RFC 7638 §3 says.
func thumbprintOf(t testing.TB, key *ecdsa.PrivateKey) string {
	t.Helper()
	x, y := coordinates(t, key)
	sum := sha256.Sum256([]byte(`{"crv":"P-256","kty":"EC","x":"` + x + `","y":"` + y + `"}`))
	return b64(sum[:])
}

func coordinates(t testing.TB, key *ecdsa.PrivateKey) (x, y string) {
	t.Helper()
	point, err := key.PublicKey.Bytes()
	require.NoError(t, err)
	return b64(point[1:33]), b64(point[33:])
}

func b64(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }

// jwk is the public half as a member of a set.
func (r *backend) jwk() map[string]any {
	x, y := coordinates(r.d.t, r.key)
	return map[string]any{"kty": "EC", "crv": "P-256", "use": "sig", "alg": "ES256", "kid": r.kid, "x": x, "y": y}
}

// back is where the page road of a test ends.
func (r *backend) back() string { return r.origin + "/proof" }

// everyField is what a generous administrator grants.
func everyField() []string { return append(DefaultGrant().Fields, "laser_code", "nhso") }

// entry is the site as an administrator lists it, with every field and purpose.
func (r *backend) entry() proofing.Origin {
	purposes := []string{proofing.FormFill}
	for _, p := range r.d.counter.policy.Purposes {
		if p.Use == proofing.UseProof {
			purposes = append(purposes, p.Name)
		}
	}
	return proofing.Origin{
		Origin: r.origin, Audience: r.origin, Fields: everyField(), Purposes: purposes, ReturnURLs: []string{r.back()},
		Keys: []byte(setOf(r.jwk())), Ask: proofing.AskNever, ApprovedAt: r.d.office.Clock.Now(),
	}
}

// list puts the site's entry into the list, changed.
func (r *backend) list(change ...func(*proofing.Origin)) {
	r.d.t.Helper()
	e := r.entry()
	for _, f := range change {
		f(&e)
	}
	_, err := r.d.office.Records.SaveOrigin(r.d.t.Context(), root, e)
	require.NoError(r.d.t, err)
}

// claims are those of a good request that nobody has used; change takes pairs,
// and a nil value leaves one out.
func (r *backend) claims(change ...any) map[string]any {
	r.d.t.Helper()
	now := r.d.office.Clock.Now().Unix()
	claims := map[string]any{
		"iss": r.origin, "aud": "chipproof", "iat": now, "exp": now + 120, "jti": b64(random(16)), "nonce": b64(random(32)),
		"audience": r.origin, "purpose": chipOnly, "fields": []string{"citizen_id", "name"},
	}
	require.Zero(r.d.t, len(change)%2)
	for i := 0; i < len(change); i += 2 {
		name := change[i].(string)
		claims[name] = change[i+1]
		if change[i+1] == nil {
			delete(claims, name)
		}
	}
	return claims
}

func random(n int) []byte {
	b := make([]byte, n)
	_, _ = rand.Read(b)
	return b
}

// sign signs claims as this backend.
func (r *backend) sign(claims map[string]any) string {
	r.d.t.Helper()
	return r.signWith(r.header(), claims)
}

func (r *backend) header(change ...any) map[string]any {
	header := map[string]any{"alg": "ES256", "typ": "chipproof-request+jwt", "kid": r.kid}
	for i := 0; i < len(change); i += 2 {
		header[change[i].(string)] = change[i+1]
		if change[i+1] == nil {
			delete(header, change[i].(string))
		}
	}
	return header
}

// signWith signs any header over any payload.
func (r *backend) signWith(header, payload any) string {
	r.d.t.Helper()
	return r.signBytes([]byte(mustJSON(header)), []byte(mustJSON(payload)))
}

func (r *backend) signBytes(header, payload []byte) string {
	r.d.t.Helper()
	input := b64(header) + "." + b64(payload)
	sum := sha256.Sum256([]byte(input))
	x, y, err := ecdsa.Sign(rand.Reader, r.key, sum[:])
	require.NoError(r.d.t, err)
	return input + "." + b64(append(x.FillBytes(make([]byte, 32)), y.FillBytes(make([]byte, 32))...))
}

// twin is the other signature that verifies over the same bytes: (r, n−s).
func (r *backend) twin(token string) string {
	r.d.t.Helper()
	parts := split3(r.d.t, token)
	signature, err := base64.RawURLEncoding.DecodeString(parts[2])
	require.NoError(r.d.t, err)
	s := new(big.Int).SetBytes(signature[32:])
	s.Sub(r.key.Curve.Params().N, s)
	s.FillBytes(signature[32:])
	return parts[0] + "." + parts[1] + "." + b64(signature)
}

// signedBody is a body of POST /v1/proofings.
func signedBody(token string, more ...string) string {
	body := map[string]any{"request": token}
	for i := 0; i < len(more); i += 2 {
		body[more[i]] = more[i+1]
	}
	return mustJSON(body)
}

// asks posts a request from the site's page.
func (r *backend) asks(token string) answer {
	r.d.t.Helper()
	return r.d.raw(post("/v1/proofings", signedBody(token), "Origin: "+r.origin))
}

// proves asks with a good request, changed.
func (r *backend) proves(change ...any) answer {
	r.d.t.Helper()
	return r.asks(r.sign(r.claims(change...)))
}

// result asks for a result from the site's page.
func (r *backend) result(id string) answer {
	r.d.t.Helper()
	return r.d.raw(post("/v1/proofings/"+id+"/result", "", "Origin: "+r.origin))
}

// outcome asks until it is there, whatever is waited for meanwhile.
func (r *backend) outcome(id string) answer {
	r.d.t.Helper()
	for {
		if a := r.result(id); a.status != 202 {
			return a
		}
	}
}

// waiting reads a 202.
func (a answer) waiting(t testing.TB) ProofingWaiting {
	t.Helper()
	require.Equal(t, 202, a.status, a.body)
	var w ProofingWaiting
	require.NoError(t, json.Unmarshal([]byte(a.body), &w))
	require.Equal(t, "waiting", w.State)
	return w
}

// proven reads a result.
func (a answer) proven(t testing.TB) ProofingAnswer {
	t.Helper()
	require.Equal(t, 200, a.status, a.body)
	var p ProofingAnswer
	require.NoError(t, json.Unmarshal([]byte(a.body), &p))
	return p
}

// payloadOf is what a proof says, read without checking it.
func payloadOf(t testing.TB, token string) map[string]any {
	t.Helper()
	b, err := base64.RawURLEncoding.DecodeString(split3(t, token)[1])
	require.NoError(t, err)
	var claims map[string]any
	require.NoError(t, json.Unmarshal(b, &claims))
	return claims
}

// Purposes of the tests' own policy, besides those that ship.
const (
	chipOnly   = "chip_only"
	seenByTwo  = "seen_by_two"
	askIssuer  = "issuer_asked"
	guestsOnly = "guests_only"
)

// testPolicy is the shipped one with a few purposes more.
func testPolicy(t testing.TB) proofing.Policy {
	t.Helper()
	content := append(proofing.DefaultPolicy().Content(), []byte(`
  - {name: chip_only, title: {th: ชิปอย่างเดียว, en: Chip only}, use: proof, fields: [citizen_id, name, birth_date, sex, address, card, photo, laser_code, nhso], needs: [chip_read, id_checksum]}
  - {name: seen_by_two, title: {th: สองคน, en: Two persons}, use: proof, fields: [citizen_id, name], needs: [chip_read, face_visual], two_persons: true}
  - {name: issuer_asked, title: {th: ถามผู้ออกบัตร, en: Issuer}, use: proof, fields: [citizen_id, name], needs: [chip_read, issuer_status]}
  - {name: guests_only, title: {th: เฉพาะบางเว็บ, en: Guests}, use: proof, fields: [citizen_id], needs: [chip_read], origins: ["https://guest.example.go.th"]}
`)...)
	p, err := proofing.ParsePolicy(content)
	require.NoError(t, err)
	return p
}

// clone is a copy of claims, changed.
func clone(claims map[string]any, change ...any) map[string]any {
	claims = maps.Clone(claims)
	for i := 0; i < len(change); i += 2 {
		claims[fmt.Sprint(change[i])] = change[i+1]
	}
	return claims
}

// Entry is short for what tests change of a site's entry.
type Entry = proofing.Origin
