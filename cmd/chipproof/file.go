package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// existing says what happens to a file that is there already.
type existing int

const (
	keep existing = iota
	replace
)

// checkTarget finds out before a card is read whether a file can be written
// after it. Errors: [errFileExists], [errFileUnwritable].
func checkTarget(path string, old existing) error {
	if info, err := os.Stat(filepath.Dir(path)); err != nil || !info.IsDir() {
		return fmt.Errorf("write file: %w: no folder %s", errFileUnwritable, filepath.Dir(path))
	}
	info, err := os.Lstat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return fmt.Errorf("write file: %w: %w", errFileUnwritable, err)
	case info.IsDir():
		return fmt.Errorf("write file: %w: %s is a folder", errFileUnwritable, path)
	case !info.Mode().IsRegular() && info.Mode()&fs.ModeSymlink == 0:
		// A rename would put a file in the place of /dev/null itself.
		return fmt.Errorf("write file: %w: %s is a device, pipe or socket", errFileUnwritable, path)
	case old == keep:
		return fmt.Errorf("write file: %w: %s", errFileExists, path)
	}
	return nil
}

// writeFile writes a file that only this account can read (0600), whole or not
// at all. The name is claimed first, so that nobody's file is replaced unasked;
// the content gets it by a rename. Errors: [errFileExists], [errFileUnwritable].
func writeFile(path string, content []byte, old existing) error {
	return fillFile(path, old, func(f *os.File) error {
		_, err := f.Write(content)
		return err
	})
}

// writeOver is writeFile in the place of an older file of the kind, of at most
// longest bytes, and of no other file. Errors: [errFileExists], [errFileUnwritable].
func writeOver(path string, content []byte, longest int64, kind func(old []byte) bool) error {
	if err := checkTarget(path, replace); err != nil {
		return err
	}
	old, err := readRegular(path, longest)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return writeFile(path, content, keep)
	case err != nil && !errors.Is(err, errTooLarge):
		return fmt.Errorf("write file: %w: %w", errFileUnwritable, err)
	case err != nil || !kind(old):
		return fmt.Errorf("write file: %w: %s is something else", errFileExists, path)
	}
	return writeFile(path, content, replace)
}

// fillFile is [writeFile] for content that is too large to be held at once. What
// fill says went wrong is in the error.
func fillFile(path string, old existing, fill func(*os.File) error) error {
	if old == keep {
		claim, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
		if errors.Is(err, fs.ErrExist) {
			return fmt.Errorf("write file: %w: %s", errFileExists, path)
		}
		if err != nil {
			return fmt.Errorf("write file: %w: %w", errFileUnwritable, err)
		}
		_ = claim.Close() // nothing was written to it
	}
	if err := checkTarget(path, replace); err != nil { // once more: a read lies between
		return err
	}
	if err := moveInto(path, fill); err != nil {
		if old == keep {
			_ = os.Remove(path) // the claim, which is empty
		}
		return fmt.Errorf("write file: %w: %w", errFileUnwritable, err)
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
