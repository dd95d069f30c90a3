package main

import (
	"context"
	"fmt"
	"io"
	"strings"
	"time"

	"chipproof/api"
	"chipproof/api/office"
	"chipproof/breach"
	"chipproof/breach/letters"
	"chipproof/cmd/internal/program"
)

type breachShowCmd struct {
	ID   string          `arg:"" help:"The incident, such as b-2026-0007."`
	JSON bool            `name:"json" help:"Print JSON, as GET /v1/incidents/{id} of the API."`
	Data program.DataDir `embed:""`
}

// Run implements [program.Command].
func (c *breachShowCmd) Run(ctx context.Context, p *program.Program) error {
	found, err := onRegister(ctx, p, c.Data, agencyFlags{}, func(r *register) (breach.Case, error) { return r.One(ctx, c.ID) })
	if err != nil {
		return err
	}
	now := time.Now()
	if c.JSON {
		return printJSON(p.Out, office.DescribeIncident(found, now, p.Say[0]))
	}
	var page strings.Builder
	writeSummary(&page, p.Say, office.SummarizeIncident(found, now, p.Say[0]))
	if exit := found.ExitReason(); exit != "" {
		fmt.Fprintf(&page, "  %s\n", program.Shown(exit))
	}
	fmt.Fprintf(&page, "\n%s\n", p.Say.Label(api.Text{TH: "หน้าที่", EN: "duties"}))
	for _, d := range breach.ByUrgency(breach.Duties(found, now)) {
		writeDuty(&page, p.Say, d)
	}
	fmt.Fprintf(&page, "\n%s\n", p.Say.Label(api.Text{TH: "ประวัติ", EN: "history"}))
	for _, line := range letters.Story(found, letters.Language(p.Say[0])) {
		fmt.Fprintf(&page, "%4d  %s  %s\n      %s\n", line.Number, line.At, line.By, program.Shown(line.Text))
	}
	_, err = io.WriteString(p.Out, page.String())
	return err
}
