package program

import (
	"context"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/store"
)

func namesIn(t testing.TB, dir string) (names []string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	require.NoError(t, err)
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}

func TestAKeyFileIsMadeWholeAndReplacesNone(t *testing.T) {
	dir := t.TempDir()
	require.NoError(t, MakeKeyFile(dir, store.ProofKeyFile, []byte("first")))
	assert.ErrorIs(t, MakeKeyFile(dir, store.ProofKeyFile, []byte("second")), fs.ErrExist)
	content, err := ReadKeyFile(dir, store.ProofKeyFile)
	require.NoError(t, err, "it is this account's alone")
	assert.Equal(t, "first", string(content))
	assert.Equal(t, []string{store.ProofKeyFile}, namesIn(t, dir), "nothing else is left")

	elsewhere := filepath.Join(t.TempDir(), "elsewhere")
	require.NoError(t, os.Symlink(elsewhere, filepath.Join(dir, store.AuditKeyFile)))
	assert.ErrorIs(t, MakeKeyFile(dir, store.AuditKeyFile, []byte("third")), fs.ErrExist)
	assert.NoFileExists(t, elsewhere, "a key is not written where a link leads")

	require.NoError(t, ReplaceKeyFile(dir, store.ProofKeyFile, []byte("fourth")))
	content, err = ReadKeyFile(dir, store.ProofKeyFile)
	require.NoError(t, err)
	assert.Equal(t, "fourth", string(content))
	assert.Len(t, namesIn(t, dir), 2)
}

// A program that dies between writing a key and giving it its name leaves a copy
// of the key that nobody knows of.
func TestWhatACrashLeftOfAKeyFileGoesAndNothingElse(t *testing.T) {
	s := openedSite(t)
	had := namesIn(t, s.KeyDir)
	for _, name := range []string{".proof.keys-123456", ".proof.keys-7", ".secrets.keys-4294967295", ".audit.key-0"} {
		require.NoError(t, os.WriteFile(filepath.Join(s.KeyDir, name), []byte("a key"), 0o600))
	}
	kept := []string{"proof.keys-1", ".proof.keys", ".proof.keys-", ".proof.keys-old", ".proof.keys-1.bak", ".other.keys-1", "proof.keys.2026-01-01"}
	for _, name := range kept {
		require.NoError(t, os.WriteFile(filepath.Join(s.KeyDir, name), []byte("somebody else's"), 0o600))
	}
	require.NoError(t, os.Mkdir(filepath.Join(s.KeyDir, ".proof.keys-8"), 0o700))
	require.NoError(t, os.Symlink(store.ProofKeyFile, filepath.Join(s.KeyDir, ".proof.keys-9")))
	kept = append(kept, ".proof.keys-8", ".proof.keys-9")

	require.NoError(t, s.ClearKeyLeftovers(t.Context()))
	assert.ElementsMatch(t, append(had, kept...), namesIn(t, s.KeyDir))
	require.NoError(t, s.ClearKeyLeftovers(t.Context()), "and again, when nothing is left")
}

// A command that is just putting a new key in place is waited for.
func TestAKeyThatIsJustBeingWrittenIsNoLeftover(t *testing.T) {
	s := openedSite(t)
	require.NoError(t, beside(t, s).Store.Alone(t.Context(), func() error {
		temp, err := writeKeyAside(s.KeyDir, store.ProofKeyFile, []byte("the next"))
		require.NoError(t, err)
		waiting, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
		defer cancel()
		assert.Error(t, s.ClearKeyLeftovers(waiting))
		assert.FileExists(t, temp)
		return os.Remove(temp)
	}))
	require.NoError(t, s.ClearKeyLeftovers(t.Context()))
}
