package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"runtime"
	"strings"

	"chipproof/api"
	"chipproof/cardreader"
	"chipproof/cardreader/pcsc"
)

type serveCmd struct {
	Listen []string `help:"Address to listen on, may be repeated: localhost:PORT (both 127.0.0.1 and ::1), 127.0.0.1:PORT or [::1]:PORT, and no other. Port 0 takes any free one. Default: ${default}." default:"localhost:8731" placeholder:"ADDR"`
	Origin []string `help:"Web origin that may ask, exactly as browsers send it, may be repeated: https://host; in test mode also http://localhost:PORT. Without it nobody may, in test mode ${test_origin}." placeholder:"ORIGIN"`
	Driver string   `help:"Where cards are: pcsc (the readers of this machine); simulator (one simulated reader with a card in it; always test mode); auto (for demonstrations, only with --test: a real reader if there is one now, otherwise the simulator)." enum:"pcsc,simulator,auto" default:"pcsc"`
	Person string   `help:"Simulator: whose card is in the reader; one of 'chipproof sim people', or @ and a file of your own (YAML). Without it: ${default_person}." placeholder:"NAME|@FILE"`
	Test   bool     `help:"Test mode: for developing against, never for citizens."`
	Data   string   `help:"Folder of this agent's own data, readable by its account alone (0700); it is made if it isn't there. Nothing is kept in it yet." placeholder:"DIR"`
}

// Help is the long text of `serve --help`.
func (serveCmd) Help() string {
	return `Listens on loopback only, prints its address to stderr, and in test mode a curl line that works when pasted. Starts without a reader and without a reader service: both may come later. Ends on Ctrl-C or SIGTERM, after the requests that run.

Mode: --driver simulator and --test are test mode; everything else is production, which never falls back to the simulator.`
}

// testOrigin may ask in test mode when no origin is named.
const testOrigin = "http://localhost:8000"

func (*serveCmd) runsOn() {}

// Validate is called by kong once all values are settled.
func (c *serveCmd) Validate() error {
	var problems []error
	if c.Driver == "auto" && !c.Test {
		problems = append(problems, errors.New("--driver auto needs --test: production must not fall back to the simulator"))
	}
	if c.Driver == "pcsc" && c.Person != "" {
		problems = append(problems, errors.New("--person needs --driver simulator or auto"))
	}
	if c.Driver != "pcsc" {
		_, err := c.simulated().machine()
		problems = append(problems, err)
	}
	return errors.Join(problems...)
}

func (c *serveCmd) simulated() source { return source{Driver: "simulator", Person: c.Person} }

func (c *serveCmd) run(ctx context.Context, p *program) error {
	if err := openData(c.Data); err != nil {
		return &usageError{err: err, help: "chipproof serve --help"}
	}
	driver, what, err := c.choose(ctx, p)
	if err != nil {
		return err
	}
	a := agent{driver: driver, mode: c.mode(), listen: c.Listen, origins: c.Origin, log: p.log}
	if a.mode == api.Test && len(a.origins) == 0 {
		a.origins = []string{testOrigin}
	}
	return a.serve(ctx, func(l *api.Listeners) { a.announce(p, l, what) })
}

func (c *serveCmd) mode() api.Mode {
	if c.Test || c.Driver == "simulator" {
		return api.Test
	}
	return api.Production
}

// choose gives the driver, and what to call it.
func (c *serveCmd) choose(ctx context.Context, p *program) (cardreader.Driver, api.Text, error) {
	real := api.Text{TH: "เครื่องอ่านบัตรของเครื่องนี้", EN: "readers of this machine"}
	switch c.Driver {
	case "pcsc":
		return pcsc.New(), real, nil
	case "auto":
		driver := pcsc.New()
		if anyReal(ctx, cardreader.New(driver, cardreader.Options{Log: p.log}), p) {
			return driver, real, nil
		}
	}
	machine, err := c.simulated().machine()
	return machine, api.Text{TH: "เครื่องอ่านจำลอง", EN: "simulated reader"}, err
}

// anyReal says whether a reader of metal hangs on this machine. vpcd's readers
// stand there, empty, wherever its package is installed.
func anyReal(ctx context.Context, readers *cardreader.Readers, p *program) bool {
	states, err := readers.List(ctx)
	if err != nil {
		p.log.Info("no real reader", "cause", err)
	}
	for _, s := range states {
		if !strings.HasPrefix(s.Reader, "Virtual PCD") {
			return true
		}
	}
	return false
}

// formFill is what a page asks that fills a form.
const formFill = `{"purpose":"form_fill","fields":["citizen_id","name","birth_date","sex","address"]}`

// announce tells whoever started us where we are, and how to try it.
func (a agent) announce(p *program, l *api.Listeners, what api.Text) {
	mode := api.Text{TH: "ใช้งานจริง", EN: "production"}
	if a.mode == api.Test {
		mode = api.Text{TH: "โหมดทดสอบ", EN: "test mode"}
	}
	for _, lang := range p.say {
		fmt.Fprintf(p.err, "chipproof: %s (%s, %s)\n", l.URL(), mode.In(lang), what.In(lang))
	}
	if a.mode == api.Test {
		fmt.Fprintf(p.err, "%s:\n  %s\n", p.say.label(api.Text{TH: "ลองวางคำสั่งนี้", EN: "try this"}),
			curlJSON(runtime.GOOS, l.URL()+"/v1/reads", formFill, "Origin: "+a.origins[0]))
	}
}

// openData makes the data folder, and refuses one that others can look into.
func openData(dir string) error {
	if dir == "" {
		return nil
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return fmt.Errorf("--data: %w", err)
	}
	info, err := os.Stat(dir)
	if err != nil {
		return fmt.Errorf("--data: %w", err)
	}
	// Windows has ACLs in place of these bits.
	if runtime.GOOS != "windows" && info.Mode()&(fs.ModePerm&0o077) != 0 {
		return fmt.Errorf("--data: other accounts may look into %s (%v); chmod 700 %s", dir, info.Mode().Perm(), dir)
	}
	return nil
}
