package store_test

import (
	"crypto/rand"
	"path/filepath"
	"testing"

	"filippo.io/age"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/audit"
	"chipproof/store"
)

func TestEachProgramHasAFileOfItsOwnAndRefusesTheOthers(t *testing.T) {
	for program, name := range map[store.Program]string{store.Counter: "chipproof.db", store.Office: "office.db"} {
		other := store.Office - program
		t.Run(program.String(), func(t *testing.T) {
			dir := t.TempDir()
			key, err := audit.GenerateKey(rand.Reader)
			require.NoError(t, err)
			l, err := store.NewAuditLog(store.AuditOptions{Key: key})
			require.NoError(t, err)
			s, err := store.Create(t.Context(), dir, store.Options{Recorder: l, Program: program})
			require.NoError(t, err)
			require.NoError(t, s.Close())
			assert.FileExists(t, filepath.Join(dir, name))
			assert.NoFileExists(t, filepath.Join(dir, other.FileName()))

			_, err = store.Open(t.Context(), dir, store.Options{Recorder: l, Program: other})
			assert.ErrorIs(t, err, store.ErrOtherProgram)
			_, err = store.Create(t.Context(), dir, store.Options{Recorder: l, Program: other})
			assert.ErrorIs(t, err, store.ErrOtherProgram)
			_, err = store.RestoreBackup(t.Context(), store.RestoreOptions{From: filepath.Join(dir, name), Dir: dir, Program: other, Identities: []age.Identity{}})
			assert.ErrorIs(t, err, store.ErrOtherProgram, "nothing is looked at before that")
			assert.NoFileExists(t, filepath.Join(dir, other.FileName()))

			s, err = store.Open(t.Context(), dir, store.Options{Recorder: l, Program: program})
			require.NoError(t, err)
			require.NoError(t, s.Close())
		})
	}
}
