package store

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"net/url"
	"os"
	"path/filepath"

	"golang.org/x/mod/sumdb/tlog"

	"chipproof/audit"
)

// auditSource is a log in a database, for [audit.Verify] and exports.
type auditSource struct {
	db   *sql.DB
	head string // path of the head file; empty: there is none
}

var _ audit.Log = auditSource{}

// AuditLog is the store's log as a verifier reads it, beside a writer.
func (s *Store) AuditLog() audit.Log { return auditSource{s.reader, headFile(s.folder)} }

// Checkpoints implements [audit.Log]. The head file's comes last, where the
// database doesn't have it: so a log that was cut off together with its
// checkpoints is found without any witness.
func (a auditSource) Checkpoints(ctx context.Context) iter.Seq2[[]byte, error] {
	return func(yield func([]byte, error) bool) {
		var head []byte
		if a.head != "" {
			var err error
			if head, err = readLimited(a.head, longestCheckpoint); err != nil && !errors.Is(err, fs.ErrNotExist) {
				yield(nil, fmt.Errorf("read head file: %w", err))
				return
			}
		}
		for signed, err := range query(ctx, a.db, func(s scanner) (signed []byte, err error) {
			err = s.Scan(&signed)
			return signed, err
		}, `SELECT note FROM audit_checkpoint ORDER BY id`) {
			if bytes.Equal(signed, head) {
				head = nil
			}
			if !yield(signed, err) {
				return
			}
		}
		if head != nil {
			yield(head, nil)
		}
	}
}

// Records implements [audit.Log]. All are of one state of the log.
func (a auditSource) Records(ctx context.Context) iter.Seq2[audit.Record, error] {
	return func(yield func(audit.Record, error) bool) {
		// Entries whose hashes were removed; there are none in a whole log.
		var bare []audit.Record
		for r, err := range query(ctx, a.db, scanBare,
			`SELECT number, salt, payload FROM audit_entry WHERE number NOT IN (SELECT number FROM audit_hash) ORDER BY number LIMIT 1000`) {
			if err != nil {
				yield(audit.Record{}, err)
				return
			}
			bare = append(bare, r)
		}
		for r, err := range query(ctx, a.db, scanRecord,
			`SELECT h.number, h.hashes, e.salt, e.payload, e.number IS NULL
			FROM audit_hash AS h LEFT JOIN audit_entry AS e ON e.number = h.number ORDER BY h.number`) {
			for len(bare) > 0 && err == nil && bare[0].Number < r.Number {
				if !yield(bare[0], nil) {
					return
				}
				bare = bare[1:]
			}
			if !yield(r, err) || err != nil {
				return
			}
		}
		for _, r := range bare {
			if !yield(r, nil) {
				return
			}
		}
	}
}

func scanBare(s scanner) (r audit.Record, err error) {
	err = s.Scan(&r.Number, &r.Salt, &r.Payload)
	return r, err
}

func scanRecord(s scanner) (r audit.Record, err error) {
	var hashes sql.RawBytes
	if err := s.Scan(&r.Number, &hashes, &r.Salt, &r.Payload, &r.Gone); err != nil {
		return r, err
	}
	r.Hashes = make([]tlog.Hash, len(hashes)/tlog.HashSize)
	for i := range r.Hashes {
		copy(r.Hashes[i][:], hashes[i*tlog.HashSize:])
	}
	return r, nil
}

// query yields the rows of a statement one by one.
func query[T any](ctx context.Context, db *sql.DB, scan func(scanner) (T, error), statement string, args ...any) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		var none T
		rows, err := db.QueryContext(ctx, statement, args...)
		if err != nil {
			yield(none, fmt.Errorf("read audit log: %w", err))
			return
		}
		defer func() { _ = rows.Close() }() // its error is that of Err, which was looked at
		for rows.Next() {
			row, err := scan(rows)
			if err != nil {
				yield(none, fmt.Errorf("read audit log: %w", err))
				return
			}
			if !yield(row, nil) {
				return
			}
		}
		if err := rows.Err(); err != nil {
			yield(none, fmt.Errorf("read audit log: %w", err))
		}
	}
}

// AuditFile is the log in a database that is only looked at: a copy, a file on a
// read-only medium, the store of a program that runs.
type AuditFile struct {
	audit.Log
	db *sql.DB
}

// OpenAuditFile opens a database for verification, without keys, without
// migrating or changing anything. path is the file, or a data directory
// of either program.
// Errors: [ErrMissing], [audit.ErrInvalid] for a file that is no such database.
func OpenAuditFile(ctx context.Context, path string) (*AuditFile, error) {
	info, err := os.Stat(path)
	if err == nil && info.IsDir() {
		path = inFolder(path)
		_, err = os.Stat(path)
	}
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("open audit log: %w", ErrMissing)
	}
	if err != nil {
		return nil, fmt.Errorf("open audit log: %w", err)
	}
	if path, err = filepath.Abs(path); err != nil {
		return nil, fmt.Errorf("open audit log: %w", err)
	}
	mode := "mode=ro"
	// Where nothing can be written there is no writer either; SQLite then must
	// not look for the index of a write-ahead log.
	if _, err := os.Stat(path + "-wal"); errors.Is(err, fs.ErrNotExist) && !writable(filepath.Dir(path)) {
		mode = "immutable=1"
	}
	db, err := openReadOnly(path, mode)
	if err != nil {
		return nil, fmt.Errorf("open audit log: %w", err)
	}
	if err := readsAsLog(ctx, db); err != nil {
		return nil, errors.Join(fmt.Errorf("open audit log: %w: %w", audit.ErrInvalid, classify(err)), db.Close())
	}
	source := auditSource{db: db}
	if isStore(path) { // a copy of another name is no store, and what stands beside it not its own
		source.head = headFile(filepath.Dir(path))
	}
	return &AuditFile{source, db}, nil
}

func openReadOnly(path, mode string) (*sql.DB, error) {
	file := url.URL{Scheme: "file", Path: filepath.ToSlash(path)}
	if file.Path[0] != '/' { // C:/… on Windows
		file.Path = "/" + file.Path
	}
	file.RawQuery = mode + "&_busy_timeout=10000&_defensive=1&_dqs=0&_query_only=1&_pragma=trusted_schema(0)"
	return sql.Open("sqlite", file.String())
}

// writable tries, because modes and access lists don't tell.
func writable(dir string) bool {
	f, err := os.CreateTemp(dir, ".chipproof-*")
	if err != nil {
		return false
	}
	return errors.Join(f.Close(), os.Remove(f.Name())) == nil
}

func readsAsLog(ctx context.Context, db *sql.DB) error {
	var n int64
	return db.QueryRowContext(ctx, `SELECT (SELECT count(*) FROM audit_checkpoint) + (SELECT coalesce(max(number), 0) FROM audit_hash)
		+ (SELECT coalesce(max(number), 0) FROM audit_entry)`).Scan(&n)
}

// Close closes the database.
func (f *AuditFile) Close() error { return f.db.Close() }
