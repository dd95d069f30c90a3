package audit

import (
	"fmt"
	"maps"
	"strconv"
	"time"

	"golang.org/x/mod/sumdb/tlog"
)

// Restore is what a restored entry says (assurance §5.1): the log was put back
// to the backup's head, and what stood between that and the last head known is
// lost. It is the first entry after the backup's.
type Restore struct {
	Entry  int64     `json:"entry"`
	At     time.Time `json:"at"`
	Backup Head      `json:"backup"`
	Known  Head      `json:"known"` // the last head that was known when it was restored
	From   KnownFrom `json:"known_from"`
	Lost   string    `json:"lost,omitzero"` // numbers of the lost entries, as a range
}

// KnownFrom says where the last head known came from.
type KnownFrom string

// The sources of the last head known.
const (
	KnownFromBackup     KnownFrom = "backup"     // nothing later was known
	KnownFromHead       KnownFrom = "head_file"  // the copy beside the keys
	KnownFromDatabase   KnownFrom = "database"   // the one that was replaced
	KnownFromCheckpoint KnownFrom = "checkpoint" // of the second place
	KnownFromWitness    KnownFrom = "witness"    // a sheet or file that was given
)

// Attributes are those of the restored entry, without the signature that
// [SignRestore] adds. others are added to them.
func (r Restore) Attributes(others map[string]string) map[string]string {
	a := map[string]string{
		"backup_size": strconv.FormatInt(r.Backup.Size, 10), "backup_root": r.Backup.Root.String(),
		"known_size": strconv.FormatInt(r.Known.Size, 10), "known_root": r.Known.Root.String(),
		"known_from": string(r.From),
	}
	if lost := r.lost(); lost != "" {
		a["lost"] = lost
	}
	maps.Copy(a, others)
	return a
}

// lost are the numbers that stood after the backup. They were given again to
// other entries since.
func (r Restore) lost() string {
	if r.Known.Size <= r.Backup.Size {
		return ""
	}
	return span{r.Backup.Size, r.Known.Size - 1}.String()
}

// ParseRestore reads a restored entry, whoever wrote it; see [OpenRestore]. Error:
// [ErrInvalid].
func ParseRestore(e Entry) (Restore, error) {
	backup, ok := headFrom(e.Attributes["backup_size"], e.Attributes["backup_root"])
	known, knownOK := headFrom(e.Attributes["known_size"], e.Attributes["known_root"])
	r := Restore{Entry: e.Number, At: e.At, Backup: backup, Known: known, From: KnownFrom(e.Attributes["known_from"])}
	r.Lost = r.lost()
	if e.Kind != KindRestored || !ok || !knownOK || e.Attributes["lost"] != r.Lost || known.Size < backup.Size {
		return Restore{}, fmt.Errorf("parse restored entry: %w", ErrInvalid)
	}
	return r, nil
}

func headFrom(size, root string) (Head, bool) {
	n, err := strconv.ParseInt(size, 10, 64)
	if err != nil || n < 0 || n > maxSize {
		return Head{}, false
	}
	hash, err := tlog.ParseHash(root)
	return Head{Size: n, Root: hash}, err == nil
}

// mayHaveLost says whether something that was seen at a size and a time can be
// from the stretch that this restore lost: beyond the backup's head, and before
// the restore. named says whether the restore knew of it.
func (r Restore) mayHaveLost(size int64, at time.Time) (lost, named bool) {
	return size > r.Backup.Size && !at.After(r.At), size <= r.Known.Size
}
