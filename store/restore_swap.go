package store

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
)

// replacedSuffix is how a file is called that a restore has replaced. The former
// database is as secret as the new one; it is for looking up what was lost, and
// to be deleted then.
const replacedSuffix = ".replaced"

// swap puts keys and database in place. Each file is replaced in one step, the
// database last: broken off in between, the keys of the backup stand beside the
// former database, and the same restore can be run again.
func swap(ctx context.Context, stage string, o RestoreOptions, b unpacked, former *former) (replaced string, err error) {
	if err := context.Cause(ctx); err != nil {
		return "", err
	}
	for _, f := range o.Keys.all() {
		content, ok := b.files[f.name]
		if !ok {
			continue
		}
		if err := replaceKey(f.path, content); err != nil {
			return "", fmt.Errorf("put %s in place: %w", f.name, err)
		}
	}
	from, to := filepath.Join(stage, o.Program.FileName()), filepath.Join(o.Dir, o.Program.FileName())
	if err := syncFile(from); err != nil {
		return "", err
	}
	if former.path != "" {
		replaced = to + replacedSuffix
		if err := keepFormer(to, replaced); err != nil {
			return "", err
		}
		if former.tx == nil { // it couldn't be read: what stands beside it must not be taken for the new one's
			if err := errors.Join(removeIfThere(to+"-wal"), removeIfThere(to+"-shm")); err != nil {
				return "", err
			}
		}
	}
	if runtime.GOOS == "windows" { // which can't rename over an open file
		if err := former.close(); err != nil {
			return "", err
		}
	}
	if err := os.Rename(from, to); err != nil {
		return "", err
	}
	return replaced, syncDir(o.Dir)
}

// replaceKey leaves a file alone that has the content already.
func replaceKey(path string, content []byte) error {
	old, err := os.ReadFile(path)
	switch {
	case err == nil && bytes.Equal(old, content):
		return nil
	case err == nil:
		if err := keepFormer(path, path+replacedSuffix); err != nil {
			return err
		}
	case !errors.Is(err, fs.ErrNotExist):
		return err
	}
	return writeDurable(path, content)
}

// keepFormer gives a file a second name, so that it is never without its first.
func keepFormer(path, as string) error {
	if err := removeIfThere(as); err != nil {
		return err
	}
	return os.Link(path, as)
}

func removeIfThere(path string) error {
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

func syncFile(path string) error {
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}
