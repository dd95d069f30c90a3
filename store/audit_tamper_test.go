package store_test

import (
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/audit"
	"chipproof/store"
)

// What somebody does who can write the database file but has no key. (With every
// hash made anew as well: see the tests of package audit.)
func TestTamperingWithTheDatabaseIsFound(t *testing.T) {
	type found = map[audit.ProblemCode]string
	for name, c := range map[string]struct {
		statements []string
		want       found
	}{
		"an entry edited": {
			[]string{`UPDATE audit_entry SET payload = CAST(replace(payload, 'clerk', 'crook') AS BLOB) WHERE number = 7`},
			found{audit.ProblemEntryChanged: "7"},
		},
		"an entry removed": {
			[]string{`DELETE FROM audit_entry WHERE number = 7`}, found{audit.ProblemEntryMissing: "7"},
		},
		"an entry and its hashes removed": {
			[]string{`DELETE FROM audit_entry WHERE number = 7`, `DELETE FROM audit_hash WHERE number = 7`},
			found{audit.ProblemEntryMissing: "7", audit.ProblemCheckpoint: "0-29", audit.ProblemWitnessConflict: "0-29"},
		},
		"only the hashes removed": {
			[]string{`DELETE FROM audit_hash WHERE number = 7`}, found{audit.ProblemTreeChanged: "7"},
		},
		"an entry emptied": {
			[]string{`UPDATE audit_entry SET salt = NULL, payload = NULL WHERE number = 7`}, found{audit.ProblemErasedUnlogged: "7"},
		},
		"two entries changed over": {
			[]string{
				`UPDATE audit_entry SET number = 1000 WHERE number = 7`, `UPDATE audit_entry SET number = 7 WHERE number = 8`,
				`UPDATE audit_entry SET number = 8 WHERE number = 1000`,
			},
			found{audit.ProblemEntryChanged: "7", audit.ProblemEntryMoved: "7"},
		},
		"numbers moved up by one": {
			[]string{
				`DELETE FROM audit_entry WHERE number = 7`, `DELETE FROM audit_hash WHERE number = 29`,
				`UPDATE audit_entry SET number = number - 1000 WHERE number > 7 AND number < 0`, `DELETE FROM audit_entry WHERE number = 29`,
			},
			found{audit.ProblemEntryMissing: "7", audit.ProblemTruncated: "29"},
		},
		"the end cut off": {
			[]string{`DELETE FROM audit_entry WHERE number > 19`, `DELETE FROM audit_hash WHERE number > 19`},
			found{audit.ProblemTruncated: "20-29"},
		},
		"the end cut off, and the checkpoint": {
			[]string{
				`DELETE FROM audit_entry WHERE number > 19`, `DELETE FROM audit_hash WHERE number > 19`, `DELETE FROM audit_checkpoint`,
			},
			found{audit.ProblemTruncated: "20-29"},
		},
		"the log emptied": {
			[]string{`DELETE FROM audit_entry`, `DELETE FROM audit_hash`, `DELETE FROM audit_checkpoint`},
			found{audit.ProblemTruncated: "0-29"},
		},
		"hashes changed": {
			[]string{`UPDATE audit_hash SET hashes = CAST(substr(hashes, 1, 32) || zeroblob(length(hashes) - 32) AS BLOB) WHERE number = 7`},
			found{audit.ProblemTreeChanged: "7"},
		},
		"an entry added behind": {
			[]string{`INSERT INTO audit_entry VALUES (30, zeroblob(16), x'00')`},
			found{audit.ProblemEntryMalformed: "30", audit.ProblemTreeChanged: "30"},
		},
		"the checkpoint's text changed": {
			[]string{`UPDATE audit_checkpoint SET note = CAST(replace(note, char(10) || '30' || char(10), char(10) || '29' || char(10)) AS BLOB)`},
			found{audit.ProblemCheckpointInvalid: ""},
		},
		"a table removed": {
			[]string{`DROP TABLE audit_hash`},
			found{audit.ProblemUnreadable: "0", audit.ProblemTruncated: "0-29"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			l := newLedger(t)
			l.reads(t, 30)
			l.checkpoint(t)
			require.True(t, l.verify(t).OK)
			l.raw(t, c.statements...)
			assert.Equal(t, c.want, codes(l.verify(t)))
			l.shut(t) // a last checkpoint of that would say nothing
		})
	}
}

