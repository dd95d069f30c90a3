package program

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"chipproof/store"
)

// CreateSite makes a data folder: keys, an empty database, and what fill puts
// into it. All of it is made aside and moved to its place when it is whole, so
// that whoever is interrupted finds nothing half-made. Errors: [store.ErrExists]
// for a folder that has a database or keys already,
// [store.ErrOtherProgram].
func CreateSite(ctx context.Context, k Kind, dir, keyDir string, fill func(*Site) error) error {
	if err := vacant(k, dir, keyDir); err != nil {
		return err
	}
	if err := makeFolder(dir); err != nil {
		return fmt.Errorf("make data folder: %w", err)
	}
	if err := os.Chmod(dir, 0o700); err != nil { // a service manager may have made it open
		return fmt.Errorf("make data folder: %w: %w", ErrFileUnwritable, err)
	}
	aside, err := os.MkdirTemp(dir, ".setup-*")
	if err != nil {
		return fmt.Errorf("make data folder: %w: %w", ErrFileUnwritable, err)
	}
	defer os.RemoveAll(aside)
	if err := makeSite(ctx, k, aside, fill); err != nil {
		return err
	}
	return moveSite(k, aside, dir, keyDir)
}

// vacant says whether nothing of a site is there.
func vacant(k Kind, dir, keyDir string) error {
	if err := k.Store.CheckFolder(dir); err != nil {
		return fmt.Errorf("make data folder: %w", err)
	}
	paths := []string{filepath.Join(dir, k.Store.FileName())}
	for _, name := range append(k.secretFiles(), AuditPublic) {
		paths = append(paths, filepath.Join(keyDir, name))
	}
	for _, path := range paths {
		_, err := os.Lstat(path)
		if err == nil {
			return fmt.Errorf("make data folder: %w: %s", store.ErrExists, path)
		}
		if !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("make data folder: %w: %w", ErrFileUnwritable, err)
		}
	}
	return nil
}

// makeSite fills an empty folder that nobody else knows of.
func makeSite(ctx context.Context, k Kind, aside string, fill func(*Site) error) error {
	keyDir := filepath.Join(aside, KeyFolder)
	if err := k.makeKeys(keyDir); err != nil {
		return err
	}
	s, err := prepareSite(k, aside, keyDir, SiteOptions{})
	if err != nil {
		return err
	}
	if err := s.openStore(ctx, store.Create, SiteOptions{}); err != nil {
		return err
	}
	return errors.Join(fill(s), s.Close(ctx))
}

// moveSite moves what was made to its place, the database last: without it
// nothing counts as a site.
func moveSite(k Kind, aside, dir, keyDir string) error {
	if err := placeKeys(filepath.Join(aside, KeyFolder), keyDir); err != nil {
		return fmt.Errorf("place keys: %w", err)
	}
	if err := os.Rename(filepath.Join(aside, k.Store.FileName()), filepath.Join(dir, k.Store.FileName())); err != nil {
		return fmt.Errorf("place database: %w: %w", ErrFileUnwritable, err)
	}
	return syncFolder(dir)
}

// placeKeys copies them, since the key folder may be on another disk.
func placeKeys(from, to string) error {
	if err := errors.Join(makeFolder(to), noLink(to)); err != nil {
		return err
	}
	keys, err := os.ReadDir(from)
	if err != nil {
		return err
	}
	for _, key := range keys {
		content, err := ReadRegular(filepath.Join(from, key.Name()), MaxKeyFile)
		if err != nil {
			return err
		}
		if err := MakeKeyFile(to, key.Name(), content); err != nil {
			return fmt.Errorf("%w: %w", ErrFileUnwritable, err)
		}
	}
	return nil
}
