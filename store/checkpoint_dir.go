package store

import (
	"context"
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
// one has in it. Otherwise (the log was put back, or another log writes there)
// the old file is evidence, and the new checkpoint goes into one of its own.
func (l *AuditLog) publish(ctx context.Context, c audit.Checkpoint, signed []byte) error {
	day := c.At.Format(time.DateOnly)
	for n := 1; ; n++ {
		name := day + checkpointSuffix
		if n > 1 {
			name = fmt.Sprintf("%s.%d%s", day, n, checkpointSuffix)
		}
		path := filepath.Join(l.dir, name)
		old, err := os.ReadFile(path)
		switch {
		case errors.Is(err, fs.ErrNotExist):
			return writeDurable(path, signed)
		case err != nil:
			return fmt.Errorf("publish checkpoint: %w", err)
		case string(old) == string(signed):
			return nil
		}
		ours, size, err := l.isOurs(ctx, old)
		switch {
		case err != nil:
			return err
		case ours && size >= c.Size: // another process was quicker
			return nil
		case ours:
			return writeDurable(path, signed)
		}
	}
}

// isOurs says whether a published checkpoint is of an earlier state of this log,
// and of which size.
func (l *AuditLog) isOurs(ctx context.Context, signed []byte) (bool, int64, error) {
	old, err := audit.OpenCheckpoint(signed, l.key.Keys())
	if err != nil {
		return false, 0, nil
	}
	now, proof, err := l.ProveGrowth(ctx, old.Size)
	if errors.Is(err, audit.ErrUnknown) { // larger than the log is
		return false, 0, nil
	}
	if err != nil {
		return false, 0, err
	}
	return proof.Check(old.Head, now) == nil, old.Size, nil
}

// writeDurable puts a whole file in place or leaves the old one: written beside
// it, synced, renamed, and the folder synced.
func writeDurable(path string, content []byte) error {
	f, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+"-*")
	if err != nil {
		return fmt.Errorf("write %s: %w", filepath.Base(path), err)
	}
	_, err = f.Write(content)
	err = errors.Join(err, f.Sync(), f.Close())
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
