package job

import (
	"context"
	"time"

	"chipproof/exposure"
)

// Actor is in whose name something is done: a user id, or "os:<uid>".
type Actor struct {
	ID      string
	Session string
}

// Ledger keeps scans. Package store/office implements it.
type Ledger interface {
	// Begin keeps a plan and gives the scan its id.
	Begin(ctx context.Context, by Actor, p Plan, version string, at time.Time) (Scan, error)
	// Open gives a scan that was begun and has not ended, to go on with it.
	// Errors: [ErrScanUnknown], [ErrScanEnded].
	Open(ctx context.Context, id string) (Plan, Scan, Book, error)
	// End ends a scan: it is compared with what was there before, and tasks that
	// it proves are recorded. Error: [ErrScanEnded].
	End(ctx context.Context, id string, e Ending) error
}

// Book is one scan's state; several goroutines use it at once.
type Book interface {
	// Done says whether an item was kept in this scan. What is asked after it
	// counts as seen after everything that was recorded until now.
	Done(ctx context.Context, targetID string) (bool, error)
	// Keep keeps an item's outcome, its findings, what was met there and that it
	// is done, in one transaction. Once more changes nothing.
	Keep(ctx context.Context, o exposure.Outcome, seen exposure.Observation) error
	// Outcomes are those kept so far, in the order in which they came.
	Outcomes(ctx context.Context) ([]exposure.Outcome, error)
}

// Places knows where something was found before, or must be gone.
type Places interface {
	// Unmet gives those that this scan has not met: of open findings and of
	// takedowns that are not proven. Targets are masked.
	Unmet(ctx context.Context, id string) ([]exposure.Place, error)
}

// Holds makes sure that one program at a time runs a scan.
type Holds interface {
	// Hold takes a scan, or goes on holding it, for a while; false when somebody
	// else has it.
	Hold(ctx context.Context, id, holder string, now, until time.Time) (bool, error)
	// Release gives it back.
	Release(ctx context.Context, id, holder string) error
	// Unfinished are the scans that were begun and have not ended, oldest first.
	Unfinished(ctx context.Context) ([]Scan, error)
}

// Ending is how a scan ended.
type Ending struct {
	// By is empty where nobody ended it but the scan itself.
	By     Actor
	State  State
	Reason Reason
	Report exposure.Report
	// Covers are addresses of which all is in the scan besides its roots: the
	// server of an API whose document was followed.
	Covers []string
	// Gaps says that parts could not be looked into, so that what was not met may
	// still be there.
	Gaps bool
}
