package job

import (
	"errors"
	"time"

	"chipproof/exposure"
)

// Errors about scans.
var (
	// ErrScanUnknown is for an id that no scan has.
	ErrScanUnknown = errors.New("scan unknown")
	// ErrScanEnded is for what only an unfinished scan can do.
	ErrScanEnded = errors.New("scan ended")
	// ErrScanHeld is for a scan that another program runs.
	ErrScanHeld = errors.New("scan runs elsewhere")
	// ErrIncomplete is for a scan that ended before the end of its targets; the
	// report says what it met until then.
	ErrIncomplete = errors.New("scan incomplete")
)

// State of a scan.
type State string

// The states.
const (
	Open       State = "open"       // begun; it waits, runs, or was cut off and goes on
	Complete   State = "complete"   // it came to the end of all its targets
	Incomplete State = "incomplete" // it ended, and not at the end of all
	Canceled   State = "canceled"   // somebody ended it
)

// Reason why a scan is incomplete.
type Reason string

// The reasons.
const (
	LimitReached Reason = "limit"       // of pages, bytes or time
	TargetGone   Reason = "target_gone" // a path, list or document that can't be read any more
	NoStart      Reason = "no_start"    // a site's first page did not answer
	ScopeEnded   Reason = "scope"       // the scope file expired, or no longer fits
	ByHand       Reason = "by_hand"     // somebody ended it
)

// Scan is what is known of a scan, or of an import that counts as one.
type Scan struct {
	ID      string   `json:"id"`
	Targets []Target `json:"targets"`
	Roots   []string `json:"roots"`
	Tool    string   `json:"tool"` // chipproof-office, or whose results were imported
	Version string   `json:"version"`
	By      Actor    `json:"-"`
	State   State    `json:"state"`
	Reason  Reason   `json:"reason,omitzero"`

	Begun time.Time `json:"begun"`
	Ended time.Time `json:"ended,omitzero"`
	// Baseline is the earlier complete scan of the same roots; empty for none.
	Baseline string `json:"baseline,omitzero"`
	// What follows is there once it ended.
	Summary exposure.Summary        `json:"summary,omitzero"`
	Changes map[exposure.Change]int `json:"changes,omitzero"`
}

// Result is a scan's report, and what became of each finding since the baseline;
// [exposure.Compared.Change] is empty where there is none.
type Result struct {
	Scan     Scan
	Report   exposure.Report
	Compared []exposure.Compared
}
