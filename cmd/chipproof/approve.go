package main

import (
	"context"
	"errors"
	"time"

	"chipproof/cmd/internal/program"
	"chipproof/proofing"
)

// approveCmd gives the desk's word, as long as no page takes it.
type approveCmd struct {
	ID   string          `arg:"" optional:"" help:"The request, as the list names it. Without it: what waits is listed."`
	No   bool            `help:"Decline it."`
	JSON bool            `name:"json" help:"Print JSON."`
	Data program.DataDir `embed:""`
}

// Help is the long text of `approve --help`.
func (approveCmd) Help() string {
	return `For origins that were added with --ask always: whoever holds the desk must agree to each request, and a request waits for that as long as its page does. On the agent's console the clerk answers; this command is for whoever looks after the machine.

Exit codes: 0 something waits, or the answer was the first and in time; 1 nothing waits, or the answer came too late.`
}

// Validate is called by kong once all values are settled.
func (c *approveCmd) Validate() error {
	if c.No && c.ID == "" {
		return errors.New("--no: which request is declined?")
	}
	return nil
}

func (c *approveCmd) Run(ctx context.Context, p *program.Program) error {
	if c.ID == "" {
		return c.list(ctx, p)
	}
	answer := proofing.Approved
	if c.No {
		answer = proofing.Declined
	}
	counted, err := onSite(ctx, p, c.Data, func(s *site) (bool, error) {
		return s.records.AnswerApproval(ctx, s.asActor(), c.ID, answer, time.Now())
	})
	if err != nil {
		return err
	}
	if err := printAnswer(p, c.ID, answer, counted, c.JSON); err != nil {
		return err
	}
	if !counted {
		return program.ErrNo
	}
	return nil
}

func (c *approveCmd) list(ctx context.Context, p *program.Program) error {
	waiting, err := onSite(ctx, p, c.Data, func(s *site) ([]proofing.Approval, error) {
		return s.records.Approvals(ctx, time.Now())
	})
	if err != nil {
		return err
	}
	if err := printApprovals(p, waiting, c.JSON); err != nil {
		return err
	}
	if len(waiting) == 0 {
		return program.ErrNo
	}
	return nil
}
