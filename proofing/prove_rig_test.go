package proofing_test

import (
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"chipproof/api/apitest"
	"chipproof/proofing"
	"chipproof/proofing/proof"
	"chipproof/proofing/thaiid"
	"chipproof/simulator"
)

const (
	site  = "https://app.example.go.th"
	clerk = "u-0042" // a user id, as the clerk's facts and the operator have it
)

// desk is a counter with everything real behind it but card, person and issuer:
// the store with its audit log, signing keys, a site that signs its requests.
type desk struct {
	counter
	office  *apitest.Office
	prover  *proofing.Prover
	key     *ecdsa.PrivateKey // the agent's
	siteKey *ecdsa.PrivateKey
	t       testing.TB
}

func newDesk(t testing.TB, person string) *desk {
	t.Helper()
	return newDeskIn(t, apitest.New(t), person)
}

// newDeskIn is one more desk of an installation.
func newDeskIn(t testing.TB, office *apitest.Office, person string) *desk {
	t.Helper()
	d := &desk{counter: newCounter(t, person, simulator.CardOptions{}), office: office, key: newKey(t), siteKey: newKey(t), t: t}
	d.prover = &proofing.Prover{
		Readers: d.readers, Policy: proofing.DefaultPolicy(), Schemes: proofing.CurrentSchemes(),
		Ledger: d.office.Records, Pseudonyms: d.office.Pseudonyms, Now: d.office.Clock.Now, Test: true,
		Signing: &proofing.Signing{
			Mode:  proof.Test,
			Agent: proof.Agent{ID: "counter-07", Version: "1.0.0", Build: "7f3c2a9", KeyStorage: "software"},
			Key:   func() (crypto.Signer, error) { return d.key, nil },
			Now:   d.office.Clock.Now,
		},
	}
	return d
}

func newKey(t testing.TB) *ecdsa.PrivateKey {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	return key
}

// textFields are what most sites ask for.
func textFields() []string {
	return []string{"citizen_id", "name", "birth_date", "sex", "address", "card"}
}

// asks is a request of the site, signed and verified as at the counter, reserved
// for one proofing. change may change it before it is signed.
func (d *desk) asks(change func(*proof.Request)) proofing.Asked {
	d.t.Helper()
	a := d.asksInVain(change)
	d.reserve(a)
	return a
}

// asksInVain is a request that no decision will be made on: it is not reserved.
// In a bubble of synctest the store can't be used, which is outside of it.
func (d *desk) asksInVain(change func(*proof.Request)) proofing.Asked {
	d.t.Helper()
	now := d.office.Clock.Now()
	r := proof.Request{
		Issuer: site, Nonce: proof.NewNonce(), Audience: site, Purpose: proofing.IdentityProofing,
		IssuedAt: now.Unix(), Fields: textFields(),
	}
	if change != nil {
		change(&r)
	}
	token, err := proof.SignRequest(d.siteKey, r)
	require.NoError(d.t, err)
	keys, err := proof.NewKeySet(&d.siteKey.PublicKey)
	require.NoError(d.t, err)
	verified, err := proof.VerifyRequest(token, keys, proof.RequestOptions{Origin: site, Now: now})
	require.NoError(d.t, err)

	a := d.consoleAsks(verified.Purpose)
	a.Origin, a.Audience, a.Request = site, verified.Audience, &verified
	a.Fields = nil
	for _, f := range verified.Fields {
		a.Fields = append(a.Fields, thaiid.Field(f))
	}
	for _, k := range verified.Needs {
		a.Needs = append(a.Needs, proofing.Kind(k))
	}
	a.Evidence, a.Claimed, a.IssuerCheck = verified.Evidence, verified.Claimed, verified.IssuerCheck
	return a
}

// consoleAsks is what our own console asks for: no request, and so no proof.
func (d *desk) consoleAsks(purpose string) proofing.Asked {
	d.t.Helper()
	p, known := d.prover.Policy.Purpose(purpose)
	require.True(d.t, known, purpose)
	var id [16]byte
	rand.Read(id[:])
	return proofing.Asked{
		ID: hex.EncodeToString(id[:]), Purpose: p, Fields: thaiid.TextFields(), Reader: readerName,
		Operator: proof.Operator{ID: clerk, AMR: []string{"pwd", "otp", "mfa"}, AuthTime: d.office.Clock.Now().Add(-time.Hour).Unix()},
		By:       proofing.Actor{ID: clerk, Session: "s-1"},
	}
}

