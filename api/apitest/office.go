package apitest

import (
	"context"
	"crypto/rand"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/audit"
	"chipproof/mfa"
	"chipproof/store"
	storecounter "chipproof/store/counter"
)

// Clock stands still until a test moves it, or lets it run.
type Clock struct {
	mu    sync.Mutex
	now   time.Time
	since time.Time // when it began to run; zero while it stands
}

// Now is the clock's time.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.since.IsZero() {
		return c.now
	}
	return c.now.Add(time.Since(c.since))
}

// Run sets the clock to the machine's time and lets it run, for tests with a
// browser, whose own clock nobody can stop.
func (c *Clock) Run() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = time.Now()
	c.since = c.now
}

// Forward moves it.
func (c *Clock) Forward(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// Office is one installation.
type Office struct {
	testing.TB
	MFA        *mfa.Service
	Store      *store.Store
	Log        *store.AuditLog
	Records    *storecounter.Records
	Pseudonyms *audit.PseudonymRing
	Clock      *Clock
	Dir        string
	// Hashes counts the runs of argon2.
	Hashes atomic.Int64

	close func()
}

// monday is when every test begins: eight in the morning in Bangkok.
var monday = time.Date(2026, 11, 23, 1, 0, 0, 0, time.UTC)

// desk is whether an installation has one.
type desk bool

const (
	withDesk desk = true
	noDesk   desk = false
)

// New makes an installation with nobody in it.
func New(t testing.TB) *Office {
	t.Helper()
	return newInstallation(t, withDesk)
}

func newInstallation(t testing.TB, d desk) *Office {
	t.Helper()
	o := &Office{TB: t, Dir: t.TempDir(), Clock: &Clock{now: monday}}
	key, err := audit.GenerateKey(rand.Reader)
	require.NoError(t, err)
	o.Pseudonyms, err = audit.NewPseudonymRing(rand.Reader)
	require.NoError(t, err)
	o.Log, err = store.NewAuditLog(store.AuditOptions{Key: key, Clock: o.Clock.Now, Log: slog.New(slog.DiscardHandler)})
	require.NoError(t, err)
	o.Store, err = store.Create(t.Context(), o.Dir, store.Options{Recorder: o.Log})
	require.NoError(t, err)
	o.Log.Attach(o.Store)
	o.close = sync.OnceFunc(func() {
		assert.NoError(t, o.Log.Close(context.Background()))
		assert.NoError(t, o.Store.Close())
	})
	t.Cleanup(o.close)
	o.Records = storecounter.New(o.Store, o.Log)
	o.MFA, err = mfa.New(mfa.Config{
		Store: o.Store, Keys: newKeys(t), Pepper: newKeys(t), Issuer: "เทศบาลตัวอย่าง", Desk: bool(d), Clock: o.Clock.Now,
		Argon2: mfa.Argon2{MemoryKiB: 64, Passes: 1, Threads: 1}, OnHash: func() { o.Hashes.Add(1) },
	})
	require.NoError(t, err)
	require.NoError(t, o.MFA.InitKeys(t.Context()))
	return o
}

func newKeys(t testing.TB) *mfa.Keyring {
	t.Helper()
	k, err := mfa.NewKeyring(rand.Reader)
	require.NoError(t, err)
	return k
}

// Close signs and closes everything, as the end of a program does.
func (o *Office) Close() { o.close() }

// Cookie is the installation's name for session cookies.
func (o *Office) Cookie() string {
	o.Helper()
	name, err := o.Records.CookieName(o.Context())
	require.NoError(o, err)
	return name
}

// Entries are all entries of the audit log so far, oldest first; kinds only
// those of some kinds.
func (o *Office) Entries(kinds ...audit.Kind) (list []audit.Entry) {
	o.Helper()
	for r, err := range o.Store.AuditLog().Records(o.Context()) {
		require.NoError(o, err)
		e, err := audit.ParseEntry(r.Payload)
		require.NoError(o, err)
		for _, k := range kinds {
			if e.Kind == k {
				list = append(list, e)
			}
		}
		if len(kinds) == 0 {
			list = append(list, e)
		}
	}
	return list
}

// Files is everything that stands in the data directory, write-ahead log
// included.
func (o *Office) Files() string {
	o.Helper()
	var all strings.Builder
	require.NoError(o, filepath.WalkDir(o.Dir, func(path string, entry os.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		b, err := os.ReadFile(path)
		all.Write(b)
		return err
	}))
	return all.String()
}
