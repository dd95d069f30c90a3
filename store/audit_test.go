package store_test

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/audit"
	"chipproof/mfa"
	"chipproof/store"
)

func TestAnActAndItsEntryAreOne(t *testing.T) {
	l := newLedger(t)
	require.NoError(t, l.addLogged(t.Context(), "malee"))
	list, err := l.store.List(t.Context(), store.AuditFilter{})
	require.NoError(t, err)
	require.Len(t, list, 1)
	e := list[0].Entry
	assert.Len(t, e.Run, 16)
	assert.Positive(t, e.Monotonic)
	e.Run, e.Monotonic = "", 0
	assert.Equal(t, audit.Entry{
		Number: 0, At: auditNoon, Kind: "user_added", Class: audit.ClassAdministration,
		Actor: "os:0", Subject: "id-malee", Session: "s1", Attributes: map[string]string{"role": "staff"},
	}, e)

	undone := errors.New("for this test")
	err = l.store.Update(t.Context(), func(tx mfa.Tx) error {
		require.NoError(t, tx.Record(t.Context(), mfa.Event{Kind: mfa.EventLoggedIn}))
		return undone
	})
	require.ErrorIs(t, err, undone)
	require.NoError(t, l.addLogged(t.Context(), "anan"))
	list, err = l.store.List(t.Context(), store.AuditFilter{})
	require.NoError(t, err)
	require.Len(t, list, 2)
	assert.EqualValues(t, 1, list[0].Number, "an act that was undone leaves no entry and no gap")
	l.checkpoint(t)
	assert.True(t, l.verify(t).OK)
}

// The table of kinds is in package audit, which knows nothing of logins.
func TestEveryEventOfALoginHasAKind(t *testing.T) {
	file, err := parser.ParseFile(token.NewFileSet(), filepath.Join("..", "mfa", "event.go"), nil, 0)
	require.NoError(t, err)
	n := 0
	ast.Inspect(file, func(node ast.Node) bool {
		spec, ok := node.(*ast.ValueSpec)
		if !ok || len(spec.Values) != 1 {
			return true
		}
		if id, ok := spec.Type.(*ast.Ident); ok && id.Name == "EventKind" {
			kind, err := strconv.Unquote(spec.Values[0].(*ast.BasicLit).Value)
			require.NoError(t, err)
			_, known := audit.Kind(kind).Class()
			assert.True(t, known, kind)
			n++
		}
		return true
	})
	assert.Greater(t, n, 30)
}

func TestAnEntryThatCantBeWrittenUndoesItsAct(t *testing.T) {
	l := newLedger(t)
	err := l.store.Update(t.Context(), func(tx mfa.Tx) error {
		if _, err := tx.InsertUser(t.Context(), mfa.User{ID: "id", Name: "malee", Role: mfa.RoleStaff, Created: auditNoon}); err != nil {
			return err
		}
		return tx.Record(t.Context(), mfa.Event{Kind: "unheard_of"})
	})
	require.ErrorIs(t, err, audit.ErrUnavailable)
	require.NoError(t, l.store.View(t.Context(), func(tx mfa.Tx) error {
		_, err := tx.User(t.Context(), "id")
		assert.ErrorIs(t, err, mfa.ErrUserUnknown)
		return nil
	}))
	_, err = l.log.Append(t.Context(), audit.Event{Kind: "unheard_of"})
	require.ErrorIs(t, err, audit.ErrUnavailable)
}

// Two stores on one database are what two processes are to SQLite.
func TestManyWritersMakeOneLogWithoutGaps(t *testing.T) {
	l := newLedger(t)
	other, err := store.NewAuditLog(store.AuditOptions{Key: l.key})
	require.NoError(t, err)
	s, err := store.Open(t.Context(), l.dir, store.Options{Recorder: other})
	require.NoError(t, err)
	other.Attach(s)
	var (
		group sync.WaitGroup
		mu    sync.Mutex
		seen  = map[int64]bool{}
	)
	const writers, each = 8, 25
	for i := range writers {
		log := []*store.AuditLog{l.log, other}[i%2]
		group.Go(func() {
			for n := range each {
				e, err := log.Append(t.Context(), read(n))
				if assert.NoError(t, err) {
					mu.Lock()
					assert.False(t, seen[e.Number], "a number is given once")
					seen[e.Number] = true
					mu.Unlock()
				}
			}
		})
	}
	group.Wait()
	require.NoError(t, other.Close(t.Context()))
	require.NoError(t, s.Close())
	r := l.verify(t)
	assert.True(t, r.OK, r.Problems)
	assert.EqualValues(t, writers*each, r.Entries)
	assert.Len(t, seen, writers*each)
}

