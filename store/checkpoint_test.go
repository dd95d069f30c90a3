package store_test

import (
	"bytes"
	"context"
	"log/slog"
	"os"
	"path/filepath"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/audit"
	"chipproof/store"
)

// published are the files of the second place, with the sizes that they say.
func (l *ledger) published(t testing.TB) map[string]int64 {
	t.Helper()
	list, err := store.CheckpointWitnesses(l.second)
	require.NoError(t, err)
	sizes := map[string]int64{}
	for _, w := range list {
		s, err := w.Read(l.key.Keys())
		if err != nil {
			sizes[w.Source] = -1
			continue
		}
		sizes[w.Source] = s.Size
	}
	return sizes
}

func TestCheckpointsAreKeptInTwoPlacesOneADay(t *testing.T) {
	l := newLedger(t)
	assert.Zero(t, l.checkpoint(t).Size)
	assert.Empty(t, l.published(t), "an empty log has nothing to say")
	l.reads(t, 3)
	c := l.checkpoint(t)
	assert.Equal(t, l.key.Name(), c.Origin)
	l.reads(t, 2)
	l.checkpoint(t)
	assert.Equal(t, map[string]int64{"2026-11-25.checkpoint": 5}, l.published(t))
	l.wait(24 * time.Hour)
	l.checkpoint(t)
	assert.Equal(t, map[string]int64{"2026-11-25.checkpoint": 5}, l.published(t), "no entry, no checkpoint")
	l.reads(t, 1)
	l.checkpoint(t)
	assert.Equal(t, map[string]int64{"2026-11-25.checkpoint": 5, "2026-11-26.checkpoint": 6}, l.published(t))

	n := 0
	for signed, err := range l.store.AuditLog().Checkpoints(t.Context()) {
		require.NoError(t, err)
		_, err = audit.OpenCheckpoint(signed, l.key.Keys())
		require.NoError(t, err)
		n++
	}
	assert.Equal(t, 2, n, "in the database too")
	r := l.verify(t)
	assert.True(t, r.OK, r.Problems)
	assert.Len(t, r.Witnesses, 2)
	for _, f := range []string{"2026-11-25.checkpoint", "2026-11-26.checkpoint"} {
		info, err := os.Stat(filepath.Join(l.second, f))
		require.NoError(t, err)
		assert.Equal(t, os.FileMode(0o600), info.Mode().Perm())
	}
	files, err := os.ReadDir(l.second)
	require.NoError(t, err)
	assert.Len(t, files, 2, "nothing half-written is left")
}

func TestALogPutBackByHandFailsAndDoesNotOverwriteTheEvidence(t *testing.T) {
	l := newLedger(t)
	l.reads(t, 10)
	l.close(t)
	path := filepath.Join(l.dir, store.FileName)
	copied, err := os.ReadFile(path)
	require.NoError(t, err)
	l.open(t, store.Open)
	l.reads(t, 10)
	l.close(t)
	require.NoError(t, os.WriteFile(path, copied, 0o600))

	l.open(t, store.Open)
	assert.Equal(t, map[audit.ProblemCode]string{audit.ProblemTruncated: "10-19"}, codes(l.verify(t)))
	l.isRefused(t)
	assert.Equal(t, map[string]int64{"2026-11-25.checkpoint": 20}, l.published(t))
	require.NoError(t, os.Remove(filepath.Join(l.dir, store.HeadFile)))
	l.isRefused(t) // the second place knows too
	assert.Equal(t, map[audit.ProblemCode]string{audit.ProblemTruncated: "10-19"}, codes(l.verify(t)))
	l.shut(t)
}

func TestAnotherLogsCheckpointsStay(t *testing.T) {
	l, other := newLedger(t), newLedger(t)
	other.second = l.second
	other.close(t)
	other.open(t, store.Open)
	other.reads(t, 3)
	other.checkpoint(t)
	for _, n := range []int{5, 1} {
		l.reads(t, n)
		_, err := l.log.Checkpoint(t.Context())
		require.ErrorIs(t, err, store.ErrCheckpointConflict, "acts go on, but it is said")
		require.ErrorIs(t, l.log.Health(), store.ErrCheckpointConflict)
	}
	l.shut(t)
	l.second, other.second = t.TempDir(), l.second
	l.open(t, store.Open)
	l.reads(t, 1)
	l.checkpoint(t)
	l.close(t)
	l.second = other.second
	l.open(t, store.Open)
	assert.Equal(t, map[string]int64{"2026-11-25.checkpoint": -1, "2026-11-25.2.checkpoint": 6}, l.published(t))
	assert.Equal(t, map[audit.ProblemCode]string{audit.ProblemWitnessInvalid: ""}, codes(l.verify(t)), "and each log says that they are not its own")
	l.shut(t)
}

