package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/go-json-experiment/json"

	"chipproof/breach"
	"chipproof/cmd/internal/program"
)

type breachAssessCmd struct {
	ID      string   `arg:"" help:"The incident, such as b-2026-0007."`
	Verdict string   `help:"Step 1: ${enum}." enum:",credible,not_credible,confirmed,not_confirmed" default:"" placeholder:"VERDICT"`
	Risk    string   `help:"The officer's decision on the rights and freedoms of people: none, risk or high. Needs all seven factors." enum:",none,risk,high" default:"" placeholder:"RISK"`
	Reason  string   `help:"Why; no verdict and no decision without it." required:"" placeholder:"TEXT"`
	Factor  []string `sep:"none" help:"One of the seven factors in words, as NAME=TEXT, once for each of: ${factor_names}." placeholder:"NAME=TEXT"`

	Context         string          `help:"ENISA's figure, which advises: class of the data." enum:"simple,behavioural,financial,sensitive" default:"simple"`
	Adjust          int             `help:"What circumstances add to or take from the class, -3 to 3." default:"0"`
	Identification  string          `help:"How easily people are identified; the 13-digit number with a name is 1." enum:"0.25,0.5,0.75,1" default:"1"`
	Confidentiality string          `help:"What it did to confidentiality." enum:"0,0.25,0.5" default:"0"`
	Integrity       string          `help:"What it did to integrity." enum:"0,0.25,0.5" default:"0"`
	Availability    string          `help:"What it did to availability." enum:"0,0.25,0.5" default:"0"`
	Malicious       string          `help:"Intent to harm." enum:"0,0.5" default:"0"`
	JSON            bool            `name:"json" help:"Print JSON: the incident as a line of the API's list."`
	Data            program.DataDir `embed:""`
}

// Help is the long text of `breach assess --help`.
func (breachAssessCmd) Help() string {
	return `Either --verdict, or --risk with seven times --factor. The duty to notify follows from --risk alone; the figure stands beside it. An earlier assessment stays in the history.`
}

// Validate is called by kong once all values are settled.
func (c *breachAssessCmd) Validate() error {
	if (c.Verdict == "") == (c.Risk == "") {
		return errors.New("either --verdict or --risk")
	}
	_, err := c.factors()
	return err
}

// factorNames are the seven, in the law's order.
func factorNames() string {
	var names []string
	for _, factor := range (breach.Factors{}).List() {
		names = append(names, factor[0])
	}
	return strings.Join(names, ", ")
}

func (c *breachAssessCmd) factors() (f breach.Factors, err error) {
	fields := map[string]*string{
		"breach": &f.Breach, "data": &f.Data, "people": &f.People, "severity": &f.Severity,
		"wide_effect": &f.WideEffect, "storage": &f.Storage, "controller": &f.Controller,
	}
	for _, given := range c.Factor {
		name, text, _ := strings.Cut(given, "=")
		if fields[name] == nil || *fields[name] != "" || text == "" {
			return f, fmt.Errorf("--factor: not of the form NAME=TEXT, once for each of %s", factorNames())
		}
		*fields[name] = text
	}
	return f, nil
}

// Run implements [program.Command].
func (c *breachAssessCmd) Run(ctx context.Context, p *program.Program) error {
	body, err := c.body()
	if err != nil {
		return err
	}
	return recorded(ctx, p, c.Data, c.JSON, c.ID, body)
}

func (c *breachAssessCmd) body() (breach.Body, error) {
	switch v := breach.Verdict(c.Verdict); v {
	case breach.Credible, breach.NotCredible:
		return breach.Credibility{Verdict: v, Reason: c.Reason}, nil
	case breach.Confirmed, breach.NotConfirmed:
		return breach.Established{Verdict: v, Reason: c.Reason}, nil
	}
	factors, err := c.factors()
	if err != nil {
		return nil, err
	}
	severity := breach.Severity{Context: breach.Context(c.Context), Adjust: c.Adjust}
	for _, q := range []struct {
		text string
		into *breach.Quarters
	}{
		{c.Identification, &severity.Identification},
		{c.Confidentiality, &severity.Confidentiality},
		{c.Integrity, &severity.Integrity},
		{c.Availability, &severity.Availability},
		{c.Malicious, &severity.Malicious},
	} {
		if err := json.Unmarshal([]byte(q.text), q.into); err != nil {
			return nil, fmt.Errorf("read severity: %w", err)
		}
	}
	return breach.Assessed{Factors: factors, Severity: severity, Risk: breach.Risk(c.Risk), Reason: c.Reason}, nil
}
