package main

import (
	"context"

	"chipproof/breach"
	"chipproof/cmd/internal/program"
)

type breachNoteCmd struct {
	ID     string          `arg:"" help:"The incident, such as b-2026-0007."`
	Text   string          `help:"What was seen; nothing about a person." required:"" placeholder:"TEXT"`
	Source string          `help:"Who or what says so." required:"" placeholder:"TEXT"`
	SeenAt when            `help:"When it was seen. Without it: now." placeholder:"TIME"`
	JSON   bool            `name:"json" help:"Print JSON: the incident as a line of the API's list."`
	Data   program.DataDir `embed:""`
}

// Help is the long text of `breach note --help`.
func (breachNoteCmd) Help() string {
	return `A fact can't be changed or taken away; a later one can contradict it.`
}

// Run implements [program.Command].
func (c *breachNoteCmd) Run(ctx context.Context, p *program.Program) error {
	return recorded(ctx, p, c.Data, c.JSON, c.ID, breach.Fact{SeenAt: c.SeenAt.or(present()), Source: c.Source, Text: c.Text})
}

type breachCloseCmd struct {
	ID      string          `arg:"" help:"The incident, such as b-2026-0007."`
	Summary string          `help:"How it ended; nothing about a person." required:"" placeholder:"TEXT"`
	JSON    bool            `name:"json" help:"Print JSON: the incident as a line of the API's list."`
	Data    program.DataDir `embed:""`
}

// Help is the long text of `breach close --help`.
func (breachCloseCmd) Help() string {
	return `Refused while a duty is open, and names it. What is learned later takes a closed incident up again: 'chipproof-office breach record ID --kind reopened'.`
}

// Run implements [program.Command].
func (c *breachCloseCmd) Run(ctx context.Context, p *program.Program) error {
	return recorded(ctx, p, c.Data, c.JSON, c.ID, breach.Closed{Summary: c.Summary})
}
