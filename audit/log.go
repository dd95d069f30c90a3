package audit

import (
	"context"
	"iter"

	"golang.org/x/mod/sumdb/tlog"
)

// Log is what a verifier reads, once each and in this order. An error ends a
// sequence. Both programs' stores have one, and so has an export ([ReadExport]).
type Log interface {
	// Checkpoints are those that the log keeps of itself, signed.
	Checkpoints(ctx context.Context) iter.Seq2[[]byte, error]
	// Records are its entries by ascending number. A record is the reader's own.
	Records(ctx context.Context) iter.Seq2[Record, error]
}

// Record is an entry as it is stored.
type Record struct {
	Number int64
	// Salt and Payload are both nil once the content is erased.
	Salt, Payload []byte
	// Hashes are those stored with it: the leaf, then the roots of the subtrees
	// that it completes. An export has the leaf only.
	Hashes []tlog.Hash
	// Gone says that hashes are all there is: not even an erased entry.
	Gone bool
	// LeafOnly says that only the leaf was stored, and the tree is not to be compared.
	LeafOnly bool
}
