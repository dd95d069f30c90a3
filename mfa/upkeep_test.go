package mfa_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/mfa"
)

// A lock that was forgotten for unknown names alone would tell them from
// accounts, to whoever waits long enough.
func TestNoLockIsForgottenForAName(t *testing.T) {
	o := newOffice(t)
	o.enrolled("malee", mfa.RoleStaff)
	for _, name := range []string{"malee", "nobody", "not a name"} {
		for range mfa.Throttling.Limit {
			_, err := o.tryPassword(name, "ไม่ใช่รหัสนี้แน่นอน")
			require.Error(t, err)
			wait, _ := throttle(err)
			o.clock.Forward(max(wait, mfa.Throttling.Longest))
		}
	}
	o.clock.Forward(200 * 24 * time.Hour)
	_, err := o.Sweep(t.Context())
	require.NoError(t, err)
	for _, name := range []string{"malee", "nobody", "not a name"} {
		_, err := o.tryPassword(name, "ไม่ใช่รหัสนี้แน่นอน")
		_, locked := throttle(err)
		assert.True(t, locked, name)
	}
}
