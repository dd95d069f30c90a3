package doctor_test

import (
	"runtime"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/doctor"
)

func TestThisMachineIsFilledInCompletely(t *testing.T) {
	m := doctor.Here(service{}, built)
	assert.Equal(t, runtime.GOOS, m.System)
	assert.Equal(t, built, m.Built)
	assert.NotEmpty(t, m.Account)
	assert.WithinDuration(t, time.Now(), m.Clock(), time.Minute)
	assert.Contains(t, []doctor.Sync{doctor.SyncUnknown, doctor.Synchronised, doctor.Unsynchronised}, m.Sync())
	require.NotPanics(t, func() { _ = m.LoopbackV6() })
	assert.Len(t, doctor.Examine(t.Context(), m), 7, "a machine without readers has no card check")
}
