package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
)

// asideName is what [writeKeyAside] calls the file that becomes a key file.
var asideName = regexp.MustCompile(`^\.(.+)-[0-9]+$`)

// keyLeftovers are the plain files under such names of secret keys: those that a
// crash has left, and those that a command is just putting in place.
func keyLeftovers(keyDir string) ([]string, error) {
	entries, err := os.ReadDir(keyDir)
	if err != nil {
		return nil, err
	}
	var left []string
	for _, e := range entries {
		name := asideName.FindStringSubmatch(e.Name())
		if name != nil && slices.Contains(secretFiles(), name[1]) && e.Type().IsRegular() {
			left = append(left, filepath.Join(keyDir, e.Name()))
		}
	}
	return left, nil
}

// clearKeyLeftovers removes what a crash has left of keys: copies that nobody would
// know of, and no rotation reach. Commands write keys while they have the database
// alone, so of what stood there before this has it, none is still being written.
func (s *site) clearKeyLeftovers(ctx context.Context) error {
	left, err := keyLeftovers(s.keyDir)
	if err == nil && len(left) > 0 {
		err = s.store.Alone(ctx, func() error {
			var failed error
			for _, path := range left {
				if err := os.Remove(path); !errors.Is(err, fs.ErrNotExist) {
					failed = errors.Join(failed, err)
				}
			}
			return failed
		})
	}
	if err != nil {
		return fmt.Errorf("clear leftovers of keys: %w", err)
	}
	return nil
}

// replaceKey is [replaceKeyFile] on a site that others may have open. Errors:
// [errFileUnwritable], [store.ErrBusy].
func (s *site) replaceKey(ctx context.Context, name string, content []byte) error {
	return s.store.Alone(ctx, func() error {
		if err := replaceKeyFile(s.keyDir, name, content); err != nil {
			return fmt.Errorf("%w: %w", errFileUnwritable, err)
		}
		return nil
	})
}
