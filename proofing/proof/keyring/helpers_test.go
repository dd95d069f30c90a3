package keyring_test

import (
	"crypto/rand"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"chipproof/proofing/proof"
	"chipproof/proofing/proof/keyring"
)

// start is when the rings of the tests are made.
var start = time.Unix(1795228215, 0)

func newRing(t require.TestingT) *keyring.Ring {
	ring, err := keyring.New(rand.Reader, start, proof.Production)
	require.NoError(t, err)
	return ring
}

func rotated(t require.TestingT, ring *keyring.Ring, now time.Time) *keyring.Ring {
	next, err := ring.Rotated(rand.Reader, now)
	require.NoError(t, err)
	return next
}

func revoked(t require.TestingT, ring *keyring.Ring, kid string, now time.Time) *keyring.Ring {
	next, err := ring.Revoked(kid, rand.Reader, now)
	require.NoError(t, err)
	return next
}

// signs is the kid of the key that signs at a moment, "" if none does.
func signs(t require.TestingT, ring *keyring.Ring, now time.Time) string {
	signer, kid, err := ring.Signer(now)
	if err != nil {
		require.ErrorIs(t, err, keyring.ErrNoKey)
		return ""
	}
	require.NotNil(t, signer)
	return kid
}

func published(ring *keyring.Ring, now time.Time) []string { return ring.Published(now).Thumbprints() }

// kids are all keys of a ring, oldest first.
func kids(ring *keyring.Ring) []string {
	var all []string
	for _, k := range ring.States(start) {
		all = append(all, k.KID)
	}
	return all
}

func stateOf(tb testing.TB, ring *keyring.Ring, kid string, now time.Time) keyring.KeyState {
	tb.Helper()
	states := ring.States(now)
	i := slices.IndexFunc(states, func(k keyring.KeyState) bool { return k.KID == kid })
	require.GreaterOrEqual(tb, i, 0)
	return states[i]
}
