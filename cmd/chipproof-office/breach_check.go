package main

import (
	"context"
	"errors"
	"fmt"

	"chipproof/api"
	"chipproof/breach"
	"chipproof/cmd/internal/program"
)

type breachCheckCmd struct {
	JSON bool            `name:"json" help:"Print JSON: {ok, problem}."`
	Data program.DataDir `embed:""`
}

// Help is the long text of `breach check --help`.
func (breachCheckCmd) Help() string {
	return `Holds every event to those before it and to its entry in the audit log, and replays every history by the rules. Whether the log itself holds says 'chipproof-office audit verify'.

Exit codes: 0 every history holds; 1 one doesn't.`
}

// Run implements [program.Command].
func (c *breachCheckCmd) Run(ctx context.Context, p *program.Program) error {
	broken, err := onRegister(ctx, p, c.Data, agencyFlags{}, func(r *register) (error, error) {
		err := r.Check(ctx)
		if errors.Is(err, breach.ErrHistoryBroken) {
			return err, nil
		}
		return nil, err
	})
	if err != nil {
		return err
	}
	verdict := struct {
		OK      bool   `json:"ok"`
		Problem string `json:"problem,omitempty"`
	}{OK: broken == nil}
	said := api.Text{TH: "ประวัติของทุกเรื่องครบถ้วน ไม่พบการแก้ไข", EN: "every history holds"}
	if broken != nil {
		verdict.Problem = broken.Error()
		said = api.Text{TH: "ประวัติถูกแก้ไขหรือเสียหาย", EN: "a history does NOT hold"}
	}
	switch {
	case c.JSON:
		err = printJSON(p.Out, verdict)
	case broken != nil:
		_, err = fmt.Fprintf(p.Out, "%s\n  %s\n", p.Say.Label(said), verdict.Problem)
	default:
		_, err = fmt.Fprintln(p.Out, p.Say.Label(said))
	}
	if err == nil && broken != nil {
		return program.ErrNo
	}
	return err
}
