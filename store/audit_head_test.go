package store_test

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/audit"
	"chipproof/mfa"
	"chipproof/store"
)

// isRefused makes sure that the log signs nothing and lets no act happen.
func (l *ledger) isRefused(t testing.TB) {
	t.Helper()
	_, err := l.log.Append(t.Context(), read(0))
	require.ErrorIs(t, err, audit.ErrUnavailable)
	require.ErrorIs(t, err, audit.ErrRewritten)
	require.ErrorIs(t, l.addLogged(t.Context(), "refused"), audit.ErrUnavailable)
	require.NoError(t, l.store.View(t.Context(), func(tx mfa.Tx) error {
		_, err := tx.UserNamed(t.Context(), "refused")
		require.ErrorIs(t, err, mfa.ErrUserUnknown)
		return nil
	}))
	_, err = l.log.Checkpoint(t.Context())
	require.ErrorIs(t, err, audit.ErrRewritten)
	require.ErrorIs(t, l.log.Health(), audit.ErrRewritten)
	assert.ErrorContains(t, err, "chipproof restore", "it says what to do")
}

func (l *ledger) headFile(t testing.TB) audit.Checkpoint {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(l.dir, store.HeadFile))
	require.NoError(t, err)
	c, err := audit.OpenCheckpoint(text, l.key.Keys())
	require.NoError(t, err)
	return c
}

// cut takes the end of the log away, and every checkpoint in the database.
func (l *ledger) cut(t testing.TB, size int64) {
	t.Helper()
	l.raw(t, `DELETE FROM audit_checkpoint`,
		fmt.Sprintf(`DELETE FROM audit_entry WHERE number >= %d`, size), fmt.Sprintf(`DELETE FROM audit_hash WHERE number >= %d`, size))
}

func TestTheLastSignedHeadStandsBesideTheDatabaseToo(t *testing.T) {
	l := newLedger(t)
	l.reads(t, 3)
	assert.Equal(t, l.checkpoint(t), l.headFile(t))
	l.reads(t, 2)
	assert.EqualValues(t, 3, l.headFile(t).Size, "not with each append")
	l.checkpoint(t)
	assert.EqualValues(t, 5, l.headFile(t).Size)
	info, err := os.Stat(filepath.Join(l.dir, store.HeadFile))
	require.NoError(t, err)
	assert.Equal(t, os.FileMode(0o600), info.Mode().Perm())

	require.NoError(t, os.Mkdir(filepath.Join(l.dir, "keys"), 0o700))
	l.close(t)
	l.open(t, store.Open)
	l.checkpoint(t)
	assert.FileExists(t, filepath.Join(l.dir, "keys", store.HeadFile), "beside the keys, where they have a folder")
}

// Whoever can write the database, but has no key, can't make the agent sign for
// a log that was cut off. No witness and no second place is needed to see it.
func TestALogThatWasCutOffIsSignedNoFurther(t *testing.T) {
	for name, running := range map[string]bool{"while the program runs": true, "while it doesn't": false} {
		t.Run(name, func(t *testing.T) {
			l := newLedger(t)
			l.second = ""
			l.close(t)
			l.open(t, store.Open)
			l.reads(t, 20)
			l.checkpoint(t)
			if !running {
				l.close(t)
			}
			l.cut(t, 12)
			if !running {
				l.open(t, store.Open)
			}
			l.isRefused(t)
			assert.Equal(t, map[audit.ProblemCode]string{audit.ProblemTruncated: "12-19"}, codes(l.verify(t)))
			file, err := store.OpenAuditFile(t.Context(), l.dir)
			require.NoError(t, err)
			r, err := audit.Verify(t.Context(), file, audit.VerifyOptions{Keys: l.key.Keys()})
			require.NoError(t, err)
			assert.Equal(t, map[audit.ProblemCode]string{audit.ProblemTruncated: "12-19"}, codes(r), "offline too")
			require.NoError(t, file.Close())
			assert.EqualValues(t, 20, l.headFile(t).Size, "what was signed stays as it is")
			l.shut(t)
		})
	}
}

