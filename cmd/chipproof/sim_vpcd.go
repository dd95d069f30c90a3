package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"time"

	"chipproof/cardreader"
	"chipproof/cmd/internal/program"
)

type simVPCDCmd struct {
	Person []string `help:"Whose card is in the first slot, the second, and so on, may be repeated; one of 'chipproof sim people', or @ and a file of your own (YAML). Without it: ${default_person}." placeholder:"NAME|@FILE"`
	Addr   []string `help:"Where vpcd waits for the card of each slot, may be repeated. Default: ${default}, the two slots of its package." default:"127.0.0.1:35963,127.0.0.1:35964" placeholder:"HOST:PORT"`
	Faults string   `help:"Plan of what goes wrong, and when (YAML), for every slot. vpcd knows a card that is gone and nothing of readers that are: unplug and service_stop look like a removal." placeholder:"FILE"`
	Replay string   `help:"Play a transcript that 'chipproof read --record' wrote, instead of the first person's card." placeholder:"FILE"`
	Line   string   `help:"How long the card's line takes; see 'sim card'. Default: ${default}." enum:"none,ta96,ta18" default:"none"`
}

// Help is the long text of `sim vpcd --help`.
func (simVPCDCmd) Help() string {
	return `Cards in the virtual readers that the package vsmartcard-vpcd adds to pcscd, so that any PC/SC program sees them, chipproof itself among them. vpcd listens as long as pcscd runs, and pcscd starts with the first program that asks for readers ('chipproof readers'); until then, and whenever pcscd is gone, the cards wait and come back by themselves.

Type commands to work the slots: insert, remove, swap, fault, list, help. It goes on when stdin ends; Ctrl-C ends it and takes the cards out.`
}

func (*simVPCDCmd) RunsOn() {}

// Validate is called by kong once all values are settled.
func (c *simVPCDCmd) Validate() error {
	var problems []error
	for _, addr := range c.Addr {
		if host, port, err := net.SplitHostPort(addr); err != nil || host == "" || port == "" {
			problems = append(problems, fmt.Errorf("--addr: %q is not of the form HOST:PORT", addr))
		}
	}
	if len(c.Person) > len(c.Addr) {
		problems = append(problems, fmt.Errorf("--person: %d cards for %d slots; name more with --addr", len(c.Person), len(c.Addr)))
	}
	_, err := c.stage().machine()
	return errors.Join(append(problems, err)...)
}

func (c *simVPCDCmd) stage() stage {
	s := stage{persons: c.Person, faults: c.Faults, replay: c.Replay, line: c.Line}
	if len(s.persons) == 0 {
		s.persons = []string{defaultPerson}
	}
	for i := range c.Addr {
		s.readers = append(s.readers, slotName(i))
	}
	return s
}

func slotName(i int) string { return fmt.Sprintf("slot%d", i+1) }

func (c *simVPCDCmd) Run(ctx context.Context, p *program.Program) error {
	machine, err := c.stage().machine()
	if err != nil {
		return err
	}
	bridge := &vpcdBridge{machine: machine, addrs: map[string]string{}, links: map[string]*vpcdLink{}, emptied: map[string]time.Time{}, log: p.Log}
	for i, addr := range c.Addr {
		bridge.addrs[slotName(i)] = addr
		p.Log.Info("card slot", "slot", slotName(i), "vpcd", addr)
	}
	go obey(ctx, p, machine)
	bridge.Run(ctx, cardreader.New(machine, cardreader.Options{Log: p.Log}))
	return nil // stopped, as it is meant to be
}
