package proofing

import (
	"cmp"
	"errors"
	"slices"
)

// waysLimit is how many ways a row may have. Real tables have a dozen.
const waysLimit = 1024

var errTooManyWays = errors.New("more combinations of facts than anybody can check")

// way is one set of facts that reaches a level, in the order of the rule.
type way []demand

// demand is one fact that must have passed, and what it must look like.
type demand struct {
	kind  Kind
	where []condition
}

// condition is a member of a fact that must have a certain value.
type condition struct {
	member, value string
}

// memberOf is a member of a fact that rules may look at; false for no such one.
func memberOf(f Fact, member string) (string, bool) {
	switch member {
	case "reference":
		return f.Reference, true
	case "how":
		return string(f.How), true
	case "printed_expiry":
		return string(f.PrintedExpiry), true
	}
	return "", false
}

// fits says whether a fact that passed is the one that is demanded.
func (d demand) fits(f Fact) bool {
	for _, c := range d.where {
		if value, _ := memberOf(f, c.member); value != c.value {
			return false
		}
	}
	return true
}

// missing is what the facts in force lack of a way, and of what it rests on.
func (w way) missing(now Facts) way {
	lacks := slices.DeleteFunc(slices.Clone(w), func(d demand) bool {
		f := now.Of(d.kind)
		return f.Outcome == Passed && d.fits(f)
	})
	for _, base := range missingBases(now, w.kinds()...) {
		if !lacks.has(base) {
			lacks = append(lacks, demand{kind: base})
		}
	}
	return lacks
}

func (w way) has(k Kind) bool {
	return slices.ContainsFunc(w, func(d demand) bool { return d.kind == k })
}

// kinds are the facts of a way in the order of the rule.
func (w way) kinds() []Kind {
	kinds := make([]Kind, 0, len(w))
	for _, d := range w {
		kinds = append(kinds, d.kind)
	}
	return kinds
}

// plus joins two ways. A fact that both demand is demanded once, with the
// conditions of both.
func (w way) plus(more way) way {
	joined := make(way, 0, len(w)+len(more))
	for _, d := range w {
		joined = append(joined, demand{d.kind, slices.Clone(d.where)})
	}
	for _, d := range more {
		i := slices.IndexFunc(joined, func(e demand) bool { return e.kind == d.kind })
		if i < 0 {
			joined = append(joined, demand{d.kind, slices.Clone(d.where)})
			continue
		}
		joined[i].where = append(joined[i].where, d.where...)
	}
	return joined
}

// combine gives every way that takes one of each group, those that name facts
// first in their group first.
func combine(groups ...[]way) ([]way, error) {
	combined := []way{nil}
	for _, group := range groups {
		if len(combined)*len(group) > waysLimit {
			return nil, errTooManyWays
		}
		var next []way
		for _, w := range combined {
			for _, more := range group {
				next = append(next, w.plus(more))
			}
		}
		combined = next
	}
	return combined, nil
}

// together is the group whose one way is all those facts; apart has a way for
// each of them.
func together(kinds []Kind) []way {
	w := way{}
	for _, k := range kinds {
		w = append(w, demand{kind: k})
	}
	return []way{w}
}

func apart(kinds []Kind) []way {
	var group []way
	for _, k := range kinds {
		group = append(group, way{{kind: k}})
	}
	return group
}

// inOrder sorts kinds as answers list them.
func inOrder(kinds []Kind) []Kind {
	order := Kinds()
	slices.SortFunc(kinds, func(a, b Kind) int { return cmp.Compare(slices.Index(order, a), slices.Index(order, b)) })
	return kinds
}
