package store_test

import (
	"context"
	"crypto/rand"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"filippo.io/age"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/audit"
	"chipproof/mfa"
	"chipproof/store"
)

// clerk is a person with everything that a restore must take away.
type clerk struct {
	name     string
	password mfa.Hidden
	secret   mfa.Secret
	codes    []mfa.Hidden
	token    mfa.Token
	used     mfa.Hidden // the code of the last login
}

func (s *site) clerk(t testing.TB, name string, role mfa.Role) *clerk {
	t.Helper()
	invited, err := s.logins.AddUser(t.Context(), mfa.ByOS("0"), name, role)
	require.NoError(t, err)
	c := &clerk{name: name, password: mfa.Hide("แมวสามตัวข้ามคลอง")}
	key, err := s.logins.StartEnrolment(t.Context(), invited.Grant, c.password)
	require.NoError(t, err)
	c.secret = key.Secret
	c.codes, err = s.logins.FinishEnrolment(t.Context(), invited.Grant, s.code(t, c))
	require.NoError(t, err)
	s.wait(mfa.StepLength)
	s.login(t, c)
	return c
}

func (s *site) code(t testing.TB, c *clerk) mfa.Hidden {
	t.Helper()
	code, err := mfa.Code(c.secret, s.clock())
	require.NoError(t, err)
	return code
}

func (s *site) login(t testing.TB, c *clerk) {
	t.Helper()
	first, err := s.logins.Login(t.Context(), mfa.Login{UserName: c.name, Password: c.password})
	require.NoError(t, err)
	c.used = s.code(t, c)
	second, err := s.logins.GiveTOTP(t.Context(), first.Token, c.used)
	require.NoError(t, err)
	c.token = second.Token
}

func (s *site) restore(t testing.TB, change func(*store.RestoreOptions)) store.Restored {
	t.Helper()
	o := store.RestoreOptions{
		From: s.backup, Dir: s.dir, Identities: []age.Identity{s.owner}, UID: "1000", CheckpointDir: s.second, Clock: s.clock,
	}
	if change != nil {
		change(&o)
	}
	done, err := store.RestoreBackup(t.Context(), o)
	require.NoError(t, err)
	return done
}

// reopen goes on with what is in a data directory, by the keys there.
func (s *site) reopen(t testing.TB, dir string) {
	t.Helper()
	s.dir = dir
	files := store.KeyFilesIn(dir)
	file := func(path string) []byte {
		b, err := os.ReadFile(path)
		require.NoError(t, err)
		return b
	}
	var err error
	s.key, err = audit.ParseKey(file(files.Audit))
	require.NoError(t, err)
	s.open(t, store.Open)
	secrets, err := mfa.ParseKeyring(file(files.Secrets))
	require.NoError(t, err)
	pepper, err := mfa.ParseKeyring(file(files.Pepper))
	require.NoError(t, err)
	s.logins, err = mfa.New(mfa.Config{Store: s.store, Keys: secrets, Pepper: pepper, Clock: s.clock, Argon2: quick, Desk: true})
	require.NoError(t, err)
	require.NoError(t, s.logins.CheckKeys(t.Context()))
}

