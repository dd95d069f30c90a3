package docs_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"chipproof/proofing/proof"
)

const (
	site   = "https://app.example.go.th"
	agency = "https://test.chipproof.invalid"
	txn    = "pf-20261121-000417"
)

var photo = []byte("\xff\xd8 the photo of a card \xff\xd9")

// counter stands for the agents of an agency: it has what the site's backend
// configures, and makes proofs, by hand where package proof would not.
type counter struct {
	key, second, revoked, stranger, site *ecdsa.PrivateKey
}

func newCounter(t *testing.T) *counter {
	t.Helper()
	return &counter{key: newKey(t), second: newKey(t), revoked: newKey(t), stranger: newKey(t), site: newKey(t)}
}

func newKey(t *testing.T) *ecdsa.PrivateKey {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	return key
}

func kidOf(t *testing.T, key *ecdsa.PrivateKey) string {
	t.Helper()
	kid, err := proof.Thumbprint(&key.PublicKey)
	require.NoError(t, err)
	return kid
}

// configure writes what the page tells an operator to set up, and gives the file.
func (c *counter) configure(t *testing.T, dir string, l language) string {
	t.Helper()
	file := func(name string, content []byte) string {
		path := filepath.Join(dir, name)
		require.NoError(t, os.WriteFile(path, content, 0o600))
		return path
	}
	der, err := x509.MarshalPKCS8PrivateKey(c.site)
	require.NoError(t, err)
	agents, err := proof.NewKeySet(&c.key.PublicKey, &c.second.PublicKey, &c.revoked.PublicKey)
	require.NoError(t, err)
	config := map[string]any{
		"origin": site, "issuer": agency, "mode": "test", "denied": []string{kidOf(t, c.revoked)},
		"agents": file("agents.json", agents.JSON()),
		"key":    file("site.pem", pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})),
	}
	if l.file == "backend.php" {
		config["deny"] = file("denied.txt", []byte(kidOf(t, c.revoked)+"\n"))
		config["chipproof"], err = program()
		require.NoError(t, err)
	}
	text, err := json.Marshal(config)
	require.NoError(t, err)
	return file("config.json", text)
}

func (c *counter) siteKeys(t *testing.T) proof.KeySet {
	t.Helper()
	keys, err := proof.NewKeySet(&c.site.PublicKey)
	require.NoError(t, err)
	return keys
}

// read is a request as our agent takes it.
func (c *counter) read(t *testing.T, token string) proof.Request {
	t.Helper()
	r, err := proof.VerifyRequest(token, c.siteKeys(t), proof.RequestOptions{Origin: site, Now: time.Now()})
	require.NoError(t, err)
	require.NoError(t, r.CheckAudience(site))
	require.NoError(t, r.CheckRoad(proof.Fetch, nil))
	return r
}

// accepted is what an agent answers when all went well.
func accepted(nonce string) proof.Proof {
	now := time.Now()
	fact := func(kind, by, how string) proof.Fact {
		return proof.Fact{Kind: kind, Outcome: proof.Passed, At: proof.StampOf(now), By: by, How: how}
	}
	check := func(method, kind string) proof.CheckDetail {
		return proof.CheckDetail{CheckMethod: method, CheckID: txn + "." + kind, Time: proof.StampOf(now)}
	}
	return proof.Proof{
		Issuer: agency, Audience: site, Nonce: nonce, IssuedAt: now.Unix(), Origin: site, Purpose: "identity_proofing", Txn: txn, Mode: proof.Test,
		Agent:    proof.Agent{ID: "counter-07", Version: "1.0.0", Build: "7f3c2a9", KeyStorage: "software"},
		Operator: proof.Operator{ID: "u-0042", AMR: []string{"pwd", "otp", "mfa"}, AuthTime: now.Unix() - 600},
		Decision: proof.Accepted,
		Facts: []proof.Fact{
			fact("chip_read", "agent", "simulator"), fact("face_visual", "u-0042", "in person, against chip photo"),
			{Kind: "issuer_status", Outcome: proof.NotDone},
		},
		Assurance: []proof.Assurance{{
			Scheme: "th-etda", RulesVersion: "0", CandidateLevel: new("IAL2.1"), Unconfirmed: true,
			Met: []string{"chip_read", "face_visual"}, Unmet: []proof.Unmet{{Level: "IAL2.2", Needs: []string{"issuer_status"}}}, NextStep: []string{},
		}},
		PhotoDigest: new(proof.DigestOf(photo)),
		Verified: proof.Conceal(proof.VerifiedClaims{
			Verification: proof.Verification{
				TrustFramework: proof.Framework, Time: proof.StampOf(now), VerificationProcess: txn,
				AssuranceProcess: proof.AssuranceProcess{Policy: "identity_proofing, policy 1", Procedure: "counter-chip-read", AssuranceDetails: []proof.AssuranceDetail{
					{AssuranceType: "verification", EvidenceRef: []proof.EvidenceRef{{CheckID: txn + ".face_visual"}}},
				}},
				Evidence: []proof.EvidenceItem{{
					Type: "document", CheckDetails: []proof.CheckDetail{check("vdig", "chip_read"), check("pvp", "face_visual")},
					DocumentDetails: &proof.DocumentDetails{Type: "idcard"},
				}},
			},
			Claims: proof.PersonClaims{GivenNameTH: "สมชาย", FamilyNameTH: "ใจดี <&>", CitizenID: "1101700230708"},
		}),
	}
}

