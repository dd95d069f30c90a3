package office

import (
	"context"
	"fmt"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"chipproof/exposure"
	"chipproof/exposure/detect"
	"chipproof/exposure/job"
)

// FindingLine is a finding, with everything personal in it masked.
type FindingLine struct {
	ID           string       `json:"id" doc:"Names it over all scans: the same value at the same place"`
	Class        string       `json:"class" doc:"What kind of data" example:"th_citizen_id"`
	Masked       string       `json:"masked" doc:"The value, masked" example:"1-xxxx-xxxxx-12-1"`
	Snippet      string       `json:"snippet,omitzero" doc:"What stands around it, everything masked"`
	Target       string       `json:"target" doc:"File, address or member of an archive, masked"`
	Locator      FindingPlace `json:"locator" doc:"The place in it"`
	Severity     string       `json:"severity" enum:"critical,high,medium,low" doc:"By what stands together in one record"`
	Reachability string       `json:"reachability" enum:"anonymous,link_only,login,internal" doc:"Who can get at it"`
	Score        int          `json:"score" doc:"How sure it is, 0 to 100"`
	Rule         string       `json:"rule,omitzero" doc:"The rule that found it, where there are several"`
	Tool         string       `json:"tool" doc:"Whose finding it is"`
	State        string       `json:"state" enum:"new,still,fixed,not_checked" doc:"Since the last scan that could tell"`
	FirstSeen    time.Time    `json:"first_seen" doc:"When it was met first"`
	LastSeen     time.Time    `json:"last_seen" doc:"When it was met last"`
	Scan         string       `json:"scan" doc:"The scan that met it last"`
	FixedAt      time.Time    `json:"fixed_at,omitzero" doc:"When a scan found it gone"`
	FixedBy      string       `json:"fixed_by,omitzero" doc:"Which scan did"`
	TaskID       string       `json:"task_id,omitzero" doc:"The latest task about it"`
}

// FindingPlace is a place in a file; which members there are depends on the form.
type FindingPlace struct {
	Line   int64  `json:"line,omitzero" doc:"From 1"`
	Offset *int64 `json:"offset,omitzero" doc:"In bytes, before any decoding"`
	Cell   string `json:"cell,omitzero" doc:"Of a table" example:"B7"`
	Path   string `json:"path,omitzero" doc:"JSON pointer, elements, paragraph or page"`
}

// FindingAnswer is a finding with the task about it.
type FindingAnswer struct {
	FindingLine
	Task       *TaskAnswer `json:"task,omitzero" doc:"The latest task about it"`
	Repeatable bool        `json:"repeatable" doc:"Whether the scan that met it can be made once more"`
}

// FindingCounts is what all findings of a filter come to, people first.
type FindingCounts struct {
	People          int            `json:"people" doc:"Distinct people"`
	PeopleEstimated bool           `json:"people_estimated,omitzero" doc:"They could not all be told apart"`
	Findings        int            `json:"findings" doc:"How many there are"`
	Targets         int            `json:"targets" doc:"In how many files or pages"`
	Severities      map[string]int `json:"severities" nullable:"false" doc:"By severity"`
	Scanned         bool           `json:"scanned" doc:"Whether there was any scan at all"`
}

// findingState is what a filter may ask for: open stands for all but fixed.
type findingState string

const stateOpen findingState = "open"

func findingStates() []findingState {
	return []findingState{stateOpen, findingState(exposure.New), findingState(exposure.Still), findingState(exposure.Unchecked), findingState(exposure.Fixed)}
}

func severities() []exposure.Severity {
	return []exposure.Severity{exposure.Critical, exposure.High, exposure.Medium, exposure.Low}
}

// classes are what findings are about: the kinds of data, open agents of counters,
// and weaknesses that other tools found.
func classes() []exposure.Class {
	return append(detect.Classes(), exposure.OpenAgent, exposure.Weakness)
}

type (
	severityWord exposure.Severity
	classWord    exposure.Class
	dataWord     exposure.Class
)

// Schema lists the kinds of data that detectors know.
func (dataWord) Schema(huma.Registry) *huma.Schema { return oneOf(detect.Classes()) }

// Schema lists the severities.
func (severityWord) Schema(huma.Registry) *huma.Schema { return oneOf(severities()) }