func TestOurOwnMistakesCantChangeTheLog(t *testing.T) {
	l := newLedger(t)
	l.reads(t, 3)
	l.checkpoint(t)
	for _, statement := range []string{
		`UPDATE audit_entry SET payload = x'00' WHERE number = 1`, `UPDATE audit_entry SET salt = NULL WHERE number = 1`,
		`UPDATE audit_entry SET number = 9 WHERE number = 1`, `DELETE FROM audit_entry`,
		`UPDATE audit_hash SET number = 9 WHERE number = 1`, `UPDATE audit_hash SET hashes = zeroblob(32)`, `DELETE FROM audit_hash`,
		`INSERT INTO audit_entry VALUES (3, x'00', x'00')`, `INSERT INTO audit_hash VALUES (3, x'00')`, `INSERT OR REPLACE INTO audit_hash VALUES (1, zeroblob(32))`,
		`INSERT INTO audit_hash VALUES (7, zeroblob(32))`, `INSERT INTO audit_entry (number) VALUES (7)`,
	} {
		err := l.exec(t, statement)
		assert.Error(t, err, statement)
	}
	assert.True(t, l.verify(t).OK)
}

// One bit anywhere in the file: the log is found wrong, or the bit was in a
// place that the log doesn't use and then nothing of it has changed.
func TestAFlippedBitNeverChangesALogThatVerifies(t *testing.T) {
	l := newLedger(t)
	l.reads(t, 500) // most of the file is the log
	l.close(t)
	path := filepath.Join(l.dir, store.FileName)
	whole, err := os.ReadFile(path)
	require.NoError(t, err)
	want := payloads(t, path)
	random := rand.New(rand.NewPCG(1, 2))
	wrong := 0
	for range 300 {
		at, bit := random.IntN(len(whole)), random.IntN(8)
		whole[at] ^= 1 << bit
		require.NoError(t, os.WriteFile(path, whole, 0o600))
		file, err := store.OpenAuditFile(t.Context(), path)
		if err != nil {
			require.ErrorIs(t, err, audit.ErrInvalid, "byte %d", at)
			wrong++
		} else {
			r, err := audit.Verify(t.Context(), file, audit.VerifyOptions{Keys: l.key.Keys()})
			require.NoError(t, err)
			require.NoError(t, file.Close())
			if r.OK {
				require.Equal(t, want, payloads(t, path), "byte %d", at)
			} else {
				wrong++
			}
		}
		whole[at] ^= 1 << bit
	}
	assert.Greater(t, wrong, 50)
}

func payloads(t testing.TB, path string) (all []string) {
	t.Helper()
	file, err := store.OpenAuditFile(t.Context(), path)
	require.NoError(t, err)
	defer file.Close()
	for r, err := range file.Records(t.Context()) {
		require.NoError(t, err)
		all = append(all, string(r.Payload))
	}
	return all
}

func TestALogCanBeVerifiedWithoutItsKeysOrItsProgram(t *testing.T) {
	l := newLedger(t)
	l.reads(t, 30)
	l.checkpoint(t)
	check := func(path string) {
		t.Helper()
		file, err := store.OpenAuditFile(t.Context(), path)
		require.NoError(t, err)
		defer file.Close()
		witnesses, err := store.CheckpointWitnesses(l.second)
		require.NoError(t, err)
		require.Len(t, witnesses, 1)
		keys, err := audit.ParseKeys([]byte(l.key.Public()))
		require.NoError(t, err)
		r, err := audit.Verify(t.Context(), file, audit.VerifyOptions{Keys: keys, Witnesses: witnesses})
		require.NoError(t, err)
		assert.True(t, r.OK, r.Problems)
		assert.EqualValues(t, 30, r.Entries)
	}
	check(l.dir) // while the program runs
	l.close(t)
	check(filepath.Join(l.dir, store.FileName))

	_, err := store.OpenAuditFile(t.Context(), filepath.Join(l.dir, "elsewhere"))
	assert.ErrorIs(t, err, store.ErrMissing)
	other := filepath.Join(t.TempDir(), "other")
	require.NoError(t, os.WriteFile(other, []byte("this is no database, however long it goes on and on"), 0o600))
	_, err = store.OpenAuditFile(t.Context(), other)
	assert.ErrorIs(t, err, audit.ErrInvalid)
}
