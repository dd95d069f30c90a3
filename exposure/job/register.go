package job

import (
	"errors"
	"time"

	"chipproof/exposure"
)

// OpenAgent is the class of what `chipproof doctor --leaks` finds at a counter.
const OpenAgent = exposure.OpenAgent

// Errors about findings, tasks and imports.
var (
	ErrFindingUnknown = errors.New("finding unknown")
	ErrTaskUnknown    = errors.New("task unknown")
	// ErrTaskExists is for a finding that an unproven task is about already.
	ErrTaskExists = errors.New("finding has a task")
	// ErrTaskInvalid is for a task without owner or time, or whose time is past.
	ErrTaskInvalid = errors.New("task invalid")
	// ErrTaskStopped is for a claim on what a scan has proven already.
	ErrTaskStopped = errors.New("task is proven")
	// ErrFindingFixed is for a task about what is no longer there.
	ErrFindingFixed = errors.New("finding is fixed")
	// ErrImportInvalid is for a file that is no report of findings.
	ErrImportInvalid = errors.New("import invalid")
	// ErrAssetInvalid is for an asset without name, owner or targets, named twice,
	// or whose texts hold personal data.
	ErrAssetInvalid = errors.New("asset invalid")
)

// Found is a finding in the register, over all scans.
type Found struct {
	ID string `json:"id"` // exposure.Finding.ID
	exposure.Finding
	// State since the last scan that could tell: new, still, fixed, not_checked.
	State     exposure.Change `json:"state"`
	Tool      string          `json:"tool"`
	FirstSeen time.Time       `json:"first_seen"`
	FirstScan string          `json:"first_scan"`
	LastSeen  time.Time       `json:"last_seen"`
	LastScan  string          `json:"last_scan"`
	// Fixed is when a scan last found it gone.
	Fixed     time.Time `json:"fixed,omitzero"`
	FixedScan string    `json:"fixed_scan,omitzero"`
	// Task is the latest about it.
	Task string `json:"task,omitzero"`
}

// Filter picks findings. What is zero doesn't filter.
type Filter struct {
	Severity exposure.Severity
	State    exposure.Change
	Open     Openness
	Class    exposure.Class
	Scan     string // met by this scan
	Tool     string
	Task     string // what the task is about
	After    string // the id of the last one of the page before
	Limit    int    // default 100, at most 1000
}

// Openness is whether a finding is open.
type Openness string

// The two; the empty one is both.
const (
	OnlyOpen  Openness = "open"  // not fixed
	OnlyFixed Openness = "fixed" // gone
)

// Day is a day's end in the trend, in Thailand's time.
type Day struct {
	Date string                    `json:"date"` // 2026-11-25
	Open int                       `json:"open"`
	By   map[exposure.Severity]int `json:"by_severity"`
}

// TaskOrder is a task as somebody opens it.
type TaskOrder struct {
	Finding string // the id of one; the task is about all that is open at its place
	Owner   string // the id of an account
	Due     time.Time
	// Also are further addresses that must no longer serve it.
	Also []Also
}

// Also is a further address of a takedown.
type Also struct {
	Kind    exposure.PlaceKind
	Address string
}

// Task is a task with what scans say of it.
type Task struct {
	ID       string   `json:"id"` // t-2026-0003
	Finding  string   `json:"finding"`
	Findings []string `json:"findings"`
	exposure.Task
	Severity exposure.Severity  `json:"severity"`
	State    exposure.TaskState `json:"state"`
	// Overdue also where it was claimed or came again.
	Overdue bool `json:"overdue,omitzero"`
	// Unproven places, and why; empty when it is stopped.
	Unproven []exposure.OpenPlace `json:"unproven"`
	OpenedBy string               `json:"opened_by"`
	Marks    []Mark               `json:"marks"`
}

// Mark is what a scan proved of a task.
type Mark struct {
	Scan  string             `json:"scan"`
	At    time.Time          `json:"at"`
	State exposure.TaskState `json:"state"` // stopped or again
}

// Imported is what an import came to.
type Imported struct {
	Scan  string `json:"scan"` // the import counts as one
	Tool  string `json:"tool"`
	New   int    `json:"new"`
	Known int    `json:"known"`
	Fixed int    `json:"fixed"`
}
