package exposure

import (
	"strings"
	"time"
)

// Asset is a system that the agency holds (A05).
type Asset struct {
	Name      string   `json:"name"`
	Owner     string   `json:"owner"`   // who answers for it
	Targets   []string `json:"targets"` // hosts (www.banlat.go.th), URLs or folders that it is made of
	Classes   []Class  `json:"classes"` // what personal data it is meant to hold
	Processor string   `json:"processor,omitzero"`
}

// Covered is what is known of one target of an asset.
type Covered struct {
	Asset  string `json:"asset"`
	Target string `json:"target"`
	// Last is when a scan of it came to its end; zero when none ever did.
	Last time.Time `json:"last,omitzero"`
}

// Past is a scan that was made.
type Past struct {
	Roots    []string // as they were given
	Ended    time.Time
	Complete bool
}

// Coverage says for each target of each asset when it was last scanned to the
// end, in the order of the assets. A target counts as scanned when a root of the
// scan is the target itself or lies above it.
func Coverage(assets []Asset, scans []Past) []Covered {
	out := []Covered{}
	for _, a := range assets {
		for _, t := range a.Targets {
			c := Covered{Asset: a.Name, Target: t}
			for _, s := range scans {
				if s.Complete && s.Ended.After(c.Last) && reaches(s.Roots, t) {
					c.Last = s.Ended
				}
			}
			out = append(out, c)
		}
	}
	return out
}

// NeverScanned gives the targets that no scan ever came to the end of.
func NeverScanned(coverage []Covered) []Covered {
	out := []Covered{}
	for _, c := range coverage {
		if c.Last.IsZero() {
			out = append(out, c)
		}
	}
	return out
}

// reaches says that one of the roots is target or above it.
func reaches(roots []string, target string) bool {
	target = place(target)
	for _, r := range roots {
		r = place(r)
		if target == r || strings.HasPrefix(target, strings.TrimSuffix(r, "/")+"/") {
			return true
		}
	}
	return false
}

// place is a target without what doesn't say where it is: scheme, slash at the
// end.
func place(t string) string {
	t = strings.TrimPrefix(strings.TrimPrefix(t, "https://"), "http://")
	if len(t) > 1 {
		t = strings.TrimSuffix(t, "/")
	}
	return t
}
