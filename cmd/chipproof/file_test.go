package main

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
	require.NoError(t, writeFile(path, []byte("picture"), keep))
	info, err := os.Stat(path)
	require.NoError(t, err)
	assert.Equal(t, os.FileMode(0o600), info.Mode().Perm())
	assertHolds(t, path, "picture")
}

func TestAFileThatIsThereStaysUnlessItIsToBeReplaced(t *testing.T) {
	path := filepath.Join(t.TempDir(), "photo.jpg")
	require.NoError(t, os.WriteFile(path, []byte("mine"), 0o644))
	assert.ErrorIs(t, checkTarget(path, keep), errFileExists)
	assert.ErrorIs(t, writeFile(path, []byte("picture"), keep), errFileExists)
	assertHolds(t, path, "mine")

	require.NoError(t, checkTarget(path, replace))
	require.NoError(t, writeFile(path, []byte("picture"), replace))
	assertHolds(t, path, "picture")
}

func TestOfTwoThatWriteOneFileOneIsTold(t *testing.T) {
	path := filepath.Join(t.TempDir(), "photo.jpg")
	var writers sync.WaitGroup
	var written atomic.Int32
	for range 8 {
		writers.Go(func() {
			if writeFile(path, []byte("picture"), keep) == nil {
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
	for _, old := range []existing{keep, replace} {
		assert.ErrorIs(t, checkTarget(path, old), errFileUnwritable)
	}
	assert.ErrorIs(t, writeFile(path, []byte("picture"), replace), errFileUnwritable)
	info, err := os.Lstat(path)
	require.NoError(t, err)
	assert.NotZero(t, info.Mode()&os.ModeSocket)
}

func TestAFolderIsNoFile(t *testing.T) {
	dir := t.TempDir()
	assert.ErrorIs(t, checkTarget(dir, replace), errFileUnwritable)
	assert.ErrorIs(t, writeFile(dir, []byte("picture"), replace), errFileUnwritable)
	assert.ErrorIs(t, checkTarget(filepath.Join(dir, "none", "photo.jpg"), keep), errFileUnwritable)
	assert.ErrorIs(t, writeFile(filepath.Join(dir, "none", "photo.jpg"), nil, keep), errFileUnwritable)
	assert.NoError(t, checkTarget(filepath.Join(dir, "photo.jpg"), keep))
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
