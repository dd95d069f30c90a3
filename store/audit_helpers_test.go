package store_test

import (
	"context"
	"crypto/rand"
	"database/sql"
	"net/url"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/audit"
	"chipproof/mfa"
	"chipproof/store"
)

// ledger is a store with an audit log in a directory of its own, and a clock.
type ledger struct {
	dir, second string
	key         *audit.Key
	log         *store.AuditLog
	store       *store.Store

	mu  sync.Mutex
	now time.Time
}

var (
	auditNoon = time.Date(2026, 11, 25, 12, 0, 0, 0, time.UTC)
	by        = store.AuditBy{Actor: "os:0"}
)

func newLedger(t testing.TB) *ledger {
	t.Helper()
	k, err := audit.GenerateKey(rand.Reader)
	require.NoError(t, err)
	l := &ledger{dir: filepath.Join(t.TempDir(), "data"), second: t.TempDir(), key: k, now: auditNoon}
	l.open(t, store.Create)
	return l
}

// clock goes on by a millisecond each time it is looked at.
func (l *ledger) clock() time.Time {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.now = l.now.Add(time.Millisecond)
	return l.now
}

func (l *ledger) wait(d time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.now = l.now.Add(d)
}

// open opens it; checkpoints are signed when a test asks for them.
func (l *ledger) open(t testing.TB, how func(context.Context, string, store.Options) (*store.Store, error)) {
	t.Helper()
	log, err := store.NewAuditLog(store.AuditOptions{Key: l.key, CheckpointDir: l.second, Interval: time.Hour, Clock: l.clock})
	require.NoError(t, err)
	s, err := how(t.Context(), l.dir, store.Options{Recorder: log})
	require.NoError(t, err)
	log.Attach(s)
	l.log, l.store = log, s
	closed := false
	t.Cleanup(func() {
		if !closed && l.store == s {
			l.close(t)
		}
	})
}

func (l *ledger) close(t testing.TB) {
	t.Helper()
	assert.NoError(t, l.log.Close(context.WithoutCancel(t.Context())))
	l.shut(t)
}

// shut closes the store without a last checkpoint.
func (l *ledger) shut(t testing.TB) {
	t.Helper()
	assert.NoError(t, l.store.Close())
	l.store = nil
}

func read(n int) audit.Event {
	return audit.Event{Kind: audit.KindRead, Actor: "clerk", Subject: "p00010203.2026.abc", Attributes: map[string]string{
		"purpose": "form_fill", "origin": "https://hospital.example", "n": string(rune('a' + n%26)),
	}}
}

func (l *ledger) reads(t testing.TB, n int) {
	t.Helper()
	for i := range n {
		_, err := l.log.Append(t.Context(), read(i))
		require.NoError(t, err)
	}
}

func (l *ledger) verify(t testing.TB, witnesses ...audit.Witness) audit.Result {
	t.Helper()
	r, err := l.log.Verify(t.Context(), witnesses...)
	require.NoError(t, err)
	return r
}

func (l *ledger) checkpoint(t testing.TB) audit.Checkpoint {
	t.Helper()
	c, err := l.log.Checkpoint(t.Context())
	require.NoError(t, err)
	return c
}

// raw changes the database behind everybody's back, triggers included.
func (l *ledger) raw(t testing.TB, statements ...string) {
	t.Helper()
	db, err := sql.Open("sqlite", (&url.URL{Scheme: "file", Path: filepath.Join(l.dir, store.FileName)}).String()+"?_busy_timeout=10000")
	require.NoError(t, err)
	defer db.Close()
	for _, s := range append([]string{
		`DROP TRIGGER IF EXISTS audit_entry_stays`, `DROP TRIGGER IF EXISTS audit_entry_is_kept`,
		`DROP TRIGGER IF EXISTS audit_hash_stays`, `DROP TRIGGER IF EXISTS audit_hash_is_kept`,
		`DROP TRIGGER IF EXISTS audit_entry_has_no_gap`, `DROP TRIGGER IF EXISTS audit_hash_has_no_gap`,
	}, statements...) {
		_, err := db.ExecContext(t.Context(), s)
		require.NoError(t, err, s)
	}
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

// addLogged adds a user together with the entry about it.
func (l *ledger) addLogged(ctx context.Context, name string) error {
	return l.store.Update(ctx, func(tx mfa.Tx) error {
		if _, err := tx.InsertUser(ctx, mfa.User{ID: "id-" + name, Name: name, Role: mfa.RoleStaff, Created: auditNoon}); err != nil {
			return err
		}
		return tx.Record(ctx, mfa.Event{
			Kind: mfa.EventUserAdded, At: auditNoon, Actor: "os:0", Subject: "id-" + name, Session: "s1", Attributes: map[string]string{"role": "staff"},
		})
	})
}

// exec runs a statement as our own code could.
func (l *ledger) exec(t testing.TB, statement string) error {
	t.Helper()
	return l.store.Write(t.Context(), func(tx *sql.Tx) error {
		_, err := tx.ExecContext(t.Context(), statement)
		return err
	})
}
