package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"

	"chipproof/audit"
)

// former is the database that a restore replaces, locked against everybody else.
type former struct {
	path   string // empty: there is none
	db     *sql.DB
	tx     *sql.Tx // nil: there is none, or it can't be read
	head   audit.Head
	erased []int64
}

// openFormer locks it and reads what the restored log must tell of it. One that
// can't be read is replaced all the same: that is what backups are for. Errors:
// [ErrInUse], [ErrBackupOther].
func openFormer(ctx context.Context, path, keyPath string, key *audit.Key) (*former, error) {
	if file, err := readLimited(keyPath, longestFile); err == nil {
		if there, err := audit.ParseKey(file); err == nil && there.Public() != key.Public() {
			return nil, fmt.Errorf("%w: another audit key is there", ErrBackupOther)
		}
	}
	// SQLite's URI takes a relative path for one from the root, and a database
	// that isn't there for a broken one.
	path, err := filepath.Abs(path)
	if err != nil {
		return nil, fmt.Errorf("find former database: %w", err)
	}
	f := &former{}
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		return f, nil
	}
	f.path = path
	err = f.lock(ctx)
	if err == nil {
		err = f.look(ctx, key)
	}
	if errors.Is(err, ErrInUse) || errors.Is(err, ErrBackupOther) {
		return nil, errors.Join(err, f.close())
	}
	if err != nil { // broken
		return f, f.close()
	}
	return f, nil
}

// lock takes the database for this process alone. Leaving the write-ahead log
// fails while anybody else has it open, and puts all of it into one file.
func (f *former) lock(ctx context.Context) (err error) {
	file := url.URL{Scheme: "file", Path: filepath.ToSlash(f.path)}
	if file.Path[0] != '/' { // C:/… on Windows
		file.Path = "/" + file.Path
	}
	file.RawQuery = "mode=rw&_txlock=exclusive&_busy_timeout=1000&_defensive=1&_dqs=0&_pragma=trusted_schema(0)"
	if f.db, err = sql.Open("sqlite", file.String()); err != nil {
		return err
	}
	f.db.SetMaxOpenConns(1)
	var mode string
	err = classify(f.db.QueryRowContext(ctx, `PRAGMA journal_mode = DELETE`).Scan(&mode))
	if errors.Is(err, ErrBusy) || err == nil && mode != "delete" {
		return fmt.Errorf("%w: stop the program first", ErrInUse)
	}
	if err != nil {
		return err
	}
	f.tx, err = f.db.BeginTx(ctx, nil)
	if err = classify(err); errors.Is(err, ErrBusy) {
		return fmt.Errorf("%w: stop the program first", ErrInUse)
	}
	return err
}

func (f *former) look(ctx context.Context, key *audit.Key) error {
	signed, err := lastCheckpoint(ctx, f.tx)
	if err != nil {
		return err
	}
	if _, err := audit.OpenCheckpoint(signed, key.Keys()); signed != nil && errors.Is(err, audit.ErrWitnessInvalid) {
		return fmt.Errorf("%w: another log is there", ErrBackupOther)
	}
	if f.head, err = auditHead(ctx, f.tx); err != nil {
		return err
	}
	rows, err := f.tx.QueryContext(ctx, `SELECT number FROM audit_entry WHERE payload IS NULL ORDER BY number`)
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }() // its error is that of Err
	for rows.Next() {
		var n int64
		if err := rows.Scan(&n); err != nil {
			return err
		}
		f.erased = append(f.erased, n)
	}
	return rows.Err()
}

// lastAccess is who might do what last; false if nobody can tell. A database that
// isn't a later state of the backup says nothing about what was withdrawn since.
func (f *former) lastAccess(ctx context.Context, backup audit.Head) (access, bool) {
	if f.tx == nil {
		return access{}, false
	}
	if later, err := grownFrom(ctx, f.tx, f.head, backup); err != nil || !later {
		return access{}, false
	}
	last, err := readAccess(ctx, f.tx)
	return last, err == nil
}

func (f *former) close() error {
	var err error
	if f.tx != nil {
		err = f.tx.Rollback()
	}
	if f.db != nil {
		err = errors.Join(err, f.db.Close())
	}
	f.tx, f.db = nil, nil
	return err
}
