package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"

	"chipproof/audit"
)

// checkpointSuffix is how the files of the second place end. Their names begin
// with the day, and with a number more if one day has several.
const checkpointSuffix = ".checkpoint"

// publish writes a checkpoint into the second place: one file a day, replaced
// as the day goes on. As a witness would, it replaces only a head that the new
// one has in it. Otherwise the old file is evidence, and the new checkpoint goes
// into one of its own. That is as it should be after a restore, which the log
// tells of; else it is reported. Error: [ErrCheckpointConflict].
func (l *AuditLog) publish(ctx context.Context, c audit.Checkpoint, signed []byte) error {
	day := c.At.Format(time.DateOnly)
	var conflicts error
	for n := 1; ; n++ {
		name := day + checkpointSuffix
		if n > 1 {
			name = fmt.Sprintf("%s.%d%s", day, n, checkpointSuffix)
		}
		path := filepath.Join(l.dir, name)
		old, err := os.ReadFile(path)
		switch {
		case errors.Is(err, fs.ErrNotExist):
			return errors.Join(conflicts, writeDurable(path, signed))
		case err != nil:
			return fmt.Errorf("publish checkpoint: %w", err)
		case string(old) == string(signed):
			return conflicts
		}
		found, size, err := l.published(ctx, old)
		switch {
		case err != nil:
			return err
		case found == publishedHeld && size >= c.Size: // another process was quicker
			return conflicts
		case found == publishedHeld:
			return errors.Join(conflicts, writeDurable(path, signed))
		case found == publishedOther:
			conflicts = errors.Join(conflicts, fmt.Errorf("publish checkpoint: %w: %s", ErrCheckpointConflict, name))
		}
	}
}

// published says what a published checkpoint is to this log.
type published int

const (
	publishedOther published = iota // of another log, or of a state that this one never had
	publishedHeld                   // of an earlier state
	publishedLost                   // of a stretch that a restore took away
)

func (l *AuditLog) published(ctx context.Context, signed []byte) (found published, size int64, err error) {
	old, err := audit.OpenCheckpoint(signed, l.key.Keys())
	if err != nil {
		return publishedOther, 0, nil
	}
	l.guard.mu.Lock()
	defer l.guard.mu.Unlock()
	err = l.store.Read(ctx, func(tx *sql.Tx) error {
		head, err := auditHead(ctx, tx)
		if err != nil {
			return err
		}
		held, err := grownFrom(ctx, tx, head, old.Head)
		if err != nil {
			return err
		}
		if held {
			found = publishedHeld
			return nil
		}
		lost, err := l.accountsFor(ctx, tx, head, old)
		if lost {
			found = publishedLost
		}
		return err
	})
	return found, old.Size, err
}

// dayLength is that of the day at the beginning of a file's name.
const dayLength = len(time.DateOnly)

// newestPublished is the newest checkpoint of this log in the second place: that
// with the latest time among those of the last day that has any.
func (l *AuditLog) newestPublished() (newest keptHead, found bool) {
	entries, err := os.ReadDir(l.dir) // sorted by name, so by day
	if err != nil {
		return newest, false
	}
	day := ""
	for _, e := range slices.Backward(entries) {
		name := e.Name()
		if !strings.HasSuffix(name, checkpointSuffix) || strings.HasPrefix(name, ".") || len(name) < dayLength {
			continue
		}
		if found && name[:dayLength] != day {
			break
		}
		text, err := readLimited(filepath.Join(l.dir, name), longestCheckpoint)
		if err != nil {
			continue
		}
		c, err := audit.OpenCheckpoint(text, l.key.Keys())
		if err != nil { // another log's may stand there too
			continue
		}
		if !found || c.At.After(newest.At) || c.At.Equal(newest.At) && c.Size > newest.Size {
			newest, found, day = keptHead{name, string(text), c}, true, name[:dayLength]
		}
	}
	return newest, found
}

// writeDurable puts a whole file in place or leaves the old one: written beside
// it, synced, renamed, and the folder synced.
func writeDurable(path string, content []byte) error {
	return writeDurableAs(path, content, func(*os.File) error { return nil })
}

// writeDurableAs lets prepare see the new file before it is in its place.
func writeDurableAs(path string, content []byte, prepare func(*os.File) error) error {
	f, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+"-*")
	if err != nil {
		return fmt.Errorf("write %s: %w", filepath.Base(path), err)
	}
	_, err = f.Write(content)
	err = errors.Join(err, prepare(f), f.Sync(), f.Close())
	if err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		return fmt.Errorf("write %s: %w", filepath.Base(path), errors.Join(err, os.Remove(f.Name())))
	}
	return syncDir(filepath.Dir(path))
}

// syncDir makes a rename durable. Windows has no such call, and does so by itself.
func syncDir(dir string) error {
	if runtime.GOOS == "windows" {
		return nil
	}
	d, err := os.Open(dir)
	if err != nil {
		return fmt.Errorf("sync folder: %w", err)
	}
	if err := errors.Join(d.Sync(), d.Close()); err != nil {
		return fmt.Errorf("sync folder: %w", err)
	}
	return nil
}

// longestCheckpoint bounds what is read as one.
const longestCheckpoint = 64 << 10

// CheckpointWitnesses reads the second place for [audit.Verify], by name. A
// folder that isn't there has none.
func CheckpointWitnesses(dir string) ([]audit.Witness, error) {
	entries, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read checkpoints: %w", err)
	}
	var list []audit.Witness
	for _, e := range entries {
		if !strings.HasSuffix(e.Name(), checkpointSuffix) || strings.HasPrefix(e.Name(), ".") {
			continue
		}
		text, err := readLimited(filepath.Join(dir, e.Name()), longestCheckpoint)
		if err != nil {
			return nil, fmt.Errorf("read checkpoints: %w", err)
		}
		list = append(list, audit.Witness{Source: e.Name(), Text: string(text)})
	}
	slices.SortFunc(list, func(a, b audit.Witness) int { return strings.Compare(a.Source, b.Source) })
	return list, nil
}

func readLimited(path string, longest int64) ([]byte, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() || info.Size() > longest {
		return nil, fmt.Errorf("%s: %w: not a file of its kind", filepath.Base(path), audit.ErrInvalid)
	}
	return os.ReadFile(path)
}
