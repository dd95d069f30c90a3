package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"chipproof/api"
	"chipproof/api/office"
	"chipproof/breach"
	"chipproof/breach/letters"
	"chipproof/cmd/internal/program"
	officestore "chipproof/store/office"
)

// mergeFlags are those of a mail merge.
type mergeFlags struct {
	Recipients string `help:"For subject_letter: CSV of those affected (UTF-8 or Windows-874) with a heading: name (ชื่อ-สกุล), address (ที่อยู่), email (อีเมล); - for stdin." placeholder:"CSV|-"`
	By         string `help:"With --recipients: how the letters go, ${enum}." enum:"letter,email" default:"letter"`
	List       int    `help:"With --recipients: which of the incident's lists it is, from 1." default:"1" placeholder:"N"`
	Posted     bool   `help:"With --by letter: also record the rows as sent, because the pile is posted at once. Otherwise record them once it is: 'breach record --kind delivered'."`
	JSON       bool   `name:"json" help:"With --recipients: print JSON about the run: {letters, delivered, left}."`
}

func (f mergeFlags) check(c *breachDocumentCmd) error {
	letter := letters.Kind(c.Kind) == letters.SubjectLetter
	switch {
	case f.Recipients == "" && (f.Posted || f.JSON || f.By != string(breach.ByLetter)):
		return errors.New("--by, --posted and --json need --recipients")
	case f.Recipients == "":
		return nil
	case !letter:
		return errors.New("--recipients is for subject_letter")
	case f.List < 1:
		return errors.New("--list: from 1")
	case f.By == string(breach.ByLetter) && c.Out == "":
		return errors.New("--by letter needs --out: stdout says how the rows fared")
	case f.By == string(breach.ByEmail) && (c.Out != "" || f.Posted):
		return errors.New("--out and --posted are for --by letter")
	}
	return nil
}

// longestList is far more than an agency's list has, in bytes.
const longestList = 256 << 20

// merged is how a merge went, in the shape of the API.
type merged struct {
	Letters   int              `json:"letters"`
	Delivered breach.Delivered `json:"delivered"`
	Left      int              `json:"left"`
}

func (c *breachDocumentCmd) merge(ctx context.Context, p *program.Program, m letters.Maker) error {
	server, err := c.SMTP.server()
	if err != nil {
		return err
	}
	if c.Merge.By == string(breach.ByEmail) && server == nil {
		return fmt.Errorf("send letters: %w", office.ErrMailOff)
	}
	text, err := readInput(c.Merge.Recipients, p.In, longestList)
	if err != nil {
		return misused("document", fmt.Errorf("--recipients: %w", err))
	}
	list, err := letters.ReadList(text)
	if err != nil {
		return err
	}
	done, err := onRegister(ctx, p, c.Data, agencyFlags{}, func(r *register) (merged, error) {
		found, err := r.One(ctx, c.ID)
		if err != nil {
			return merged{}, err
		}
		if c.Merge.List > len(found.Lists)+1 {
			return merged{}, misused("document", fmt.Errorf("--list: the incident has %d", len(found.Lists)))
		}
		if server == nil || c.Merge.By == string(breach.ByLetter) {
			return c.pile(ctx, r, m, found, list)
		}
		merge := mailing{register: r, maker: m, draft: c.draft(), list: list, number: c.Merge.List, to: server}
		sent, err := merge.send(ctx, found)
		if err != nil {
			// What is down says so itself; the merge names nothing, for its causes may
			// name a person.
			err = errors.Join(err, server.Trouble())
		}
		return sent, err
	})
	if err != nil {
		return err
	}
	return printRun(p, done, c.Merge.JSON)
}

// pile puts all letters that are to come into one file for the printer.
func (c *breachDocumentCmd) pile(ctx context.Context, r *register, m letters.Maker, found breach.Case, list *letters.List) (merged, error) {
	var stack letters.Stack
	done, err := m.Merge(ctx, found, c.draft(), letters.Job{List: list, Number: c.Merge.List, By: breach.ByLetter}, &stack)
	if err != nil {
		return merged{}, err
	}
	content, err := inForm(&stack, c.Format)
	if err != nil {
		return merged{}, err
	}
	if err := r.RecordDocument(ctx, r.by, c.ID, c.Kind, c.Format); err != nil {
		return merged{}, err
	}
	if err := program.WriteFile(c.Out, content, program.Keep); err != nil {
		return merged{}, err
	}
	if c.Merge.Posted && len(done.Done) > 0 {
		if found, err = r.Record(ctx, r.by, c.ID, officestore.AnyState, done); err != nil {
			return merged{}, err
		}
	}
	return merged{Letters: stack.Len(), Delivered: done, Left: leftOf(found, done)}, nil
}

// leftOf counts the rows that nothing is recorded of, or that failed.
func leftOf(c breach.Case, d breach.Delivered) int {
	if d.List > len(c.Lists) {
		return d.Rows
	}
	sent, _, _ := c.Lists[d.List-1].Counts()
	return d.Rows - sent
}

func printRun(p *program.Program, done merged, asJSON bool) error {
	if asJSON {
		done.Delivered.Done = append([]breach.Rows{}, done.Delivered.Done...)
		return printJSON(p.Out, done)
	}
	var page strings.Builder
	fmt.Fprintf(&page, "%s: %d\n", p.Say.Label(api.Text{TH: "หนังสือ", EN: "letters"}), done.Letters)
	for _, r := range done.Delivered.Done {
		fmt.Fprintf(&page, "  %s %d–%d: %s\n", p.Say.Label(api.Text{TH: "แถว", EN: "rows"}), r.From, r.To, r.Status)
	}
	fmt.Fprintf(&page, "%s: %d\n", p.Say.Label(api.Text{TH: "แถวที่ยังไม่ได้บันทึกว่าส่งแล้ว", EN: "rows not recorded as sent"}), done.Left)
	_, err := p.Out.Write([]byte(page.String()))
	return err
}