func TestALostSecondPlaceStopsNoActButIsSeen(t *testing.T) {
	l := newLedger(t)
	l.reads(t, 3)
	l.checkpoint(t)
	assert.NoError(t, l.log.Health())
	require.NoError(t, os.Rename(l.second, l.second+".gone"))
	l.reads(t, 3)
	_, err := l.log.Checkpoint(t.Context())
	require.Error(t, err)
	assert.Error(t, l.log.Health())
	require.NoError(t, os.Rename(l.second+".gone", l.second))
	l.checkpoint(t)
	assert.NoError(t, l.log.Health())
	assert.Equal(t, map[string]int64{"2026-11-25.checkpoint": 6}, l.published(t), "what was missed is made up for")
}

// A process that was killed leaves entries that nothing covers; the next one
// signs them before anything else.
func TestWhatAKilledProcessLeftUnsignedIsSignedAtTheNextStart(t *testing.T) {
	l := newLedger(t)
	l.reads(t, 3)
	l.checkpoint(t)
	l.reads(t, 4)
	assert.EqualValues(t, 4, l.verify(t).Unsigned)
	l.shut(t)
	log, err := store.NewAuditLog(store.AuditOptions{Key: l.key, CheckpointDir: l.second, Clock: l.clock})
	require.NoError(t, err)
	s, err := store.Open(t.Context(), l.dir, store.Options{Recorder: log})
	require.NoError(t, err)
	log.Attach(s)
	require.Eventually(t, func() bool { return l.published(t)["2026-11-25.checkpoint"] == 7 }, 10*time.Second, time.Millisecond)
	require.NoError(t, log.Close(t.Context()))
	require.NoError(t, s.Close())
}

// The interval is waited for in a bubble of its own time.
func TestCheckpointsFollowTheCommitsInBatches(t *testing.T) {
	dir, second := filepath.Join(t.TempDir(), "data"), t.TempDir()
	k := newLedger(t).key
	synctest.Test(t, func(t *testing.T) {
		var complaints bytes.Buffer
		log, err := store.NewAuditLog(store.AuditOptions{Key: k, CheckpointDir: second, Interval: time.Minute, Log: slog.New(slog.NewTextHandler(&complaints, nil))})
		require.NoError(t, err)
		s, err := store.Create(t.Context(), dir, store.Options{Recorder: log})
		require.NoError(t, err)
		log.Attach(s)
		size := func() int64 {
			list, err := store.CheckpointWitnesses(second)
			require.NoError(t, err)
			if len(list) == 0 {
				return 0
			}
			w, err := list[len(list)-1].Read(k.Keys())
			require.NoError(t, err)
			return w.Size
		}
		write := func(n int) {
			for i := range n {
				_, err := log.Append(t.Context(), read(i))
				require.NoError(t, err)
			}
		}
		time.Sleep(2 * time.Minute) // past the first, of nothing
		write(1)
		synctest.Wait()
		assert.EqualValues(t, 1, size(), "the first entry after a pause is signed at once")
		write(5)
		synctest.Wait()
		assert.EqualValues(t, 1, size(), "the next wait their turn")
		time.Sleep(time.Minute)
		synctest.Wait()
		assert.EqualValues(t, 6, size())
		write(2)
		require.NoError(t, log.Close(context.WithoutCancel(t.Context())))
		assert.EqualValues(t, 8, size(), "and the end is signed in any case")
		require.NoError(t, s.Close())
		assert.Empty(t, complaints.String())
	})
}

func TestALogNeedsItsKey(t *testing.T) {
	_, err := store.NewAuditLog(store.AuditOptions{})
	assert.ErrorIs(t, err, audit.ErrKeyInvalid)
}
