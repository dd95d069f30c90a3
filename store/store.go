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

	"chipproof/mfa"
)

// Recorder writes an event into the audit log, within the transaction of the act
// that it is about.
type Recorder interface {
	Record(ctx context.Context, tx *sql.Tx, e mfa.Event) error
}

// Options say how to open a store.
type Options struct {
	Recorder Recorder // must be there: no act without an entry
	Program  Program  // whose store it is
}

// Store is an open database. It is safe for concurrent use, also by several
// processes.
type Store struct {
	writer   *sql.DB // one connection: SQLite has one writer, and waiting in Go is fair
	reader   *sql.DB
	recorder Recorder
	folder   string // where the database stands
	program  Program
}

var _ mfa.Store = (*Store)(nil)

// Create makes a data directory that only its owner can enter (0700), and an
// empty store in it (0600). Errors: [ErrExists], [ErrOtherProgram],
// [ErrNoRecorder], those of the file system.
func Create(ctx context.Context, dir string, o Options) (*Store, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("create store: %w", err)
	}
	if err := os.Chmod(dir, 0o700); err != nil {
		return nil, fmt.Errorf("create store: %w", err)
	}
	if err := o.Program.CheckFolder(dir); err != nil {
		return nil, fmt.Errorf("create store: %w", err)
	}
	f, err := os.OpenFile(filepath.Join(dir, o.Program.FileName()), os.O_CREATE|os.O_EXCL|os.O_RDWR, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return nil, fmt.Errorf("create store: %w", ErrExists)
	}
	if err != nil {
		return nil, fmt.Errorf("create store: %w", err)
	}
	if err := f.Close(); err != nil {
		return nil, fmt.Errorf("create store: %w", err)
	}
	s, err := Open(ctx, dir, o)
	if err != nil { // a half-made store would be in the way of the next try
		return nil, errors.Join(err, os.Remove(f.Name()))
	}
	return s, nil
}

// Open opens the store of a data directory and brings an older schema up to
// date. Errors: [ErrMissing], [ErrOtherProgram], [ErrStoreNewer],
// [ErrNoRecorder], [ErrUnwritable].
func Open(ctx context.Context, dir string, o Options) (*Store, error) {
	if o.Recorder == nil {
		return nil, fmt.Errorf("open store: %w", ErrNoRecorder)
	}
	if err := o.Program.CheckFolder(dir); err != nil {
		return nil, fmt.Errorf("open store: %w", err)
	}
	path, err := filepath.Abs(filepath.Join(dir, o.Program.FileName()))
	if err != nil {
		return nil, fmt.Errorf("open store: %w", err)
	}
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("open store: %w", ErrMissing)
	}
	s := &Store{recorder: o.Recorder, folder: filepath.Dir(path), program: o.Program}
	if s.writer, err = sql.Open("sqlite", dsn(path, "immediate", 0)); err != nil {
		return nil, fmt.Errorf("open store: %w", err)
	}
	s.writer.SetMaxOpenConns(1)
	if s.reader, err = sql.Open("sqlite", dsn(path, "deferred", 1)); err != nil {
		return nil, errors.Join(fmt.Errorf("open store: %w", err), s.writer.Close())
	}
	s.reader.SetMaxOpenConns(maxReaders)
	s.reader.SetMaxIdleConns(maxReaders)
	if err := migrate(ctx, s.writer); err != nil {
		return nil, errors.Join(fmt.Errorf("open store: %w", classify(err)), s.Close())
	}
	return s, nil
}

// maxReaders bounds the memory that page caches may take.
const maxReaders = 4

// dsn: an acknowledged transaction is on the disk (synchronous FULL under WAL
// syncs at every commit); deleted secrets are overwritten (secure_delete); a
// file that is missing is never made (mode=rw).
func dsn(path, lock string, queryOnly int) string {
	file := url.URL{Scheme: "file", Path: filepath.ToSlash(path)}
	if file.Path[0] != '/' { // C:/… on Windows
		file.Path = "/" + file.Path
	}
	file.RawQuery = fmt.Sprintf("mode=rw&_txlock=%s&_busy_timeout=10000&_defensive=1&_dqs=0&_query_only=%d"+
		"&_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)&_pragma=foreign_keys(1)&_pragma=secure_delete(1)&_pragma=trusted_schema(0)",
		lock, queryOnly)
	return file.String()
}

// Close closes the database.
func (s *Store) Close() error {
	return errors.Join(s.reader.Close(), s.writer.Close())
}

// Update implements [mfa.Store].
func (s *Store) Update(ctx context.Context, fn func(mfa.Tx) error) error {
	return s.Write(ctx, func(sqlTx *sql.Tx) error { return fn(&tx{sqlTx, s.recorder}) })
}

// View implements [mfa.Store]. What fn tries to write is refused.
func (s *Store) View(ctx context.Context, fn func(mfa.Tx) error) error {
	return s.Read(ctx, func(sqlTx *sql.Tx) error { return fn(&tx{sqlTx, s.recorder}) })
}

// Write runs fn in the one transaction that writes at a time, across processes.
// It is durable when Write returns nil, and undone if fn or the commit fails.
// fn must not call the store again.
func (s *Store) Write(ctx context.Context, fn func(*sql.Tx) error) error {
	return transact(ctx, s.writer, fn)
}

// Alone runs fn while nobody else writes, in this process or another: for a file
// beside the database that two commands may change at once. fn must not call the
// store. Error: [ErrBusy], and that of fn.
func (s *Store) Alone(ctx context.Context, fn func() error) error {
	return transact(ctx, s.writer, func(*sql.Tx) error { return fn() })
}

// Read runs fn over one consistent state, beside a writer.
func (s *Store) Read(ctx context.Context, fn func(*sql.Tx) error) error {
	return transact(ctx, s.reader, fn)
}

func transact(ctx context.Context, db *sql.DB, fn func(*sql.Tx) error) (err error) {
	sqlTx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("begin transaction: %w", classify(err))
	}
	done := false
	defer func() { // also when fn panics
		if done {
			return
		}
		// An ended context has rolled it back already.
		if failed := sqlTx.Rollback(); failed != nil && !errors.Is(failed, sql.ErrTxDone) {
			err = errors.Join(err, failed)
		}
	}()
	if err := fn(sqlTx); err != nil {
		return classify(err)
	}
	done = true
	if err := sqlTx.Commit(); err != nil {
		return fmt.Errorf("commit transaction: %w", classify(err))
	}
	return nil
}
