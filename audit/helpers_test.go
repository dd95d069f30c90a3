package audit_test

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"fmt"
	"iter"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/mod/sumdb/tlog"

	"chipproof/audit"
)

var noon = time.Date(2026, 11, 25, 12, 0, 0, 0, time.UTC)

const run = "0123456789abcdef"

// ledger is a log in memory. Its hashes come from tlog, not from the verifier's
// own tree.
type ledger struct {
	key         *audit.Key
	records     []audit.Record
	hashes      []tlog.Hash // in the order of tlog.StoredHashIndex
	checkpoints [][]byte
}

var _ audit.Log = (*ledger)(nil)

func newLedger(t testing.TB) *ledger {
	t.Helper()
	k, err := audit.GenerateKey(rand.Reader)
	require.NoError(t, err)
	return &ledger{key: k}
}

// filled is a ledger of n reads with a checkpoint at its end.
func filled(t testing.TB, n int) *ledger {
	t.Helper()
	l := newLedger(t)
	l.reads(t, n)
	l.checkpoint(t)
	return l
}

func (l *ledger) Checkpoints(context.Context) iter.Seq2[[]byte, error] {
	return func(yield func([]byte, error) bool) {
		for _, c := range l.checkpoints {
			if !yield(c, nil) {
				return
			}
		}
	}
}

func (l *ledger) Records(context.Context) iter.Seq2[audit.Record, error] {
	return func(yield func(audit.Record, error) bool) {
		for _, r := range l.records {
			if !yield(r, nil) {
				return
			}
		}
	}
}

func (l *ledger) at(n int64) time.Time { return noon.Add(time.Duration(n) * time.Minute) }

func (l *ledger) reads(t testing.TB, n int) {
	t.Helper()
	for range n {
		l.append(t, audit.Event{Kind: audit.KindRead, Actor: "clerk", Attributes: map[string]string{
			"purpose": "form_fill", "origin": "https://hospital.example", "number": fmt.Sprint(len(l.records)),
		}})
	}
}

func (l *ledger) append(t testing.TB, e audit.Event) audit.Entry {
	t.Helper()
	n := int64(len(l.records))
	entry, err := audit.NewEntry(n, audit.Clock{Now: l.at(n), Monotonic: time.Duration(n) * time.Second, Run: run}, e)
	require.NoError(t, err)
	payload, err := entry.Encode()
	require.NoError(t, err)
	salt, err := audit.NewSalt(rand.Reader)
	require.NoError(t, err)
	l.store(t, audit.Record{Number: n, Salt: salt, Payload: payload}, audit.Leaf(salt, payload))
	return entry
}

func (l *ledger) store(t testing.TB, r audit.Record, leaf tlog.Hash) {
	t.Helper()
	made, err := tlog.StoredHashesForRecordHash(int64(len(l.records)), leaf, l)
	require.NoError(t, err)
	l.hashes = append(l.hashes, made...)
	r.Hashes = made
	l.records = append(l.records, r)
}

// ReadHashes implements [tlog.HashReader].
func (l *ledger) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	out := make([]tlog.Hash, len(indexes))
	for i, index := range indexes {
		out[i] = l.hashes[index]
	}
	return out, nil
}

func (l *ledger) headAt(t testing.TB, size int64) audit.Head {
	t.Helper()
	root, err := tlog.TreeHash(size, l)
	require.NoError(t, err)
	return audit.Head{Size: size, Root: root}
}

func (l *ledger) head(t testing.TB) audit.Head { return l.headAt(t, int64(len(l.records))) }

func (l *ledger) checkpoint(t testing.TB) audit.Witness {
	t.Helper()
	signed, err := audit.SignCheckpoint(l.key, l.head(t), l.at(int64(len(l.records))))
	require.NoError(t, err)
	l.checkpoints = append(l.checkpoints, signed)
	return audit.Witness{Source: "file", Text: string(signed)}
}

// rehash makes every hash anew, as a forger would who has all but the key.
func (l *ledger) rehash(t testing.TB) {
	t.Helper()
	records := l.records
	l.records, l.hashes = nil, nil
	for _, r := range records {
		leaf := audit.Leaf(r.Salt, r.Payload)
		if r.Payload == nil {
			leaf = r.Hashes[0]
		}
		l.store(t, r, leaf)
	}
}

// edit changes what an entry says, in its payload only.
func (l *ledger) edit(t testing.TB, n int, change func(*audit.Entry)) {
	t.Helper()
	e, err := audit.ParseEntry(l.records[n].Payload)
	require.NoError(t, err)
	change(&e)
	payload, err := e.Encode()
	require.NoError(t, err)
	l.records[n].Payload = payload
}

func (l *ledger) erase(t testing.TB, numbers ...int64) {
	t.Helper()
	for _, n := range numbers {
		l.records[n].Salt, l.records[n].Payload = nil, nil
	}
	text, taken := audit.FormatNumbers(numbers, audit.MaxText)
	require.Equal(t, len(numbers), taken)
	l.erasure(t, audit.KindErased, map[string]string{"numbers": text, "reason": "asked for"})
}

// erasure appends the entry about one, signed.
func (l *ledger) erasure(t testing.TB, kind audit.Kind, attributes map[string]string) {
	t.Helper()
	signed, err := audit.SignErasure(l.key, kind, l.head(t), attributes)
	require.NoError(t, err)
	l.append(t, audit.Event{Kind: kind, Actor: "dpo", Attributes: signed})
}

// restored appends the entry about a restore, signed.
func (l *ledger) restored(t testing.TB, r audit.Restore) {
	t.Helper()
	r.Entry = int64(len(l.records))
	signed, err := audit.SignRestore(l.key, r, map[string]string{"backup_made": "2026-11-25T12:12:00Z"})
	require.NoError(t, err)
	l.append(t, audit.Event{Kind: audit.KindRestored, Actor: "os:0", At: r.At, Attributes: signed})
}

// copied is the ledger as it is now, for going back to it.
func (l *ledger) copied() *ledger {
	c := *l
	c.records, c.hashes, c.checkpoints = slices.Clone(l.records), slices.Clone(l.hashes), slices.Clone(l.checkpoints)
	for i := range c.records {
		c.records[i].Hashes = slices.Clone(c.records[i].Hashes)
	}
	return &c
}

func (l *ledger) verify(t testing.TB, witnesses ...audit.Witness) audit.Result {
	t.Helper()
	return verify(t, l, l.key, witnesses...)
}

func verify(t testing.TB, l audit.Log, k *audit.Key, witnesses ...audit.Witness) audit.Result {
	t.Helper()
	r, err := audit.Verify(t.Context(), l, audit.VerifyOptions{Keys: k.Keys(), Witnesses: witnesses})
	require.NoError(t, err)
	require.Equal(t, r.OK, len(r.Problems) == 0)
	return r
}

// codes are the problems found, each once, with the entries they name.
func codes(r audit.Result) map[audit.ProblemCode]string {
	out := map[audit.ProblemCode]string{}
	for _, p := range r.Problems {
		if _, there := out[p.Code]; !there {
			out[p.Code] = p.Entries
		}
	}
	return out
}

// device is a signer whose key can't be had.
type device struct{ ed25519.PrivateKey }
