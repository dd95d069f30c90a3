package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"strings"
	"syscall"
	"time"

	"chipproof/api"
	"chipproof/cmd/internal/program"
	"chipproof/simulator"
	"chipproof/simulator/dopa"
)

type simDOPACmd struct {
	Listen    string        `help:"Address of the service, on loopback. Default: ${default}." default:"localhost:8734" placeholder:"ADDR"`
	WriteCA   string        `name:"write-ca" required:"" help:"Write the certificate that whoever asks must trust there (PEM). It is new each time; an older one is replaced." placeholder:"FILE"`
	WriteCert string        `name:"write-cert" help:"Write a certificate for whoever asks there (PEM), and answer nobody who doesn't show it. Needs --write-key." placeholder:"FILE"`
	WriteKey  string        `name:"write-key" help:"Write the private key of --write-cert there (PEM)." placeholder:"FILE"`
	Person    []string      `sep:"none" help:"Put somebody into the register besides the people who ship: @ and a file of your own (YAML), may be repeated." placeholder:"@FILE"`
	State     []string      `sep:"none" help:"What the service knows of a card, may be repeated: a person's name or citizen number, = and normal, moved, lost, cancelled, not_found or incomplete." placeholder:"PERSON=STATE"`
	Delay     time.Duration `help:"How much later every answer comes." placeholder:"DURATION"`
	Faults    string        `help:"Plan of what goes wrong, and when (YAML)." placeholder:"FILE"`
}

// Help is the long text of `sim dopa --help`.
func (simDOPACmd) Help() string {
	return `The card-status service of the Department of Provincial Administration (DOPA), played over the simulator's people: for tests, and to see what a counter does when a card was reported lost or the service is down. It knows no real person and no real card.

Type commands (state, delay, fault, list, help). It goes on when stdin ends; Ctrl-C ends it.`
}

func (*simDOPACmd) RunsOn() {}

// Validate is called by kong once all values are settled.
func (c *simDOPACmd) Validate() error {
	var problems []error
	if _, err := loopback(c.Listen); err != nil {
		problems = append(problems, err)
	}
	if (c.WriteCert == "") != (c.WriteKey == "") {
		problems = append(problems, errors.New("--write-cert and --write-key: both or neither"))
	}
	if c.Delay < 0 {
		problems = append(problems, errors.New("--delay: not below 0"))
	}
	_, err := c.service(&program.Program{})
	return errors.Join(append(problems, err)...)
}

// loopback is the address to open: localhost is 127.0.0.1 here.
func loopback(address string) (string, error) {
	host, port, err := net.SplitHostPort(address)
	if err == nil && host == "localhost" {
		host = "127.0.0.1"
	}
	if ip := net.ParseIP(host); err != nil || ip == nil || !ip.IsLoopback() {
		return "", errors.New("--listen: must be localhost:PORT, 127.0.0.1:PORT or [::1]:PORT")
	}
	return net.JoinHostPort(host, port), nil
}

// service sets the stage. Its error holds everything that is wrong with it.
func (c *simDOPACmd) service(p *program.Program) (*dopa.Service, error) {
	people := simulator.People()
	var problems []error
	for _, name := range c.Person {
		person, err := personOf(name)
		if err != nil {
			problems = append(problems, fmt.Errorf("--person: %w", err))
			continue
		}
		people = append(people, person)
	}
	service, err := dopa.New(dopa.Options{People: people, Log: p.Log})
	if err != nil {
		return nil, errors.Join(append(problems, err)...)
	}
	for _, s := range c.State {
		who, state, _ := strings.Cut(s, "=")
		if err := service.SetState(who, dopa.State(state)); err != nil {
			problems = append(problems, fmt.Errorf("--state: %w", err))
		}
	}
	service.SetDelay(c.Delay)
	if c.Faults != "" {
		if _, err := service.Command(context.Background(), "fault @"+c.Faults); err != nil {
			problems = append(problems, fmt.Errorf("--faults %s: %w", c.Faults, err))
		}
	}
	return service, errors.Join(problems...)
}

func (c *simDOPACmd) Run(ctx context.Context, p *program.Program) error {
	service, err := c.service(p)
	if err != nil {
		return err
	}
	authority, err := dopa.NewAuthority(time.Now())
	if err != nil {
		return err
	}
	address, err := loopback(c.Listen)
	if err != nil {
		return err
	}
	var config net.ListenConfig
	listener, err := config.Listen(ctx, "tcp", address)
	if errors.Is(err, syscall.EADDRINUSE) || errors.Is(err, wsaEADDRINUSE) {
		return fmt.Errorf("--listen: %w: %w", api.ErrPortTaken, err)
	}
	if err != nil {
		return fmt.Errorf("--listen: %w", err)
	}
	who, err := c.write(authority)
	if err != nil {
		return errors.Join(err, listener.Close())
	}
	c.announce(p, listener.Addr())
	go obey(ctx, p, service)
	return service.Serve(ctx, listener, authority, who)
}

// write puts down what whoever asks needs, and says who may ask then.
func (c *simDOPACmd) write(a *dopa.Authority) (dopa.Clients, error) {
	if err := writePEM(c.WriteCA, a.PEM()); err != nil {
		return 0, fmt.Errorf("--write-ca: %w", err)
	}
	if c.WriteCert == "" {
		return dopa.AnyClient, nil
	}
	now := time.Now()
	certificate, key, err := a.IssueClient(now.Add(-time.Minute), now.Add(24*time.Hour))
	if err != nil {
		return 0, err
	}
	if err := writePEM(c.WriteCert, certificate); err != nil {
		return 0, fmt.Errorf("--write-cert: %w", err)
	}
	if err := writePEM(c.WriteKey, key); err != nil {
		return 0, fmt.Errorf("--write-key: %w", err)
	}
	return dopa.KnownClients, nil
}

// writePEM writes a file, in the place of an older one of the kind and of no
// other file. Errors: [errFileExists], [errFileUnwritable].
func writePEM(path string, content []byte) error {
	first, _, _ := bytes.Cut(content, []byte("\n"))
	return program.WriteOver(path, content, program.MaxKeyFile, func(old []byte) bool { return bytes.HasPrefix(old, first) })
}

// announce tells where the service is, and how a counter is told.
func (c *simDOPACmd) announce(p *program.Program, address net.Addr) {
	_, port, _ := net.SplitHostPort(address.String())
	url := "https://localhost:" + port + "/CheckCardStatus/CheckCardService.asmx"
	fmt.Fprintf(p.Err, "%s:\n  %s\n", p.Say.Label(api.Text{TH: "บริการตรวจสถานะบัตรจำลอง", EN: "simulated card-status service"}), url)
	flags := "--dopa --dopa-url " + url + " --dopa-ca " + c.WriteCA
	if c.WriteCert != "" {
		flags += " --dopa-cert " + c.WriteCert + " --dopa-key " + c.WriteKey
	}
	fmt.Fprintf(p.Err, "%s:\n  %s serve --demo --driver simulator %s\n", p.Say.Label(api.Text{TH: "ให้เคาน์เตอร์จำลองถามบริการนี้", EN: "let a simulated counter ask it"}), calledAs(), flags)
}