// sign makes a proof of ours, with our own code.
func (c *counter) sign(t *testing.T, key *ecdsa.PrivateKey, p proof.Proof) string {
	t.Helper()
	token, err := proof.Sign(key, p)
	require.NoError(t, err)
	return token
}

// draft is a proof to be spoilt, and signed by hand: header and claims as trees,
// the token's text once it is made.
type draft struct {
	key            *ecdsa.PrivateKey
	header, claims map[string]any
	// rewrite changes what is signed, where a tree can't say it.
	rewriteHeader, rewriteClaims func(string) string
	// spoil changes the token.
	spoil func(string) string
	photo []byte
}

func (c *counter) draft(t *testing.T, nonce string) *draft {
	t.Helper()
	p := accepted(nonce)
	p.ID = proof.NewID()
	p.ExpiresAt = p.IssuedAt + 300
	text, err := p.Reveal()
	require.NoError(t, err)
	var claims map[string]any
	require.NoError(t, json.Unmarshal(text, &claims))
	for _, name := range []string{"iat", "nbf", "exp"} { // not 1.795e+09
		claims[name] = int64(claims[name].(float64))
	}
	operator := claims["operator"].(map[string]any)
	operator["auth_time"] = int64(operator["auth_time"].(float64))
	same := func(s string) string { return s }
	return &draft{
		key: c.key, header: map[string]any{"alg": "ES256", "typ": "chipproof+jwt", "kid": kidOf(t, c.key)}, claims: claims,
		rewriteHeader: same, rewriteClaims: same, spoil: same, photo: photo,
	}
}

// token signs it as RFC 7515 says, whatever it holds.
func (d *draft) token(t *testing.T) string {
	t.Helper()
	header, err := json.Marshal(d.header)
	require.NoError(t, err)
	claims, err := json.Marshal(d.claims)
	require.NoError(t, err)
	text := part([]byte(d.rewriteHeader(string(header)))) + "." + part([]byte(d.rewriteClaims(string(claims))))
	digest := sha256.Sum256([]byte(text))
	r, s, err := ecdsa.Sign(rand.Reader, d.key, digest[:])
	require.NoError(t, err)
	signature := make([]byte, 64)
	r.FillBytes(signature[:32])
	s.FillBytes(signature[32:])
	return d.spoil(text + "." + part(signature))
}

func part(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }

// in is an object below an object.
func in(tree map[string]any, names ...string) map[string]any {
	for _, name := range names {
		tree = tree[name].(map[string]any)
	}
	return tree
}

// check is the nth check_details of the first evidence.
func (d *draft) check(n int) map[string]any {
	evidence := in(d.claims, "verified_claims", "verification")["evidence"].([]any)[0].(map[string]any)
	return evidence["check_details"].([]any)[n].(map[string]any)
}

// fact is the nth fact.
func (d *draft) fact(n int) map[string]any {
	return d.claims["urn:chipproof:claim:facts"].([]any)[n].(map[string]any)
}

func (d *draft) assurance() map[string]any {
	return d.claims["urn:chipproof:claim:assurance"].([]any)[0].(map[string]any)
}
