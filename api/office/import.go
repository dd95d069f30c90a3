package office

import (
	"context"
	"fmt"

	"chipproof/exposure/job"
)

type (
	importInput struct {
		Source  string `query:"source" maxLength:"200" doc:"The system or counter that the tool was run over; with it, what is in a later import of the same no more counts as gone"`
		RawBody []byte `contentType:"application/json" doc:"A SARIF log or a report in JSON"`
	}
	importOutput struct {
		Body struct {
			Scan  string   `json:"scan,omitzero" doc:"The last import, which counts as a scan; absent where a log has no results" example:"s-2026-0008"`
			Tools []string `json:"tools" nullable:"false" doc:"Whose results they are"`
			New   int      `json:"new" doc:"Findings that were not known"`
			Known int      `json:"known" doc:"Findings that were"`
			Fixed int      `json:"fixed" doc:"Findings of the same tool and places that are gone"`
		}
	}
)

// takeIn hands a file on as it came: what it holds is masked before it is kept.
func (e *Exposures) takeIn(ctx context.Context, in *importInput) (*importOutput, error) {
	files, err := job.ParseImport(in.RawBody, e.Key, in.Source)
	if err != nil {
		return nil, fmt.Errorf("import findings: %w", err)
	}
	out := importOutput{}
	b := &out.Body
	for _, f := range files { // one for each tool of a SARIF log
		got, err := e.Imports.Import(ctx, jobActor(ctx), f, e.Now())
		if err != nil {
			return nil, fmt.Errorf("import findings: %w", err)
		}
		b.Scan, b.New, b.Known, b.Fixed = got.Scan, b.New+got.New, b.Known+got.Known, b.Fixed+got.Fixed
		b.Tools = append(b.Tools, got.Tool)
	}
	b.Tools = nonNil(b.Tools)
	return &out, nil
}
