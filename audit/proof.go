package audit

import (
	"errors"
	"fmt"

	"golang.org/x/mod/sumdb/tlog"
)

// Inclusion proves that a log of some size has an entry (RFC 6962 §2.1.1).
type Inclusion struct {
	Size   int64       `json:"size"`
	Number int64       `json:"number"`
	Path   []tlog.Hash `json:"path"`
}

// Growth proves that one head is that of an earlier state of the same log: the
// newer one has all its entries, and in the same order (RFC 6962 §2.1.2).
type Growth struct {
	From int64       `json:"from"`
	To   int64       `json:"to"`
	Path []tlog.Hash `json:"path"`
}

// ProveInclusion makes the proof from stored hashes, in the order of
// [tlog.StoredHashIndex]. Error: [ErrUnknown] for a number that isn't below size.
func ProveInclusion(size, number int64, r tlog.HashReader) (Inclusion, error) {
	if number < 0 || number >= size {
		return Inclusion{}, fmt.Errorf("prove entry %d of %d: %w", number, size, ErrUnknown)
	}
	path, err := tlog.ProveRecord(size, number, r)
	if err != nil {
		return Inclusion{}, fmt.Errorf("prove entry %d of %d: %w", number, size, err)
	}
	return Inclusion{Size: size, Number: number, Path: path}, nil
}

// Check says whether the log with this head has that leaf at the proof's place.
// Error: [ErrProofInvalid].
func (p Inclusion) Check(head Head, leaf tlog.Hash) error {
	if head.Size != p.Size {
		return fmt.Errorf("check entry %d: %w: head of another size", p.Number, ErrProofInvalid)
	}
	if err := tlog.CheckRecord(p.Path, head.Size, head.Root, p.Number, leaf); err != nil {
		return fmt.Errorf("check entry %d: %w", p.Number, errors.Join(ErrProofInvalid, err))
	}
	return nil
}

// ProveGrowth makes the proof from stored hashes. Every log has grown from the
// empty one, which needs no hash. Error: [ErrUnknown] for sizes out of order.
func ProveGrowth(from, to int64, r tlog.HashReader) (Growth, error) {
	if from < 0 || to < from {
		return Growth{}, fmt.Errorf("prove growth from %d to %d: %w", from, to, ErrUnknown)
	}
	if from == 0 {
		return Growth{To: to}, nil
	}
	path, err := tlog.ProveTree(to, from, r)
	if err != nil {
		return Growth{}, fmt.Errorf("prove growth from %d to %d: %w", from, to, err)
	}
	return Growth{From: from, To: to, Path: path}, nil
}

// Check says whether to has grown from from. Error: [ErrProofInvalid].
func (p Growth) Check(from, to Head) error {
	switch {
	case from.Size != p.From || to.Size != p.To:
		return fmt.Errorf("check growth: %w: heads of other sizes", ErrProofInvalid)
	case p.From == 0:
		if from != EmptyHead() || len(p.Path) > 0 {
			return fmt.Errorf("check growth: %w: not an empty log", ErrProofInvalid)
		}
		return nil
	}
	if err := tlog.CheckTree(p.Path, to.Size, to.Root, from.Size, from.Root); err != nil {
		return fmt.Errorf("check growth: %w", errors.Join(ErrProofInvalid, err))
	}
	return nil
}
