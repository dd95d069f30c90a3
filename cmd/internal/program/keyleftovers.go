package program

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
func (k Kind) keyLeftovers(keyDir string) ([]string, error) {
	entries, err := os.ReadDir(keyDir)
	if err != nil {
		return nil, err
	}
	var left []string
	for _, e := range entries {
		name := asideName.FindStringSubmatch(e.Name())
		if name != nil && slices.Contains(k.secretFiles(), name[1]) && e.Type().IsRegular() {
			left = append(left, filepath.Join(keyDir, e.Name()))
		}
	}
	return left, nil
}

// ClearKeyLeftovers removes what a crash has left of keys: copies that nobody would
// know of, and no rotation reach. Commands write keys while they have the database
// alone, so of what stood there before this has it, none is still being written.
func (s *Site) ClearKeyLeftovers(ctx context.Context) error {
	left, err := s.kind.keyLeftovers(s.KeyDir)
	if err == nil && len(left) > 0 {
		err = s.Store.Alone(ctx, func() error {
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

// ReplaceKey is [replaceKeyFile] on a site that others may have open. Errors:
// [ErrFileUnwritable], [store.ErrBusy].
func (s *Site) ReplaceKey(ctx context.Context, name string, content []byte) error {
	return s.Store.Alone(ctx, func() error {
		if err := ReplaceKeyFile(s.KeyDir, name, content); err != nil {
			return fmt.Errorf("%w: %w", ErrFileUnwritable, err)
		}
		return nil
	})
}
