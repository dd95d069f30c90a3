package store_test

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/audit"
	"chipproof/mfa"
	"chipproof/store"
)

const inNamespace = "CHIPPROOF_TEST_IN_NAMESPACE"

// namespace runs the test once more in a mount namespace of its own, where it
// may mount what it likes and nobody else sees it, and says whether this is it.
func namespace(t *testing.T) bool {
	t.Helper()
	if os.Getenv(inNamespace) != "" {
		return true
	}
	cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^"+t.Name()+"$", "-test.v")
	cmd.Env = append(os.Environ(), inNamespace+"=1")
	cmd.SysProcAttr = &syscall.SysProcAttr{Unshareflags: syscall.CLONE_NEWNS}
	if os.Getuid() != 0 { // who isn't root becomes it inside
		cmd.SysProcAttr = &syscall.SysProcAttr{
			Cloneflags: syscall.CLONE_NEWUSER, Unshareflags: syscall.CLONE_NEWNS,
			UidMappings: []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getuid(), Size: 1}},
			GidMappings: []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getgid(), Size: 1}},
		}
	}
	out, err := cmd.CombinedOutput()
	require.NoError(t, err, string(out))
	require.Contains(t, string(out), "--- PASS: "+t.Name())
	return false
}

// smallDisk mounts a disk of so many KiB.
func smallDisk(t *testing.T, kib int) string {
	t.Helper()
	dir := t.TempDir()
	require.NoError(t, syscall.Mount("tmpfs", dir, "tmpfs", 0, fmt.Sprintf("size=%dk", kib)))
	t.Cleanup(func() { assert.NoError(t, syscall.Unmount(dir, syscall.MNT_DETACH)) })
	return dir
}

// refusesActs makes sure that neither an act with rows nor one without happens.
func (l *ledger) refusesActs(t *testing.T, name string) {
	t.Helper()
	_, err := l.log.Append(t.Context(), read(0))
	require.ErrorIs(t, err, audit.ErrUnavailable)
	require.ErrorIs(t, err, store.ErrUnwritable)
	require.ErrorIs(t, l.addLogged(t.Context(), name), store.ErrUnwritable)
	require.NoError(t, l.store.View(t.Context(), func(tx mfa.Tx) error {
		_, err := tx.UserNamed(t.Context(), name)
		assert.ErrorIs(t, err, mfa.ErrUserUnknown, "no act without an entry")
		return nil
	}))
}

func TestOnAFullDiskNothingIsReleasedAndNothingIsLost(t *testing.T) {
	if !namespace(t) {
		return
	}
	disk := smallDisk(t, 2048)
	l := newLedger(t)
	l.shut(t)
	l.dir = filepath.Join(disk, "data")
	l.open(t, store.Create)
	l.reads(t, 20)
	l.checkpoint(t)
	require.NoError(t, os.WriteFile(filepath.Join(disk, "filler"), make([]byte, 512<<10), 0o600))

	written := int64(20)
	var err error
	for range 5000 {
		if _, err = l.log.Append(t.Context(), read(0)); err != nil {
			break
		}
		written++
	}
	require.ErrorIs(t, err, audit.ErrUnavailable, "the disk was full at last")
	require.ErrorIs(t, err, store.ErrUnwritable)
	head, err := l.log.Head(t.Context())
	require.NoError(t, err)
	assert.Equal(t, written, head.Size, "what was acknowledged is there, and no more")
	big := map[string]string{"purpose": string(make([]byte, 1000)), "origin": string(make([]byte, 1000))}
	_, err = l.log.Append(t.Context(), audit.Event{Kind: audit.KindRead, Attributes: big})
	require.ErrorIs(t, err, audit.ErrUnavailable)

	require.NoError(t, os.Remove(filepath.Join(disk, "filler")))
	l.reads(t, 3)
	require.NoError(t, l.addLogged(t.Context(), "malee"))
	l.checkpoint(t)
	r := l.verify(t)
	assert.True(t, r.OK, r.Problems)
	assert.Equal(t, written+4, r.Entries, "there is room again, and it goes on where it stopped")
}

