package proof_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"time"

	"chipproof/proofing/proof"
)

// siteKey stands for the key of a relying party's backend, made once and kept in a
// file that never leaves it.
func siteKey() *ecdsa.PrivateKey {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		panic(err)
	}
	return key
}

// The relying party's backend signs a request at the click, inside a session of
// its own; the agent checks it.
func ExampleSignRequest() {
	key, now := siteKey(), time.Now()
	request, err := proof.SignRequest(key, proof.Request{
		Issuer:   "https://app.example.go.th",
		Audience: "https://app.example.go.th",
		Nonce:    proof.NewNonce(), // keep it in this browser's session
		IssuedAt: now.Unix(),
		Purpose:  "identity_proofing",
		Fields:   []string{"citizen_id", "name"},
		Needs:    []string{"face_visual"},
	})
	if err != nil {
		fmt.Println(err)
		return
	}

	// At the agent: the key set is the one registered for the origin.
	keys, err := proof.NewKeySet(&key.PublicKey)
	if err != nil {
		fmt.Println(err)
		return
	}
	asked, err := proof.VerifyRequest(request, keys, proof.RequestOptions{Origin: "https://app.example.go.th", Now: now})
	if err == nil {
		err = errors.Join(asked.CheckAudience("https://app.example.go.th"), asked.CheckRoad(proof.Fetch, nil))
	}
	fmt.Println(asked.Purpose, asked.Fields, asked.Needs, err)
	// Output: identity_proofing [citizen_id name] [face_visual] <nil>
}

// session is where a relying party keeps the nonces of one browser session, and
// the names of proofs seen. A real one is a table, with one conditional update.
type session struct{ nonces, seen map[string]bool }

func (s session) Take(_ context.Context, nonce string) (bool, error) {
	there := s.nonces[nonce]
	delete(s.nonces, nonce)
	return there, nil
}

func (s session) SeeID(_ context.Context, jti string, _ time.Time) (bool, error) {
	fresh := !s.seen[jti]
	s.seen[jti] = true
	return fresh, nil
}

// identify is what a relying party's backend does with a proof that its page
// brought: all three calls, in this order.
func identify(ctx context.Context, token string, agents proof.KeySet, s session, now time.Time) (*proof.Proof, error) {
	p, err := proof.Verify(token, proof.Options{
		Issuers:  []proof.Issuer{{Name: "https://test.chipproof.invalid", Keys: agents}},
		Audience: "https://app.example.go.th",
		Origin:   "https://app.example.go.th",
		Purpose:  "identity_proofing",
		Mode:     proof.Test, // a test system, with the test keys; leave it out in production
		Now:      now,
	})
	if err != nil {
		return nil, err
	}
	if err := proof.Redeem(ctx, p, s); err != nil {
		return nil, err
	}
	demand := proof.Demand{Methods: []string{"vdig", "pvp"}, Facts: []string{"card_not_expired"}}
	if err := demand.Check(p, nil, now); err != nil {
		return nil, err
	}
	return p, nil
}

func ExampleVerify() {
	agent, now := siteKey(), time.Now()
	agents, err := proof.NewKeySet(&agent.PublicKey)
	if err != nil {
		fmt.Println(err)
		return
	}
	nonce := proof.NewNonce()
	token, err := signedByAgent(agent, nonce, now)
	if err != nil {
		fmt.Println(err)
		return
	}

	mine := session{nonces: map[string]bool{nonce: true}, seen: map[string]bool{}}
	p, err := identify(context.Background(), token, agents, mine, now)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(p.Decision, p.Txn, p.Verified, p.Verified.Reveal().Claims.GivenNameTH)

	_, err = identify(context.Background(), token, agents, mine, now)
	fmt.Println(err)
	fmt.Println(errors.Is(err, proof.ErrNonce), errors.Is(err, proof.ErrProofRefused))

	_, err = identify(context.Background(), token, agents, mine, now.Add(6*time.Minute))
	clock, ok := errors.AsType[*proof.ClockError](err)
	fmt.Println(ok && clock.Age >= 360)
	// Output:
	// accepted pf-20261121-000001 [hidden] สมชาย
	// proof refused: nonce: it is not of this session, was used, or is too old
	// true true
	// true
}

// signedByAgent stands for the agent: a proof about a synthetic person.
func signedByAgent(key *ecdsa.PrivateKey, nonce string, now time.Time) (string, error) {
	at, txn := proof.StampOf(now), "pf-20261121-000001"
	passed := func(kind, by, how string) proof.Fact {
		return proof.Fact{Kind: kind, Outcome: proof.Passed, At: at, By: by, How: how}
	}
	check := func(method, kind string) proof.CheckDetail {
		return proof.CheckDetail{CheckMethod: method, CheckID: txn + "." + kind, Time: at}
	}
	return proof.Sign(key, proof.Proof{
		Issuer: "https://test.chipproof.invalid", Audience: "https://app.example.go.th", Nonce: nonce, IssuedAt: now.Unix(),
		Origin: "https://app.example.go.th", Purpose: "identity_proofing", Txn: txn, Mode: proof.Test,
		Agent:    proof.Agent{ID: "counter-07", Version: "1.0.0", Build: "7f3c2a9", KeyStorage: "software"},
		Operator: proof.Operator{ID: "u-0042", AMR: []string{"pwd", "otp", "mfa"}, AuthTime: now.Add(-time.Hour).Unix()},
		Decision: proof.Accepted,
		Facts: []proof.Fact{
			passed("chip_read", "agent", "simulator"), passed("card_not_expired", "agent", "expiry date on chip"),
			passed("face_visual", "u-0042", "in person, against chip photo"),
			{Kind: "issuer_status", Outcome: proof.NotDone},
		},
		Verified: proof.Conceal(proof.VerifiedClaims{
			Verification: proof.Verification{
				TrustFramework: proof.Framework, VerificationProcess: txn, Time: at,
				Evidence: []proof.EvidenceItem{{
					Type: "document", CheckDetails: []proof.CheckDetail{check("vdig", "chip_read"), check("pvp", "face_visual")},
					DocumentDetails: &proof.DocumentDetails{Type: "idcard"},
				}},
			},
			Claims: proof.PersonClaims{GivenNameTH: "สมชาย", FamilyNameTH: "ใจดี"},
		}),
	})
}

func ExampleParseKeys() {
	file := os.Getenv("KEYS_OF_THE_AGENTS") // from configuration: never from a token or a browser
	if _, err := proof.ParseKeys([]byte(file)); errors.Is(err, proof.ErrKeysInvalid) {
		fmt.Println(err)
	}
	// Output: key set invalid: no JSON of the form {"keys": […]}
}
