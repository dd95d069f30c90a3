package main

import (
	"context"

	"chipproof/breach"
	"chipproof/cmd/internal/program"
)

type breachOpenCmd struct {
	Title            string          `help:"What happened, in a line; nothing about a person." required:"" placeholder:"TEXT"`
	AwareAt          when            `help:"When we knew that there was a breach: the clocks of the law begin then. Can be said later, once." placeholder:"TIME"`
	Basis            string          `help:"What that knowledge rests on." placeholder:"TEXT"`
	ReportedAt       when            `help:"When it was reported. Without it: now, or --aware-at where that is earlier." placeholder:"TIME"`
	Source           string          `help:"Where it came from: ${enum}." enum:"staff,public,processor,scanner,cert,system,other" default:"staff"`
	Summary          string          `help:"What is known so far; nothing about a person." placeholder:"TEXT"`
	Role             string          `help:"Which role we have: ${enum}." enum:"controller,processor" default:"controller"`
	ProcessorAwareAt when            `help:"When the processor that tells us knew of it itself." placeholder:"TIME"`
	Controller       string          `help:"Whom we must tell, when we are the processor." placeholder:"ORGANISATION"`
	JSON             bool            `name:"json" help:"Print JSON: {id, …}, as a line of the API's list."`
	Data             program.DataDir `embed:""`
}

// Help is the long text of `breach open --help`.
func (breachOpenCmd) Help() string {
	return `TIME is "2026-11-25 14:30" in Thailand, or RFC 3339; later than now is refused. The report alone starts no clock of the law; --aware-at does.`
}

// Run implements [program.Command].
func (c *breachOpenCmd) Run(ctx context.Context, p *program.Program) error {
	reported := present()
	if !c.AwareAt.IsZero() && reported.After(c.AwareAt.Moment) {
		reported = c.AwareAt.Moment
	}
	report := breach.Reported{
		Title: c.Title, Role: breach.Role(c.Role), Source: breach.Source(c.Source), Summary: c.Summary,
		ReportedAt: c.ReportedAt.or(reported), ProcessorAwareAt: c.ProcessorAwareAt.Moment, Controller: c.Controller,
	}
	var more []breach.Body
	if !c.AwareAt.IsZero() {
		more = append(more, breach.Aware{AwareAt: c.AwareAt.Moment, Basis: c.Basis})
	}
	opened, err := onRegister(ctx, p, c.Data, agencyFlags{}, func(r *register) (breach.Case, error) {
		return r.Open(ctx, r.by, report, more...)
	})
	if err != nil {
		return err
	}
	return printCase(p, opened, c.JSON)
}
