package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"time"

	"filippo.io/age"

	"chipproof/audit"
	"chipproof/mfa"
)

// RestoreOptions say what [RestoreBackup] does.
type RestoreOptions struct {
	From       string // the backup file
	Dir        string // data directory: empty, missing, or of the same installation
	Program    Program
	Identities []age.Identity
	UID        string   // who runs it: entries say os:<uid>
	Keys       KeyFiles // where the keys go; zero: into Dir
	// CheckpointDir and Witnesses tell of heads later than the backup's. What
	// they and the replaced database know is named in the restored entry.
	CheckpointDir string
	Witnesses     []audit.Witness

	Clock  func() time.Time // default time.Now
	Random io.Reader        // default crypto/rand
	Log    *slog.Logger
}

// Restored is what a restore did.
type Restored struct {
	Backup   BackupInfo
	Restore  audit.Restore // what its entry says
	Public   string        // public key of the log, to be compared with the one on file
	Replaced string        // where the former database is kept; empty if there was none
	Erased   int           // entries erased once more, because they had been since the backup
	Returned Returned      // access that was withdrawn since the backup
	Verified audit.Result  // of the restored log
}

// RestoreBackup puts a backup in place of what a data directory holds, or into a
// new one. All sessions end; backup codes, emergency code and grants are void,
// since some may have been used since; step guards move to the present; what had
// been erased since is erased again; accounts and origins that were shut since
// are shut again, as far as the replaced database tells. The first entry after the backup's names
// both heads, so that the log goes on honestly (assurance §5.1). All of that is
// done to the copy, which then takes the place of the database in one step; the
// former one is kept beside it. Nothing is changed if it fails before.
//
// No program may have the store open. Errors: [ErrBackupInvalid],
// [ErrBackupOther], [ErrOtherProgram], [ErrInUse], [ErrStoreNewer],
// [mfa.ErrKeyWrong], [audit.ErrWitnessInvalid] for a witness that was given, those of the file system.
func RestoreBackup(ctx context.Context, o RestoreOptions) (Restored, error) {
	if o.Clock == nil {
		o.Clock = time.Now
	}
	if o.Keys == (KeyFiles{}) {
		o.Keys = KeyFilesIn(o.Dir)
	}
	out, err := restore(ctx, o)
	if err != nil {
		return Restored{}, fmt.Errorf("restore: %w", err)
	}
	return out, nil
}

func restore(ctx context.Context, o RestoreOptions) (out Restored, err error) {
	if err := o.Program.CheckFolder(o.Dir); err != nil {
		return out, err
	}
	if err := os.MkdirAll(o.Dir, 0o700); err != nil {
		return out, err
	}
	if err := os.Chmod(o.Dir, 0o700); err != nil {
		return out, err
	}
	stage, err := os.MkdirTemp(o.Dir, ".restore-*")
	if err != nil {
		return out, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(stage)) }()
	b, err := unpack(o.From, stage, o.Program, o.Identities)
	if err != nil {
		return out, err
	}
	former, err := openFormer(ctx, filepath.Join(o.Dir, o.Program.FileName()), o.Keys.Audit, b.key)
	if err != nil {
		return out, err
	}
	defer func() { err = errors.Join(err, former.close()) }()

	out = Restored{Backup: b.info, Public: b.key.Public()}
	r := audit.Restore{Backup: b.info.Head}
	if r.Known, r.From, err = lastKnown(b, former, o); err != nil {
		return out, err
	}
	if err = o.settle(ctx, stage, b, former, r, &out); err != nil {
		return out, err
	}
	if out.Replaced, err = swap(ctx, stage, o, b, former); err != nil {
		return out, err
	}
	return out, o.announce(ctx, b.key)
}

// lastKnown is the largest head that anything tells of.
func lastKnown(b unpacked, former *former, o RestoreOptions) (audit.Head, audit.KnownFrom, error) {
	head, from := b.info.Head, audit.KnownFromBackup
	later := func(h audit.Head, f audit.KnownFrom) {
		if h.Size > head.Size {
			head, from = h, f
		}
	}
	later(former.head, audit.KnownFromDatabase)
	if o.CheckpointDir != "" {
		published, err := CheckpointWitnesses(o.CheckpointDir)
		if err != nil {
			return head, from, err
		}
		for _, w := range published {
			if s, err := w.Read(b.key.Keys()); err == nil { // another log's may stand there too
				later(s.Head, audit.KnownFromCheckpoint)
			}
		}
	}
	if text, err := readLimited(headFile(o.Dir), longestCheckpoint); err == nil {
		if c, err := audit.OpenCheckpoint(text, b.key.Keys()); err == nil {
			later(c.Head, audit.KnownFromHead)
		}
	}
	for _, w := range o.Witnesses {
		s, err := w.Read(b.key.Keys())
		if err != nil {
			return head, from, fmt.Errorf("witness %s: %w", w.Source, err)
		}
		later(s.Head, audit.KnownFromWitness)
	}
	return head, from, nil
}

