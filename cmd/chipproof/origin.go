package main

import (
	"context"
	"fmt"
	"os"
	"slices"
	"time"

	"chipproof/api"
	"chipproof/api/counter"
	"chipproof/cmd/internal/program"
	"chipproof/proofing"
)

// originCmd groups what is done about web origins.
type originCmd struct {
	Add    originAddCmd    `cmd:"" help:"Approve a web origin, or change what is granted to it. It holds at the next request."`
	List   originListCmd   `cmd:"" help:"List the approved web origins."`
	Revoke originRevokeCmd `cmd:"" help:"Revoke a web origin. It is refused at the next request, and what it waits for ends."`
}

type originAddCmd struct {
	Origin    string          `arg:"" help:"The site, exactly as browsers send it: https://app.example.go.th, no path, no slash at the end."`
	JWKS      string          `name:"jwks" help:"File with the public keys of the site's backend (JWK set), as its operator handed it over. Compare the thumbprints that are printed with those that the site shows." type:"existingfile" placeholder:"FILE"`
	Audience  string          `help:"Audience of its proofs. Default: the origin." placeholder:"NAME"`
	Fields    []string        `help:"What it may ask for, separated by commas: ${fields}. Default: all but laser_code and nhso." placeholder:"LIST"`
	Purposes  []string        `help:"What for, separated by commas: ${purposes}, and those that your agency's policy adds. Default: form_fill, and identity_proofing with --jwks." placeholder:"LIST"`
	ReturnURL []string        `name:"return-url" sep:"none" help:"A whole address of that same site where a page-road proof may go, may be repeated." placeholder:"URL"`
	Ask       string          `help:"Whether whoever holds the desk must agree to each request ('chipproof approve'): always or never. Default: ${default}." enum:"always,never" default:"never" placeholder:"always|never"`
	PlainHTTP bool            `name:"plain-http" help:"For a site on plain http: it gets the page road and nothing else, and its proofs travel unencrypted."`
	Test      bool            `help:"Take http://localhost:PORT too. Only an agent in test mode ever answers it."`
	JSON      bool            `name:"json" help:"Print JSON."`
	Data      program.DataDir `embed:""`
}

// Help is the long text of `origin add --help`.
func (originAddCmd) Help() string {
	return `An origin that is listed already is changed: what is not named on this command line gets its default again.

Purposes are those of the policy that 'serve' was started with last.`
}

func (c *originAddCmd) Run(ctx context.Context, p *program.Program) error {
	entry := counter.OriginEntry{
		Origin: c.Origin, Audience: c.Audience, Fields: c.Fields, Purposes: c.Purposes, ReturnURLs: c.ReturnURL,
		Ask: proofing.Ask(c.Ask), PlainHTTP: c.PlainHTTP,
	}
	if c.JWKS != "" {
		keys, err := os.ReadFile(c.JWKS)
		if err != nil {
			return &program.UsageError{Err: fmt.Errorf("--jwks: %w", err), Help: "chipproof origin add --help"}
		}
		entry.Keys = keys
	}
	rules := api.OriginRules{Mode: api.Production}
	if c.Test {
		rules.Mode = api.Test
	}
	keyless := false
	saved, err := onSite(ctx, p, c.Data, func(s *site) (proofing.Origin, error) {
		policy, err := s.policyInUse(ctx)
		if err != nil {
			return proofing.Origin{}, err
		}
		origin, err := counter.NewOrigin(entry, rules, policy)
		if err != nil {
			return proofing.Origin{}, err
		}
		origin.ApprovedAt = time.Now()
		keyless = lacksKeys(origin, policy)
		return s.records.SaveOrigin(ctx, s.asActor(), origin)
	})
	if err != nil {
		return err
	}
	if !keyless {
		return printOrigin(p, saved, c.JSON)
	}
	hintKeys(p, saved.Origin)
	if c.JSON {
		return program.PrintJSON(p.Out, hintedOrigin{lineOfOrigin(saved), hintKeysMissing})
	}
	return printOrigin(p, saved, false)
}

// lacksKeys says that an entry is for proofs, and that none can be asked for: who
// asks must sign, and nobody knows the site's keys. One on plain http is for
// nothing else (agent-security §6.3).
func lacksKeys(o proofing.Origin, policy proofing.Policy) bool {
	proves := func(name string) bool {
		purpose, known := policy.Purpose(name)
		return known && purpose.Use == proofing.UseProof
	}
	return len(o.Keys) == 0 && (o.PlainHTTP || slices.ContainsFunc(o.Purposes, proves))
}

type originListCmd struct {
	JSON bool            `name:"json" help:"Print JSON."`
	Data program.DataDir `embed:""`
}

func (c *originListCmd) Run(ctx context.Context, p *program.Program) error {
	origins, err := onSite(ctx, p, c.Data, func(s *site) ([]proofing.Origin, error) {
		return s.records.Origins(ctx)
	})
	if err != nil {
		return err
	}
	return printOrigins(p, origins, c.JSON)
}

type originRevokeCmd struct {
	Origin string          `arg:"" help:"The site, as it is listed."`
	JSON   bool            `name:"json" help:"Print the entry that was revoked, as JSON."`
	Data   program.DataDir `embed:""`
}

func (c *originRevokeCmd) Run(ctx context.Context, p *program.Program) error {
	revoked, err := onSite(ctx, p, c.Data, func(s *site) (proofing.Origin, error) {
		origin, found, err := s.records.Origin(ctx, c.Origin)
		if err == nil && found {
			found, err = s.records.RevokeOrigin(ctx, s.asActor(), origin.ID, time.Now())
		}
		if err == nil && !found {
			err = fmt.Errorf("revoke origin: %w", counter.ErrOriginUnknown)
		}
		return origin, err
	})
	if err != nil {
		return err
	}
	return printOrigin(p, revoked, c.JSON)
}

// asActor is who runs the command, for entries of the counter's records.
func (s *site) asActor() proofing.Actor { return proofing.Actor{ID: s.Actor} }
