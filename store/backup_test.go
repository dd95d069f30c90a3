package store_test

import (
	"bytes"
	"crypto/rand"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"filippo.io/age"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/audit"
	"chipproof/mfa"
	"chipproof/store"
)

// site is a store with its key files and a login service, as a program has it.
type site struct {
	*ledger
	logins *mfa.Service
	owner  *age.X25519Identity
	backup string
}

var quick = mfa.Argon2{MemoryKiB: 8, Passes: 1, Threads: 1}

func newSite(t testing.TB) *site {
	t.Helper()
	l := newLedger(t)
	secrets, err := mfa.NewKeyring(rand.Reader)
	require.NoError(t, err)
	pepper, err := mfa.NewKeyring(rand.Reader)
	require.NoError(t, err)
	pseudonyms, err := audit.NewPseudonymRing(rand.Reader)
	require.NoError(t, err)
	signing, err := l.key.Reveal()
	require.NoError(t, err)
	keys := store.KeyFilesIn(l.dir)
	for path, content := range map[string][]byte{
		keys.Secrets: secrets.Reveal(), keys.Pepper: pepper.Reveal(), keys.Audit: signing, keys.Pseudonyms: pseudonyms.Reveal(),
		filepath.Join(l.dir, store.ProofKeyFile): []byte(proofKey), filepath.Join(l.dir, store.ProofTestKeyFile): []byte(proofKey),
	} {
		require.NoError(t, os.WriteFile(path, content, 0o600))
	}
	logins, err := mfa.New(mfa.Config{Store: l.store, Keys: secrets, Pepper: pepper, Clock: l.clock, Argon2: quick, Desk: true})
	require.NoError(t, err)
	require.NoError(t, logins.InitKeys(t.Context()))
	owner, err := age.GenerateX25519Identity()
	require.NoError(t, err)
	return &site{l, logins, owner, filepath.Join(t.TempDir(), "chipproof.backup")}
}

const proofKey = "-----BEGIN " + "PRIVATE KEY-----\nthis stands for the proof key\n-----END PRIVATE KEY-----\n"

func (s *site) options() store.BackupOptions {
	return store.BackupOptions{To: s.backup, Recipients: []age.Recipient{s.owner.Recipient()}, Keys: store.KeyFilesIn(s.dir), By: by, Version: "test"}
}

func (s *site) makeBackup(t testing.TB) store.BackupInfo {
	t.Helper()
	info, err := s.log.Backup(t.Context(), s.options())
	require.NoError(t, err)
	return info
}

// clear is what a backup holds, decrypted.
func (s *site) clear(t testing.TB) string {
	t.Helper()
	f, err := os.Open(s.backup)
	require.NoError(t, err)
	defer f.Close()
	r, err := age.Decrypt(f, s.owner)
	require.NoError(t, err)
	b, err := io.ReadAll(r)
	require.NoError(t, err)
	return string(b)
}

func TestABackupHoldsAllButTheProofKey(t *testing.T) {
	s := newSite(t)
	s.reads(t, 10)
	info := s.makeBackup(t)
	assert.EqualValues(t, 11, info.Head.Size, "the entry about it is in it")
	assert.Equal(t, s.key.Name(), info.Log)
	list, err := s.store.List(t.Context(), store.AuditFilter{Kinds: []audit.Kind{audit.KindBackup}})
	require.NoError(t, err)
	require.Len(t, list, 1)
	assert.Equal(t, "os:0", list[0].Entry.Actor)

	stat, err := os.Stat(s.backup)
	require.NoError(t, err)
	assert.Equal(t, os.FileMode(0o600), stat.Mode().Perm())
	clear := s.clear(t)
	keys := store.KeyFilesIn(s.dir)
	sealed, err := os.ReadFile(s.backup)
	require.NoError(t, err)
	for _, path := range []string{keys.Secrets, keys.Pepper, keys.Audit, keys.Pseudonyms} {
		content, err := os.ReadFile(path)
		require.NoError(t, err)
		assert.Contains(t, clear, string(content))
		assert.NotContains(t, string(sealed), string(content[60:90]))
	}
	assert.Contains(t, clear, "SQLite format 3")
	assert.NotContains(t, clear, proofKey[30:60])
	assert.NotContains(t, string(sealed), "SQLite")
	left, err := filepath.Glob(filepath.Join(s.dir, ".*"))
	require.NoError(t, err)
	assert.Empty(t, left, "no copy in clear stays behind")
}

func TestNoOtherKeyGetsIntoABackup(t *testing.T) {
	s := newSite(t)
	s.reads(t, 3)
	for name, point := range map[string]func(*store.KeyFiles, string){
		"audit":      func(k *store.KeyFiles, path string) { k.Audit = path },
		"secrets":    func(k *store.KeyFiles, path string) { k.Secrets = path },
		"pepper":     func(k *store.KeyFiles, path string) { k.Pepper = path },
		"pseudonyms": func(k *store.KeyFiles, path string) { k.Pseudonyms = path },
	} {
		o := s.options()
		point(&o.Keys, filepath.Join(s.dir, store.ProofKeyFile))
		_, err := s.log.Backup(t.Context(), o)
		require.Error(t, err, name)
		assert.NoFileExists(t, s.backup)
		assert.NotContains(t, err.Error(), "stands for")
	}
}