func (d *desk) reserve(a proofing.Asked) {
	d.t.Helper()
	reserved, err := d.office.Records.ReserveRequest(d.t.Context(), proofing.UseOf(a.Request), a.ID, d.office.Clock.Now())
	require.NoError(d.t, err)
	require.True(d.t, reserved)
}

// opened is a proof as the site sees it, checked by all the steps that need no
// store.
func (d *desk) opened(token string) *proof.Proof {
	d.t.Helper()
	keys, err := proof.NewKeySet(&d.key.PublicKey)
	require.NoError(d.t, err)
	p, err := proof.Verify(token, proof.Options{
		Issuers:  []proof.Issuer{{Name: proofing.TestIssuer, Keys: keys}},
		Audience: site, Origin: site, Purpose: proofing.IdentityProofing, Mode: proof.Test, Now: d.office.Clock.Now(),
	})
	require.NoError(d.t, err)
	return p
}

// person is a clerk in a test: what they do when they are asked.
type person func(ctx context.Context, v proofing.View, wanted []proofing.Kind) ([]proofing.Fact, error)

func (p person) State(ctx context.Context, v proofing.View, wanted []proofing.Kind) ([]proofing.Fact, error) {
	return p(ctx, v, wanted)
}

// Second is nobody: the clerk is alone.
func (person) Second(context.Context, proofing.View) (string, error) { return "", nil }

// agrees confirms everything that is wanted; on the card it reads what is printed.
func agrees(printed proofing.PrintedExpiry) person {
	return func(_ context.Context, _ proofing.View, wanted []proofing.Kind) ([]proofing.Fact, error) {
		var said []proofing.Fact
		for _, k := range wanted {
			f := proofing.Fact{Kind: k, Outcome: proofing.Passed, By: clerk}
			if k == proofing.CardInspected {
				f.PrintedExpiry = printed
			}
			said = append(said, f)
		}
		return said, nil
	}
}

// silent is a clerk whose time is over.
func silent(context.Context, proofing.View, []proofing.Kind) ([]proofing.Fact, error) {
	return nil, nil
}

// countsKeys counts how often a signing key was asked for from now on.
func (d *desk) countsKeys() *int {
	times := new(int)
	key := d.prover.Signing.Key
	d.prover.Signing.Key = func() (crypto.Signer, error) { *times++; return key() }
	return times
}

// loseKey lets the signing key be gone.
func (d *desk) loseKey() {
	d.prover.Signing.Key = func() (crypto.Signer, error) { return nil, errors.New("no such file") }
}

// asking is a clerk of whom the test sees what they were asked, and how often.
type asking struct {
	clerk  proofing.Clerk
	times  int
	view   proofing.View
	wanted []proofing.Kind
}

func (a *asking) State(ctx context.Context, v proofing.View, wanted []proofing.Kind) ([]proofing.Fact, error) {
	a.times++
	a.view, a.wanted = v, wanted
	return a.clerk.State(ctx, v, wanted)
}

func (a *asking) Second(ctx context.Context, v proofing.View) (string, error) {
	return a.clerk.Second(ctx, v)
}

// pair is a clerk with a second person beside them.
type pair struct {
	person
	second func(ctx context.Context, v proofing.View) (string, error)
}

func (p pair) Second(ctx context.Context, v proofing.View) (string, error) { return p.second(ctx, v) }

// changes puts another card in, of the same person with something changed.
func (d *desk) changes(change func(holder *simulator.Person)) {
	d.t.Helper()
	holder := d.card.Person()
	change(&holder)
	card, err := simulator.NewCard(holder, simulator.CardOptions{})
	require.NoError(d.t, err)
	require.NoError(d.t, d.Remove(readerName))
	require.NoError(d.t, d.Insert(readerName, card))
	d.card = card
}
