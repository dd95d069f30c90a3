package main

import (
	"context"
	"errors"
	"fmt"

	"chipproof/breach"
	"chipproof/breach/letters"
	"chipproof/cmd/internal/program"
)

type breachDocumentCmd struct {
	ID     string `arg:"" help:"The incident, such as b-2026-0007."`
	Kind   string `arg:"" help:"Which document: ${enum}." enum:"office_notice,subject_letter,public_notice,processor_order,file_note"`
	Format string `help:"Form: ${enum}." enum:"html,docx" default:"html"`
	Out    string `help:"File to write it to, never over one that is there. Without it: stdout." placeholder:"FILE"`
	Number string `help:"Its number, after --letter-prefix. Without it a pen writes it." placeholder:"TEXT"`
	At     when   `help:"Its date. Without it: now." placeholder:"TIME"`
	Digits string `help:"Digits: ${enum}." enum:"arabic,thai" default:"arabic"`
	Order  int    `help:"Which order, for processor_order, from 1." default:"1" placeholder:"N"`

	Necessity string `help:"For a notice after 72 hours: why it could not be in time. Without it: as recorded." placeholder:"TEXT"`
	Details   string `help:"For a notice after 72 hours: the details that show it. Without it: as recorded." placeholder:"TEXT"`

	Merge  mergeFlags      `embed:""`
	Agency agencyFlags     `embed:""`
	SMTP   mailFlags       `embed:""`
	Data   program.DataDir `embed:""`
}

// Help is the long text of `breach document --help`.
func (breachDocumentCmd) Help() string {
	return `Refused while a content that the law requires is missing, and names it. A public notice is read by the scanner first and refused while it holds personal data. That a document was made is an entry of the audit log; the document itself stays yours: record its digest with 'chipproof-office breach notify --document' or 'breach record --kind document_attached'.

With --recipients a letter is written to each row of your own list: --by letter puts them on one pile in --out, for the printer; --by email sends them. Nothing of the list is kept but how many rows it has and how each fared, by its number. Who goes on after it broke off brings the same list again; rows that were sent get no second letter.`
}

// Validate is called by kong once all values are settled.
func (c *breachDocumentCmd) Validate() error {
	if (c.Necessity == "") != (c.Details == "") {
		return errors.New("--necessity and --details go together")
	}
	if c.Order < 1 {
		return errors.New("--order: from 1")
	}
	return errors.Join(c.Merge.check(c), c.SMTP.check())
}

// Run implements [program.Command].
func (c *breachDocumentCmd) Run(ctx context.Context, p *program.Program) error {
	maker, err := c.Agency.maker()
	if err != nil {
		return err
	}
	if c.Out != "" {
		if err := program.CheckTarget(c.Out, program.Keep); err != nil {
			return err
		}
	}
	if c.Merge.Recipients != "" {
		return c.merge(ctx, p, maker)
	}
	content, err := onRegister(ctx, p, c.Data, c.Agency, func(r *register) ([]byte, error) {
		found, err := r.One(ctx, c.ID)
		if err != nil {
			return nil, err
		}
		d, err := c.write(maker, found, r.reader)
		if err != nil {
			return nil, err
		}
		content, err := inForm(d, c.Format)
		if err != nil {
			return nil, err
		}
		// Only what the log knows of is given out.
		return content, r.RecordDocument(ctx, r.by, c.ID, c.Kind, c.Format)
	})
	if err != nil {
		return err
	}
	if c.Out == "" {
		_, err = p.Out.Write(content)
		return err
	}
	return program.WriteFile(c.Out, content, program.Keep)
}

// finished is a document, or a pile of letters.
type finished interface {
	HTML() []byte
	DOCX() ([]byte, error)
}

func inForm(d finished, format string) ([]byte, error) {
	if format == "docx" {
		content, err := d.DOCX()
		if err != nil {
			return nil, fmt.Errorf("make document: %w", err)
		}
		return content, nil
	}
	return d.HTML(), nil
}

func (c *breachDocumentCmd) draft() letters.Draft {
	d := letters.Draft{At: c.At.or(present()).Time(), Number: c.Number}
	if c.Digits == "thai" {
		d.Digits = letters.ThaiDigits
	}
	return d
}

func (c *breachDocumentCmd) write(m letters.Maker, found breach.Case, reader breach.Reader) (letters.Document, error) {
	draft := c.draft()
	switch letters.Kind(c.Kind) {
	case letters.OfficeNotice:
		return m.OfficeNotice(found, draft, c.delay(found))
	case letters.SubjectLetter:
		return m.SubjectLetter(found, draft, letters.NewRecipient(letters.Person{Name: dots}))
	case letters.PublicNotice:
		return m.PublicNotice(found, draft, reader)
	case letters.ProcessorOrder:
		return m.ProcessorOrder(found, draft, c.Order)
	}
	return m.FileNote(found, draft)
}

// dots stand for the person in a letter that is looked at.
const dots = "........................................"

// delay is what explains a late notice: as given, else as it was recorded last.
func (c *breachDocumentCmd) delay(found breach.Case) *breach.Delay {
	if c.Necessity != "" {
		return &breach.Delay{Necessity: c.Necessity, Details: c.Details}
	}
	if found.Explained != nil {
		return &found.Explained.Delay
	}
	for n := len(found.Notices) - 1; n >= 0; n-- {
		if found.Notices[n].Delay != nil {
			return found.Notices[n].Delay
		}
	}
	return nil
}
