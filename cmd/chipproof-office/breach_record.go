package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"chipproof/breach"
	"chipproof/cmd/internal/program"
)

type breachRecordCmd struct {
	ID     string          `arg:"" help:"The incident, such as b-2026-0007."`
	Kind   string          `help:"What kind of event: ${event_kinds}." required:"" placeholder:"KIND"`
	File   string          `help:"JSON of what it says, - for stdin; 'chipproof-office breach form KIND' prints one to fill in." default:"-" placeholder:"BODY.json|-"`
	Seen   int             `help:"How many events of the incident you have seen: with another number nothing is recorded. Without it: whatever there is." placeholder:"N"`
	JSON   bool            `name:"json" help:"Print JSON: the incident as a line of the API's list."`
	Agency agencyFlags     `embed:""`
	Data   program.DataDir `embed:""`
}

// Help is the long text of `breach record --help`.
func (breachRecordCmd) Help() string {
	return `An event is added and never changed or removed. The body is read strictly, with times in RFC 3339. A public notice (kind published) is read by the scanner first and refused while it holds personal data; the agency's own name and address (--agency, --address and so on) don't count as such.`
}

// eventKinds names all kinds.
func eventKinds() string {
	var names []string
	for _, k := range breach.Kinds() {
		names = append(names, string(k))
	}
	return strings.Join(names, ", ")
}

// Validate is called by kong once all values are settled.
func (c *breachRecordCmd) Validate() error {
	if c.Seen < 0 {
		return errors.New("--seen: can't be negative")
	}
	return knownKind(c.Kind)
}

func knownKind(kind string) error {
	for _, k := range breach.Kinds() {
		if string(k) == kind {
			return nil
		}
	}
	return fmt.Errorf("no kind of event is called %q; there are %s", kind, eventKinds())
}

// longestBody is far more than an event may hold, in bytes.
const longestBody = 1 << 20

// Run implements [program.Command].
func (c *breachRecordCmd) Run(ctx context.Context, p *program.Program) error {
	text, err := readInput(c.File, p.In, longestBody)
	if err != nil {
		return misused("record", fmt.Errorf("--file: %w", err))
	}
	body, err := breach.ParseBody(breach.Kind(c.Kind), text)
	if err != nil {
		return fmt.Errorf("record event: %w", err)
	}
	after, err := onRegister(ctx, p, c.Data, c.Agency, func(r *register) (breach.Case, error) {
		return r.Record(ctx, r.by, c.ID, c.Seen, body)
	})
	if err != nil {
		return err
	}
	return printCase(p, after, c.JSON)
}
