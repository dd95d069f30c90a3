package program

import (
	"net"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestAFileIsWrittenForThisAccountAlone(t *testing.T) {
	path := filepath.Join(t.TempDir(), "photo.jpg")
	require.NoError(t, WriteFile(path, []byte("picture"), Keep))
	info, err := os.Stat(path)
	require.NoError(t, err)
	assert.Equal(t, os.FileMode(0o600), info.Mode().Perm())
	assertHolds(t, path, "picture")
}

func TestAFileThatIsThereStaysUnlessItIsToBeReplaced(t *testing.T) {
	path := filepath.Join(t.TempDir(), "photo.jpg")
	require.NoError(t, os.WriteFile(path, []byte("mine"), 0o644))
	assert.ErrorIs(t, CheckTarget(path, Keep), ErrFileExists)
	assert.ErrorIs(t, WriteFile(path, []byte("picture"), Keep), ErrFileExists)
	assertHolds(t, path, "mine")

	require.NoError(t, CheckTarget(path, Replace))
	require.NoError(t, WriteFile(path, []byte("picture"), Replace))
	assertHolds(t, path, "picture")
}

func TestOfTwoThatWriteOneFileOneIsTold(t *testing.T) {
	path := filepath.Join(t.TempDir(), "photo.jpg")
	var writers sync.WaitGroup
	var written atomic.Int32
	for range 8 {
		writers.Go(func() {
			if WriteFile(path, []byte("picture"), Keep) == nil {
				written.Add(1)
			}
		})
	}
	writers.Wait()
	assert.Equal(t, int32(1), written.Load())
	assertHolds(t, path, "picture")
}

// `--photo /dev/null --force` as root once made a photo of the device itself.
func TestWhatIsNoFileIsNeverReplaced(t *testing.T) {
	path := filepath.Join(t.TempDir(), "socket")
	socket, err := net.Listen("unix", path)
	require.NoError(t, err)
	defer socket.Close()
	for _, old := range []Existing{Keep, Replace} {
		assert.ErrorIs(t, CheckTarget(path, old), ErrFileUnwritable)
	}
	assert.ErrorIs(t, WriteFile(path, []byte("picture"), Replace), ErrFileUnwritable)
	info, err := os.Lstat(path)
	require.NoError(t, err)
	assert.NotZero(t, info.Mode()&os.ModeSocket)
}

func TestAFolderIsNoFile(t *testing.T) {
	dir := t.TempDir()
	assert.ErrorIs(t, CheckTarget(dir, Replace), ErrFileUnwritable)
	assert.ErrorIs(t, WriteFile(dir, []byte("picture"), Replace), ErrFileUnwritable)
	assert.ErrorIs(t, CheckTarget(filepath.Join(dir, "none", "photo.jpg"), Keep), ErrFileUnwritable)
	assert.ErrorIs(t, WriteFile(filepath.Join(dir, "none", "photo.jpg"), nil, Keep), ErrFileUnwritable)
	assert.NoError(t, CheckTarget(filepath.Join(dir, "photo.jpg"), Keep))
}

// assertHolds says that path holds content, and that nothing is left beside it.
func assertHolds(t *testing.T, path, content string) {
	t.Helper()
	got, err := os.ReadFile(path)
	require.NoError(t, err)
	assert.Equal(t, content, string(got))
	beside, err := os.ReadDir(filepath.Dir(path))
	require.NoError(t, err)
	assert.Len(t, beside, 1)
}
