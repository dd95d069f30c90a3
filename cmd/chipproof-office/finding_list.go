package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"chipproof/api"
	"chipproof/api/office"
	"chipproof/cmd/internal/program"
	"chipproof/exposure"
	"chipproof/exposure/formats"
	"chipproof/exposure/job"
)

type findingListCmd struct {
	Severity string          `help:"Only this severity: critical, high, medium or low." enum:",critical,high,medium,low" default:"" placeholder:"SEVERITY"`
	Class    string          `help:"Only this kind of data: th_citizen_id, th_name and so on." placeholder:"CLASS"`
	Open     bool            `xor:"state" help:"Only what is not gone."`
	Fixed    bool            `xor:"state" help:"Only what a later scan found gone."`
	Scan     string          `help:"Only what this scan met." placeholder:"ID"`
	After    idArg           `help:"Only what comes after this finding: the next page." placeholder:"ID"`
	Limit    int             `help:"How many at most, up to 1000. Default: ${default}." default:"100" placeholder:"N"`
	JSON     bool            `name:"json" help:"Print JSON, as the API has it: {findings, counts, next}."`
	Data     program.DataDir `embed:""`
}

// Help is the long text of `finding list --help`.
func (findingListCmd) Help() string {
	return `Exit codes: 0 none of what the filters pick is open; 1 something is.`
}

// Validate is called by kong once all values are settled.
func (c *findingListCmd) Validate() error {
	switch {
	case c.Class != "" && !slices.Contains(office.Classes(), exposure.Class(c.Class)):
		return fmt.Errorf("--class: nothing is called %q; there are %s", c.Class, joined(office.Classes()))
	case c.Limit < 1 || c.Limit > 1000:
		return errors.New("--limit: 1 to 1000")
	}
	return nil
}

func joined[T ~string](words []T) string {
	var list []string
	for _, w := range words {
		list = append(list, string(w))
	}
	return strings.Join(list, ", ")
}

func (c *findingListCmd) filter() job.Filter {
	f := job.Filter{Severity: exposure.Severity(c.Severity), Class: exposure.Class(c.Class), Scan: c.Scan, After: string(c.After), Limit: c.Limit}
	switch {
	case c.Open:
		f.Open = job.OnlyOpen
	case c.Fixed:
		f.Open = job.OnlyFixed
	}
	return f
}

// findings is a page of the register, as GET /v1/findings has it.
type findings struct {
	Findings []office.FindingLine `json:"findings"`
	Counts   office.FindingCounts `json:"counts"`
	Next     string               `json:"next,omitzero"`

	open int // of all that the filters pick, those that are open
}

// Run implements [program.Command].
func (c *findingListCmd) Run(ctx context.Context, p *program.Program) error {
	list, err := onBureau(ctx, p, c.Data, agencyFlags{}, func(b *bureau) (findings, error) {
		return c.list(ctx, b)
	})
	if err != nil {
		return err
	}
	if c.JSON {
		err = printJSON(p.Out, list)
	} else {
		_, err = io.WriteString(p.Out, findingTable(p.Say, list))
	}
	if err == nil && list.open > 0 {
		err = program.ErrNo
	}
	return err
}

func (c *findingListCmd) list(ctx context.Context, b *bureau) (list findings, err error) {
	if c.Scan != "" { // one that is not there would look like one that found nothing
		if _, err := b.scans.One(ctx, c.Scan); err != nil {
			return list, err
		}
	}
	if c.After != "" {
		if _, err := b.scans.Finding(ctx, string(c.After)); err != nil {
			return list, err
		}
	}
	found, err := b.scans.Findings(ctx, c.filter())
	if err != nil {
		return list, err
	}
	total, err := b.scans.Totals(ctx, c.filter())
	if err != nil {
		return list, err
	}
	some, err := b.scans.List(ctx, 1)
	if err != nil {
		return list, err
	}
	list = findings{Findings: []office.FindingLine{}, Counts: office.CountFindings(total, len(some))}
	for _, f := range found {
		list.Findings = append(list.Findings, office.DescribeFinding(f))
	}
	if len(found) == c.Limit {
		list.Next = found[len(found)-1].ID
	}
	if c.Fixed {
		return list, nil
	}
	open := c.filter()
	open.Open = job.OnlyOpen
	total, err = b.scans.Totals(ctx, open)
	list.open = total.Findings
	return list, err
}

// findingTable is the page for a terminal, people first.
func findingTable(say program.Speech, list findings) string {
	var page strings.Builder
	if !list.Counts.Scanned {
		fmt.Fprintln(&page, say.Label(api.Text{TH: "ยังไม่เคยสแกน", EN: "nothing was scanned yet"}))
		return page.String()
	}
	writePeople(&page, say, list.Counts.People, list.Counts.PeopleEstimated)
	by := map[exposure.Severity]int{}
	for s, n := range list.Counts.Severities {
		by[exposure.Severity(s)] = n
	}
	fmt.Fprintf(&page, "%s%s\n", said(say, "%d รายการ ใน %d ที่", "%d findings in %d places", list.Counts.Findings, list.Counts.Targets), severityCounts(say, by))
	if len(list.Findings) == 0 {
		return page.String()
	}
	page.WriteString("\n")
	t := table{}
	t.add(
		say.Label(api.Text{TH: "หมายเลข", EN: "id"}), say.Label(api.Text{TH: "ระดับ", EN: "severity"}), say.Label(api.Text{TH: "ชนิด", EN: "class"}),
		say.Label(api.Text{TH: "ค่า (ปิดบัง)", EN: "value (masked)"}), say.Label(api.Text{TH: "สถานะ", EN: "state"}), say.Label(api.Text{TH: "งาน", EN: "task"}),
		say.Label(api.Text{TH: "ที่", EN: "where"}),
	)
	for _, f := range list.Findings {
		task := f.TaskID
		if task == "" {
			task = "–"
		}
		t.add(f.ID, say.Label(office.SeverityText(severityOf(f))), say.Label(office.ClassText(classOf(f))), f.Masked, say.Label(office.ChangeText(changeOf(f))), task, placeOf(f))
	}
	t.write(&page)
	if list.Next != "" {
		fmt.Fprintf(&page, "%s --after %s\n", say.Label(api.Text{TH: "หน้าถัดไป:", EN: "next page:"}), list.Next)
	}
	return page.String()
}

func severityOf(f office.FindingLine) exposure.Severity { return exposure.Severity(f.Severity) }
func classOf(f office.FindingLine) exposure.Class       { return exposure.Class(f.Class) }
func changeOf(f office.FindingLine) exposure.Change     { return exposure.Change(f.State) }
func reachOf(f office.FindingLine) exposure.Reachability {
	return exposure.Reachability(f.Reachability)
}

func placeOf(f office.FindingLine) string {
	return place(f.Target, formats.Locator{Line: f.Locator.Line, Cell: f.Locator.Cell, Path: f.Locator.Path})
}