func TestARestoredStoreGoesOnHonestly(t *testing.T) {
	s := newSite(t)
	malee := s.clerk(t, "malee", mfa.RoleAdmin)
	emergency, err := s.logins.NewEmergencyCode(t.Context(), mfa.ByOS("0"))
	require.NoError(t, err)
	open, err := s.logins.AddUser(t.Context(), mfa.ByOS("0"), "anan", mfa.RoleStaff)
	require.NoError(t, err)
	s.reads(t, 5)
	before := s.checkpoint(t)
	info := s.makeBackup(t)

	s.reads(t, 7)
	_, err = s.log.Erase(t.Context(), by, "asked for", before.Size-2)
	require.NoError(t, err)
	sheet, err := s.log.Sheet(t.Context(), by)
	require.NoError(t, err)
	s.reads(t, 2)
	last := s.checkpoint(t)
	lostFile, err := os.ReadFile(filepath.Join(s.second, "2026-11-25.checkpoint"))
	require.NoError(t, err)
	s.close(t)
	s.wait(time.Hour)

	done := s.restore(t, nil)
	assert.Equal(t, info, done.Backup)
	assert.Equal(t, s.key.Public(), done.Public)
	assert.Equal(t, info.Head, done.Restore.Backup)
	assert.Equal(t, last.Head, done.Restore.Known)
	assert.Equal(t, audit.KnownFromDatabase, done.Restore.From)
	assert.Equal(t, info.Head.Size, done.Restore.Entry)
	assert.Equal(t, 1, done.Erased)
	assert.True(t, done.Verified.OK, done.Verified.Problems)
	assert.FileExists(t, done.Replaced)

	s.reopen(t, s.dir)
	t.Run("the log says what was lost, and by whom", func(t *testing.T) {
		list, err := s.store.List(t.Context(), store.AuditFilter{Kinds: []audit.Kind{audit.KindRestored, "credentials_voided", audit.KindErased}})
		require.NoError(t, err)
		require.Len(t, list, 3)
		for _, item := range list {
			assert.Equal(t, "os:1000", item.Entry.Actor, item.Entry.Kind)
		}
		r := s.verify(t)
		assert.True(t, r.OK, r.Problems)
		require.Len(t, r.Restores, 1)
		assert.Equal(t, done.Restore, r.Restores[0])
		assert.EqualValues(t, 1, r.Erased, "what was erased since the backup is erased again")
	})
	t.Run("witnesses are taken for what they are", func(t *testing.T) {
		held, err := audit.SignCheckpoint(s.key, before.Head, auditNoon)
		require.NoError(t, err)
		r := s.verify(t,
			audit.Witness{Source: "before", Text: string(held)},
			audit.Witness{Source: "lost file", Text: string(lostFile)},
			audit.Witness{Source: "lost QR", Text: sheet.QR},
			audit.Witness{Source: "lost words", Text: strings.Join(sheet.Words, " ")},
		)
		assert.True(t, r.OK, r.Problems)
		got := map[string]audit.Verdict{}
		for _, j := range r.Witnesses {
			got[j.Source] = j.Verdict
		}
		assert.Equal(t, map[string]audit.Verdict{
			"before": audit.VerdictHeld, "lost file": audit.VerdictLost, "lost QR": audit.VerdictLost, "lost words": audit.VerdictLost,
			"2026-11-25.checkpoint": audit.VerdictLost, "2026-11-25.2.checkpoint": audit.VerdictHeld,
		}, got, "the second place keeps the head of the lost stretch")
	})
	t.Run("sessions, codes and grants of before are void", func(t *testing.T) {
		_, err := s.logins.Session(t.Context(), malee.token)
		assert.ErrorIs(t, err, mfa.ErrMFARequired)
		_, err = s.logins.StartEnrolment(t.Context(), open.Grant, malee.password)
		assert.ErrorIs(t, err, mfa.ErrGrantRefused)
		first, err := s.logins.Login(t.Context(), mfa.Login{UserName: "malee", Password: malee.password})
		require.NoError(t, err)
		_, err = s.logins.GiveBackupCode(t.Context(), first.Token, malee.codes[0])
		assert.ErrorIs(t, err, mfa.ErrLoginFailed)
		_, err = s.logins.GiveEmergencyCode(t.Context(), first.Token, emergency)
		assert.ErrorIs(t, err, mfa.ErrLoginFailed)
		_, err = s.logins.GiveTOTP(t.Context(), first.Token, s.code(t, malee))
		assert.ErrorIs(t, err, mfa.ErrLoginFailed, "a code of the present may have been used before the restore")
	})
	t.Run("and the next code logs in", func(t *testing.T) {
		s.wait(2 * mfa.StepLength)
		s.login(t, malee)
		session, err := s.logins.Session(t.Context(), malee.token)
		require.NoError(t, err)
		assert.Equal(t, mfa.StateActive, session.State)
		s.checkpoint(t)
		r := s.verify(t)
		assert.True(t, r.OK, r.Problems)
	})
}

