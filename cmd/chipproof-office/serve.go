package main

import (
	"context"
	"errors"

	"chipproof/api"
	"chipproof/cmd/internal/program"
)

type serveCmd struct {
	Listen []string        `help:"Address to listen on, may be repeated: localhost:PORT (both 127.0.0.1 and ::1), 127.0.0.1:PORT or [::1]:PORT, and no other. Port 0 takes any free one. Default: ${default}." default:"127.0.0.1:8732" placeholder:"ADDR"`
	Agency agencyFlags     `embed:""`
	SMTP   mailFlags       `embed:""`
	Keep   []string        `help:"How long entries of a class of the audit log are kept, as CLASS=DAYS, may be repeated; at least 90. A class that isn't named is kept for ever. Classes: ${keep_classes}." placeholder:"CLASS=DAYS"`
	Data   program.DataDir `embed:""`
}

// Help is the long text of `serve --help`.
func (serveCmd) Help() string {
	return `Listens on loopback only and prints its address to stderr. People log in with two factors. Ends on Ctrl-C or SIGTERM, after the requests that run.

It opens the data folder that 'chipproof-office setup' has made, and makes none. The counter's folder is refused: each program has its own.`
}

// RunsOn implements [program.Service].
func (*serveCmd) RunsOn() {}

// Validate is called by kong once all values are settled.
func (c *serveCmd) Validate() error {
	_, err := program.ParsePolicy(c.Keep)
	return errors.Join(err, c.SMTP.check())
}

// Run implements [program.Command].
func (c *serveCmd) Run(ctx context.Context, p *program.Program) error {
	keep, _ := program.ParsePolicy(c.Keep) // Validate has refused what is wrong
	served := program.Agent{
		Mode: api.Production, Listen: c.Listen, Keep: keep, Log: p.Log,
		Open: func(ctx context.Context) (*program.Site, error) {
			return c.Data.Open(ctx, p.Kind, c.Agency.site(p))
		},
		Build: func(ctx context.Context, s *program.Site, rules api.OriginRules) (program.Serving, error) {
			return build(ctx, s, p, c.Agency, c.SMTP, rules)
		},
	}
	return served.Serve(ctx, func(l *api.Listeners) { p.Announce(l) })
}
