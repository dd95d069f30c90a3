package store_test

import (
	"crypto/rand"
	"database/sql"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/mod/sumdb/tlog"

	"chipproof/audit"
	"chipproof/store"
)

// typical is what most entries of a counter look like.
var typical = audit.Event{
	Kind: audit.KindRead, Actor: "5f3a0c7de4b14f0f9c2b7f7f6c0f8a11", Subject: "p1a2b3c4d.2026.TT8jxzyoXpVvx9gegqA_9-Fin_QYtAqXoANd5fXJ4zM",
	Session: "0c1d2e3f4a5b6c7d8e9f0a1b2c3d4e5f", Attributes: map[string]string{
		"purpose": "form_fill", "origin": "https://hospital.example", "fields": "citizen_id name birth_date address",
	},
}

// Each append is on the disk before the next begins: what one clerk waits for.
func BenchmarkAppendDurably(b *testing.B) {
	l := newLedger(b)
	for b.Loop() {
		_, err := l.log.Append(b.Context(), typical)
		require.NoError(b, err)
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "appends/s")
}

// Sixty-four at once share transactions, and so the waiting for the disk.
func BenchmarkAppendDurablyTogether(b *testing.B) {
	l := newLedger(b)
	b.SetParallelism(32)
	b.ResetTimer()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			if _, err := l.log.Append(b.Context(), typical); err != nil {
				b.Error(err)
			}
		}
	})
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "appends/s")
}

// What an entry adds to an act that writes the database anyway.
func BenchmarkAppendWithinATransaction(b *testing.B) {
	l := newLedger(b)
	require.NoError(b, l.store.Write(b.Context(), func(tx *sql.Tx) error {
		for b.Loop() {
			if _, err := l.log.AppendTx(b.Context(), tx, typical); err != nil {
				return err
			}
		}
		return nil
	}))
}

const million = 1_000_000

// The bar is 10 s (issue 3), in flat memory: heap-MiB is the most that was in use
// above the start.
func BenchmarkVerifyAMillionEntries(b *testing.B) {
	l := newLedger(b)
	fill(b, l, million)
	l.checkpoint(b)
	l.close(b)
	info, err := os.Stat(filepath.Join(l.dir, store.FileName))
	require.NoError(b, err)
	file, err := store.OpenAuditFile(b.Context(), l.dir)
	require.NoError(b, err)
	defer file.Close()

	runtime.GC()
	before, peak := heap(), atomic.Uint64{}
	stop := make(chan struct{})
	go func() {
		tick := time.NewTicker(50 * time.Millisecond)
		defer tick.Stop()
		for {
			select {
			case <-stop:
				return
			case <-tick.C:
				peak.Store(max(peak.Load(), heap()))
			}
		}
	}()
	for b.Loop() {
		r, err := audit.Verify(b.Context(), file, audit.VerifyOptions{Keys: l.key.Keys()})
		require.NoError(b, err)
		require.True(b, r.OK, "%v", r.Problems)
		require.EqualValues(b, million, r.Entries)
	}
	close(stop)
	b.ReportMetric(float64(info.Size())/million, "bytes/entry")
	b.ReportMetric(float64(peak.Load()-min(before, peak.Load()))/(1<<20), "heap-MiB")
	b.ReportMetric(million*float64(b.N)/b.Elapsed().Seconds(), "entries/s")
}

func heap() uint64 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapInuse
}

// fill writes entries past the log, without waiting for the disk.
func fill(b *testing.B, l *ledger, n int64) {
	b.Helper()
	db, err := sql.Open("sqlite", (&url.URL{Scheme: "file", Path: filepath.Join(l.dir, store.FileName)}).String()+"?_txlock=immediate")
	require.NoError(b, err)
	defer db.Close()
	tx, err := db.BeginTx(b.Context(), nil)
	require.NoError(b, err)
	entries, err := tx.PrepareContext(b.Context(), `INSERT INTO audit_entry VALUES (?, ?, ?)`)
	require.NoError(b, err)
	hashes, err := tx.PrepareContext(b.Context(), `INSERT INTO audit_hash VALUES (?, ?)`)
	require.NoError(b, err)
	var tree []tlog.Hash
	reader := tlog.HashReaderFunc(func(indexes []int64) ([]tlog.Hash, error) {
		out := make([]tlog.Hash, len(indexes))
		for i, index := range indexes {
			out[i] = tree[index]
		}
		return out, nil
	})
	for number := range n {
		e, err := audit.NewEntry(number, audit.Clock{Now: l.clock(), Monotonic: time.Duration(number) * time.Millisecond, Run: "0123456789abcdef"}, typical)
		require.NoError(b, err)
		payload, err := e.Encode()
		require.NoError(b, err)
		salt, err := audit.NewSalt(rand.Reader)
		require.NoError(b, err)
		made, err := tlog.StoredHashesForRecordHash(number, audit.Leaf(salt, payload), reader)
		require.NoError(b, err)
		tree = append(tree, made...)
		var stored []byte
		for _, h := range made {
			stored = append(stored, h[:]...)
		}
		_, err = entries.ExecContext(b.Context(), number, salt, payload)
		require.NoError(b, err)
		_, err = hashes.ExecContext(b.Context(), number, stored)
		require.NoError(b, err)
	}
	require.NoError(b, tx.Commit())
}