// Rehearsed: the machine is gone, and all there is is the file and the sheet.
func TestABackupGoesOnOnAnotherMachine(t *testing.T) {
	s := newSite(t)
	malee := s.clerk(t, "malee", mfa.RoleAdmin)
	info := s.makeBackup(t)
	s.reads(t, 7)
	sheet, err := s.log.Sheet(t.Context(), by)
	require.NoError(t, err)
	s.reads(t, 3)
	after, err := s.log.Sheet(t.Context(), by)
	require.NoError(t, err)
	s.close(t)
	s.wait(time.Hour)

	dir := filepath.Join(t.TempDir(), "another", "machine")
	s.second = t.TempDir()
	done := s.restore(t, func(o *store.RestoreOptions) {
		o.Dir, o.CheckpointDir = dir, s.second
		o.Witnesses = []audit.Witness{{Source: "typed", Text: strings.Join(sheet.Words, " ")}}
	})
	assert.Equal(t, audit.KnownFromWitness, done.Restore.From)
	assert.Equal(t, info.Head.Size, done.Restore.Backup.Size)
	assert.Equal(t, sheet.Entries, done.Restore.Known.Size)
	assert.Empty(t, done.Replaced)

	stat, err := os.Stat(dir)
	require.NoError(t, err)
	assert.Equal(t, os.FileMode(0o700), stat.Mode().Perm())
	files, err := os.ReadDir(dir)
	require.NoError(t, err)
	var names []string
	for _, f := range files {
		stat, err := f.Info()
		require.NoError(t, err)
		assert.Equal(t, os.FileMode(0o600), stat.Mode().Perm(), f.Name())
		names = append(names, f.Name())
	}
	assert.Equal(t, []string{store.HeadFile, store.AuditKeyFile, store.FileName, store.PepperKeyFile, store.PseudonymKeyFile, store.SecretsKeyFile}, names, "and no proof key")

	s.reopen(t, dir)
	s.wait(2 * mfa.StepLength)
	s.login(t, malee)
	r := s.verify(t, audit.Witness{Source: "known", Text: sheet.QR}, audit.Witness{Source: "unknown", Text: after.QR})
	assert.True(t, r.OK, r.Problems)
	assert.Equal(t, audit.VerdictLost, r.Witnesses[1].Verdict)
	assert.Equal(t, audit.VerdictLostUnnamed, r.Witnesses[2].Verdict)
}

func TestARestoreKnowsWhatTheSecondPlaceKnows(t *testing.T) {
	s := newSite(t)
	s.reads(t, 3)
	s.makeBackup(t)
	s.reads(t, 4)
	last := s.checkpoint(t)
	s.close(t)
	require.NoError(t, os.WriteFile(filepath.Join(s.dir, store.FileName), []byte("a disk that failed"), 0o600))
	require.NoError(t, os.WriteFile(filepath.Join(s.second, "2026-11-24.checkpoint"), []byte("of something else"), 0o600))
	done := s.restore(t, nil)
	assert.Equal(t, audit.KnownFromCheckpoint, done.Restore.From)
	assert.Equal(t, last.Head, done.Restore.Known)
	kept, err := os.ReadFile(done.Replaced)
	require.NoError(t, err)
	assert.Equal(t, "a disk that failed", string(kept), "what couldn't be read is kept too")
	require.NoError(t, os.Remove(filepath.Join(s.second, "2026-11-24.checkpoint")))
	s.reopen(t, s.dir)
	r := s.verify(t)
	assert.True(t, r.OK, r.Problems)
}

