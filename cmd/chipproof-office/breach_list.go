package main

import (
	"context"
	"io"
	"slices"
	"strings"
	"time"

	"chipproof/api"
	"chipproof/api/office"
	"chipproof/breach"
	"chipproof/cmd/internal/program"
)

type breachListCmd struct {
	JSON bool            `name:"json" help:"Print JSON: an array, each as a line of the API's list."`
	Data program.DataDir `embed:""`
}

// Help is the long text of `breach list --help`.
func (breachListCmd) Help() string {
	return `Exit codes: 0 listed; 1 listed, and the history of an incident is damaged, so that nobody can say what it owes (stderr names it).`
}

// cases are incidents, and the ids of those that can't be read.
type cases struct {
	list   []breach.Case
	broken []string
}

func readCases(ctx context.Context, p *program.Program, d program.DataDir) (cases, error) {
	return onRegister(ctx, p, d, agencyFlags{}, func(r *register) (cases, error) {
		list, broken, err := r.List(ctx)
		return cases{list, broken}, err
	})
}

// Run implements [program.Command].
func (c *breachListCmd) Run(ctx context.Context, p *program.Program) error {
	all, err := readCases(ctx, p, c.Data)
	if err != nil {
		return err
	}
	slices.Reverse(all.list)
	lines := make([]office.IncidentSummary, 0, len(all.list))
	for _, one := range all.list {
		lines = append(lines, office.SummarizeIncident(one, time.Now(), p.Say[0]))
	}
	if err := printSummaries(p, lines, c.JSON); err != nil {
		return err
	}
	warnBroken(p, all.broken)
	if len(all.broken) > 0 {
		return program.ErrNo
	}
	return nil
}

func printSummaries(p *program.Program, lines []office.IncidentSummary, asJSON bool) error {
	if asJSON {
		return printJSON(p.Out, lines)
	}
	var page strings.Builder
	if len(lines) == 0 {
		page.WriteString(p.Say.Label(api.Text{TH: "ยังไม่มีเหตุละเมิดในทะเบียน", EN: "no incidents"}) + "\n")
	}
	for _, line := range lines {
		writeSummary(&page, p.Say, line)
	}
	_, err := io.WriteString(p.Out, page.String())
	return err
}
