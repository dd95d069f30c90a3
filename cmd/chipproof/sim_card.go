package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"runtime"

	"chipproof/api"
	"chipproof/cmd/internal/program"
	"chipproof/simulator"
)

type simCardCmd struct {
	Listen  []string `help:"Address of the agent, may be repeated; see serve. Default: ${default}." default:"localhost:8731" placeholder:"ADDR"`
	Origin  []string `sep:"none" help:"Web origin that may ask, may be repeated. Without it: ${test_origin}." placeholder:"ORIGIN"`
	Readers int      `help:"How many readers there are; the first one holds a card. Default: ${default}." default:"1" placeholder:"N"`
	Person  string   `help:"Whose card it is; one of 'chipproof sim people', or @ and a file of your own (YAML). Without it: ${default_person}." placeholder:"NAME|@FILE"`
	Faults  string   `help:"Plan of what goes wrong, and when (YAML), for every reader." placeholder:"FILE"`
	Replay  string   `help:"Play a transcript that 'chipproof read --record' wrote, instead of a person's card." placeholder:"FILE"`
	Line    string   `help:"How long the card's line takes: none; ta96 (48 µs a character and 5 ms an exchange, as today's cards); ta18 (93 µs and 15 ms). A transcript is played at its own pace unless this is none. Default: ${default}." enum:"none,ta96,ta18" default:"none"`
	Control string   `help:"Address for commands over HTTP, on loopback; 'none' for none. Default: ${default}." default:"127.0.0.1:8733" placeholder:"ADDR"`
}

// Help is the long text of `sim card --help`.
func (simCardCmd) Help() string {
	return `The agent of 'chipproof serve --demo' over readers that you work by hand: type commands (insert, remove, swap, fault, plug, unplug, stop, start, list, help), or send them over HTTP from your own tests. The curl lines are printed at the start. It goes on when stdin ends; Ctrl-C ends it.

A clerk of its own sits at the desk from the start, so that your page is answered at once. 'desk leave' and 'desk take', typed or sent to /desk as {"held":false}, let your page meet mfa_required.`
}

func (*simCardCmd) RunsOn() {}

// maxReaders is far more than any counter has.
const maxReaders = 64

// Validate is called by kong once all values are settled.
func (c *simCardCmd) Validate() error {
	var readers error
	if c.Readers < 1 || c.Readers > maxReaders {
		readers = fmt.Errorf("--readers: must be 1 to %d", maxReaders)
		return errors.Join(readers, c.checkControl())
	}
	_, err := c.stage().machine()
	return errors.Join(err, c.checkControl())
}

func (c *simCardCmd) stage() stage {
	s := stage{persons: []string{c.Person}, faults: c.Faults, replay: c.Replay, line: c.Line}
	for i := range c.Readers {
		s.readers = append(s.readers, fmt.Sprint(simulatedReader, i+1))
	}
	return s
}

func (c *simCardCmd) checkControl() error {
	if c.Control == "none" {
		return nil
	}
	address, err := netip.ParseAddrPort(c.Control)
	if err != nil || address.Addr() != netip.IPv6Loopback() && address.Addr().String() != "127.0.0.1" {
		return fmt.Errorf("--control: must be 127.0.0.1:PORT, [::1]:PORT or none")
	}
	return nil
}

func (c *simCardCmd) Run(ctx context.Context, p *program.Program) (err error) {
	machine, err := c.stage().machine()
	if err != nil {
		return err
	}
	d := &demo{user: demoUser, log: p.Log}
	defer func() { err = errors.Join(err, d.remove()) }()
	clerk := &demoClerk{demo: d}
	a := agent{driver: machine, mode: api.Test, listen: c.Listen, proofs: shippedProofs(), log: p.Log}
	a.open = func(ctx context.Context) (*site, error) {
		s, err := d.open(ctx, c.Origin)
		if err != nil {
			return nil, err
		}
		if err := clerk.take(ctx); err != nil {
			return nil, errors.Join(err, s.Close(ctx))
		}
		return s, nil
	}
	var control net.Listener
	if c.Control != "none" {
		if control, err = listenControl(ctx, c.Control); err != nil {
			return err
		}
	}
	parts := []func(context.Context) error{func(ctx context.Context) error {
		return a.serve(ctx, func(l *api.Listeners) {
			a.announce(p, l, api.Text{TH: "เครื่องอ่านจำลอง", EN: "simulated readers"})
			announceRead(p, l.URL(), d.origin)
			if control != nil {
				announceControl(p, control.Addr().String())
			}
			go clerk.stayAwake(ctx)
			go obey(ctx, p, withDesk{machine, clerk})
		})
	}}
	if control != nil {
		parts = append(parts, func(ctx context.Context) error {
			return serveControl(ctx, control, controlWithDesk(simulator.Control(machine), clerk))
		})
	}
	return program.Together(ctx, parts...)
}

// announceRead gives a line that reads the card, as a page would.
func announceRead(p *program.Program, url, origin string) {
	fmt.Fprintf(p.Err, "%s:\n  %s\n", p.Say.Label(api.Text{TH: "ลองวางคำสั่งนี้", EN: "try this"}),
		curlJSON(runtime.GOOS, url+"/v1/reads", formFill, "Origin: "+origin))
}