func TestARestoreThatIsRefusedChangesNothing(t *testing.T) {
	s, other := newSite(t), newSite(t)
	s.reads(t, 3)
	s.makeBackup(t)
	s.reads(t, 3)
	head := s.checkpoint(t).Head
	other.reads(t, 3)
	other.makeBackup(t)

	restore := func(change func(*store.RestoreOptions)) error {
		o := store.RestoreOptions{From: s.backup, Dir: s.dir, Identities: []age.Identity{s.owner}, UID: "0", CheckpointDir: s.second, Clock: s.clock}
		change(&o)
		_, err := store.RestoreBackup(t.Context(), o)
		return err
	}
	require.ErrorIs(t, restore(func(*store.RestoreOptions) {}), store.ErrInUse, "while the program runs")
	s.close(t)
	require.ErrorIs(t, restore(func(o *store.RestoreOptions) { o.From, o.Identities = other.backup, []age.Identity{other.owner} }),
		store.ErrBackupOther)
	require.NoError(t, os.Rename(filepath.Join(s.dir, store.AuditKeyFile), filepath.Join(s.dir, "moved")))
	require.ErrorIs(t, restore(func(o *store.RestoreOptions) { o.From, o.Identities = other.backup, []age.Identity{other.owner} }),
		store.ErrBackupOther, "the log itself tells, where the key doesn't")
	require.NoError(t, os.Rename(filepath.Join(s.dir, "moved"), filepath.Join(s.dir, store.AuditKeyFile)))
	require.ErrorIs(t, restore(func(o *store.RestoreOptions) { o.Identities = []age.Identity{other.owner} }), store.ErrBackupInvalid)
	require.ErrorIs(t, restore(func(o *store.RestoreOptions) { o.From += ".missing" }), os.ErrNotExist)
	require.ErrorIs(t, restore(func(o *store.RestoreOptions) { o.Witnesses = []audit.Witness{{Text: "mistyped"}} }), audit.ErrWitnessInvalid)
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := store.RestoreBackup(ended, store.RestoreOptions{From: s.backup, Dir: s.dir, Identities: []age.Identity{s.owner}, UID: "0", Clock: s.clock})
	require.ErrorIs(t, err, context.Canceled)

	left, err := filepath.Glob(filepath.Join(s.dir, ".*"))
	require.NoError(t, err)
	assert.Empty(t, left)
	s.reopen(t, s.dir)
	now, err := s.log.Head(t.Context())
	require.NoError(t, err)
	assert.Equal(t, head, now)
	r := s.verify(t)
	assert.True(t, r.OK, r.Problems)
}

func TestARestoreCanBeRestoredOver(t *testing.T) {
	s := newSite(t)
	s.reads(t, 3)
	s.makeBackup(t)
	first := s.backup
	s.reads(t, 3)
	s.close(t)
	s.restore(t, nil)
	s.reopen(t, s.dir)
	s.reads(t, 2)
	s.backup = filepath.Join(t.TempDir(), "second")
	s.makeBackup(t)
	s.reads(t, 5)
	s.close(t)
	s.wait(time.Hour)
	s.restore(t, nil)
	s.reopen(t, s.dir)
	r := s.verify(t)
	assert.True(t, r.OK, r.Problems)
	assert.Len(t, r.Restores, 2)
	s.close(t)
	s.wait(time.Hour)

	// And back to the very first: then the other restores are lost themselves.
	s.backup = first
	s.restore(t, nil)
	s.reopen(t, s.dir)
	r = s.verify(t)
	assert.True(t, r.OK, r.Problems)
	assert.Len(t, r.Restores, 1)
}

// A folder named from where one stands is the same folder: its database is
// found, and kept beside the restored one.
func TestARestoreIntoAFolderNamedRelativelyFindsTheFormerDatabase(t *testing.T) {
	s := newSite(t)
	s.reads(t, 3)
	s.makeBackup(t)
	s.reads(t, 3)
	s.close(t)
	t.Chdir(filepath.Dir(s.dir))
	s.dir = filepath.Base(s.dir)
	s.restore(t, nil)
	s.reopen(t, s.dir)
	r := s.verify(t)
	assert.True(t, r.OK, r.Problems)
	require.Len(t, r.Restores, 1)
	assert.Equal(t, audit.KnownFromDatabase, r.Restores[0].From, "the former database told its head")
	assert.FileExists(t, filepath.Join(s.dir, store.FileName+".replaced"))
}

func TestKeysThatWereRotatedSinceAreKeptBesideThoseOfTheBackup(t *testing.T) {
	s := newSite(t)
	s.reads(t, 3)
	s.makeBackup(t)
	s.close(t)
	path := store.KeyFilesIn(s.dir).Secrets
	old, err := os.ReadFile(path)
	require.NoError(t, err)
	ring, err := mfa.ParseKeyring(old)
	require.NoError(t, err)
	rotated, err := ring.Rotated(rand.Reader)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(path, rotated.Reveal(), 0o600))
	s.restore(t, nil)
	now, err := os.ReadFile(path)
	require.NoError(t, err)
	assert.Equal(t, old, now)
	kept, err := os.ReadFile(path + ".replaced")
	require.NoError(t, err)
	assert.Equal(t, rotated.Reveal(), kept)
	s.reopen(t, s.dir)
}
