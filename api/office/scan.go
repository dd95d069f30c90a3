package office

import (
	"context"
	"fmt"
	"time"

	"chipproof/api"
	"chipproof/exposure/crawl"
	"chipproof/exposure/job"
)

// ScanLine is a scan in the list of all.
type ScanLine struct {
	ID              string    `json:"id" doc:"Its number" example:"s-2026-0007"`
	State           string    `json:"state" enum:"waiting,running,open,complete,incomplete,canceled" doc:"open: begun, and not run by this program just now"`
	Reason          string    `json:"reason,omitzero" doc:"Why it is incomplete" example:"limit"`
	Tool            string    `json:"tool" doc:"chipproof-office, or whose results were taken in"`
	Targets         []string  `json:"targets" nullable:"false" doc:"What was asked for"`
	StartedAt       time.Time `json:"started_at" doc:"When it began"`
	EndedAt         time.Time `json:"ended_at,omitzero" doc:"When it ended; absent before"`
	People          int       `json:"people" doc:"Distinct people whose data was found"`
	PeopleEstimated bool      `json:"people_estimated,omitzero" doc:"So much was found that they could not all be told apart"`
	Findings        int       `json:"findings" doc:"How often data was met"`
}

// ScanAnswer is a scan with all that is known of it.
type ScanAnswer struct {
	ScanLine
	By           string         `json:"by" doc:"Who asked for it: id of the user, or os: and the account"`
	ByName       string         `json:"by_name,omitzero" doc:"The user's name today"`
	Rules        string         `json:"rules,omitzero" doc:"Version of the rules"`
	Baseline     string         `json:"baseline,omitzero" doc:"The earlier scan of the same that it was held against"`
	Changes      map[string]int `json:"changes,omitzero" doc:"What became of each finding since the baseline"`
	Hosts        []string       `json:"hosts" nullable:"false" doc:"Hosts that may be asked"`
	Files        int            `json:"files" doc:"Files, pages and members of archives that were read"`
	Bytes        int64          `json:"bytes" doc:"What was read of them"`
	Severities   map[string]int `json:"severities" nullable:"false" doc:"Findings by severity"`
	Classes      map[string]int `json:"classes" nullable:"false" doc:"Findings by kind of data"`
	NotRead      []NotReadLine  `json:"not_read" nullable:"false" doc:"What could not be read; the first 200"`
	NotReadCount int            `json:"not_read_count" doc:"How many there are"`
	Repeatable   bool           `json:"repeatable" doc:"Whether it can be made once more as it was"`
	Progress     *ScanProgress  `json:"progress,omitzero" doc:"How far it is; absent when this program does not run it"`
}

// NotReadLine is something that could not be read.
type NotReadLine struct {
	Target string `json:"target" doc:"Where, with everything personal masked"`
	Reason string `json:"reason" doc:"Why" example:"image"`
}

// ScanProgress is how far a scan is.
type ScanProgress struct {
	State          string `json:"state" enum:"waiting,running" doc:"Whether its turn has come"`
	Part           int    `json:"part" doc:"Which of the parts runs"`
	Parts          int    `json:"parts" doc:"Folders, all sites together, each API, and the places that were met before"`
	Items          int    `json:"items" doc:"Files or pages of the part that are done"`
	TotalItems     int    `json:"total_items" doc:"How many are known by now; a crawl finds more as it goes"`
	Bytes          int64  `json:"bytes" doc:"Bytes of the part that are done"`
	TotalBytes     int64  `json:"total_bytes" doc:"Of how many; 0 for what is fetched"`
	People         int    `json:"people" doc:"Distinct people so far"`
	Findings       int    `json:"findings" doc:"Findings so far"`
	Current        string `json:"current,omitzero" doc:"What was finished last, masked"`
	ElapsedSeconds int64  `json:"elapsed_seconds" doc:"Since it began to run"`
	LeftSeconds    int64  `json:"left_seconds,omitzero" doc:"An estimate for the part; absent while nothing can be said"`
}

const (
	stateWaiting = "waiting"
	stateRunning = "running"
	// notReadShown is how much of what could not be read a page lists.
	notReadShown = 200
	// listedScans is how many scans a list has.
	listedScans = 200
)

func progressOf(p job.Progress) *ScanProgress {
	state := stateRunning
	if p.Stage == job.Waits {
		state = stateWaiting
	}
	return &ScanProgress{
		State: state, Part: p.Part, Parts: p.Parts, Items: p.Items, TotalItems: p.TotalItems, Bytes: p.Bytes, TotalBytes: p.TotalBytes,
		People: p.People, Findings: p.Findings, Current: p.Current,
		ElapsedSeconds: int64(p.Elapsed() / time.Second), LeftSeconds: int64((p.Left() + time.Second - 1) / time.Second),
	}
}

// now is how far a scan is; nil where this program does not run it.
func (e *Exposures) progress(ctx context.Context, id string) *ScanProgress {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	select {
	case p, known := <-e.Runs.Follow(ctx, id):
		if known && p.Stage != job.Ended {
			return progressOf(p)
		}
	default:
	}
	return nil
}

