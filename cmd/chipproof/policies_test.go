package main

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/proofing"
)

// What ships may grow stricter: that must stop neither an erasure under an old
// purpose nor a command that looks at the purposes of the running agent.
func TestAPolicyOnRecordIsReadThoughItWouldNotBeTakenToday(t *testing.T) {
	s := openedSite(t)
	old := strings.Replace(string(proofing.DefaultPolicy().Content()), "face_visual, ", "", 1)
	old = strings.Replace(old, "name: compat", "name: of_old_days", 1)
	_, err := proofing.ParsePolicy([]byte(old))
	require.ErrorIs(t, err, proofing.ErrPolicyInvalid)
	sum := sha256.Sum256([]byte(old))
	require.NoError(t, s.records.UsePolicy(t.Context(), s.asActor(), "1", hex.EncodeToString(sum[:]), []byte(old), time.Now()))

	policy, err := s.policyInUse(t.Context())
	require.NoError(t, err)
	_, known := policy.Purpose("of_old_days")
	assert.True(t, known)
	ever, err := s.purposesEver(t.Context())
	require.NoError(t, err)
	assert.Contains(t, ever, "of_old_days")
	assert.Contains(t, ever, "compat")
}