func TestABackupIsNeverWrittenOverAnything(t *testing.T) {
	s := newSite(t)
	require.NoError(t, os.WriteFile(s.backup, []byte("last year's"), 0o600))
	_, err := s.log.Backup(t.Context(), s.options())
	require.ErrorIs(t, err, store.ErrBackupExists)
	content, err := os.ReadFile(s.backup)
	require.NoError(t, err)
	assert.Equal(t, "last year's", string(content))
	head, err := s.log.Head(t.Context())
	require.NoError(t, err)
	assert.Zero(t, head.Size, "and nothing claims that one was made")

	o := s.options()
	o.Recipients = nil
	_, err = s.log.Backup(t.Context(), o)
	require.ErrorIs(t, err, store.ErrBackupInvalid)
}

func TestABackupIsOfOneMomentWhileOthersWrite(t *testing.T) {
	s := newSite(t)
	stop := make(chan struct{})
	var group sync.WaitGroup
	for range 3 {
		group.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
					_, err := s.log.Append(t.Context(), read(0))
					assert.NoError(t, err)
				}
			}
		})
	}
	for range 5 {
		info := s.makeBackup(t)
		clear := s.clear(t)
		database := filepath.Join(t.TempDir(), "copy.db")
		require.NoError(t, os.WriteFile(database, []byte(clear[strings.Index(clear, "SQLite format 3"):]), 0o600))
		file, err := store.OpenAuditFile(t.Context(), database)
		require.NoError(t, err)
		r, err := audit.Verify(t.Context(), file, audit.VerifyOptions{Keys: s.key.Keys(), Witnesses: []audit.Witness{{Text: info.Signed}}})
		require.NoError(t, err)
		require.NoError(t, file.Close())
		assert.True(t, r.OK, r.Problems)
		assert.Equal(t, info.Head.Size, r.Entries)
		require.NoError(t, os.Remove(s.backup))
	}
	close(stop)
	group.Wait()
}

func TestAPassphraseWillDo(t *testing.T) {
	s := newSite(t)
	s.reads(t, 3)
	recipient, err := age.NewScryptRecipient("a passphrase of several words")
	require.NoError(t, err)
	recipient.SetWorkFactor(10) // the default takes a second
	o := s.options()
	o.Recipients = []age.Recipient{recipient}
	_, err = s.log.Backup(t.Context(), o)
	require.NoError(t, err)
	s.close(t)

	identity, err := age.NewScryptIdentity("a passphrase of several words")
	require.NoError(t, err)
	wrong, err := age.NewScryptIdentity("another passphrase")
	require.NoError(t, err)
	for _, c := range []struct {
		identity age.Identity
		want     error
	}{{wrong, store.ErrBackupInvalid}, {identity, nil}} {
		_, err = store.RestoreBackup(t.Context(), store.RestoreOptions{
			From: s.backup, Dir: filepath.Join(t.TempDir(), "new"), Identities: []age.Identity{c.identity}, UID: "0", Clock: s.clock,
		})
		require.ErrorIs(t, err, c.want)
	}
}

func TestADamagedBackupIsRefused(t *testing.T) {
	s := newSite(t)
	s.reads(t, 3)
	s.makeBackup(t)
	s.close(t)
	whole, err := os.ReadFile(s.backup)
	require.NoError(t, err)
	for name, damaged := range map[string][]byte{
		"cut":           whole[:len(whole)-1],
		"cut in half":   whole[:len(whole)/2],
		"one bit":       append(append(bytes.Clone(whole[:len(whole)/3]), whole[len(whole)/3]^1), whole[len(whole)/3+1:]...),
		"more behind":   append(bytes.Clone(whole), 0),
		"no backup":     []byte("hello"),
		"empty":         nil,
		"another's age": sealed(t, s.owner, "hello"),
	} {
		path := filepath.Join(t.TempDir(), "damaged")
		require.NoError(t, os.WriteFile(path, damaged, 0o600))
		dir := filepath.Join(t.TempDir(), "new")
		_, err := store.RestoreBackup(t.Context(), store.RestoreOptions{From: path, Dir: dir, Identities: []age.Identity{s.owner}, UID: "0"})
		require.ErrorIs(t, err, store.ErrBackupInvalid, name)
		files, err := os.ReadDir(dir)
		require.NoError(t, err)
		assert.Empty(t, files, "%s: nothing is left behind", name)
	}
}

func sealed(t testing.TB, to *age.X25519Identity, text string) []byte {
	t.Helper()
	var b bytes.Buffer
	w, err := age.Encrypt(&b, to.Recipient())
	require.NoError(t, err)
	_, err = io.WriteString(w, text)
	require.NoError(t, err)
	require.NoError(t, w.Close())
	return b.Bytes()
}