func TestWhoGivesUpWaitingHearsThatNothingMayBeReleased(t *testing.T) {
	l := newLedger(t)
	ctx, cancel := context.WithCancel(t.Context())
	locked, release := make(chan struct{}), make(chan struct{})
	var group sync.WaitGroup
	group.Go(func() {
		assert.NoError(t, l.store.Write(context.WithoutCancel(ctx), func(*sql.Tx) error {
			close(locked)
			<-release
			return nil
		}))
	})
	<-locked
	group.Go(func() {
		_, err := l.log.Append(ctx, read(0))
		assert.ErrorIs(t, err, audit.ErrUnavailable)
		assert.ErrorIs(t, err, context.Canceled)
		close(release)
	})
	cancel()
	group.Wait()
	l.reads(t, 1)
	l.checkpoint(t)
	assert.True(t, l.verify(t).OK)
}

func TestAListShowsWhatIsAskedFor(t *testing.T) {
	l := newLedger(t)
	for _, name := range []string{"malee", "anan"} {
		require.NoError(t, l.addLogged(t.Context(), name))
	}
	l.reads(t, 30)
	l.wait(time.Hour)
	_, err := l.log.Append(t.Context(), audit.Event{Kind: "logged_out", Actor: "id-malee", Session: "s2"})
	require.NoError(t, err)
	_, err = l.log.Erase(t.Context(), by, "asked for", 5)
	require.NoError(t, err)

	numbers := func(f store.AuditFilter) (out []int64) {
		list, err := l.store.List(t.Context(), f)
		require.NoError(t, err)
		for _, item := range list {
			assert.Equal(t, item.Number == 5, item.Erased)
			out = append(out, item.Number)
		}
		return out
	}
	assert.Len(t, numbers(store.AuditFilter{}), 34)
	assert.Equal(t, []int64{33, 32, 31}, numbers(store.AuditFilter{Limit: 3}), "newest first")
	assert.Equal(t, []int64{6, 5, 4}, numbers(store.AuditFilter{Before: 7, Limit: 3}))
	assert.Equal(t, []int64{1, 0}, numbers(store.AuditFilter{Kinds: []audit.Kind{"user_added"}}))
	assert.Equal(t, []int64{33, 32, 1, 0}, numbers(store.AuditFilter{Kinds: []audit.Kind{"user_added", "logged_out", "erased"}}))
	assert.Len(t, numbers(store.AuditFilter{Class: audit.ClassRead}), 29)
	assert.Equal(t, []int64{32}, numbers(store.AuditFilter{Actor: "id-malee"}))
	assert.Equal(t, []int64{0}, numbers(store.AuditFilter{Subject: "id-malee"}))
	assert.Equal(t, []int64{32}, numbers(store.AuditFilter{Session: "s2"}))
	assert.Empty(t, numbers(store.AuditFilter{Actor: "malee"}), "a part of an id is another id")
	assert.Equal(t, []int64{28, 2}, numbers(store.AuditFilter{Attribute: "n", Value: "a"}))
	assert.Len(t, numbers(store.AuditFilter{Attribute: "purpose"}), 29)
	hour := auditNoon.Add(time.Hour)
	assert.Equal(t, []int64{33, 32}, numbers(store.AuditFilter{Since: hour}))
	assert.Len(t, numbers(store.AuditFilter{Until: hour}), 31)

	at, err := l.store.LastEntry(t.Context())
	require.NoError(t, err)
	assert.True(t, at.After(hour))
}

func TestErasingDestroysContentAndKeepsEveryProof(t *testing.T) {
	l := newLedger(t)
	const secret = "what-a-person-asked-to-have-erased"
	l.reads(t, 10)
	_, err := l.log.Append(t.Context(), audit.Event{Kind: audit.KindRead, Actor: secret})
	require.NoError(t, err)
	l.reads(t, 10)
	head, in, err := l.log.ProveInclusion(t.Context(), 10)
	require.NoError(t, err)
	before := l.checkpoint(t)
	assert.Contains(t, l.onDisk(t), secret)

	e, err := l.log.Erase(t.Context(), store.AuditBy{Actor: "dpo", Session: "s"}, "asked for", 12, 10, 10)
	require.NoError(t, err)
	assert.NotEmpty(t, e.Attributes["signature"])
	delete(e.Attributes, "signature")
	assert.Equal(t, map[string]string{"numbers": "10,12", "reason": "asked for"}, e.Attributes)
	assert.Equal(t, "dpo", e.Actor)
	assert.NotContains(t, l.onDisk(t), secret, "it is in no file any more, the write-ahead log included")

	r := l.verify(t)
	assert.True(t, r.OK, r.Problems)
	assert.EqualValues(t, 2, r.Erased)
	var leaf audit.Head // of a log with this one entry, whose root is its leaf
	for record, err := range l.store.AuditLog().Records(t.Context()) {
		require.NoError(t, err)
		if record.Number == 10 {
			assert.Nil(t, record.Payload)
			assert.Nil(t, record.Salt)
			leaf.Root = record.Hashes[0]
		}
	}
	assert.NoError(t, in.Check(head, leaf.Root))
	now, growth, err := l.log.ProveGrowth(t.Context(), before.Size)
	require.NoError(t, err)
	assert.NoError(t, growth.Check(before.Head, now))

	for name, c := range map[string]struct {
		numbers []int64
		want    error
	}{
		"erased already":      {[]int64{10}, audit.ErrUnknown},
		"not there":           {[]int64{99}, audit.ErrUnknown},
		"one of several":      {[]int64{1, 99}, audit.ErrUnknown},
		"about the log":       {[]int64{e.Number}, audit.ErrKept},
		"nothing at all":      {nil, audit.ErrInvalid},
		"before the log even": {[]int64{-1}, audit.ErrUnknown},
	} {
		_, err := l.log.Erase(t.Context(), by, "", c.numbers...)
		assert.ErrorIs(t, err, c.want, name)
	}
	assert.EqualValues(t, 2, l.verify(t).Erased, "all or none")
}

