package office

import (
	"context"
	"errors"
	"fmt"
	"time"

	"chipproof/exposure"
	"chipproof/exposure/job"
	"chipproof/exposure/report"
)

// ScanRows are scans as they are read.
type ScanRows interface {
	// List are so many of them, newest first.
	List(ctx context.Context, limit int) ([]job.Scan, error)
	// One is one of them. Error: [job.ErrScanUnknown].
	One(ctx context.Context, id string) (job.Scan, error)
	// Result is a scan with its report, of one that runs as far as it came. Error:
	// [job.ErrScanUnknown].
	Result(ctx context.Context, id string) (job.Result, error)
}

// ScanFiles is what of scans is handed out or used again.
type ScanFiles interface {
	// Plan is what a scan does or did; the zero plan of an import. Error:
	// [job.ErrScanUnknown].
	Plan(ctx context.Context, id string) (job.Plan, error)
	// RecordReport enters into the audit log that somebody takes a report away.
	RecordReport(ctx context.Context, by job.Actor, id, format string, at time.Time) error
}

// FindingRows is the register of findings over all scans.
type FindingRows interface {
	// Findings are those that the filter picks, the worst first.
	Findings(ctx context.Context, f job.Filter) ([]job.Found, error)
	// Finding is one of them. Error: [job.ErrFindingUnknown].
	Finding(ctx context.Context, id string) (job.Found, error)
	// Totals is what all that the filter picks come to.
	Totals(ctx context.Context, f job.Filter) (job.Totals, error)
}

// TrendRows is how the register of findings changes.
type TrendRows interface {
	// Trend is what was open at the end of each of so many days, the last one today.
	Trend(ctx context.Context, days int, now time.Time) ([]job.Day, error)
}

// TaskRows are tasks, their states computed from what scans have met.
type TaskRows interface {
	// List are those of an owner, or all where owner is empty.
	List(ctx context.Context, owner string, now time.Time) ([]job.Task, error)
	// One is one of them. Error: [job.ErrTaskUnknown].
	One(ctx context.Context, id string, now time.Time) (job.Task, error)
}

// TaskActs are what people do about tasks.
type TaskActs interface {
	// Open makes a task of a finding. Errors: [job.ErrTaskInvalid],
	// [job.ErrTaskExists], [job.ErrFindingUnknown], [job.ErrFindingFixed].
	Open(ctx context.Context, by job.Actor, o job.TaskOrder, at time.Time) (job.Task, error)
	// Claim says that it is done. Errors: [job.ErrTaskUnknown], [job.ErrTaskStopped].
	Claim(ctx context.Context, by job.Actor, id string, at time.Time) (job.Task, error)
}

// AssetRows is the register of systems.
type AssetRows interface {
	List(ctx context.Context) ([]exposure.Asset, error)
	// Save puts a whole register in the place of the former one. Error:
	// [job.ErrAssetInvalid].
	Save(ctx context.Context, by job.Actor, assets []exposure.Asset, at time.Time) error
	// Coverage says for each target when a scan of it last came to its end.
	Coverage(ctx context.Context) ([]exposure.Covered, error)
}

// Importer takes in results of other tools, and of our own elsewhere.
type Importer interface {
	Import(ctx context.Context, by job.Actor, in job.Import, at time.Time) (job.Imported, error)
}

// Runs are the scans that this program runs; [job.Manager] is one.
type Runs interface {
	// Start keeps a plan and runs it when its turn comes.
	Start(ctx context.Context, by job.Actor, p job.Plan) (job.Scan, error)
	// Follow tells how far a scan is, what is known at once and then as it goes. The
	// channel is closed when the scan or ctx ends, and at once where nothing is known.
	Follow(ctx context.Context, id string) <-chan job.Progress
	// Cancel ends a scan for good. Errors: [job.ErrScanUnknown], [job.ErrScanEnded].
	Cancel(ctx context.Context, by job.Actor, id string) error
}

// Owner is somebody who may be given a task.
type Owner struct {
	ID, Name string
	// Role is what the person may do, in the word of package mfa.
	Role string
}

// ExposureOptions make [Exposures]. All but Letterhead and Contact are needed.
type ExposureOptions struct {
	Scans    ScanRows
	Files    ScanFiles
	Findings FindingRows
	Trend    TrendRows
	Tasks    TaskRows
	TaskActs TaskActs
	Assets   AssetRows
	Imports  Importer
	Runs     Runs
	// Owners are the accounts that tasks can be given to, as they are now.
	Owners func(context.Context) ([]Owner, error)
	// Key makes the fingerprints of what other tools found.
	Key exposure.Key
	// Letterhead begins official letters: agency, address, unit, phone. The rest of
	// it is typed for each letter.
	Letterhead report.Letter
	// Contact stands on every report (A20).
	Contact report.Contact
	// Now is the clock by which scope files expire and letters are dated.
	Now func() time.Time
}

// Exposures is what was found and what becomes of it, over HTTP.
type Exposures struct {
	ExposureOptions
}

// errExposureOptions is for options that lack something.
var errExposureOptions = errors.New("options lack rows, runs, owners or a clock")

// NewExposures checks the options.
func NewExposures(o ExposureOptions) (*Exposures, error) {
	if o.Scans == nil || o.Files == nil || o.Findings == nil || o.Trend == nil || o.Tasks == nil || o.TaskActs == nil || o.Assets == nil || o.Imports == nil || o.Runs == nil || o.Owners == nil || o.Now == nil {
		return nil, fmt.Errorf("make exposures: %w", errExposureOptions)
	}
	return &Exposures{o}, nil
}
