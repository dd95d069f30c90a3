package store

import (
	"errors"
	"fmt"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

var (
	// ErrMissing is for a data directory without a store.
	ErrMissing = errors.New("store missing")
	// ErrExists is for a data directory that has one already.
	ErrExists = errors.New("store exists")
	// ErrOtherProgram is for a data directory or a backup of the other program: the
	// counter's for the office, and the reverse.
	ErrOtherProgram = errors.New("store of the other program")
	// ErrStoreNewer is for a store that a newer program has written.
	ErrStoreNewer = errors.New("store is newer than this program")
	// ErrUnwritable is for a disk that is full or read-only, or fails. Nothing of
	// the transaction has happened.
	ErrUnwritable = errors.New("store can't be written")
	// ErrCheckpointConflict is for a file in the second place that is no earlier
	// state of this log, and that no restore accounts for. The new checkpoint
	// stands beside it, under a name with a number.
	ErrCheckpointConflict = errors.New("second place holds a checkpoint that isn't this log's")
	// ErrBusy is for a store that another process kept locked for too long.
	ErrBusy = errors.New("store busy")
	// ErrNoRecorder is for options without a way to the audit log.
	ErrNoRecorder = errors.New("no recorder for the audit log")
)

// classify adds the sentinel that a caller can act on to an error of SQLite.
func classify(err error) error {
	fault, ok := errors.AsType[*sqlite.Error](err)
	if !ok {
		return err
	}
	switch fault.Code() & 0xff { // the primary code; extended ones carry detail above it
	case sqlite3.SQLITE_FULL, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_CORRUPT:
		return fmt.Errorf("%w: %w", ErrUnwritable, err)
	case sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED:
		return fmt.Errorf("%w: %w", ErrBusy, err)
	}
	return err
}