// onDisk is every byte of the data directory.
func (l *ledger) onDisk(t testing.TB) string {
	t.Helper()
	var all strings.Builder
	files, err := os.ReadDir(l.dir)
	require.NoError(t, err)
	for _, f := range files {
		b, err := os.ReadFile(filepath.Join(l.dir, f.Name()))
		require.NoError(t, err)
		all.Write(b)
	}
	return all.String()
}

func TestRetentionDeletesByClassAndSaysSo(t *testing.T) {
	l := newLedger(t)
	l.reads(t, 5)
	require.NoError(t, l.addLogged(t.Context(), "malee"))
	_, err := l.log.Erase(t.Context(), by, "asked for", 1)
	require.NoError(t, err)
	l.wait(200 * 24 * time.Hour)
	l.reads(t, 3)

	policy := audit.Policy{audit.ClassRead: audit.LeastRetention}
	done, err := l.log.Retain(t.Context(), store.AuditBy{}, policy)
	require.NoError(t, err)
	assert.Equal(t, map[audit.Class]int64{audit.ClassRead: 4}, done.Deleted)
	list, err := l.store.List(t.Context(), store.AuditFilter{Kinds: []audit.Kind{audit.KindDeleted}})
	require.NoError(t, err)
	require.Len(t, list, 1)
	assert.Equal(t, "0,2-4", list[0].Entry.Attributes["numbers"])
	assert.Equal(t, "read", list[0].Entry.Attributes["class"])
	l.checkpoint(t)
	r := l.verify(t)
	assert.True(t, r.OK, r.Problems)
	assert.EqualValues(t, 5, r.Erased)

	done, err = l.log.Retain(t.Context(), store.AuditBy{}, policy)
	require.NoError(t, err)
	assert.Empty(t, done.Deleted, "once")
	_, err = l.log.Retain(t.Context(), store.AuditBy{}, audit.Policy{audit.ClassRead: time.Hour})
	assert.ErrorIs(t, err, audit.ErrKept)
}

func TestALongOverdueDeletionGoesInSteps(t *testing.T) {
	l := newLedger(t)
	require.NoError(t, l.store.Write(t.Context(), func(tx *sql.Tx) error {
		for i := range 5000 {
			if _, err := l.log.AppendTx(t.Context(), tx, read(i)); err != nil {
				return err
			}
		}
		return nil
	}))
	l.wait(100 * 24 * time.Hour)
	done, err := l.log.Retain(t.Context(), store.AuditBy{}, audit.Policy{audit.ClassRead: audit.LeastRetention})
	require.NoError(t, err)
	assert.EqualValues(t, 5000, done.Deleted[audit.ClassRead])
	l.checkpoint(t)
	r := l.verify(t)
	assert.True(t, r.OK, r.Problems)
	assert.EqualValues(t, 5003, r.Entries, "three entries say it")
}

func TestExportAndSheetAreActsToo(t *testing.T) {
	l := newLedger(t)
	l.reads(t, 5)
	var file bytes.Buffer
	n, err := l.log.Export(t.Context(), by, &file)
	require.NoError(t, err)
	assert.EqualValues(t, 6, n)
	log, err := audit.ReadExport(&file)
	require.NoError(t, err)
	r, err := audit.Verify(t.Context(), log, audit.VerifyOptions{Keys: l.key.Keys()})
	require.NoError(t, err)
	assert.True(t, r.OK, r.Problems)
	assert.EqualValues(t, 6, r.Entries)

	sheet, err := l.log.Sheet(t.Context(), by)
	require.NoError(t, err)
	assert.EqualValues(t, 7, sheet.Entries, "the sheet's own entry is in its head")
	l.reads(t, 5)
	l.checkpoint(t)
	words := audit.Witness{Source: "typed", Text: strings.Join(sheet.Words, " ")}
	r = l.verify(t, words)
	assert.True(t, r.OK, r.Problems)
	assert.Equal(t, audit.VerdictHeld, r.Witnesses[len(r.Witnesses)-1].Verdict)
	kinds := []audit.Kind{audit.KindExport, audit.KindSheet}
	list, err := l.store.List(t.Context(), store.AuditFilter{Kinds: kinds, Actor: by.Actor})
	require.NoError(t, err)
	assert.Len(t, list, 2)
}
