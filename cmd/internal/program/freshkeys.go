package program

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"sync"
	"time"

	"chipproof/mfa"
	"chipproof/store"
)

// freshKeys is the store as the login service of a running agent sees it: when a
// command has changed a key file, the service goes on with the new rings, at the
// next transaction and without a door between the two processes (agent-security
// §3, L5).
type freshKeys struct {
	mfa.Store
	site *Site

	mu   sync.Mutex
	seen map[string]stamp
}

// stamp tells whether a file was replaced.
type stamp struct {
	at   time.Time
	size int64
}

func stampOf(path string) stamp {
	info, err := os.Stat(path)
	if err != nil {
		return stamp{} // a file that is away for a moment is no change
	}
	return stamp{info.ModTime(), info.Size()}
}

// newFreshKeys must be made before the key files are read, or a change in
// between would stay unseen.
func newFreshKeys(s *Site) *freshKeys {
	f := &freshKeys{site: s, seen: map[string]stamp{}}
	for _, name := range s.kind.reloaded() {
		f.seen[name] = stampOf(filepath.Join(s.KeyDir, name))
	}
	return f
}

// reloaded are the key files that may change under a running agent.
func (k Kind) reloaded() []string {
	files := []string{store.SecretsKeyFile, store.PepperKeyFile}
	if k.Citizens {
		files = append(files, store.PseudonymKeyFile)
	}
	return files
}

// Update implements [mfa.Store].
func (f *freshKeys) Update(ctx context.Context, fn func(mfa.Tx) error) error {
	return f.again(ctx, f.Store.Update, fn)
}

// View implements [mfa.Store].
func (f *freshKeys) View(ctx context.Context, fn func(mfa.Tx) error) error {
	return f.again(ctx, f.Store.View, fn)
}

// again runs a transaction once more when it met what a command has sealed under
// a new key since this process has looked.
func (f *freshKeys) again(ctx context.Context, in func(context.Context, func(mfa.Tx) error) error, fn func(mfa.Tx) error) error {
	f.refresh(ctx)
	err := in(ctx, fn)
	if errors.Is(err, mfa.ErrKeyMissing) && f.refresh(ctx) {
		return in(ctx, fn)
	}
	return err
}

// refresh takes the rings from changed files. What can't be taken is told in the
// log; the old rings stay in use, and open all that was sealed until then.
func (f *freshKeys) refresh(ctx context.Context) bool {
	if !f.mu.TryLock() {
		return false // the rings are being taken at this moment, through this very store
	}
	defer f.mu.Unlock()
	changed := false
	for _, name := range f.site.kind.reloaded() {
		if now := stampOf(filepath.Join(f.site.KeyDir, name)); now != (stamp{}) && now != f.seen[name] {
			f.seen[name], changed = now, true
		}
	}
	if !changed {
		return false
	}
	if err := f.site.rereadKeys(ctx); err != nil {
		f.site.Log.Error("changed keys not taken", "cause", err)
		return false
	}
	f.site.Log.Info("changed keys taken")
	return true
}
