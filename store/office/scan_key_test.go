package office_test

import (
	"crypto/rand"
	"path/filepath"
	"sync"
	"testing"

	"filippo.io/age"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/audit"
	"chipproof/exposure"
	"chipproof/exposure/job"
	"chipproof/mfa"
	"chipproof/store"
	"chipproof/store/office"
)

func (a *agency) openKey(ring *mfa.Keyring) (exposure.Key, error) {
	return office.ExposureKey(a.Context(), a.store, a.log, ring, officer, rand.Reader, a.clock())
}

func TestTheFingerprintKeyIsMadeOnceAndKeptSealed(t *testing.T) {
	a := newAgency(t)
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			key, err := a.openKey(a.ring)
			assert.NoError(t, err)
			assert.Equal(t, a.key.Text(), key.Text())
		})
	}
	all.Wait()
	made := a.entries(audit.KindKeyAdded)
	require.Len(t, made, 1)
	assert.Equal(t, map[string]string{"ring": "fingerprints"}, made[0].Attributes)
	a.keepsNone(a.key.Text(), a.key.Reveal())

	other, err := mfa.NewKeyring(rand.Reader)
	require.NoError(t, err)
	_, err = a.openKey(other)
	require.ErrorIs(t, err, mfa.ErrKeyMissing, "another ring opens it not, and makes no second one")

	rotated, err := a.ring.Rotated(rand.Reader)
	require.NoError(t, err)
	key, err := a.openKey(rotated)
	require.NoError(t, err)
	assert.Equal(t, a.key.Text(), key.Text())
	fresh, err := rotated.Without(a.ring.Current())
	require.NoError(t, err)
	key, err = a.openKey(fresh)
	require.NoError(t, err, "it was sealed anew under the current key")
	assert.Equal(t, a.key.Text(), key.Text())
	assert.Len(t, a.entries(audit.KindKeyAdded), 1)
}

func TestARestoredOfficeStillKnowsItsFindings(t *testing.T) {
	a := newAgency(t)
	dir := a.folder(map[string]string{"a.txt": somchai})
	a.scan(dir)
	before := a.found(job.Filter{})
	keys := store.KeyFilesIn(a.dir)
	a.writeKeys(keys)
	id, err := age.GenerateX25519Identity()
	require.NoError(t, err)
	file := filepath.Join(t.TempDir(), "office.backup")
	_, err = a.log.Backup(t.Context(), store.BackupOptions{To: file, Recipients: []age.Recipient{id.Recipient()}, Keys: keys, By: store.AuditBy{Actor: "os:0"}})
	require.NoError(t, err)
	a.close()
	a.dir = filepath.Join(t.TempDir(), "again")
	_, err = store.RestoreBackup(t.Context(), store.RestoreOptions{
		From: file, Dir: a.dir, Identities: []age.Identity{id}, UID: "0", Clock: a.clock, Program: store.Office,
	})
	require.NoError(t, err)
	was := a.key.Text()
	a.open(store.Open)
	assert.Equal(t, was, a.key.Text())
	again, _ := a.scan(dir)
	assert.Equal(t, "s-2026-1001", again.ID, "numbers that were given since the backup are not given again")
	assert.Len(t, a.found(job.Filter{State: exposure.Still}), len(before))
}