// lineOf is a scan in a list. What a scan that runs has found until now is its
// progress's to say.
func (e *Exposures) lineOf(ctx context.Context, s job.Scan) (ScanLine, *ScanProgress) {
	line := ScanLine{
		ID: s.ID, State: string(s.State), Reason: string(s.Reason), Tool: s.Tool, Targets: nonNil(s.Roots), StartedAt: s.Begun, EndedAt: s.Ended,
		People: s.Summary.People, PeopleEstimated: s.Summary.PeopleEstimated, Findings: s.Summary.Findings,
	}
	if s.State != job.Open {
		return line, nil
	}
	p := e.progress(ctx, s.ID)
	if p != nil {
		line.State, line.People, line.Findings = p.State, p.People, p.Findings
	}
	return line, p
}

type (
	scanInput struct {
		ID string `path:"id" maxLength:"64" doc:"The scan's number" example:"s-2026-0007"`
	}
	scansOutput struct {
		Body struct {
			Scans []ScanLine `json:"scans" nullable:"false" doc:"Newest first"`
		}
	}
	scanOutput  struct{ Body ScanAnswer }
	begunOutput struct {
		Body struct {
			ID string `json:"id" doc:"The scan's number" example:"s-2026-0007"`
		}
	}
)

func (e *Exposures) listScans(ctx context.Context, _ *struct{}) (*scansOutput, error) {
	scans, err := e.Scans.List(ctx, listedScans)
	if err != nil {
		return nil, fmt.Errorf("list scans: %w", err)
	}
	var out scansOutput
	out.Body.Scans = make([]ScanLine, 0, len(scans))
	for _, s := range scans {
		line, _ := e.lineOf(ctx, s)
		out.Body.Scans = append(out.Body.Scans, line)
	}
	return &out, nil
}

func (e *Exposures) showScan(ctx context.Context, in *scanInput) (*scanOutput, error) {
	result, err := e.Scans.Result(ctx, in.ID)
	if err != nil {
		return nil, fmt.Errorf("show scan: %w", err)
	}
	plan, err := e.Files.Plan(ctx, in.ID)
	if err != nil {
		return nil, fmt.Errorf("show scan: %w", err)
	}
	s, r := result.Scan, result.Report
	a := ScanAnswer{
		By: s.By.ID, Rules: r.Rules, Baseline: s.Baseline, Changes: counted(s.Changes), Hosts: []string{},
		Files: r.Summary.Files, Bytes: r.Summary.Bytes, Classes: nonNilMap(counted(r.Summary.Classes)), Severities: map[string]int{},
		NotRead: []NotReadLine{}, NotReadCount: len(r.NotRead), Repeatable: len(plan.Targets) > 0,
	}
	a.ScanLine, a.Progress = e.lineOf(ctx, s)
	names, err := e.names(ctx)
	if err != nil {
		return nil, err
	}
	a.ByName = names[s.By.ID]
	// It is shown as it was written, also when it has expired since.
	if scope, err := crawl.ParseScope(plan.Scope, s.Begun); err == nil {
		for _, h := range hostsOf(scope) {
			a.Hosts = append(a.Hosts, h.Name)
		}
	}
	for _, f := range r.Findings {
		a.Severities[string(f.Severity)]++
	}
	for _, n := range r.NotRead[:min(len(r.NotRead), notReadShown)] {
		a.NotRead = append(a.NotRead, NotReadLine{Target: n.Target, Reason: string(n.Reason)})
	}
	return &scanOutput{a}, nil
}

// startScan begins what checkPlan has shown.
func (e *Exposures) startScan(ctx context.Context, in *planInput) (*begunOutput, error) {
	plan, _, err := e.parsePlan(in.Body.Targets, in.Body.Scope)
	if err != nil {
		return nil, err
	}
	return e.begin(ctx, plan)
}

// repeatScan makes a scan once more as it was: the same targets, the same scope
// if it is still good.
func (e *Exposures) repeatScan(ctx context.Context, in *scanInput) (*begunOutput, error) {
	before, err := e.Files.Plan(ctx, in.ID)
	if err != nil {
		return nil, fmt.Errorf("repeat scan: %w", err)
	}
	plan, _, err := e.parsePlan(before.Roots(), string(before.Scope))
	if err != nil {
		return nil, fmt.Errorf("repeat scan: %w", err)
	}
	plan.Targets, plan.Limits = before.Targets, before.Limits
	return e.begin(ctx, plan)
}

func (e *Exposures) begin(ctx context.Context, plan job.Plan) (*begunOutput, error) {
	scan, err := e.Runs.Start(ctx, jobActor(ctx), plan)
	if err != nil {
		return nil, fmt.Errorf("start scan: %w", err)
	}
	var out begunOutput
	out.Body.ID = scan.ID
	return &out, nil
}

func (e *Exposures) cancelScan(ctx context.Context, in *scanInput) (*struct{}, error) {
	if err := e.Runs.Cancel(ctx, jobActor(ctx), in.ID); err != nil {
		return nil, fmt.Errorf("cancel scan: %w", err)
	}
	return nil, nil
}

// jobActor is in whose name a request acts.
func jobActor(ctx context.Context) job.Actor {
	p := api.CallerOf(ctx).Person
	return job.Actor{ID: p.ID, Session: p.Session}
}

// counted are counts under words.
func counted[K ~string](counts map[K]int) map[string]int {
	if counts == nil {
		return nil
	}
	out := make(map[string]int, len(counts))
	for k, n := range counts {
		out[string(k)] = n
	}
	return out
}

func nonNilMap(m map[string]int) map[string]int {
	if m == nil {
		return map[string]int{}
	}
	return m
}

func nonNil[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}
