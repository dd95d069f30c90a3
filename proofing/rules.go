package proofing

import (
	"errors"
	"fmt"
	"slices"
)

// ErrRulesInvalid is what [ParseScheme] returns for a file that isn't rules, or
// claims a level that nobody has compared with its source.
var ErrRulesInvalid = errors.New("rules invalid")

// Scheme is one table of levels (assurance §2.3, §2.4), of one version. One
// evaluator reads them all: what a scheme asks is data, and a corrected table is
// a file with a new version.
type Scheme struct {
	Name, Version string
	// Unconfirmed: nobody could check the rules against the standard, so what
	// they give is a candidate level.
	Unconfirmed bool

	levels []level // lowest first
}

// level is one row: what reaches it.
type level struct {
	name string
	// clause and source say where it comes from; a confirmed one has a clause.
	clause, source string
	// present: only at an attended desk.
	present bool
	// never: named for completeness; nobody reaches it here.
	never bool
	// attended and remote are the ways at a desk with a clerk and without.
	attended, remote []way
}

// waysAt are the ways that count at that desk, whether or not it is one where
// the level can be had.
func (l level) waysAt(d Desk) []way {
	if d.Attended || l.present {
		return l.attended
	}
	return l.remote
}

// index finds a level that can be reached; -1 for none of that name.
func (s Scheme) index(name string) int {
	return slices.IndexFunc(s.levels, func(l level) bool { return l.name == name && !l.never })
}

// ParseScheme reads a rule file strictly: everything in it is known and stands
// once. A row says `level` only with the clause that somebody has compared with
// it and only in a file that is not unconfirmed, and otherwise
// `candidate_level` (assurance §2.3). Errors are [ErrRulesInvalid] with the line.
func ParseScheme(content []byte) (Scheme, error) {
	s, err := readScheme(content)
	if err != nil {
		return Scheme{}, fmt.Errorf("parse rules: %w: %w", ErrRulesInvalid, err)
	}
	return s, nil
}
