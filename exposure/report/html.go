package report

import (
	"bytes"
	_ "embed"
	"fmt"
	"html/template"
	"io"
	"path"
	"slices"

	"chipproof/exposure"
)

//go:embed page.html
var pageSource string

// PageOptions are what a page shows besides the scan.
type PageOptions struct {
	Agency  string
	Contact Contact
	Digits  Digits
	// Open is the number of open exposures (A21), by [exposure.Open].
	Open int
	// Most findings that are listed; the rest is counted. Default 2,000.
	Most int
}

// page is what the template shows; all of it is text already.
type page struct {
	Agency, Title, When, Version string
	People, Findings, Open       string
	Estimated                    bool
	Complete                     bool
	Files, Bytes, Suppressed     string
	Allowed                      string
	Classes                      []row
	Rows                         []findingRow
	More                         string
	NotRead                      []row
	Contact                      Contact
	QR                           template.HTML
	Baseline                     bool
}

type row struct{ Name, Value string }

type findingRow struct {
	Severity, SeverityName, Class, Target, Where, Masked, Snippet, Reach, Change string
}

// HTML writes a page in Thai that needs nothing but itself: the number of people
// first, then what was found by class, the findings from the worst down, what
// was not read, and whom to ask. Error: [ErrUnsafe].
func HTML(w io.Writer, r exposure.Report, findings []exposure.Compared, o PageOptions) error {
	if o.Most == 0 {
		o.Most = 2000
	}
	t, err := template.New("page").Parse(pageSource)
	if err != nil {
		return fmt.Errorf("write HTML: %w", err)
	}
	p, err := newPage(r, findings, o)
	if err != nil {
		return err
	}
	var out bytes.Buffer
	if err := t.Execute(&out, p); err != nil {
		return fmt.Errorf("write HTML: %w", err)
	}
	return give(w, "HTML", out.Bytes())
}

func newPage(r exposure.Report, findings []exposure.Compared, o PageOptions) (page, error) {
	d := o.Digits
	count := func(n int) string { return d.text(number(int64(n))) }
	p := page{
		Agency: o.Agency, Title: "รายงานการตรวจหาข้อมูลส่วนบุคคลที่เผยแพร่", Version: r.Version,
		When:   d.text(date(r.Ended) + " เวลา " + clock(r.Ended)),
		People: count(r.Summary.People), Findings: count(r.Summary.Findings), Open: count(o.Open), Estimated: r.Summary.PeopleEstimated, Complete: r.Complete,
		Files: count(r.Summary.Files), Bytes: d.text(number(r.Summary.Bytes)), Suppressed: count(r.Summary.Suppressed), Allowed: count(r.Summary.Allowed),
		Contact: o.Contact,
	}
	var err error
	if p.QR, err = o.Contact.code(); err != nil {
		return page{}, err
	}
	for _, c := range namedClasses() {
		if n := r.Summary.Classes[c]; n > 0 {
			p.Classes = append(p.Classes, row{classNames[c], count(n)})
		}
	}
	sorted := slices.Clone(findings)
	slices.SortStableFunc(sorted, func(a, b exposure.Compared) int { return b.Rank() - a.Rank() })
	for i, f := range sorted {
		if i == o.Most {
			p.More = count(len(sorted) - i)
			break
		}
		p.Baseline = p.Baseline || f.Change != ""
		p.Rows = append(p.Rows, findingRow{
			Severity: string(f.Severity), SeverityName: severityNames[f.Severity], Class: classNames[f.Class], Target: f.Target,
			Where: where(f.Locator), Masked: f.Masked, Snippet: f.Snippet, Reach: reachNames[f.Reachability], Change: changeNames[f.Change],
		})
	}
	for _, n := range r.NotRead {
		reason := reasonNames[n.Reason]
		if reason == "" {
			reason = string(n.Reason)
		}
		p.NotRead = append(p.NotRead, row{path.Clean(n.Target), reason})
	}
	return p, nil
}

func where(l exposure.Locator) string {
	switch {
	case l.Cell != "":
		return "เซลล์ " + l.Cell
	case l.Path == "name":
		return "ชื่อไฟล์หรือที่อยู่"
	case l.Path != "" && l.Line > 0:
		return fmt.Sprintf("บรรทัด %d %s", l.Line, l.Path)
	case l.Path != "":
		return l.Path
	case l.Line > 0:
		return fmt.Sprintf("บรรทัด %d", l.Line)
	}
	return ""
}
