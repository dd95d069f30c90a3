package audit

import (
	"crypto/sha256"

	"golang.org/x/mod/sumdb/tlog"
)

// Head is the state of a log: how many entries, and the root over them.
type Head struct {
	Size int64     `json:"size"`
	Root tlog.Hash `json:"root"`
}

// EmptyHead is that of a log without entries: the hash of nothing (RFC 6962 §2.1).
func EmptyHead() Head { return Head{Root: sha256.Sum256(nil)} }

// edge is the right edge of a tree that grows leaf by leaf: the roots of its
// complete subtrees, the largest first. It needs no more than log₂ n hashes.
type edge struct {
	size  int64
	roots []tlog.Hash
	done  []tlog.Hash // what the last leaf completed, leaf first
}

// add appends a leaf and returns the hashes to be stored with it, as
// [tlog.StoredHashesForRecordHash] does. They are valid until the next call.
func (e *edge) add(leaf tlog.Hash) []tlog.Hash {
	e.done = append(e.done[:0], leaf)
	for n := e.size; n&1 == 1; n >>= 1 {
		last := len(e.roots) - 1
		leaf = tlog.NodeHash(e.roots[last], leaf)
		e.roots = e.roots[:last]
		e.done = append(e.done, leaf)
	}
	e.roots = append(e.roots, leaf)
	e.size++
	return e.done
}

func (e *edge) head() Head {
	if e.size == 0 {
		return EmptyHead()
	}
	root := e.roots[len(e.roots)-1]
	for i := len(e.roots) - 2; i >= 0; i-- {
		root = tlog.NodeHash(e.roots[i], root)
	}
	return Head{Size: e.size, Root: root}
}
