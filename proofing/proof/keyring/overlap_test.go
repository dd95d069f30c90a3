package keyring_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/proofing/proof"
	"chipproof/proofing/proof/keyring"
)

const site = "https://app.example.go.th"

// signed is a proof under the key that signs at a moment.
func signed(t *testing.T, ring *keyring.Ring, now time.Time) string {
	t.Helper()
	signer, _, err := ring.Signer(now)
	require.NoError(t, err)
	token, err := proof.Sign(signer, proof.Proof{
		Issuer: "https://id.example.go.th", Audience: site, Nonce: proof.NewNonce(), IssuedAt: now.Unix(), Origin: site, Purpose: "identity_proofing",
		Txn: "pf-20261121-000417", Mode: ring.Mode(),
		Agent:    proof.Agent{ID: "counter-07", Version: "1.0.0", Build: "7f3c2a9", KeyStorage: "software"},
		Operator: proof.Operator{ID: "u-0042", AMR: []string{"pwd", "otp", "mfa"}, AuthTime: now.Unix() - 600},
		Decision: proof.Rejected, Facts: []proof.Fact{{Kind: "chip_read", Outcome: proof.NotDone}}, Assurance: []proof.Assurance{},
	})
	require.NoError(t, err)
	return token
}

// verify checks it as a relying party that has just read the set.
func verify(ring *keyring.Ring, token string, now time.Time) error {
	_, err := proof.Verify(token, proof.Options{
		Issuers: []proof.Issuer{{Name: "https://id.example.go.th", Keys: ring.Published(now)}}, Deny: ring.Denied(),
		Audience: site, Origin: site, Purpose: "identity_proofing", Mode: ring.Mode(), Now: now,
	})
	return err
}

func TestDuringTheOverlapProofsOfBothKeysVerifyAndAfterwardsOnlyThoseOfTheNew(t *testing.T) {
	ring := rotated(t, newRing(t), start)
	turn := start.Add(keyring.Ahead)
	last, first := signed(t, ring, turn.Add(-time.Second)), signed(t, ring, turn)
	for _, later := range []time.Duration{0, time.Minute, 298 * time.Second} {
		assert.NoError(t, verify(ring, last, turn.Add(later)), "the last proof of the old key, after %s", later)
		assert.NoError(t, verify(ring, first, turn.Add(later)))
	}
	gone := turn.Add(keyring.After)
	require.NoError(t, verify(ring, signed(t, ring, gone), gone))

	// By whoever still had the old key: a ring that was never rotated.
	ring = newRing(t)
	stale := signed(t, ring, gone)
	ring = rotated(t, ring, start)
	assert.NoError(t, verify(ring, stale, gone.Add(-time.Second)), "while its last proof could live")
	assert.ErrorIs(t, verify(ring, stale, gone), proof.ErrKey)
}

func TestAnUnexpiredProofOfARevokedKeyFails(t *testing.T) {
	ring := newRing(t)
	token := signed(t, ring, start)
	require.NoError(t, verify(ring, token, start.Add(time.Second)))
	ring = revoked(t, ring, signs(t, ring, start), start.Add(2*time.Second))
	assert.ErrorIs(t, verify(ring, token, start.Add(2*time.Second)), proof.ErrKey)
	assert.NoError(t, verify(ring, signed(t, ring, start.Add(2*time.Second)), start.Add(2*time.Second)), "the new key needs no waiting")
}
