package program

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"

	"chipproof/mfa"
)

// MaxKeyFile is far more than a ring of many keys takes, in bytes.
const MaxKeyFile = 1 << 20

// ReadKeyFile reads a key that only its account can read. Errors:
// [ErrKeyFileMissing], [errDataOpen], [errIrregular], [mfa.ErrKeyInvalid].
func ReadKeyFile(dir, name string) (_ []byte, err error) {
	path := filepath.Join(dir, name)
	f, err := openRegular(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("read key: %w: %s", ErrKeyFileMissing, path)
	}
	if err != nil {
		return nil, fmt.Errorf("read key: %w", err)
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	info, err := f.Stat()
	if err != nil {
		return nil, fmt.Errorf("read key: %w", err)
	}
	if runtime.GOOS != "windows" && info.Mode()&(fs.ModePerm&0o077) != 0 {
		return nil, fmt.Errorf("read key: %w: %s has mode %04o; chmod 600 %s", errDataOpen, path, info.Mode().Perm(), path)
	}
	content, err := io.ReadAll(io.LimitReader(f, MaxKeyFile+1))
	if err != nil {
		return nil, fmt.Errorf("read key: %w", err)
	}
	if len(content) > MaxKeyFile {
		return nil, fmt.Errorf("read key: %w: %s is too large", mfa.ErrKeyInvalid, path)
	}
	return content, nil
}

// MakeKeyFile writes a key that isn't there yet (0600), durably and whole or not
// at all: half a key would be in the way of the one that is made next. A link
// gives it its name, for a rename would replace a key that came meanwhile.
func MakeKeyFile(dir, name string, content []byte) error {
	return placeKeyFile(dir, name, content, os.Link)
}

// ReplaceKeyFile puts a new ring in the place of the old one, durably and whole
// or not at all: a ring that was lost would take every secret along.
func ReplaceKeyFile(dir, name string, content []byte) error {
	return placeKeyFile(dir, name, content, os.Rename)
}

func placeKeyFile(dir, name string, content []byte, place func(from, to string) error) error {
	temp, err := writeKeyAside(dir, name, content)
	if err != nil {
		return fmt.Errorf("write key: %w", err)
	}
	err = place(temp, filepath.Join(dir, name))
	if gone := os.Remove(temp); !errors.Is(gone, fs.ErrNotExist) { // as after a rename
		err = errors.Join(err, gone)
	}
	if err := errors.Join(err, syncFolder(dir)); err != nil {
		return fmt.Errorf("write key: %w", err)
	}
	return nil
}

// writeKeyAside writes a key durably (0600) under a name that [asideName] knows.
func writeKeyAside(dir, name string, content []byte) (path string, err error) {
	temp, err := os.CreateTemp(dir, "."+name+"-*") // 0600; the star is digits
	if err != nil {
		return "", err
	}
	_, err = temp.Write(content)
	if err := errors.Join(err, temp.Sync(), temp.Close()); err != nil {
		return "", errors.Join(err, os.Remove(temp.Name()))
	}
	return temp.Name(), nil
}

// syncFolder makes the names in a folder durable. Windows can't, and journals
// them by itself.
func syncFolder(dir string) error {
	if runtime.GOOS == "windows" {
		return nil
	}
	f, err := os.Open(dir)
	if err != nil {
		return fmt.Errorf("sync folder: %w", err)
	}
	if err := errors.Join(f.Sync(), f.Close()); err != nil {
		return fmt.Errorf("sync folder: %w", err)
	}
	return nil
}
