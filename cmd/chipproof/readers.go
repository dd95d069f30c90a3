package main

import (
	"context"
	"fmt"
	"text/tabwriter"

	"chipproof/api"
	"chipproof/cardreader"
	"chipproof/cmd/internal/program"
)

type readersCmd struct {
	Watch  bool   `help:"Print every change as it happens, beginning with what is there, until stopped (Ctrl-C)."`
	JSON   bool   `name:"json" help:"Print JSON; with --watch one object a line."`
	Source source `embed:""`
}

// Help is the long text of `readers --help`.
func (readersCmd) Help() string {
	return `Exit codes: 0 there is a reader; 1 there is none; 2 the reader service could not be asked. With --watch: 0 when stopped, and a service that goes away is an event like others.`
}

// Validate is called by kong once all values are settled.
func (c *readersCmd) Validate() error { return c.Source.check() }

func (c *readersCmd) Run(ctx context.Context, p *program.Program) error {
	driver, err := c.Source.open()
	if err != nil {
		return err
	}
	readers := cardreader.New(driver, cardreader.Options{Log: p.Log})
	if c.Watch {
		return c.watch(ctx, p, readers)
	}
	states, err := readers.List(ctx)
	if err != nil {
		return err
	}
	if c.JSON {
		err = program.PrintJSON(p.Out, listing(states))
	} else {
		err = printReaders(p, states)
	}
	if err == nil && len(states) == 0 {
		return program.ErrNo
	}
	return err
}

// readerLine is a reader in `readers --json`, the same as in GET /v1/readers.
type readerLine struct {
	Name string `json:"name"`
	Card string `json:"card"`
	ATR  string `json:"atr"`
}

type readerListing struct {
	Readers []readerLine `json:"readers"`
}

func listing(states []cardreader.State) readerListing {
	list := readerListing{Readers: []readerLine{}}
	for _, s := range states {
		list.Readers = append(list.Readers, readerLine{s.Reader, s.Card.String(), fmt.Sprintf("%x", s.ATR)})
	}
	return list
}

func printReaders(p *program.Program, states []cardreader.State) error {
	if len(states) == 0 {
		_, err := fmt.Fprintln(p.Out, p.Say.Label(api.Text{TH: "ไม่พบเครื่องอ่านบัตร", EN: "no reader"}))
		return err
	}
	table := tabwriter.NewWriter(p.Out, 0, 0, 2, ' ', 0)
	for _, s := range states {
		fmt.Fprintf(table, "%s\t%s\t% X\n", program.Shown(s.Reader), p.Say.Label(presence(s.Card)), s.ATR)
	}
	return table.Flush()
}

func presence(card cardreader.Presence) api.Text {
	switch card {
	case cardreader.Absent:
		return api.Text{TH: "ไม่มีบัตร", EN: "no card"}
	case cardreader.Present:
		return api.Text{TH: "มีบัตร", EN: "card"}
	case cardreader.Mute:
		return api.Text{TH: "บัตรไม่ตอบ", EN: "card does not answer"}
	}
	return api.Text{TH: "ไม่ทราบ", EN: "unknown"}
}
