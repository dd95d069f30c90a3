package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"chipproof/store"
)

// createSite makes a data folder: keys, an empty database, and what fill puts
// into it. All of it is made aside and moved to its place when it is whole, so
// that whoever is interrupted finds nothing half-made. Errors: [store.ErrExists]
// for a folder that has a database or keys already.
func createSite(ctx context.Context, dir, keyDir string, fill func(*site) error) error {
	if err := vacant(dir, keyDir); err != nil {
		return err
	}
	if err := makeFolder(dir); err != nil {
		return fmt.Errorf("make data folder: %w", err)
	}
	if err := os.Chmod(dir, 0o700); err != nil { // a service manager may have made it open
		return fmt.Errorf("make data folder: %w: %w", errFileUnwritable, err)
	}
	aside, err := os.MkdirTemp(dir, ".setup-*")
	if err != nil {
		return fmt.Errorf("make data folder: %w: %w", errFileUnwritable, err)
	}
	defer os.RemoveAll(aside)
	if err := makeSite(ctx, aside, fill); err != nil {
		return err
	}
	return moveSite(aside, dir, keyDir)
}

// vacant says whether nothing of a site is there.
func vacant(dir, keyDir string) error {
	paths := []string{filepath.Join(dir, store.FileName)}
	for _, name := range append(secretFiles(), auditPublic) {
		paths = append(paths, filepath.Join(keyDir, name))
	}
	for _, path := range paths {
		_, err := os.Lstat(path)
		if err == nil {
			return fmt.Errorf("make data folder: %w: %s", store.ErrExists, path)
		}
		if !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("make data folder: %w: %w", errFileUnwritable, err)
		}
	}
	return nil
}

// makeSite fills an empty folder that nobody else knows of.
func makeSite(ctx context.Context, aside string, fill func(*site) error) error {
	keyDir := filepath.Join(aside, keyFolder)
	if err := makeKeys(keyDir); err != nil {
		return err
	}
	s, err := prepareSite(aside, keyDir, siteOptions{})
	if err != nil {
		return err
	}
	if err := s.openStore(ctx, store.Create, siteOptions{}); err != nil {
		return err
	}
	return errors.Join(fill(s), s.close(ctx))
}

// moveSite moves what was made to its place, the database last: without it
// nothing counts as a site.
func moveSite(aside, dir, keyDir string) error {
	if err := placeKeys(filepath.Join(aside, keyFolder), keyDir); err != nil {
		return fmt.Errorf("place keys: %w", err)
	}
	if err := os.Rename(filepath.Join(aside, store.FileName), filepath.Join(dir, store.FileName)); err != nil {
		return fmt.Errorf("place database: %w: %w", errFileUnwritable, err)
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
		content, err := readRegular(filepath.Join(from, key.Name()), maxKeyFile)
		if err != nil {
			return err
		}
		if err := makeKeyFile(to, key.Name(), content); err != nil {
			return fmt.Errorf("%w: %w", errFileUnwritable, err)
		}
	}
	return nil
}
