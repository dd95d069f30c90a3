package store

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// Program is whose store a data directory holds. Each program's database has a
// file name of its own, so that neither works on the other's data by mistake.
type Program int

// The programs. The zero value is the counter.
const (
	Counter Program = iota
	Office
)

// FileName is the counter's database within its data directory. SQLite keeps two
// more files beside it while it is open.
const FileName = "chipproof.db"

// OfficeFileName is the office's.
const OfficeFileName = "office.db"

// FileName is the program's database within its data directory.
func (p Program) FileName() string {
	if p == Office {
		return OfficeFileName
	}
	return FileName
}

// String is the program's name.
func (p Program) String() string {
	if p == Office {
		return "chipproof-office"
	}
	return "chipproof"
}

func (p Program) other() Program {
	if p == Office {
		return Counter
	}
	return Office
}

// CheckFolder refuses a folder that holds the other program's database: keys and
// head file of the two have the same names, and one would overwrite the other's.
// Error: [ErrOtherProgram].
func (p Program) CheckFolder(dir string) error {
	path := filepath.Join(dir, p.other().FileName())
	if _, err := os.Lstat(path); !errors.Is(err, fs.ErrNotExist) && !errors.Is(err, fs.ErrPermission) {
		return fmt.Errorf("%w: %s is of %s", ErrOtherProgram, path, p.other())
	}
	return nil
}

// inFolder is the database in a folder, whichever program's it is; the counter's
// name where there is none.
func inFolder(dir string) string {
	office := filepath.Join(dir, OfficeFileName)
	if _, err := os.Stat(office); err == nil {
		return office
	}
	return filepath.Join(dir, FileName)
}

// isStore says whether a file has the name of a program's database.
func isStore(path string) bool {
	name := filepath.Base(path)
	return name == FileName || name == OfficeFileName
}
