package main

import (
	"context"
	"errors"

	"chipproof/api"
	"chipproof/cardreader"
	"chipproof/cardreader/pcsc"
	"chipproof/cmd/internal/program"
)

type serveCmd struct {
	Listen []string        `help:"Address to listen on, may be repeated: localhost:PORT (both 127.0.0.1 and ::1), 127.0.0.1:PORT or [::1]:PORT, and no other. Port 0 takes any free one. Default: ${default}." default:"localhost:8731" placeholder:"ADDR"`
	Driver string          `help:"Where cards are: pcsc (the readers of this machine); simulator (one simulated reader with a card in it; always test mode); auto (for demonstrations, only with --test or --demo: a real reader if there is one now, otherwise the simulator)." enum:"pcsc,simulator,auto" default:"pcsc"`
	Person string          `help:"Simulator: whose card is in the reader; one of 'chipproof sim people', or @ and a file of your own (YAML). Without it: ${default_person}." placeholder:"NAME|@FILE"`
	Test   bool            `help:"Test mode: for developing against, never for citizens."`
	Demo   bool            `help:"Demonstration, in test mode with --driver simulator or auto: a data folder that is thrown away at the end, with one clerk in it whose password and codes are printed."`
	Origin []string        `sep:"none" help:"Demonstration: web origin that may ask, may be repeated. Without it: ${test_origin}. Otherwise origins stand in the data folder: 'chipproof origin add'." placeholder:"ORIGIN"`
	Agency []string        `sep:"none" help:"Name that the agency goes by, may be repeated. Authenticator apps show the first one, and none of them is taken as a password." placeholder:"NAME"`
	Keep   []string        `help:"How long entries of a class of the audit log are kept, as CLASS=DAYS, may be repeated; at least 90. A class that isn't named is kept for ever. Classes: ${keep_classes}." placeholder:"CLASS=DAYS"`
	Compat []string        `sep:"none" help:"Also open a port on which pages written for another agent are answered, may be repeated: ${compat_agents}. Weaker than our own: nothing is signed, and the first hands a person to a GET. A page must be https and approved with the purpose compat. For tests, =PORT behind the name takes another port, 0 any free one." placeholder:"AGENT"`
	Proofs proofFlags      `embed:""`
	Data   program.DataDir `embed:""`
}

// Help is the long text of `serve --help`.
func (serveCmd) Help() string {
	return `Listens on loopback only and prints its address to stderr. Web apps are answered while somebody who logged in with two factors holds the desk. Starts without a reader and without a reader service: both may come later. Ends on Ctrl-C or SIGTERM, after the requests that run.

It opens the data folder that 'chipproof setup' has made, and makes none. Mode: --driver simulator, --test and --demo are test mode; everything else is production, which never falls back to the simulator.`
}

// testOrigin may ask in demonstrations when no origin is named.
const testOrigin = "http://localhost:8000"

func (*serveCmd) RunsOn() {}

// Validate is called by kong once all values are settled.
func (c *serveCmd) Validate() error {
	var problems []error
	if c.Driver == "auto" && !c.Test && !c.Demo {
		problems = append(problems, errors.New("--driver auto needs --test or --demo: production must not fall back to the simulator"))
	}
	if c.Driver == "pcsc" && c.Person != "" {
		problems = append(problems, errors.New("--person needs --driver simulator or auto"))
	}
	if c.Driver != "pcsc" {
		_, err := c.simulated().machine()
		problems = append(problems, err)
	}
	_, err := program.ParsePolicy(c.Keep)
	_, compat := parseDropIns(c.Compat)
	return errors.Join(append(problems, c.checkDemo(), c.Proofs.check(c.mode()), err, compat)...)
}

func (c *serveCmd) checkDemo() error {
	switch {
	case c.Demo && c.Driver == "pcsc":
		return errors.New("--demo needs --driver simulator or auto")
	case c.Demo && c.Data != (program.DataDir{}):
		return errors.New("--demo has a data folder of its own, and takes no other")
	case !c.Demo && len(c.Origin) > 0:
		return errors.New("--origin is for --demo: origins stand in the data folder, see chipproof origin add --help")
	}
	return nil
}

func (c *serveCmd) simulated() source { return source{Driver: "simulator", Person: c.Person} }

func (c *serveCmd) Run(ctx context.Context, p *program.Program) error {
	driver, what, err := c.choose(ctx, p)
	if err != nil {
		return err
	}
	a := agent{driver: driver, mode: c.mode(), listen: c.Listen, log: p.Log}
	a.dropIns, _ = parseDropIns(c.Compat) // Validate has refused what is wrong
	if a.proofs, err = c.Proofs.open(p.Log); err != nil {
		return err
	}
	if c.Demo {
		return a.demonstrate(ctx, p, what, c.Origin)
	}
	a.keep, _ = program.ParsePolicy(c.Keep) // Validate has refused what is wrong
	a.open = func(ctx context.Context) (*site, error) {
		opened, err := c.Data.Open(ctx, kind(), program.SiteOptions{Agency: c.Agency, Log: p.Log})
		if err != nil {
			return nil, err
		}
		return counterSite(opened), nil
	}
	return a.serve(ctx, func(l *api.Listeners) { a.announce(p, l, what) })
}

func (c *serveCmd) mode() api.Mode {
	if c.Test || c.Demo || c.Driver == "simulator" {
		return api.Test
	}
	return api.Production
}

// choose gives the driver, and what to call it.
func (c *serveCmd) choose(ctx context.Context, p *program.Program) (cardreader.Driver, api.Text, error) {
	real := api.Text{TH: "เครื่องอ่านบัตรของเครื่องนี้", EN: "readers of this machine"}
	switch c.Driver {
	case "pcsc":
		return pcsc.New(), real, nil
	case "auto":
		driver := pcsc.New()
		if anyReal(ctx, cardreader.New(driver, cardreader.Options{Log: p.Log}), p) {
			return driver, real, nil
		}
	}
	machine, err := c.simulated().machine()
	return machine, api.Text{TH: "เครื่องอ่านจำลอง", EN: "simulated reader"}, err
}

// anyReal says whether a reader of metal hangs on this machine. vpcd's readers
// stand there, empty, wherever its package is installed.
func anyReal(ctx context.Context, readers *cardreader.Readers, p *program.Program) bool {
	states, err := readers.List(ctx)
	if err != nil {
		p.Log.Info("no real reader", "cause", err)
	}
	for _, s := range states {
		if !s.Simulated {
			return true
		}
	}
	return false
}

// announce tells whoever started us where we are.
func (a agent) announce(p *program.Program, l *api.Listeners, what api.Text) {
	mode := api.Text{TH: "ใช้งานจริง", EN: "production"}
	if a.mode == api.Test {
		mode = api.Text{TH: "โหมดทดสอบ", EN: "test mode"}
	}
	p.Announce(l, mode, what)
	a.announceDropIns(p)
}