// Schema lists the kinds of data.
func (classWord) Schema(huma.Registry) *huma.Schema { return oneOf(classes()) }

// Schema lists the states.
func (findingState) Schema(huma.Registry) *huma.Schema { return oneOf(findingStates()) }

func oneOf[T ~string](list []T) *huma.Schema {
	s := &huma.Schema{Type: huma.TypeString}
	for _, v := range list {
		s.Enum = append(s.Enum, string(v))
	}
	return s
}

type (
	findingsInput struct {
		Severity severityWord `query:"severity" doc:"Only this severity"`
		State    findingState `query:"state" doc:"Only these; open: all that are not fixed"`
		Class    classWord    `query:"class" doc:"Only this kind of data"`
		Scan     string       `query:"scan" maxLength:"64" doc:"Only what this scan met"`
		After    string       `query:"after" maxLength:"200" doc:"The id of the last one that is known: the next page"`
		Limit    int          `query:"limit" minimum:"1" maximum:"1000" default:"100" doc:"How many at most"`
	}
	findingsOutput struct {
		Body struct {
			Findings []FindingLine `json:"findings" nullable:"false" doc:"The worst first"`
			Counts   FindingCounts `json:"counts" doc:"Of all that the filter picks"`
			Next     string        `json:"next,omitzero" doc:"For after; absent at the end"`
		}
	}
	findingInput struct {
		ID string `path:"id" maxLength:"200" doc:"The finding's id"`
	}
	findingOutput struct{ Body FindingAnswer }
)

func (in *findingsInput) filter() job.Filter {
	f := job.Filter{Severity: exposure.Severity(in.Severity), Class: exposure.Class(in.Class), Scan: in.Scan, After: in.After, Limit: in.Limit}
	if in.State == stateOpen {
		f.Open = job.OnlyOpen
	} else {
		f.State = exposure.Change(in.State)
	}
	return f
}

func (e *Exposures) listFindings(ctx context.Context, in *findingsInput) (*findingsOutput, error) {
	found, err := e.Findings.Findings(ctx, in.filter())
	if err != nil {
		return nil, fmt.Errorf("list findings: %w", err)
	}
	var out findingsOutput
	total, err := e.Findings.Totals(ctx, in.filter())
	if err != nil {
		return nil, fmt.Errorf("list findings: %w", err)
	}
	some, err := e.Scans.List(ctx, 1)
	if err != nil {
		return nil, fmt.Errorf("list findings: %w", err)
	}
	out.Body.Counts = CountFindings(total, len(some))
	out.Body.Findings = make([]FindingLine, 0, len(found))
	for _, f := range found {
		out.Body.Findings = append(out.Body.Findings, findingLine(f))
	}
	if len(found) == in.Limit {
		out.Body.Next = found[len(found)-1].ID
	}
	return &out, nil
}

func (e *Exposures) showFinding(ctx context.Context, in *findingInput) (*findingOutput, error) {
	f, err := e.Findings.Finding(ctx, in.ID)
	if err != nil {
		return nil, fmt.Errorf("show finding: %w", err)
	}
	out := findingOutput{FindingAnswer{FindingLine: findingLine(f)}}
	plan, err := e.Files.Plan(ctx, f.LastScan)
	if err != nil {
		return nil, fmt.Errorf("show finding: %w", err)
	}
	out.Body.Repeatable = len(plan.Targets) > 0
	if f.Task != "" {
		if out.Body.Task, err = e.task(ctx, f.Task); err != nil {
			return nil, err
		}
	}
	return &out, nil
}

func findingLine(f job.Found) FindingLine {
	return FindingLine{
		ID: f.ID, Class: string(f.Class), Masked: f.Masked, Snippet: f.Snippet, Target: f.Target,
		Locator:  FindingPlace{Line: f.Locator.Line, Offset: f.Locator.Offset, Cell: f.Locator.Cell, Path: f.Locator.Path},
		Severity: string(f.Severity), Reachability: string(f.Reachability), Score: f.Score, Rule: f.Rule, Tool: f.Tool, State: string(f.State),
		FirstSeen: f.FirstSeen, LastSeen: f.LastSeen, Scan: f.LastScan, FixedAt: f.Fixed, FixedBy: f.FixedScan, TaskID: f.Task,
	}
}
