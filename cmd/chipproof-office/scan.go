package main

import (
	"context"
	"errors"
	"slices"
	"time"

	"chipproof/cmd/internal/program"
	"chipproof/exposure/crawl"
)

type scanCmd struct {
	Targets []string `arg:"" optional:"" help:"What to scan: folders and files of this machine, and sites (https://www.example.go.th/). Never with a name or number of a person in it." placeholder:"TARGET"`

	Scope       string   `help:"The scope file that the owner of the hosts wrote; needed for whatever is fetched. No host outside of it is asked." placeholder:"FILE"`
	OpenAPI     []string `name:"openapi" sep:"none" help:"OpenAPI document (JSON) whose GET calls are made: a file or an address, may be repeated." placeholder:"FILE|URL"`
	Base        string   `help:"Where the API of an OpenAPI file is, if its servers stand there without a host." placeholder:"URL"`
	List        []string `sep:"none" help:"File with addresses to ask for, one a line, may be repeated." placeholder:"FILE"`
	HAR         []string `name:"har" sep:"none" help:"HTTP archive whose GET requests are made again, may be repeated." placeholder:"FILE"`
	Credentials string   `help:"File with the header lines that the owner supplies for these APIs, readable by this account alone. It is read while the scan runs, and kept nowhere." placeholder:"FILE"`

	JSON     bool   `name:"json" help:"The same as --format json."`
	Format   string `help:"Form of the answer: ${enum}. Default: ${default}." enum:"table,json,csv,sarif,html,letter" default:"table" placeholder:"FORM"`
	Out      string `help:"Write the report to this file (mode 0600) in place of stdout. A letter into a file that ends with .html is ready to print." placeholder:"FILE"`
	Force    bool   `help:"Replace the file of --out if it is there."`
	Baseline string `help:"Hold it against this scan, or this report in JSON, in place of the last complete scan of the same." placeholder:"ID|FILE"`
	OnlyNew  bool   `help:"End with 1 only when something is new since the baseline. All is reported all the same."`
	Resume   string `help:"Go on with a scan that was stopped. Of one that has ended, its report is given." placeholder:"ID"`

	Limits scanLimits      `embed:""`
	Letter scanLetter      `embed:""`
	Agency agencyFlags     `embed:""`
	Data   program.DataDir `embed:""`
}

// scanLimits are those of what is fetched. What is not named is as shipped.
type scanLimits struct {
	MaxPages   int           `help:"Addresses that are asked for in all. As shipped: 20000." placeholder:"N"`
	MaxDepth   int           `help:"Links from a start. As shipped: 12." placeholder:"N"`
	MaxTime    time.Duration `help:"Time of a crawl. As shipped: 2h." placeholder:"TIME"`
	MaxTotal   int64         `help:"MiB that are fetched in all. As shipped: 4096." placeholder:"MIB"`
	MaxAnswer  int64         `help:"MiB of one answer, unpacked. As shipped: 32." placeholder:"MIB"`
	AnswerTime time.Duration `help:"Time of one answer. As shipped: 30s." placeholder:"TIME"`
	Pause      time.Duration `help:"Pause between two requests to one host. As shipped: 500ms." placeholder:"TIME"`
}

func (l scanLimits) crawl() crawl.Limits {
	return crawl.Limits{
		Pages: l.MaxPages, Depth: l.MaxDepth, Time: l.MaxTime, Total: l.MaxTotal << 20, Body: l.MaxAnswer << 20, Request: l.AnswerTime, Pause: l.Pause,
	}
}

func (l scanLimits) check() error {
	if min(l.MaxPages, l.MaxDepth) < 0 || min(l.MaxTotal, l.MaxAnswer) < 0 || min(l.MaxTime, l.AnswerTime, l.Pause) < 0 || max(l.MaxTotal, l.MaxAnswer) > 1<<30 {
		return errors.New("--max-…, --answer-time, --pause: no limit is negative, or larger than 2^30 MiB")
	}
	return nil
}

// Help is the long text of `scan --help`.
func (scanCmd) Help() string {
	return `Finds personal data of people in Thailand, and counts people before findings. It is read only: GET and HEAD, no form is sent. What is found is never kept: reports, database and log hold masked values. Needs the data folder that '${program} setup' makes, with or without a 'serve' that runs.

Hosts are asked only if they stand in a scope file, which their owner wrote:

    # chipproof scope
    owner: name of the agency
    contact: dpo@example.go.th
    expires: 2027-12-31
    host: www.example.go.th

The scan is kept as it goes. Ctrl-C or a crash stops it, and --resume goes on without reading anything twice; a 'serve' on the same folder takes up what was stopped, too.

Exit codes: 0 nothing was found; 1 something was found; 2 it could not be told: not scanned, or not to its end and nothing found until there.`
}

// Validate is called by kong once all values are settled.
func (c *scanCmd) Validate() error {
	asked := c.asked()
	switch {
	case c.Resume == "" && len(asked.Targets) == 0:
		return errors.New("name something to scan, or --resume a scan")
	case c.Resume != "" && (len(asked.Targets) > 0 || c.Scope != ""):
		return errors.New("--resume: a scan goes on with its own targets and scope")
	case c.JSON && c.Format != formatTable && c.Format != formatJSON:
		return errors.New("--json and --format name two forms")
	case c.Scope == "" && slices.ContainsFunc(asked.Targets, fetched):
		return errors.New("--scope: what is fetched needs the file in which the owner of its host allows it")
	}
	return c.Limits.check()
}

// scanned is the answer of a scan.
type scanned struct {
	found  bool   // what the exit code says
	report []byte // as it is printed
	// short says that it did not come to its end.
	short error
}

// Run implements [program.Command].
func (c *scanCmd) Run(ctx context.Context, p *program.Program) error {
	if err := c.prepare(); err != nil {
		return err
	}
	answer, err := onBureau(ctx, p, c.Data, c.Agency, func(b *bureau) (scanned, error) {
		return c.scan(ctx, p, b)
	})
	if err != nil {
		return err
	}
	if c.Out != "" {
		if err := program.WriteFile(c.Out, answer.report, c.existing()); err != nil {
			return err
		}
	}
	switch {
	case answer.short != nil && !answer.found:
		return answer.short // nobody can say that there is nothing
	case answer.short != nil:
		warn(p, answer.short)
	}
	if c.Out == "" {
		if _, err := p.Out.Write(answer.report); err != nil {
			return err
		}
	}
	if answer.found {
		return program.ErrNo
	}
	return nil
}

// prepare finds out before hours of scanning what would spoil the end of it.
func (c *scanCmd) prepare() error {
	if c.Out != "" {
		if err := program.CheckTarget(c.Out, c.existing()); err != nil {
			return err
		}
	}
	if c.form() == formatLetter {
		return complete(c.letter())
	}
	return nil
}

func (c *scanCmd) existing() program.Existing {
	if c.Force {
		return program.Replace
	}
	return program.Keep
}

func (c *scanCmd) form() string {
	if c.JSON {
		return formatJSON
	}
	return c.Format
}
