package main

import (
	"bytes"
	"io"
	"strings"

	"chipproof/cmd/internal/program"
	"chipproof/exposure"
	"chipproof/exposure/job"
	"chipproof/exposure/report"
)

// Forms of a scan's answer, as --format has them.
const (
	formatTable  = "table"
	formatJSON   = "json"
	formatCSV    = "csv"
	formatSARIF  = "sarif"
	formatHTML   = "html"
	formatLetter = "letter"
)

// write writes what a scan came to in the form that is asked for. held says that
// it was held against what --baseline names. Errors: [report.ErrUnsafe],
// [report.ErrLetterIncomplete].
func (c *scanCmd) write(p *program.Program, r job.Result, held bool) ([]byte, error) {
	compared := held || r.Scan.Baseline != ""
	if r.Compared == nil {
		r.Compared = report.Uncompared(r.Report.Findings)
	}
	var out bytes.Buffer
	err := c.writeForm(&out, p, r, compared)
	return out.Bytes(), err
}

func (c *scanCmd) writeForm(w io.Writer, p *program.Program, r job.Result, compared bool) error {
	open := exposure.Open(r.Compared)
	switch c.form() {
	case formatJSON:
		return report.JSON(w, r.Report)
	case formatCSV:
		return report.CSV(w, r.Compared)
	case formatSARIF:
		return report.SARIF(w, r.Report, r.Compared)
	case formatHTML:
		return report.HTML(w, r.Report, r.Compared, report.PageOptions{Agency: c.Agency.name(), Contact: c.Agency.contactOrOffice(), Digits: c.Letter.digits(), Open: open})
	case formatLetter:
		if strings.HasSuffix(strings.ToLower(c.Out), ".html") {
			return report.LetterHTML(w, c.letter(), r.Report, open)
		}
		return report.LetterText(w, c.letter(), r.Report, open)
	}
	return report.Text(w, scanTable(p.Say, r, compared))
}
