package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"filippo.io/age"

	"chipproof/audit"
	"chipproof/mfa"
)

// The names of the key files in a data directory. A backup has these and no
// others: enough to go on with on another machine.
const (
	SecretsKeyFile   = "secrets.keys"
	PepperKeyFile    = "pepper.keys"
	AuditKeyFile     = "audit.key"
	PseudonymKeyFile = "pseudonym.keys"
)

// The names of the files with the keys that sign proofs, of production and of
// test mode. They stand beside the others, and no backup ever has them: there is
// one such key a machine (proof §7).
const (
	ProofKeyFile     = "proof.keys"
	ProofTestKeyFile = "proof-test.keys"
)

// KeyFiles are the paths of the key files, wherever they are kept.
type KeyFiles struct{ Secrets, Pepper, Audit, Pseudonyms string }

// KeyFilesIn are those of a data directory.
func KeyFilesIn(dir string) KeyFiles {
	return KeyFiles{
		Secrets: filepath.Join(dir, SecretsKeyFile), Pepper: filepath.Join(dir, PepperKeyFile),
		Audit: filepath.Join(dir, AuditKeyFile), Pseudonyms: filepath.Join(dir, PseudonymKeyFile),
	}
}

// keyFile is one of them: its name in a backup, its place, and its parser. The
// parsers keep any other key out, whatever a path says.
type keyFile struct {
	name, path string
	check      func([]byte) error
}

func (k KeyFiles) all() []keyFile {
	ring := func(b []byte) error { _, err := mfa.ParseKeyring(b); return err }
	return []keyFile{
		{SecretsKeyFile, k.Secrets, ring},
		{PepperKeyFile, k.Pepper, ring},
		{AuditKeyFile, k.Audit, func(b []byte) error { _, err := audit.ParseKey(b); return err }},
		{PseudonymKeyFile, k.Pseudonyms, func(b []byte) error { _, err := audit.ParsePseudonymRing(b); return err }},
	}
}

// BackupOptions say what [AuditLog.Backup] does.
type BackupOptions struct {
	To         string // the file, which must not exist yet
	Recipients []age.Recipient
	Keys       KeyFiles
	By         AuditBy
	Version    string // of the program, for the manifest
}

var (
	// ErrBackupExists is for a file that would be written over.
	ErrBackupExists = errors.New("backup file exists")
	// ErrBackupInvalid is for a file that is no backup, is damaged, or can't be
	// opened with this passphrase or key.
	ErrBackupInvalid = errors.New("backup invalid")
	// ErrBackupOther is for a backup of another installation than the one that
	// it would replace.
	ErrBackupOther = errors.New("backup of another installation")
	// ErrInUse is for a store that another process has open.
	ErrInUse = errors.New("store in use")
)

// Backup writes one encrypted file (age): the database as of one moment, the
// head of its log, and the keys. It may run beside everything else. The entry
// about it is in it. Errors: [ErrBackupExists], [mfa.ErrKeyInvalid] or
// [audit.ErrKeyInvalid] for a file that isn't a key of its kind,
// [audit.ErrUnavailable], those of the file system.
func (l *AuditLog) Backup(ctx context.Context, o BackupOptions) (BackupInfo, error) {
	info, err := l.backup(ctx, o)
	if err != nil {
		return BackupInfo{}, fmt.Errorf("make backup: %w", err)
	}
	return info, nil
}

func (l *AuditLog) backup(ctx context.Context, o BackupOptions) (info BackupInfo, err error) {
	if len(o.Recipients) == 0 {
		return info, fmt.Errorf("%w: nobody to encrypt to", ErrBackupInvalid)
	}
	keys, err := readKeyFiles(o.Keys)
	if err != nil {
		return info, err
	}
	out, err := os.OpenFile(o.To, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return info, ErrBackupExists
	}
	if err != nil {
		return info, err
	}
	defer func() { // half a backup looks like one
		if err != nil {
			err = errors.Join(err, out.Close(), os.Remove(o.To))
		}
	}()
	if _, err = l.Append(ctx, audit.Event{Kind: audit.KindBackup, Actor: o.By.Actor, Session: o.By.Session}); err != nil {
		return info, err
	}
	dir, err := l.store.dir(ctx)
	if err != nil {
		return info, err
	}
	scratch, err := os.MkdirTemp(dir, ".backup-*")
	if err != nil {
		return info, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(scratch)) }()
	copied := filepath.Join(scratch, l.store.program.FileName())
	head, err := l.snapshot(ctx, filepath.Join(dir, l.store.program.FileName()), copied)
	if err != nil {
		return info, err
	}
	made := l.clock().UTC().Truncate(time.Second)
	signed, err := audit.SignCheckpoint(l.key, head, made)
	if err != nil {
		return info, err
	}
	info = BackupInfo{Format: backupFormat, Version: o.Version, Made: made, Log: l.key.Name(), Head: head, Signed: string(signed)}
	if err = writeBackup(out, o.Recipients, info, keys, copied); err != nil {
		return info, err
	}
	if err = errors.Join(out.Sync(), out.Close(), syncDir(filepath.Dir(o.To))); err != nil {
		return info, err
	}
	return info, nil
}

// readKeyFiles reads and checks the keys. There may be no pseudonym keys: the
// office program has none.
func readKeyFiles(k KeyFiles) (map[string][]byte, error) {
	keys := map[string][]byte{}
	for _, f := range k.all() {
		content, err := readLimited(f.path, longestFile)
		if errors.Is(err, fs.ErrNotExist) && f.name == PseudonymKeyFile {
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("read key file: %w", err)
		}
		if err := f.check(content); err != nil {
			return nil, fmt.Errorf("read key file %s: %w", f.name, err)
		}
		keys[f.name] = content
	}
	return keys, nil
}

// snapshot copies the database as of one moment into a new file, and gives the
// head of the log in the copy. It reads on a connection of its own, so that
// writers go on meanwhile.
func (l *AuditLog) snapshot(ctx context.Context, from, to string) (head audit.Head, err error) {
	source, err := sql.Open("sqlite", dsn(from, "deferred", 0))
	if err != nil {
		return head, err
	}
	_, err = source.ExecContext(ctx, `VACUUM INTO ?`, to)
	if err = errors.Join(err, source.Close()); err != nil {
		return head, fmt.Errorf("copy database: %w", classify(err))
	}
	if err := os.Chmod(to, 0o600); err != nil {
		return head, err
	}
	db, err := openReadOnly(to, "immutable=1")
	if err != nil {
		return head, err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	var verdict string
	if err := db.QueryRowContext(ctx, `PRAGMA quick_check(1)`).Scan(&verdict); err != nil {
		return head, fmt.Errorf("check copy: %w", classify(err))
	}
	if verdict != "ok" {
		return head, fmt.Errorf("check copy: %w: %s", ErrBackupInvalid, verdict)
	}
	err = transact(ctx, db, func(tx *sql.Tx) (err error) {
		head, err = auditHead(ctx, tx)
		return err
	})
	return head, err
}

// dir is where the database stands.
func (s *Store) dir(ctx context.Context) (string, error) {
	var (
		number     int
		name, path string
	)
	if err := s.reader.QueryRowContext(ctx, `PRAGMA database_list`).Scan(&number, &name, &path); err != nil {
		return "", fmt.Errorf("find database: %w", classify(err))
	}
	return filepath.Dir(path), nil
}