// The whole attack: cut off, excused by an entry of one's own, and grown again.
func TestAForgedRestoredEntryIsNotSigned(t *testing.T) {
	l := newLedger(t)
	l.reads(t, 12)
	l.checkpoint(t)
	l.shut(t)
	lost, err := os.ReadFile(filepath.Join(l.second, "2026-11-25.checkpoint"))
	require.NoError(t, err)
	l.open(t, store.Open)
	l.reads(t, 8)
	known := l.checkpoint(t)
	l.shut(t)

	forger := &ledger{dir: l.dir, key: l.key, now: l.now} // it writes rows by the rules, and signs nothing
	l.cut(t, 12)
	head := filepath.Join(l.dir, store.HeadFile)
	require.NoError(t, os.Rename(head, head+".aside"))
	forger.open(t, store.Open)
	backup, err := forger.log.Head(t.Context())
	require.NoError(t, err)
	_, err = forger.log.Append(t.Context(), audit.Event{
		Kind: audit.KindRestored, Actor: "os:0", Attributes: audit.Restore{Backup: backup, Known: known.Head, From: audit.KnownFromDatabase}.Attributes(nil),
	})
	require.NoError(t, err)
	forger.reads(t, 20)
	forger.shut(t)
	forger.raw(t, `DELETE FROM audit_checkpoint`)
	require.NoError(t, os.Rename(head+".aside", head))

	l.open(t, store.Open)
	l.isRefused(t)
	r := l.verify(t, audit.Witness{Source: "lost", Text: string(lost)})
	assert.False(t, r.OK)
	assert.Contains(t, codes(r), audit.ProblemRestoreUnsigned)
	assert.Contains(t, codes(r), audit.ProblemWitnessConflict)
	l.shut(t)
}

func TestAHeadFileOfAnotherLogStopsTheLog(t *testing.T) {
	l, other := newLedger(t), newLedger(t)
	l.reads(t, 3)
	l.close(t)
	signed, err := audit.SignCheckpoint(other.key, audit.EmptyHead(), auditNoon)
	require.NoError(t, err)
	for _, content := range []string{string(signed), "", "rubbish"} {
		require.NoError(t, os.WriteFile(filepath.Join(l.dir, store.HeadFile), []byte(content), 0o600))
		l.open(t, store.Open)
		_, err = l.log.Append(t.Context(), read(0))
		require.ErrorIs(t, err, audit.ErrRewritten)
		_, err = l.log.Checkpoint(t.Context())
		require.ErrorIs(t, err, audit.ErrRewritten)
		l.shut(t)
	}
	require.NoError(t, os.Remove(filepath.Join(l.dir, store.HeadFile)))
	l.open(t, store.Open)
	l.reads(t, 1)
	l.checkpoint(t)
	assert.EqualValues(t, 4, l.headFile(t).Size, "a store from before there was the file gets one")
}

// A kill between the commit and the file leaves the file behind, and nothing else.
func TestAHeadFileThatIsBehindIsCaughtUpWith(t *testing.T) {
	l := newLedger(t)
	l.reads(t, 3)
	l.checkpoint(t)
	path := filepath.Join(l.dir, store.HeadFile)
	before, err := os.ReadFile(path)
	require.NoError(t, err)
	l.reads(t, 4)
	l.close(t)
	require.NoError(t, os.WriteFile(path, before, 0o600))
	l.open(t, store.Open)
	l.checkpoint(t)
	assert.EqualValues(t, 7, l.headFile(t).Size)
	r := l.verify(t)
	assert.True(t, r.OK, r.Problems)
}

// The restore was done and the machine fell before its head was signed: the
// file still says what was lost, and the signed entry accounts for it.
func TestARestoreThatWasKilledBeforeItsHeadWasKeptGoesOn(t *testing.T) {
	s := newSite(t)
	s.reads(t, 3)
	s.makeBackup(t)
	s.reads(t, 9)
	s.checkpoint(t)
	s.close(t)
	path := filepath.Join(s.dir, store.HeadFile)
	before, err := os.ReadFile(path)
	require.NoError(t, err)
	s.wait(time.Hour)
	s.restore(t, nil)
	assert.NotEqual(t, before, func() []byte { b, _ := os.ReadFile(path); return b }())
	require.NoError(t, os.WriteFile(path, before, 0o600))
	file, err := store.OpenAuditFile(t.Context(), s.dir)
	require.NoError(t, err)
	r, err := audit.Verify(t.Context(), file, audit.VerifyOptions{Keys: s.key.Keys()})
	require.NoError(t, err)
	require.NoError(t, file.Close())
	assert.True(t, r.OK, r.Problems)
	s.reopen(t, s.dir)
	s.reads(t, 1)
	s.checkpoint(t)
	assert.Equal(t, s.headFile(t).Size, s.verify(t).Entries)
}

// What the remedy promises: after a restore the log goes on, and says what it lost.
func TestARestoreIsTheWayOutOfALogThatWasCutOff(t *testing.T) {
	s := newSite(t)
	s.reads(t, 6)
	s.makeBackup(t)
	s.reads(t, 9)
	last := s.checkpoint(t)
	s.close(t)
	s.cut(t, 5)
	s.second = ""
	done := s.restore(t, nil)
	assert.Equal(t, audit.KnownFromHead, done.Restore.From)
	assert.Equal(t, last.Head, done.Restore.Known)
	s.reopen(t, s.dir)
	s.reads(t, 1)
	s.checkpoint(t)
	r := s.verify(t)
	assert.True(t, r.OK, r.Problems)
}
