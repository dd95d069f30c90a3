package main

import (
	"context"
	"fmt"
	"text/tabwriter"

	"chipproof/cmd/internal/program"
	"chipproof/simulator"
)

// simCmd groups what needs no hardware.
type simCmd struct {
	Card   simCardCmd   `cmd:"" help:"Run the agent over simulated readers that obey commands."`
	VPCD   simVPCDCmd   `cmd:"" name:"vpcd" help:"Put simulated cards into a running pcscd, for any PC/SC program."`
	DOPA   simDOPACmd   `cmd:"" name:"dopa" help:"Play the issuer's card-status service, for tests and demonstrations."`
	RP     simRPCmd     `cmd:"" name:"rp" help:"Play a web site that fills a form or asks for a proof, and checks it."`
	People simPeopleCmd `cmd:"" help:"List the people who ship with the simulator."`
}

type simPeopleCmd struct {
	JSON bool `name:"json" help:"Print JSON."`
}

// personLine is a person in `sim people --json`: none of their data.
type personLine struct {
	Person string `json:"person"`
	About  string `json:"about"`
}

// Help is the long text of `sim people --help`.
func (simPeopleCmd) Help() string {
	return `All of them are invented. A file of your own has the same form; "synthetic: true" must stand in it.`
}

func (c *simPeopleCmd) Run(_ context.Context, p *program.Program) error {
	var people []personLine
	for _, person := range simulator.People() {
		people = append(people, personLine{person.Key, person.About})
	}
	if c.JSON {
		return program.PrintJSON(p.Out, struct {
			People []personLine `json:"people"`
		}{people})
	}
	table := tabwriter.NewWriter(p.Out, 0, 0, 2, ' ', 0)
	for _, person := range people {
		fmt.Fprintf(table, "%s\t%s\n", person.Person, person.About)
	}
	return table.Flush()
}
