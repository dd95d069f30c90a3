package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"chipproof/api"
	"chipproof/breach"
	"chipproof/cmd/internal/program"
)

type breachDueCmd struct {
	At   when            `help:"Judge the clocks at this moment instead of now. Moves the clock alone, not which events are known." placeholder:"TIME"`
	All  bool            `help:"Print duties that are met, too. JSON always holds them."`
	Mail bool            `help:"Also send the warnings that are due to --dpo-mail, each once; for machines where 'serve' doesn't run."`
	JSON bool            `name:"json" help:"Print JSON: one array of {incident, duty, deadline, state, law, penalty, needs}."`
	SMTP mailFlags       `embed:""`
	Data program.DataDir `embed:""`
}

// Help is the long text of `breach due --help`.
func (breachDueCmd) Help() string {
	return `TIME is "2026-11-25 14:30" in Thailand, or RFC 3339.

Exit codes, for cron: 0 nothing is overdue; 1 something is overdue, or the history of an incident is damaged, so that nobody can say what it owes; 2 it could not be told, or a warning could not be sent.`
}

// Validate is called by kong once all values are settled.
func (c *breachDueCmd) Validate() error {
	switch {
	case c.Mail && !c.At.IsZero():
		return errors.New("--mail: warnings are sent by the present, not by --at")
	case c.Mail && (c.SMTP.Server == "" || c.SMTP.Officer == ""):
		return errors.New("--mail needs --smtp and --dpo-mail")
	}
	return c.SMTP.check()
}

// owing is what is owed at a moment.
type owing struct {
	duties []breach.Duty
	broken []string
}

// Run implements [program.Command].
func (c *breachDueCmd) Run(ctx context.Context, p *program.Program) error {
	at := c.At.or(present())
	owed, err := onRegister(ctx, p, c.Data, agencyFlags{}, func(r *register) (o owing, err error) {
		if c.Mail {
			if err := c.warn(ctx, r); err != nil {
				return o, err
			}
		}
		o.duties, o.broken, err = r.Due(ctx, at.Time())
		return o, err
	})
	if err != nil {
		return err
	}
	if err := c.print(p, owed.duties); err != nil {
		return err
	}
	warnBroken(p, owed.broken)
	if breach.AnyOverdue(owed.duties) || len(owed.broken) > 0 {
		return program.ErrNo
	}
	return nil
}

func (c *breachDueCmd) warn(ctx context.Context, r *register) error {
	w, err := c.SMTP.warner(r)
	if err != nil {
		return err
	}
	_, err = w.send(ctx, time.Now())
	return err
}

func (c *breachDueCmd) print(p *program.Program, duties []breach.Duty) error {
	if c.JSON {
		return printJSON(p.Out, duties)
	}
	shown := breach.ByUrgency(duties)
	if !c.All {
		shown = slices.DeleteFunc(shown, func(d breach.Duty) bool { return d.State.Done() })
	}
	var page strings.Builder
	if len(shown) == 0 {
		fmt.Fprintln(&page, p.Say.Label(api.Text{TH: "ไม่มีหน้าที่ค้าง", EN: "nothing is owed"}))
	}
	for _, d := range shown {
		writeDuty(&page, p.Say, d)
	}
	_, err := io.WriteString(p.Out, page.String())
	return err
}
