package keyring_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"chipproof/proofing/proof/keyring"
)

func FuzzParse(f *testing.F) {
	ring := rotated(f, newRing(f), start)
	f.Add(ring.Reveal(), int64(0))
	f.Add(revoked(f, ring, kids(ring)[0], start.Add(time.Hour)).Reveal(), int64(100_000))
	f.Fuzz(func(t *testing.T, file []byte, later int64) {
		ring, err := keyring.Parse(file)
		if err != nil {
			require.ErrorIs(t, err, keyring.ErrRingInvalid)
			return
		}
		again, err := keyring.Parse(ring.Reveal())
		require.NoError(t, err, "what was read can be written and read")
		require.Equal(t, ring.Reveal(), again.Reveal())
		now := start.Add(time.Duration(later%1_000_000) * time.Second)
		if kid := signs(t, ring, now); kid != "" {
			require.Contains(t, published(ring, now), kid)
			require.NotContains(t, ring.Denied(), kid)
		}
	})
}
