package store_test

import (
	"context"
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/mfa"
	"chipproof/store"
	"chipproof/store/storetest"
)

func create(t testing.TB, dir string, r store.Recorder) *store.Store {
	t.Helper()
	s, err := store.Create(t.Context(), dir, store.Options{Recorder: r})
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, s.Close()) })
	return s
}

func TestSQLiteKeepsWhatTheSuiteDemands(t *testing.T) {
	storetest.Run(t, func(t testing.TB) mfa.Store { return create(t, t.TempDir(), storetest.Recorder{}) })
}

func TestAStoreIsMadeOnceAndThenOnlyOpened(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	o := store.Options{Recorder: storetest.Recorder{}}

	_, err := store.Open(t.Context(), dir, o)
	require.ErrorIs(t, err, store.ErrMissing)
	require.NoDirExists(t, dir, "opening makes nothing")

	require.NoError(t, create(t, dir, o.Recorder).Close())
	_, err = store.Create(t.Context(), dir, o)
	require.ErrorIs(t, err, store.ErrExists)

	again, err := store.Open(t.Context(), dir, o)
	require.NoError(t, err)
	require.NoError(t, again.Close())

	_, err = store.Open(t.Context(), dir, store.Options{})
	require.ErrorIs(t, err, store.ErrNoRecorder)
}

func TestOnlyTheOwnerCanReadTheDataDirectory(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	require.NoError(t, os.Mkdir(dir, 0o755))
	s := create(t, dir, storetest.Recorder{})
	addUser(t, s, "malee")

	info, err := os.Stat(dir)
	require.NoError(t, err)
	assert.Equal(t, os.FileMode(0o700), info.Mode().Perm())
	files, err := os.ReadDir(dir)
	require.NoError(t, err)
	require.Len(t, files, 3, "database, write-ahead log and its index")
	for _, f := range files {
		info, err := f.Info()
		require.NoError(t, err)
		assert.Equal(t, os.FileMode(0o600), info.Mode().Perm(), f.Name())
	}
}

func TestAPathWithSignsOfAURLOpens(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "ข้อมูล ?mode=memory#&%41")
	create(t, dir, storetest.Recorder{})
	require.FileExists(t, filepath.Join(dir, store.FileName))
}

func TestANewerStoreIsRefused(t *testing.T) {
	dir := t.TempDir()
	s := create(t, dir, storetest.Recorder{})
	require.NoError(t, s.Write(t.Context(), func(tx *sql.Tx) error {
		_, err := tx.ExecContext(t.Context(), `INSERT INTO goose_db_version (version_id, is_applied) VALUES (9999, 1)`)
		return err
	}))
	_, err := store.Open(t.Context(), dir, store.Options{Recorder: storetest.Recorder{}})
	require.ErrorIs(t, err, store.ErrStoreNewer)
}

func TestTwoProcessesMayOpenAnOldStoreAtOnce(t *testing.T) {
	dir := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(dir, store.FileName), nil, 0o600)) // made, never migrated
	failures := make(chan error)
	for range 8 {
		go func() {
			s, err := store.Open(t.Context(), dir, store.Options{Recorder: storetest.Recorder{}})
			if err == nil {
				err = s.Close()
			}
			failures <- err
		}()
	}
	for range 8 {
		assert.NoError(t, <-failures)
	}
}

// refusing is a log that can't be written.
type refusing struct{}

var errLog = errors.New("log is full")

func (refusing) Record(context.Context, *sql.Tx, mfa.Event) error { return errLog }

func TestAnActWithoutAnEntryHasNotHappened(t *testing.T) {
	s := create(t, t.TempDir(), refusing{})
	u := mfa.User{ID: "id", Name: "malee", Role: mfa.RoleStaff, Created: time.Unix(0, 0)}
	err := s.Update(t.Context(), func(tx mfa.Tx) error {
		if _, err := tx.InsertUser(t.Context(), u); err != nil {
			return err
		}
		return tx.Record(t.Context(), mfa.Event{Kind: mfa.EventUserAdded})
	})
	require.ErrorIs(t, err, errLog)
	require.NoError(t, s.View(t.Context(), func(tx mfa.Tx) error {
		_, err := tx.User(t.Context(), u.ID)
		assert.ErrorIs(t, err, mfa.ErrUserUnknown)
		return nil
	}))
}

func TestAStoreOnAFullDiskSaysSoAndLosesNothing(t *testing.T) {
	s := create(t, t.TempDir(), storetest.Recorder{})
	addUser(t, s, "malee")
	err := s.Write(t.Context(), func(tx *sql.Tx) error {
		// A page limit is how SQLite itself plays a full disk.
		if _, err := tx.ExecContext(t.Context(), `PRAGMA max_page_count = 1`); err != nil {
			return err
		}
		_, err := tx.ExecContext(t.Context(), `CREATE TABLE filler AS
			WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 100000) SELECT randomblob(1000) FROM n`)
		return err
	})
	require.ErrorIs(t, err, store.ErrUnwritable)
	require.NoError(t, s.View(t.Context(), func(tx mfa.Tx) error {
		_, err := tx.UserNamed(t.Context(), "malee")
		return err
	}))
}

func TestAnAcknowledgedTransactionIsOnTheDisk(t *testing.T) {
	s := create(t, t.TempDir(), storetest.Recorder{})
	for pragma, want := range map[string]string{
		"journal_mode": "wal", "synchronous": "2", "foreign_keys": "1", "secure_delete": "1", "trusted_schema": "0",
	} {
		require.NoError(t, s.Write(t.Context(), func(tx *sql.Tx) error {
			var got string
			require.NoError(t, tx.QueryRowContext(t.Context(), "PRAGMA "+pragma).Scan(&got))
			assert.Equal(t, want, got, pragma)
			return nil
		}))
	}
}

func addUser(t testing.TB, s *store.Store, name string) {
	t.Helper()
	require.NoError(t, s.Update(t.Context(), func(tx mfa.Tx) error {
		_, err := tx.InsertUser(t.Context(), mfa.User{ID: "id-" + name, Name: name, Role: mfa.RoleStaff, Created: time.Unix(0, 0)})
		return err
	}))
}

func TestOneAtATimeChangesWhatLiesBesideTheStore(t *testing.T) {
	dir := t.TempDir()
	one := create(t, dir, storetest.Recorder{})
	other, err := store.Open(t.Context(), dir, store.Options{Recorder: storetest.Recorder{}})
	require.NoError(t, err)
	defer func() { assert.NoError(t, other.Close()) }()
	file := filepath.Join(dir, "beside")
	require.NoError(t, os.WriteFile(file, nil, 0o600))
	var all sync.WaitGroup
	for i := range 40 {
		s := one
		if i%2 == 0 {
			s = other
		}
		all.Go(func() {
			assert.NoError(t, s.Alone(t.Context(), func() error {
				content, err := os.ReadFile(file)
				if err != nil {
					return err
				}
				return os.WriteFile(file, append(content, '.'), 0o600)
			}))
		})
	}
	all.Wait()
	content, err := os.ReadFile(file)
	require.NoError(t, err)
	assert.Len(t, content, 40, "nobody's change is lost")
	refused := errors.New("refused")
	assert.ErrorIs(t, one.Alone(t.Context(), func() error { return refused }), refused)
}