// settle turns the unpacked copy into a store that may go on.
func (o RestoreOptions) settle(ctx context.Context, stage string, b unpacked, former *former, r audit.Restore, out *Restored) (err error) {
	l, err := NewAuditLog(AuditOptions{Key: b.key, Clock: o.Clock, Random: o.Random, Log: o.Log})
	if err != nil {
		return err
	}
	s, err := Open(ctx, stage, Options{Recorder: l, Program: o.Program})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	l.store = s // checkpoints are signed when it is done, not on the way
	head, err := l.Head(ctx)
	if err != nil {
		return err
	}
	if head != b.info.Head {
		return fmt.Errorf("%w: the database has another head than its manifest", ErrBackupInvalid)
	}
	r.Entry, r.At = head.Size, o.Clock().UTC().Truncate(time.Microsecond)
	says, err := audit.SignRestore(b.key, r, map[string]string{"backup_made": b.info.Made.Format(time.RFC3339)})
	if err != nil {
		return err
	}
	entry, err := l.Append(ctx, audit.Event{Kind: audit.KindRestored, At: r.At, Actor: "os:" + o.UID, Attributes: says})
	if err != nil {
		return err
	}
	if out.Restore, err = audit.OpenRestore(entry, b.key.Keys()); err != nil {
		return err
	}
	if out.Erased, err = l.eraseAgain(ctx, former.erased, AuditBy{Actor: "os:" + o.UID}); err != nil {
		return err
	}
	if last, ok := former.lastAccess(ctx, b.info.Head); ok {
		if out.Returned, err = l.withdrawAgain(ctx, last, AuditBy{Actor: "os:" + o.UID}); err != nil {
			return err
		}
	}
	if err := s.skipProofings(ctx, r.At); err != nil {
		return err
	}
	if err := s.skipIncidents(ctx, r.At); err != nil {
		return err
	}
	if err := s.skipScans(ctx, r.At); err != nil {
		return err
	}
	logins, err := mfa.New(mfa.Config{Store: s, Keys: b.secrets, Pepper: b.pepper, Clock: o.Clock, Random: o.Random})
	if err != nil {
		return err
	}
	if err := logins.CheckKeys(ctx); err != nil {
		return err
	}
	if err := logins.AfterRestore(ctx, mfa.ByOS(o.UID), map[string]string{"restored": strconv.FormatInt(entry.Number, 10)}); err != nil {
		return err
	}
	if _, err := l.Checkpoint(ctx); err != nil {
		return err
	}
	out.Verified, err = l.Verify(ctx)
	return err
}

// eraseAgain erases what the replaced database had erased since the backup: a
// person's data must not come back to life with it.
func (l *AuditLog) eraseAgain(ctx context.Context, numbers []int64, by AuditBy) (int, error) {
	var again []int64
	err := l.store.Read(ctx, func(tx *sql.Tx) error {
		for _, n := range numbers {
			var there bool
			err := tx.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM audit_entry WHERE number = ? AND payload IS NOT NULL)`, n).Scan(&there)
			if err != nil {
				return fmt.Errorf("read audit entry: %w", classify(err))
			}
			if there {
				again = append(again, n)
			}
		}
		return nil
	})
	if err != nil {
		return 0, err
	}
	for batch := range slices.Chunk(again, retainBatch) {
		err := l.Write(ctx, func(tx *sql.Tx) error {
			_, err := l.eraseTx(ctx, tx, batch, audit.Event{
				Kind: audit.KindErased, Actor: by.Actor, Attributes: map[string]string{"reason": "erased before the restore"},
			})
			return err
		})
		if err != nil {
			return 0, err
		}
	}
	return len(again), nil
}

// announce publishes the head of the restored log, now that it is the log. The
// head file of the former one has told what it knew. What else stands in the
// second place is for the log of the program: the restore is done.
func (o RestoreOptions) announce(ctx context.Context, key *audit.Key) (err error) {
	l, err := NewAuditLog(AuditOptions{Key: key, CheckpointDir: o.CheckpointDir, Clock: o.Clock, Random: o.Random, Log: o.Log})
	if err != nil {
		return err
	}
	s, err := Open(ctx, o.Dir, Options{Recorder: l, Program: o.Program})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	l.bind(s)
	if err := removeIfThere(l.guard.path); err != nil {
		return err
	}
	_, err = l.Checkpoint(ctx)
	if errors.Is(err, ErrCheckpointConflict) {
		l.log.Warn("checkpoint folder has something else in it", "cause", err)
		err = nil
	}
	return err
}
