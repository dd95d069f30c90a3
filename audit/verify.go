package audit

import (
	"cmp"
	"context"
	"fmt"
	"slices"
)

// VerifyOptions say against what a log is verified.
type VerifyOptions struct {
	Keys      Keys      // public keys of the log; must be there
	Witnesses []Witness // what others kept of it
}

// Verify reads a whole log and says whether it is what it was: every entry fits
// its leaf, every leaf the tree, and the tree has the head of each checkpoint and
// witness still in it. What is gone must be accounted for by an entry that erased,
// deleted or restored it. It needs nothing but the log and its public key; memory
// doesn't grow with the log beyond one bit for each erased entry.
//
// A log that is found wrong is a result. Errors: [ErrKeyInvalid] without a key,
// and that of ctx.
func Verify(ctx context.Context, log Log, o VerifyOptions) (Result, error) {
	if len(o.Keys.list) == 0 {
		return Result{}, fmt.Errorf("verify log: %w: no public key", ErrKeyInvalid)
	}
	v := &verification{
		keys: o.Keys, heads: map[int64]Head{}, erased: numberSet{}, named: numberSet{},
		result: Result{Problems: []Problem{}},
	}
	for _, w := range o.Witnesses {
		v.witness(w)
	}
	for signed, err := range log.Checkpoints(ctx) {
		if err != nil {
			v.problem(Problem{Code: ProblemUnreadable, Detail: "checkpoints"})
			break
		}
		v.checkpoint(signed)
	}
	v.plan()
	v.records(ctx, log)
	if err := context.Cause(ctx); err != nil {
		return Result{}, fmt.Errorf("verify log: %w", err)
	}
	v.finish()
	return v.result, nil
}

// maxProblems is how many are listed; the rest is counted.
const maxProblems = 100

// claim is a sighting that the log must answer to.
type claim struct {
	Sighting
	source string
	own    bool // one of the log's own checkpoints
	index  int  // of the judgment on a witness
}

type verification struct {
	keys   Keys
	result Result
	claims []claim
	sizes  []int64        // at which a head is needed, ascending
	heads  map[int64]Head // those passed

	tree          edge
	next          int64 // number expected
	seen          int64 // records so far
	broken        bool  // entries are missing, so from here on there is no tree
	erased, named numberSet
}

func (v *verification) problem(p Problem) {
	if len(v.result.Problems) == maxProblems {
		v.result.More++
		return
	}
	v.result.Problems = append(v.result.Problems, p)
}

func (v *verification) witness(w Witness) {
	s, err := w.Read(v.keys)
	j := Judgment{Source: w.Source, Kind: s.Kind, Verdict: VerdictInvalid, Size: s.Size}
	if err != nil {
		v.problem(Problem{Code: ProblemWitnessInvalid, Source: w.Source, Detail: err.Error()})
	} else {
		j.At = s.when()
		v.claims = append(v.claims, claim{Sighting: s, source: w.Source, index: len(v.result.Witnesses)})
	}
	v.result.Witnesses = append(v.result.Witnesses, j)
}

func (v *verification) checkpoint(signed []byte) {
	c, err := OpenCheckpoint(signed, v.keys)
	if err != nil {
		v.problem(Problem{Code: ProblemCheckpointInvalid, Detail: err.Error()})
		return
	}
	v.claims = append(v.claims, claim{
		Sighting: Sighting{Kind: WitnessCheckpoint, Head: c.Head, At: c.At},
		source:   "log", own: true,
	})
}

// plan notes at which sizes heads will be needed.
func (v *verification) plan() {
	slices.SortStableFunc(v.claims, func(a, b claim) int { return cmp.Compare(a.Size, b.Size) })
	for _, c := range v.claims {
		v.sizes = append(v.sizes, c.Size)
	}
	v.sizes = slices.Compact(v.sizes)
	v.pass()
}

// pass keeps the head if one is needed at this size.
func (v *verification) pass() {
	for len(v.sizes) > 0 && v.sizes[0] <= v.tree.size && !v.broken {
		if v.sizes[0] == v.tree.size {
			v.heads[v.tree.size] = v.tree.head()
		}
		v.sizes = v.sizes[1:]
	}
}

// finish judges what could only be judged at the end.
func (v *verification) finish() {
	r := &v.result
	r.Entries, r.Root = v.next, v.tree.head().Root.String()
	for s := range v.erased.without(v.named) {
		v.problem(Problem{Code: ProblemErasedUnlogged, Entries: s.String()})
	}
	for s := range v.named.without(v.erased) {
		v.problem(Problem{Code: ProblemErasureUndone, Entries: s.String()})
	}
	v.judge()
	r.OK = len(r.Problems) == 0
}
