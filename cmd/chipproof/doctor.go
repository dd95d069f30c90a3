package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"chipproof/api"
	"chipproof/cardreader"
	"chipproof/cardreader/pcsc"
	"chipproof/cmd/internal/program"
	"chipproof/doctor"
)

type doctorCmd struct {
	JSON    bool   `name:"json" help:"Print the checks as JSON, in both languages; with --leaks findings as chipproof-office takes them."`
	Leaks   bool   `help:"Ask the other card agents of this machine as a hostile web page would, and say which give a card away."`
	Account string `help:"Account that the agent runs as, for the rule to install when the reader service refuses it. Without it: the account that runs this." placeholder:"NAME"`
}

// Help is the long text of `doctor --help`.
func (doctorCmd) Help() string {
	return `Looks at the reader service, readers and their drivers, cards (by their ATR only), clock, IPv6 and remote sessions. It changes nothing and reads no card.

Each check is ok, warning, failed or unknown. Exit codes: 0 nothing failed; 1 something failed; 2 the reader service could not be asked.

--leaks looks at other programs instead, at these ports of this machine and nowhere else: ` + leakPorts() + `. It asks for lists of readers and opens WebSockets that it closes at once, never for a card, as a page of ` + doctor.StrangePage + ` would, and at the machine's other addresses too. Nothing is stopped or changed. Where all that could be asked would be about a person, the open port is named and not asked. Exit codes then: 0 no open agent found; 1 one or more; 2 could not look.`
}

// Run implements [program.Command].
func (c *doctorCmd) Run(ctx context.Context, p *program.Program) error {
	if c.Leaks {
		return c.leaks(ctx, p)
	}
	readers := &lastError{readers: cardreader.New(pcsc.New(), cardreader.Options{Log: p.Log})}
	machine := doctor.Here(readers, program.ThisBuild().Time)
	if c.Account != "" {
		machine.Account = c.Account
	}
	checks := doctor.Examine(ctx, machine)
	verdict := doctor.Judge(checks)
	if verdict == doctor.Unanswered {
		return fmt.Errorf("examine machine: %w", errors.Join(readers.err, ctx.Err()))
	}
	if err := c.print(p, checks); err != nil {
		return err
	}
	if verdict == doctor.Wrong {
		return program.ErrNo
	}
	return nil
}

// lastError keeps why the readers could not be listed, for the code on stderr.
type lastError struct {
	readers *cardreader.Readers
	err     error
}

// List is [cardreader.Readers.List].
func (l *lastError) List(ctx context.Context) (states []cardreader.State, err error) {
	states, err = l.readers.List(ctx)
	l.err = err
	return states, err
}

func (c *doctorCmd) print(p *program.Program, checks []doctor.Check) error {
	if c.JSON {
		return program.PrintJSON(p.Out, struct {
			Checks []doctor.Check `json:"checks"`
		}{checks})
	}
	var page strings.Builder
	for _, check := range checks {
		fmt.Fprintf(&page, "%-8s %s\n", check.State, check.ID)
		for _, lang := range p.Say {
			indented(&page, "         ", api.Text(check.Found).In(lang))
			indented(&page, "       → ", api.Text(check.Remedy).In(lang))
		}
	}
	_, err := io.WriteString(p.Out, page.String())
	return err
}

// indented writes a text of several lines, the first behind lead and the others
// below it.
func indented(w io.Writer, lead, text string) {
	if text == "" {
		return
	}
	for line := range strings.SplitSeq(text, "\n") {
		fmt.Fprintf(w, "%s%s\n", lead, line)
		lead = "         "
	}
}
