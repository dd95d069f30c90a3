package main

import (
	"context"
	"errors"
	"strings"

	"chipproof/breach"
	"chipproof/cmd/internal/program"
	officestore "chipproof/store/office"
)

type breachContainCmd struct {
	ID         string          `arg:"" help:"The incident, such as b-2026-0007."`
	Action     string          `help:"Something that we do ourselves about it." placeholder:"TEXT"`
	Order      string          `help:"An order to a processor or others concerned; needs --to and --due-at." placeholder:"TEXT"`
	To         string          `help:"Which organisation the order is to." placeholder:"ORGANISATION"`
	DueAt      when            `help:"By when the order is to be done." placeholder:"TIME"`
	Means      string          `help:"What action or order works by: ${enum}." enum:"people,process,technology" default:"technology"`
	StartedAt  when            `help:"When the action began. Without it: now." placeholder:"TIME"`
	FinishedAt when            `help:"When the action was finished; without it, it goes on." placeholder:"TIME"`
	Result     string          `help:"What containment came to: ended or eased." enum:",ended,eased" default:"" placeholder:"RESULT"`
	Text       string          `help:"What the result rests on." placeholder:"TEXT"`
	JSON       bool            `name:"json" help:"Print JSON: the incident as a line of the API's list."`
	Data       program.DataDir `embed:""`
}

// Help is the long text of `breach contain --help`.
func (breachContainCmd) Help() string {
	return `--action, --order and --result can stand together; they are recorded in this order, all or none. That an order was acknowledged or done, and the end of an action that went on, are events of their own: 'chipproof-office breach record ID --kind order_acknowledged', order_done, action_finished.`
}

// Validate is called by kong once all values are settled.
func (c *breachContainCmd) Validate() error {
	switch {
	case c.Action == "" && c.Order == "" && c.Result == "":
		return errors.New("one of --action, --order, --result")
	case c.Order != "" && (c.To == "" || c.DueAt.IsZero()):
		return errors.New("--order needs --to and --due-at")
	case c.Order == "" && (c.To != "" || !c.DueAt.IsZero()):
		return errors.New("--to and --due-at are about an --order")
	case c.Action == "" && (!c.StartedAt.IsZero() || !c.FinishedAt.IsZero()):
		return errors.New("--started-at and --finished-at are about an --action")
	case (c.Result == "") != (strings.TrimSpace(c.Text) == ""):
		return errors.New("--result and --text go together")
	}
	return nil
}

// Run implements [program.Command].
func (c *breachContainCmd) Run(ctx context.Context, p *program.Program) error {
	after, err := onRegister(ctx, p, c.Data, agencyFlags{}, func(r *register) (breach.Case, error) {
		before, err := r.One(ctx, c.ID)
		if err != nil {
			return before, err
		}
		// The end of an action names it by its number, so that nobody may add one meanwhile.
		seen := officestore.AnyState
		if c.Action != "" && !c.FinishedAt.IsZero() {
			seen = len(before.Events)
		}
		return r.Record(ctx, r.by, c.ID, seen, c.bodies(len(before.Actions)+1)...)
	})
	if err != nil {
		return err
	}
	return printCase(p, after, c.JSON)
}

// bodies are the events; next is the number that the action gets.
func (c *breachContainCmd) bodies(next int) (list []breach.Body) {
	if c.Action != "" {
		started := present()
		if !c.FinishedAt.IsZero() {
			started = c.FinishedAt.Moment
		}
		list = append(list, breach.ActionStarted{
			Aim: breach.AimContain, Means: breach.Means(c.Means), Text: c.Action, StartedAt: c.StartedAt.or(started),
		})
		if !c.FinishedAt.IsZero() {
			list = append(list, breach.ActionFinished{Action: next, FinishedAt: c.FinishedAt.Moment})
		}
	}
	if c.Order != "" {
		list = append(list, breach.Ordered{To: c.To, Means: breach.Means(c.Means), Text: c.Order, DueAt: c.DueAt.Moment})
	}
	if c.Result != "" {
		list = append(list, breach.Contained{Result: breach.Result(c.Result), Text: c.Text})
	}
	return list
}
