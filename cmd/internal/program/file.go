package program

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// Existing says what happens to a file that is there already.
type Existing int

const (
	Keep    Existing = iota // it stays, and the new one is refused
	Replace                 // the new one takes its place
)

// CheckTarget finds out before a card is read whether a file can be written
// after it. Errors: [ErrFileExists], [ErrFileUnwritable].
func CheckTarget(path string, old Existing) error {
	if info, err := os.Stat(filepath.Dir(path)); err != nil || !info.IsDir() {
		return fmt.Errorf("write file: %w: no folder %s", ErrFileUnwritable, filepath.Dir(path))
	}
	info, err := os.Lstat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return fmt.Errorf("write file: %w: %w", ErrFileUnwritable, err)
	case info.IsDir():
		return fmt.Errorf("write file: %w: %s is a folder", ErrFileUnwritable, path)
	case !info.Mode().IsRegular() && info.Mode()&fs.ModeSymlink == 0:
		// A rename would put a file in the place of /dev/null itself.
		return fmt.Errorf("write file: %w: %s is a device, pipe or socket", ErrFileUnwritable, path)
	case old == Keep:
		return fmt.Errorf("write file: %w: %s", ErrFileExists, path)
	}
	return nil
}

// WriteFile writes a file that only this account can read (0600), whole or not
// at all. The name is claimed first, so that nobody's file is replaced unasked;
// the content gets it by a rename. Errors: [ErrFileExists], [ErrFileUnwritable].
func WriteFile(path string, content []byte, old Existing) error {
	return fillFile(path, old, func(f *os.File) error {
		_, err := f.Write(content)
		return err
	})
}

// WriteOver is [WriteFile] in the place of an older file of the kind, of at most
// longest bytes, and of no other file. Errors: [ErrFileExists], [ErrFileUnwritable].
func WriteOver(path string, content []byte, longest int64, kind func(old []byte) bool) error {
	if err := CheckTarget(path, Replace); err != nil {
		return err
	}
	old, err := ReadRegular(path, longest)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return WriteFile(path, content, Keep)
	case err != nil && !errors.Is(err, errTooLarge):
		return fmt.Errorf("write file: %w: %w", ErrFileUnwritable, err)
	case err != nil || !kind(old):
		return fmt.Errorf("write file: %w: %s is something else", ErrFileExists, path)
	}
	return WriteFile(path, content, Replace)
}

// fillFile is [writeFile] for content that is too large to be held at once. What
// fill says went wrong is in the error.
func fillFile(path string, old Existing, fill func(*os.File) error) error {
	if old == Keep {
		claim, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
		if errors.Is(err, fs.ErrExist) {
			return fmt.Errorf("write file: %w: %s", ErrFileExists, path)
		}
		if err != nil {
			return fmt.Errorf("write file: %w: %w", ErrFileUnwritable, err)
		}
		_ = claim.Close() // nothing was written to it
	}
	if err := CheckTarget(path, Replace); err != nil { // once more: a read lies between
		return err
	}
	if err := moveInto(path, fill); err != nil {
		if old == Keep {
			_ = os.Remove(path) // the claim, which is empty
		}
		return fmt.Errorf("write file: %w: %w", ErrFileUnwritable, err)
	}
	return nil
}

func moveInto(path string, fill func(*os.File) error) error {
	temp, err := os.CreateTemp(filepath.Dir(path), ".chipproof-*") // 0600
	if err != nil {
		return err
	}
	defer os.Remove(temp.Name()) // gone already when all went well
	if err := errors.Join(fill(temp), temp.Sync(), temp.Close()); err != nil {
		return err
	}
	return os.Rename(temp.Name(), path)
}
