package keyfetch_test

import (
	"crypto/rand"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/proofing/proof"
	"chipproof/proofing/proof/keyfetch"
	"chipproof/proofing/proof/keyring"
)

const (
	site         = "https://app.example.go.th"
	organisation = "https://id.example.go.th"
)

func signed(t *testing.T, ring *keyring.Ring, now time.Time) string {
	t.Helper()
	signer, _, err := ring.Signer(now)
	require.NoError(t, err)
	token, err := proof.Sign(signer, proof.Proof{
		Issuer: organisation, Audience: site, Nonce: proof.NewNonce(), IssuedAt: now.Unix(), Origin: site, Purpose: "identity_proofing",
		Txn: "pf-20261121-000417", Mode: proof.Production,
		Agent:    proof.Agent{ID: "counter-07", Version: "1.0.0", Build: "7f3c2a9", KeyStorage: "software"},
		Operator: proof.Operator{ID: "u-0042", AMR: []string{"pwd", "otp", "mfa"}, AuthTime: now.Unix() - 600},
		Decision: proof.Rejected, Facts: []proof.Fact{{Kind: "chip_read", Outcome: proof.NotDone}}, Assurance: []proof.Assurance{},
	})
	require.NoError(t, err)
	return token
}

// A revocation is the one change that no relying party knows of a day before.
func TestAProofUnderAKeyThatIsNewHasTheSetReadOnceMore(t *testing.T) {
	a := newAgency(t, failing)
	old, err := keyring.New(rand.Reader, a.clock(), proof.Production)
	require.NoError(t, err)
	a.answers(serving(old.Published(a.clock()), "Cache-Control", "max-age=3600"))
	reader := a.reader(t)
	verify := func(ring *keyring.Ring, name string) error {
		_, err := reader.Verify(t.Context(), signed(t, ring, a.clock()), name, proof.Options{Audience: site, Origin: site, Purpose: "identity_proofing", Now: a.clock()})
		return err
	}
	require.NoError(t, verify(old, organisation))
	require.ErrorIs(t, verify(old, "https://other.example.go.th"), proof.ErrIssuer)

	current := old.Published(a.clock()).Thumbprints()[0]
	fresh, err := old.Revoked(current, rand.Reader, a.clock())
	require.NoError(t, err)
	a.answers(serving(fresh.Published(a.clock()), "Cache-Control", "max-age=3600"))
	require.ErrorIs(t, verify(fresh, organisation), proof.ErrKey, "it was read a moment ago")
	require.NoError(t, verify(old, organisation), "and whoever wasn't told takes the stolen key")

	a.pass(keyfetch.Pause)
	require.NoError(t, verify(fresh, organisation))
	require.ErrorIs(t, verify(old, organisation), proof.ErrKey, "which is over with the next set")
	assert.EqualValues(t, 2, a.asked.Load())
}

func TestAnAgentSpeaksUnderItsOwnIDAloneWhereTheListSaysSo(t *testing.T) {
	a := newAgency(t, failing)
	ring, err := keyring.New(rand.Reader, a.clock(), proof.Production)
	require.NoError(t, err)
	a.answers(serving(ring.Published(a.clock())))
	kid := ring.Published(a.clock()).Thumbprints()[0]
	reader := a.reader(t)
	for name, row := range map[string]struct {
		issuers []proof.Issuer
		want    error
	}{
		"no list":               {nil, nil},
		"its own id":            {[]proof.Issuer{{Name: organisation, Agents: map[string]string{kid: "counter-07"}}}, nil},
		"another's":             {[]proof.Issuer{{Name: organisation, Agents: map[string]string{kid: "counter-99"}}}, proof.ErrIssuer},
		"none of the list":      {[]proof.Issuer{{Name: organisation, Agents: map[string]string{}}}, proof.ErrIssuer},
		"another's, after that": {[]proof.Issuer{{Name: organisation}, {Name: organisation, Agents: map[string]string{kid: "counter-99"}}}, proof.ErrIssuer},
		"of another agency":     {[]proof.Issuer{{Name: "https://other.example.go.th", Agents: map[string]string{kid: "counter-99"}}}, nil},
	} {
		verify := func(organisation string) error {
			_, err := reader.Verify(t.Context(), signed(t, ring, a.clock()), organisation, proof.Options{
				Issuers: row.issuers, Audience: site, Origin: site, Purpose: "identity_proofing", Now: a.clock(),
			})
			return err
		}
		require.ErrorIs(t, verify(organisation), row.want, name)
		require.ErrorIs(t, verify("https://other.example.go.th"), proof.ErrIssuer, "%s: no organisation but the one that is named", name)
	}
}

// A key that only the second reading of the set brings is no way round the list.
func TestTheListOfAgentsIsKeptWhenTheSetIsReadOnceMore(t *testing.T) {
	a := newAgency(t, failing)
	old, err := keyring.New(rand.Reader, a.clock(), proof.Production)
	require.NoError(t, err)
	a.answers(serving(old.Published(a.clock()), "Cache-Control", "max-age=3600"))
	reader := a.reader(t)
	_, err = reader.Keys(t.Context())
	require.NoError(t, err)
	fresh, err := old.Revoked(old.Published(a.clock()).Thumbprints()[0], rand.Reader, a.clock())
	require.NoError(t, err)
	a.answers(serving(fresh.Published(a.clock())))
	a.pass(keyfetch.Pause)
	_, err = reader.Verify(t.Context(), signed(t, fresh, a.clock()), organisation, proof.Options{
		Issuers:  []proof.Issuer{{Name: organisation, Agents: map[string]string{"another key": "counter-07"}}},
		Audience: site, Origin: site, Purpose: "identity_proofing", Now: a.clock(),
	})
	require.ErrorIs(t, err, proof.ErrIssuer)
	require.EqualValues(t, 2, a.asked.Load())
}

func TestWithoutAKeySetNothingVerifies(t *testing.T) {
	a := newAgency(t, failing)
	ring, err := keyring.New(rand.Reader, a.clock(), proof.Production)
	require.NoError(t, err)
	_, err = a.reader(t).Verify(t.Context(), signed(t, ring, a.clock()), organisation, proof.Options{Audience: site, Origin: site, Purpose: "identity_proofing", Now: a.clock()})
	require.ErrorIs(t, err, keyfetch.ErrUnavailable)
}
