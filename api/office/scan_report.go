package office

import (
	"bytes"
	"context"
	"fmt"
	"io"

	"chipproof/api"
	"chipproof/exposure"
	"chipproof/exposure/job"
	"chipproof/exposure/report"
)

type (
	reportInput struct {
		ID       string `path:"id" maxLength:"64" doc:"The scan's number"`
		Format   string `query:"format" enum:"json,csv,sarif,html,letter" default:"json" doc:"letter: a draft of the official letter, with dots where a person has to write"`
		Baseline string `query:"baseline" maxLength:"64" doc:"An earlier scan to hold it against; left out: its own"`
	}
	// fileOutput is a document that a person keeps.
	fileOutput struct {
		Type string `header:"Content-Type"`
		Name string `header:"Content-Disposition"`
		Body []byte
	}
	compareInput struct {
		ID       string `path:"id" maxLength:"64" doc:"The scan's number"`
		Baseline string `query:"baseline" required:"true" maxLength:"64" doc:"The earlier scan"`
	}
	compareOutput struct {
		Body struct {
			New       int `json:"new" doc:"Not there before"`
			Still     int `json:"still" doc:"There before, and still"`
			Fixed     int `json:"fixed" doc:"Gone: its place was read to the end"`
			Unchecked int `json:"not_checked" doc:"Nobody knows: its place was not read again"`
		}
	}
)

// media are the types of reports, and how their files end.
var media = map[string]struct{ kind, end string }{
	"json": {"application/json", "json"}, "csv": {"text/csv; charset=utf-8", "csv"},
	"sarif": {"application/sarif+json", "sarif"}, "html": {"text/html; charset=utf-8", "html"}, "letter": {"text/html; charset=utf-8", "html"},
}

// against is a scan's result, held against an earlier one where one is named.
func (e *Exposures) against(ctx context.Context, id, baseline string) (job.Result, error) {
	result, err := e.Scans.Result(ctx, id)
	if err != nil {
		return job.Result{}, fmt.Errorf("read result: %w", err)
	}
	if baseline == "" {
		return result, nil
	}
	before, err := e.Scans.Result(ctx, baseline)
	if err != nil {
		return job.Result{}, &api.FieldError{Field: "baseline", Err: fmt.Errorf("read baseline: %w", err)}
	}
	result.Compared = exposure.Compare(before.Report, result.Report)
	return result, nil
}

// file is a document that a browser keeps and never shows: what stands in it may
// have come from strangers' pages. Its entry in the audit log comes first.
func (e *Exposures) file(ctx context.Context, id, format string, write func(io.Writer) error) (*fileOutput, error) {
	var b bytes.Buffer
	if err := write(&b); err != nil {
		return nil, fmt.Errorf("write report: %w", err)
	}
	if err := e.Files.RecordReport(ctx, jobActor(ctx), id, format, e.Now()); err != nil {
		return nil, fmt.Errorf("hand out report: %w", err)
	}
	name := id
	if format == "letter" {
		name += "-letter"
	}
	m := media[format]
	return &fileOutput{Type: m.kind, Name: fmt.Sprintf("attachment; filename=%q", name+"."+m.end), Body: b.Bytes()}, nil
}

func (e *Exposures) showReport(ctx context.Context, in *reportInput) (*fileOutput, error) {
	result, err := e.against(ctx, in.ID, in.Baseline)
	if err != nil {
		return nil, err
	}
	return e.file(ctx, in.ID, in.Format, func(w io.Writer) error { return e.write(w, in.Format, result) })
}

func (e *Exposures) write(w io.Writer, format string, r job.Result) error {
	found := comparedOf(r)
	switch format {
	case "csv":
		return report.CSV(w, found)
	case "sarif":
		return report.SARIF(w, r.Report, found)
	case "html":
		return report.HTML(w, r.Report, found, report.PageOptions{Agency: e.Letterhead.Agency, Contact: e.contact(), Open: exposure.Open(found)})
	case "letter":
		return report.LetterHTML(w, e.draft(), r.Report, exposure.Open(found))
	}
	return report.JSON(w, r.Report)
}

// comparedOf are the findings with what became of them; all as they are where
// nothing was there before.
func comparedOf(r job.Result) []exposure.Compared {
	if r.Compared == nil {
		return report.Uncompared(r.Report.Findings)
	}
	return r.Compared
}

func (e *Exposures) compareScans(ctx context.Context, in *compareInput) (*compareOutput, error) {
	result, err := e.against(ctx, in.ID, in.Baseline)
	if err != nil {
		return nil, err
	}
	var out compareOutput
	for _, c := range result.Compared {
		switch c.Change {
		case exposure.New:
			out.Body.New++
		case exposure.Still:
			out.Body.Still++
		case exposure.Fixed:
			out.Body.Fixed++
		case exposure.Unchecked:
			out.Body.Unchecked++
		}
	}
	return &out, nil
}
