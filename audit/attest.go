package audit

import (
	"encoding/base64"
	"fmt"
	"maps"
	"strconv"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/note"
)

// An entry that explains why something is gone excuses what would otherwise be
// a finding. Whoever can write the database could write such an entry, and the
// next checkpoint would cover it. So it carries a signature of its own, over what
// it explains and the place where it stands: a copy of it elsewhere excuses nothing.

// attributeSignature names the attribute with that signature, in base64.
const attributeSignature = "signature"

// The first lines of what is signed. They have spaces in them, which the name of
// a log, the first line of every checkpoint, can't have: neither is ever the other.
const (
	restoreTitle = "chipproof restored entry, version 1"
	erasureTitle = "chipproof erasure entry, version 1"
)

// SignRestore makes the attributes of a restored entry, signed. r.Entry and r.At
// must be the number and time that the entry then has. others are added to them.
func SignRestore(k *Key, r Restore, others map[string]string) (map[string]string, error) {
	return k.attest(r.statement(k.public), r.Attributes(others))
}

// SignErasure adds the signature to the attributes of an erased or deleted entry.
// before is the head of the log up to it: its size is the entry's number, and its
// root has the leaves of all that is erased in it.
func SignErasure(k *Key, kind Kind, before Head, attributes map[string]string) (map[string]string, error) {
	return k.attest(erasureStatement(k.public, kind, before, attributes["numbers"]), attributes)
}

func (k *Key) attest(statement string, attributes map[string]string) (map[string]string, error) {
	signature, err := k.Sign([]byte(statement))
	if err != nil {
		return nil, fmt.Errorf("attest entry: %w", err)
	}
	signed := maps.Clone(attributes)
	signed[attributeSignature] = base64.StdEncoding.EncodeToString(signature)
	return signed, nil
}

func (r Restore) statement(v note.Verifier) string {
	return statement(restoreTitle, v,
		strconv.FormatInt(r.Entry, 10), r.At.UTC().Format(time.RFC3339Nano),
		strconv.FormatInt(r.Backup.Size, 10), r.Backup.Root.String(),
		strconv.FormatInt(r.Known.Size, 10), r.Known.Root.String(), string(r.From))
}

func erasureStatement(v note.Verifier, kind Kind, before Head, numbers string) string {
	return statement(erasureTitle, v, string(kind), strconv.FormatInt(before.Size, 10), before.Root.String(), numbers)
}

// statement has one value a line; none of them can have a line of its own in it.
func statement(title string, v note.Verifier, values ...string) string {
	return title + "\n" + v.Name() + "\n" + fmt.Sprintf("%08x", v.KeyHash()) + "\n" + strings.Join(values, "\n") + "\n"
}

// attested says whether an entry carries the signature of one of the log's keys.
func (k Keys) attested(e Entry, statement func(note.Verifier) string) bool {
	signature, err := base64.StdEncoding.Strict().DecodeString(e.Attributes[attributeSignature])
	if err != nil {
		return false
	}
	for _, v := range k.list {
		if v.Verify([]byte(statement(v)), signature) {
			return true
		}
	}
	return false
}

// OpenRestore reads a restored entry, and demands the signature of the log's key.
// Error: [ErrInvalid].
func OpenRestore(e Entry, keys Keys) (Restore, error) {
	r, err := ParseRestore(e)
	if err != nil {
		return Restore{}, err
	}
	if !keys.attested(e, r.statement) {
		return Restore{}, fmt.Errorf("open restored entry: %w: not signed by this log's key", ErrInvalid)
	}
	return r, nil
}