func TestOnADiskThatBecameReadOnlyNothingIsReleased(t *testing.T) {
	if !namespace(t) {
		return
	}
	disk := smallDisk(t, 4096)
	l := newLedger(t)
	l.shut(t)
	l.dir = filepath.Join(disk, "data")
	l.open(t, store.Create)
	l.reads(t, 20)
	l.close(t)
	require.NoError(t, syscall.Mount("", disk, "", syscall.MS_REMOUNT|syscall.MS_RDONLY, ""))

	file, err := store.OpenAuditFile(t.Context(), l.dir)
	require.NoError(t, err, "it can still be verified")
	r, err := audit.Verify(t.Context(), file, audit.VerifyOptions{Keys: l.key.Keys()})
	require.NoError(t, err)
	require.NoError(t, file.Close())
	assert.True(t, r.OK, r.Problems)
	assert.EqualValues(t, 20, r.Entries)

	log, err := store.NewAuditLog(store.AuditOptions{Key: l.key})
	require.NoError(t, err)
	_, err = store.Open(t.Context(), l.dir, store.Options{Recorder: log})
	require.ErrorIs(t, err, store.ErrUnwritable, "and isn't served from")

	require.NoError(t, syscall.Mount("", disk, "", syscall.MS_REMOUNT, ""))
	l.open(t, store.Open)
	l.reads(t, 1)
	assert.True(t, l.verify(t).OK)
}

func TestAReadOnlyDatabaseFileReleasesNothing(t *testing.T) {
	l := newLedger(t)
	l.reads(t, 20)
	l.checkpoint(t)
	require.NoError(t, l.exec(t, `PRAGMA query_only = 1`)) // as the file's mode does to any other account
	l.refusesActs(t, "malee")
	require.Error(t, func() error { _, err := l.log.Sheet(t.Context(), by); return err }())
	require.ErrorIs(t, func() error { _, err := l.log.Erase(t.Context(), by, "", 3); return err }(), audit.ErrUnavailable)
	r := l.verify(t)
	assert.True(t, r.OK, r.Problems)
	assert.EqualValues(t, 20, r.Entries)
}

func TestADatabaseThatAnotherProcessKeepsLockedReleasesNothing(t *testing.T) {
	l := newLedger(t)
	l.reads(t, 5)
	require.NoError(t, l.exec(t, `PRAGMA busy_timeout = 50`))
	other, err := sql.Open("sqlite", "file:"+filepath.Join(l.dir, store.FileName)+"?_txlock=immediate")
	require.NoError(t, err)
	defer other.Close()
	tx, err := other.BeginTx(t.Context(), nil)
	require.NoError(t, err)
	_, err = l.log.Append(t.Context(), read(0))
	require.ErrorIs(t, err, audit.ErrUnavailable)
	require.ErrorIs(t, err, store.ErrBusy)
	require.NoError(t, tx.Rollback())
	l.reads(t, 1)
	l.checkpoint(t)
	r := l.verify(t)
	assert.True(t, r.OK, r.Problems)
	assert.EqualValues(t, 6, r.Entries)
}

func TestAnEntryOfAnActThatFailsToCommitIsNoEntry(t *testing.T) {
	l := newLedger(t)
	l.reads(t, 3)
	ctx, cancel := context.WithCancel(t.Context())
	err := l.store.Update(ctx, func(tx mfa.Tx) error {
		err := tx.Record(ctx, mfa.Event{Kind: mfa.EventLoggedIn})
		cancel() // the caller is gone before the commit
		return err
	})
	require.Error(t, err)
	head, err := l.log.Head(t.Context())
	require.NoError(t, err)
	assert.EqualValues(t, 3, head.Size)
}
