package exposure

import (
	"time"

	"chipproof/exposure/detect"
	"chipproof/exposure/formats"
)

// Rules is the version of the detectors and their scores. A finding carries it,
// so that a change of the rules is not taken for a change of the world.
const Rules = "exposure-1"

// Class is a kind of personal data.
type Class = detect.Class

// Locator is a place in a file.
type Locator = formats.Locator

// Reachability says who can get at what was found (A03).
type Reachability string

// From worst to best.
const (
	Anonymous Reachability = "anonymous" // anyone, by following links or lists
	LinkOnly  Reachability = "link_only" // anyone who has the address
	Login     Reachability = "login"     // whoever can log in
	Internal  Reachability = "internal"  // files and machines inside the agency
)

// rank of a reachability, the worst highest.
func (r Reachability) rank() int {
	switch r {
	case Anonymous:
		return 4
	case LinkOnly:
		return 3
	case Login:
		return 2
	case Internal:
		return 1
	}
	return 0
}

// Severity is judged by record: a number with a name and an address weighs far
// more than a phone (assurance §4.4).
type Severity string

// From worst to least.
const (
	Critical Severity = "critical"
	High     Severity = "high"
	Medium   Severity = "medium"
	Low      Severity = "low"
)

// Finding is one occurrence of personal data. It never holds the data.
type Finding struct {
	Class Class `json:"class"`
	// Target is the file, URL or archive member (a.zip!inner.csv), with
	// everything personal in it masked.
	Target string `json:"target"`
	// TargetID is the same for the same unmasked target; see [Key.TargetID].
	TargetID     string       `json:"target_id"`
	Locator      Locator      `json:"locator"`
	Masked       string       `json:"masked"`
	Fingerprint  string       `json:"fingerprint"`
	Score        int          `json:"score"` // 0 to 100
	Reachability Reachability `json:"reachability"`
	Severity     Severity     `json:"severity"`
	// Record numbers the rows, objects and paragraphs of one target, so that
	// what belongs to one person stays together.
	Record int `json:"record"`
	// Rule that found it, for class secret.
	Rule    string    `json:"rule,omitzero"`
	Snippet string    `json:"snippet,omitzero"`
	Seen    time.Time `json:"seen"`
	Rules   string    `json:"rules"`
}

// ID names the occurrence across scans: the same value in the same target. The
// place in the file is not part of it, because lines move.
func (f Finding) ID() string { return f.TargetID + "." + f.Fingerprint }

// NotRead is a target that could not be read, and why.
type NotRead struct {
	Target   string         `json:"target"`
	TargetID string         `json:"target_id"`
	Reason   formats.Reason `json:"reason"`
}

// Item is one thing to look through.
type Item struct {
	// Target is its name: a path or a URL. It is scanned too.
	Target string
	// MediaType as a server gave it; a hint.
	MediaType    string
	Source       formats.Source
	Reachability Reachability
}

// Outcome is what one item gave.
type Outcome struct {
	Target   string    `json:"target"`
	TargetID string    `json:"target_id"`
	Findings []Finding `json:"findings"`
	// Omitted findings were counted and not kept, because they were too many.
	Omitted    int           `json:"omitted"`
	NotRead    []NotRead     `json:"not_read"`
	Counts     map[Class]int `json:"counts"` // omitted ones included
	People     int           `json:"people"` // distinct, omitted findings included
	Suppressed int           `json:"suppressed"`
	Allowed    int           `json:"allowed"` // work contacts
	Files      int           `json:"files"`
	Bytes      int64         `json:"bytes"`
	Format     string        `json:"format"`
}
