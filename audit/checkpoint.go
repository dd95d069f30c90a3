package audit

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// Checkpoint is a head that the log's key has signed: who keeps it finds out
// whether anything before it is changed later.
type Checkpoint struct {
	Origin string // name of the log
	Head
	At time.Time // UTC, to the second
}

// The text of a checkpoint follows C2SP's tlog-checkpoint: origin, size, root,
// and one line of extension with the time. So common witnesses can take it.
const timeLine = "chipproof time "

// maxSize bounds what a checkpoint or sheet may claim: 2⁴⁰ entries.
const maxSize = 1 << 40

func (c Checkpoint) text() string {
	return fmt.Sprintf("%s\n%d\n%s\n%s%s\n", c.Origin, c.Size, c.Root, timeLine, c.At.UTC().Format(time.RFC3339))
}

// SignCheckpoint signs a head as a note (Ed25519).
func SignCheckpoint(k *Key, head Head, at time.Time) ([]byte, error) {
	c := Checkpoint{Origin: k.name, Head: head, At: at.UTC().Truncate(time.Second)}
	signed, err := note.Sign(&note.Note{Text: c.text()}, k)
	if err != nil {
		return nil, fmt.Errorf("sign checkpoint: %w", err)
	}
	return signed, nil
}

// OpenCheckpoint reads a signed checkpoint. It must be signed by one of the keys
// and name that key's log. Other signatures, of witnesses, may stand beside it.
// Errors: [ErrInvalid], [ErrWitnessInvalid] for one that isn't signed by the log.
func OpenCheckpoint(signed []byte, keys Keys) (Checkpoint, error) {
	n, err := note.Open(signed, keys)
	if err != nil {
		_, unsigned := errors.AsType[*note.UnverifiedNoteError](err)
		_, forged := errors.AsType[*note.InvalidSignatureError](err)
		if unsigned || forged {
			return Checkpoint{}, fmt.Errorf("open checkpoint: %w: not signed by this log's key", ErrWitnessInvalid)
		}
		return Checkpoint{}, fmt.Errorf("open checkpoint: %w", ErrInvalid)
	}
	c, err := parseCheckpoint(n.Text)
	if err != nil {
		return Checkpoint{}, fmt.Errorf("open checkpoint: %w", err)
	}
	for _, signature := range n.Sigs {
		if signature.Name == c.Origin {
			return c, nil
		}
	}
	return Checkpoint{}, fmt.Errorf("open checkpoint: %w: of another log", ErrWitnessInvalid)
}

// parseCheckpoint takes exactly what text writes.
func parseCheckpoint(text string) (Checkpoint, error) {
	lines := strings.Split(text, "\n")
	if len(lines) != 5 {
		return Checkpoint{}, fmt.Errorf("%w: %d lines", ErrInvalid, len(lines))
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	root, badRoot := tlog.ParseHash(lines[2])
	at, badTime := time.Parse(time.RFC3339, strings.TrimPrefix(lines[3], timeLine))
	c := Checkpoint{Origin: lines[0], Head: Head{Size: size, Root: root}, At: at.UTC()}
	if err := errors.Join(err, badRoot, badTime); err != nil || size < 0 || size > maxSize || c.text() != text {
		return Checkpoint{}, fmt.Errorf("%w: checkpoint text", ErrInvalid)
	}
	return c, nil
}
