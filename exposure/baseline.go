package exposure

import (
	"slices"
	"strings"
)

// Change is what became of a finding since a baseline.
type Change string

// The changes.
const (
	New   Change = "new"
	Still Change = "still"
	// Fixed: its target was read again to the end, or a complete scan of the
	// same roots no longer met it, and the value was not there. What is now a
	// picture, or is in an archive that can't be read, was not read.
	Fixed Change = "fixed"
	// Unchecked: nothing is known. "No answer" and "not scanned" prove nothing.
	Unchecked Change = "not_checked"
)

// Compared is a finding and what became of it.
type Compared struct {
	Finding
	Change Change `json:"change"`
}

// Compare holds a report against a baseline. A value counts once a target,
// however often it stands there. What is there comes first, in the report's
// order, then what is not, in the baseline's.
func Compare(before, after Report) []Compared {
	old, now := map[string]bool{}, map[string]bool{}
	for _, f := range before.Findings {
		old[f.ID()] = true
	}
	scanned := map[string]bool{}
	for _, id := range after.Scanned {
		scanned[id] = true
	}
	met := map[string]bool{}
	archives := map[string]bool{} // that were not read, with whatever is in them
	for _, n := range after.NotRead {
		met[n.TargetID] = true
		archives[n.Target] = true
	}
	out := []Compared{}
	for _, f := range after.Findings {
		met[f.TargetID] = true
		if now[f.ID()] {
			continue
		}
		now[f.ID()] = true
		change := New
		if old[f.ID()] {
			change = Still
		}
		out = append(out, Compared{f, change})
	}
	sameRoots := after.Complete && subset(before.RootIDs, after.RootIDs)
	for _, f := range before.Findings {
		if now[f.ID()] {
			continue
		}
		now[f.ID()] = true
		change := Unchecked
		if scanned[f.TargetID] || sameRoots && !met[f.TargetID] && !inOne(f.Target, archives) {
			change = Fixed
		}
		out = append(out, Compared{f, change})
	}
	return out
}

// inOne says that a target is a member of one of the archives.
func inOne(target string, archives map[string]bool) bool {
	at := strings.LastIndexByte(target, '!')
	return at >= 0 && archives[target[:at]]
}

func subset(of, in []string) bool {
	for _, x := range of {
		if !slices.Contains(in, x) {
			return false
		}
	}
	return len(of) > 0
}

// Open is how many different exposures a comparison leaves open: new ones, still
// there, and those that nobody checked (A21). It is 0 exactly when none is open.
func Open(compared []Compared) int {
	n := 0
	for _, c := range compared {
		if c.Change != Fixed {
			n++
		}
	}
	return n
}
