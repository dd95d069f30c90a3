package program

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// errIrregular is for a link, pipe or device where a plain file is meant to be:
// a link leads to what somebody else chooses, and a pipe is waited for without end.
var errIrregular = errors.New("not a plain file")

// errTooLarge is for a file that is longer than any of its kind.
var errTooLarge = errors.New("file is too large")

// openRegular opens a file for reading that is neither a link nor anything but a
// file, and never waits for one. Errors: [errIrregular], those of the file system.
func openRegular(path string) (*os.File, error) {
	f, err := openUnfollowed(path)
	if err != nil {
		return nil, err
	}
	info, err := f.Stat()
	if err == nil && !info.Mode().IsRegular() {
		err = fmt.Errorf("%w: %s", errIrregular, path)
	}
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return f, nil
}

// ReadRegular is what such a file holds, up to longest bytes. Errors: as
// [openRegular], [errTooLarge].
func ReadRegular(path string, longest int64) (_ []byte, err error) {
	f, err := openRegular(path)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	content, err := io.ReadAll(io.LimitReader(f, longest+1))
	if err == nil && int64(len(content)) > longest {
		err = fmt.Errorf("%w: %s", errTooLarge, path)
	}
	return content, err
}

// noLink refuses a folder that is a link: keys must not be written where it leads.
func noLink(folder string) error {
	if info, err := os.Lstat(folder); err == nil && info.Mode()&fs.ModeSymlink != 0 {
		return fmt.Errorf("%w: the folder %s is a link", errIrregular, folder)
	}
	return nil // one that is away or closed is told of by whoever needs it
}

// regularIfThere refuses those of the files that are something else. What isn't
// there is none's fault.
func regularIfThere(folder string, names ...string) error {
	for _, name := range names {
		path := filepath.Join(folder, name)
		if info, err := os.Lstat(path); err == nil && !info.Mode().IsRegular() {
			return fmt.Errorf("%w: %s", errIrregular, path)
		}
	}
	return nil
}

func regularDatabase(k Kind, dir string) error {
	name := k.Store.FileName()
	return regularIfThere(dir, name, name+"-wal", name+"-shm", name+"-journal")
}

// checkpointSuffix is how package store names the files of the second place.
const checkpointSuffix = ".checkpoint"

// regularCheckpoints looks at the second place, before anything there is read.
func regularCheckpoints(dir string) error {
	if dir == "" {
		return nil
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil // a place that is away stops nobody, and is told of when it is written to
	}
	for _, e := range entries {
		if strings.HasSuffix(e.Name(), checkpointSuffix) {
			if err := regularIfThere(dir, e.Name()); err != nil {
				return err
			}
		}
	}
	return nil
}
