//go:build unix

package exposure_test

import (
	"io/fs"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/exposure"
)

func TestAPipeIsNoTargetAndHoldsNothingUp(t *testing.T) {
	pipe := filepath.Join(t.TempDir(), "pipe")
	require.NoError(t, syscall.Mkfifo(pipe, 0o600))
	r := newRig(t)
	assert.Error(t, r.Files(t.Context(), []string{pipe}, exposure.Run{State: exposure.NewMemory()}), "passed over, it would look clean")

	// It took the place of a file that the walk has met.
	_, err := exposure.FileSource{Path: pipe, Bytes: 1}.Open(t.Context())
	assert.ErrorIs(t, err, fs.ErrPermission)
}
