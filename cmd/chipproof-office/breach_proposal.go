package main

import (
	"context"
	"fmt"
	"io"
	"strconv"
	"strings"

	"chipproof/api"
	"chipproof/api/office"
	"chipproof/breach"
	"chipproof/cmd/internal/program"
)

// breachProposalCmd groups what is done with proposals.
type breachProposalCmd struct {
	List    proposalListCmd    `cmd:"" help:"List the proposals that wait for an officer, newest first."`
	Accept  proposalAcceptCmd  `cmd:"" help:"Open an incident out of a proposal, its evidence linked."`
	Dismiss proposalDismissCmd `cmd:"" help:"Settle a proposal without an incident."`
}

type proposalListCmd struct {
	All  bool            `help:"List those that are settled, too."`
	JSON bool            `name:"json" help:"Print JSON: an array."`
	Data program.DataDir `embed:""`
}

// Run implements [program.Command].
func (c *proposalListCmd) Run(ctx context.Context, p *program.Program) error {
	state := breach.ProposalOpen
	if c.All {
		state = ""
	}
	list, err := onRegister(ctx, p, c.Data, agencyFlags{}, func(r *register) ([]breach.Proposal, error) { return r.Proposals(ctx, state) })
	if err != nil {
		return err
	}
	if c.JSON {
		return printJSON(p.Out, list)
	}
	var page strings.Builder
	if len(list) == 0 {
		fmt.Fprintln(&page, p.Say.Label(api.Text{TH: "ไม่มีข้อเสนอ", EN: "no proposals"}))
	}
	for _, one := range list {
		fmt.Fprintf(&page, "%s  %s  %s  %s %s\n", one.ID, one.At, one.State,
			p.Say.Label(office.AlarmText(one.Alarm, strconv.Itoa(one.Number))), program.Shown(one.Of))
	}
	_, err = io.WriteString(p.Out, page.String())
	return err
}

type proposalAcceptCmd struct {
	ID    string          `arg:"" help:"The proposal, such as p-2026-0001."`
	Title string          `help:"What happened, in a line. Without it: what the proposal says." placeholder:"TEXT"`
	JSON  bool            `name:"json" help:"Print JSON: the incident as a line of the API's list."`
	Data  program.DataDir `embed:""`
}

// Run implements [program.Command].
func (c *proposalAcceptCmd) Run(ctx context.Context, p *program.Program) error {
	opened, err := onRegister(ctx, p, c.Data, agencyFlags{}, func(r *register) (breach.Case, error) {
		proposal, err := r.Proposal(ctx, c.ID)
		if err != nil {
			return breach.Case{}, err
		}
		report := proposal.Report()
		if c.Title != "" {
			report.Title = c.Title
		}
		return r.Accept(ctx, r.by, c.ID, report)
	})
	if err != nil {
		return err
	}
	return printCase(p, opened, c.JSON)
}

type proposalDismissCmd struct {
	ID     string          `arg:"" help:"The proposal, such as p-2026-0001."`
	Reason string          `help:"Why it is no incident; stays with it." required:"" placeholder:"TEXT"`
	JSON   bool            `name:"json" help:"Print JSON: the proposal."`
	Data   program.DataDir `embed:""`
}

// Run implements [program.Command].
func (c *proposalDismissCmd) Run(ctx context.Context, p *program.Program) error {
	settled, err := onRegister(ctx, p, c.Data, agencyFlags{}, func(r *register) (breach.Proposal, error) {
		return r.Dismiss(ctx, r.by, c.ID, c.Reason)
	})
	if err != nil {
		return err
	}
	if c.JSON {
		return printJSON(p.Out, settled)
	}
	_, err = fmt.Fprintf(p.Out, "%s  %s\n", settled.ID, settled.State)
	return err
}
