package rp_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"chipproof/proofing/proof"
	"chipproof/simulator/rp"
)

// counter stands for an agent with a clerk: it checks what the site's backend
// signed, and signs an answer.
type counter struct {
	testing.TB
	site  *rp.Site
	key   *ecdsa.PrivateKey
	clock func() time.Time
}

func newKey(tb testing.TB) *ecdsa.PrivateKey {
	tb.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(tb, err)
	return key
}

// keySet is the file of the agent's keys, as its agency publishes them.
func (c *counter) keySet() ([]byte, error) {
	set, err := proof.NewKeySet(&c.key.PublicKey)
	return set.JSON(), err
}

// read is a request as an agent takes it, with the site's keys.
func (c *counter) read(token string) proof.Request {
	c.Helper()
	keys, err := proof.ParseKeys(c.site.Keys())
	require.NoError(c, err)
	r, err := proof.VerifyRequest(token, keys, proof.RequestOptions{Origin: c.site.Origin(), Now: c.clock()})
	require.NoError(c, err)
	require.NoError(c, r.CheckAudience(c.site.Origin()))
	return r
}

// prove answers a request with an accepted proof, changed as the test wants.
func (c *counter) prove(token string, changes ...func(*proof.Proof)) string {
	c.Helper()
	p := c.accepted(c.read(token))
	for _, change := range changes {
		change(&p)
	}
	signed, err := proof.Sign(c.key, p)
	require.NoError(c, err)
	return signed
}

func (c *counter) accepted(r proof.Request) proof.Proof {
	now := c.clock()
	const txn = "pf-20261121-000417"
	return proof.Proof{
		Issuer: rp.TestIssuer, Audience: r.Audience, Nonce: r.Nonce, IssuedAt: now.Unix(), Origin: r.Issuer, Purpose: r.Purpose,
		Txn: txn, Mode: proof.Test,
		Agent:    proof.Agent{ID: "counter-07", Version: "1.0.0", Build: "7f3c2a9", KeyStorage: "software"},
		Operator: proof.Operator{ID: "u-0042", AMR: []string{"pwd", "otp", "mfa"}, AuthTime: now.Unix() - 600},
		Decision: proof.Accepted,
		Facts: []proof.Fact{
			{Kind: "chip_read", Outcome: proof.Passed, At: proof.StampOf(now), By: "agent", How: "simulator"},
			{Kind: "face_visual", Outcome: proof.Passed, At: proof.StampOf(now), By: "u-0042", How: "in person, against chip photo"},
			{Kind: "issuer_status", Outcome: proof.NotDone},
		},
		Assurance: []proof.Assurance{{
			Scheme: "th-etda", RulesVersion: "0", CandidateLevel: new("IAL2.1"), Unconfirmed: true,
			Met: []string{"chip_read", "face_visual"}, Unmet: []proof.Unmet{}, NextStep: []string{},
		}},
		Verified: proof.Conceal(proof.VerifiedClaims{
			Verification: proof.Verification{
				TrustFramework: proof.Framework, Time: proof.StampOf(now), VerificationProcess: txn,
				Evidence: []proof.EvidenceItem{{Type: "document", CheckDetails: []proof.CheckDetail{
					{CheckMethod: "vdig", CheckID: txn + ".chip_read", Time: proof.StampOf(now)},
					{CheckMethod: "pvp", CheckID: txn + ".face_visual", Time: proof.StampOf(now)},
				}}},
			},
			Claims: proof.PersonClaims{GivenNameTH: "สมชาย", FamilyNameTH: "ใจดี", CitizenID: "1101700230708"},
		}),
	}
}

// rejected makes a proof one that was not accepted.
func rejected(p *proof.Proof) {
	p.Decision, p.Verified = proof.Rejected, nil
	p.Facts[1].Outcome = proof.Failed
}
