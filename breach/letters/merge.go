package letters

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"chipproof/breach"
)

// ErrSenderDown is for a sender that can send nothing to anybody for now. The
// merge stops; the row and those after it are still to come.
var ErrSenderDown = errors.New("sender down")

// Sender takes a letter to one person: a mail server, a printer's tray. Any
// error but [ErrSenderDown] is that row's failure.
type Sender interface {
	Send(ctx context.Context, to Recipient, d Document) error
}

// Job is a run of the mail merge.
type Job struct {
	List   *List
	Number int // which of the case's lists it is, from 1
	By     breach.By
	Most   int // at most so many letters in this run; 0 is all
	// After leaves the rows up to this one alone, so that a run in several parts
	// gets past rows that fail.
	After int
}

// Merge writes a letter to each row of the list that has none yet and hands it
// to the sender. It returns what is to be recorded, by row number and without
// anything of the list; with nothing done there is nothing to record. Where it
// breaks off, that is what was done so far, beside the error; who goes on brings
// the same list again. A run should be short enough that losing its record, in a
// crash, means few letters sent twice: see Job.Most.
//
// Errors: [breach.ErrRefused] for another list than before,
// [breach.ErrContentMissing], [ErrTemplateInvalid], [ErrSenderDown], those of ctx.
func (m Maker) Merge(ctx context.Context, c breach.Case, d Draft, j Job, s Sender) (breach.Delivered, error) {
	out := breach.Delivered{List: j.Number, Rows: j.List.Rows(), By: j.By}
	var before breach.List
	if j.Number >= 1 && j.Number <= len(c.Lists) {
		before = c.Lists[j.Number-1]
		if before.Rows != out.Rows {
			return out, fmt.Errorf("merge letters: %w", &breach.RefusedError{Kind: breach.KindDelivered, Why: breach.WhyOtherList})
		}
	}
	// What is wrong with the letter itself is no row's failure.
	if _, err := m.SubjectLetter(c, d, NewRecipient(Person{Name: "-"})); err != nil {
		return out, fmt.Errorf("merge letters: %w", err)
	}
	done := 0
	for row := max(j.After, 0) + 1; row <= out.Rows && (j.Most <= 0 || done < j.Most); row++ {
		if before.Status(row) == breach.Sent {
			continue
		}
		if err := ctx.Err(); err != nil {
			return out, fmt.Errorf("merge letters: %w", err)
		}
		status, err := m.sendRow(ctx, c, d, j, row, s)
		if err != nil {
			return out, fmt.Errorf("merge letters: %w", err)
		}
		out.Done = addRow(out.Done, row, status)
		done++
	}
	return out, nil
}

func (m Maker) sendRow(ctx context.Context, c breach.Case, d Draft, j Job, row int, s Sender) (breach.Status, error) {
	to := j.List.Recipient(row)
	if !reachable(to.Reveal(), j.By) {
		return breach.Failed, nil
	}
	letter, err := m.SubjectLetter(c, d, to)
	if err != nil {
		return breach.Failed, nil // the letter to nobody was fine: it is this row
	}
	switch err := s.Send(ctx, to, letter); {
	case err == nil:
		return breach.Sent, nil
	case errors.Is(err, ErrSenderDown), ctx.Err() != nil:
		// The cause may name the person.
		return "", errors.Join(ErrSenderDown, ctx.Err())
	}
	return breach.Failed, nil
}

// reachable says that a row holds what its way needs.
func reachable(p Person, by breach.By) bool {
	if p.Name == "" {
		return false
	}
	if by == breach.ByEmail {
		local, domain, ok := strings.Cut(p.Email, "@")
		return ok && local != "" && domain != "" && !strings.ContainsAny(p.Email, " \t\r\n,;<>")
	}
	return p.Address != ""
}

func addRow(done []breach.Rows, row int, status breach.Status) []breach.Rows {
	if n := len(done); n > 0 && done[n-1].To == row-1 && done[n-1].Status == status {
		done[n-1].To = row
		return done
	}
	return append(done, breach.Rows{From: row, To: row, Status: status})
}

// Stack is a sender that puts letters on one pile for the printer.
type Stack struct{ letters []content }

var _ Sender = (*Stack)(nil)

// Send puts a letter on the pile.
func (s *Stack) Send(_ context.Context, _ Recipient, d Document) error {
	s.letters = append(s.letters, d.body.reveal())
	return nil
}

// Len is how many letters lie on the pile.
func (s *Stack) Len() int { return len(s.letters) }

// DOCX is the pile as one file, each letter on a page of its own.
func (s *Stack) DOCX() ([]byte, error) {
	if len(s.letters) == 0 {
		return docx(nil)
	}
	return docx(s.letters[0].shell, s.letters...)
}

// HTML is the pile as one page for print, each letter on a sheet of its own.
func (s *Stack) HTML() []byte {
	pile := &node{}
	for i, l := range s.letters {
		if i > 0 {
			pile.children = append(pile.children, &node{tag: "p", class: "break"})
		}
		if l.root != nil {
			pile.class = l.root.class
			pile.children = append(pile.children, l.root.children...)
		}
	}
	return Document{SubjectLetter, hide(content{title: "หนังสือแจ้งเจ้าของข้อมูลส่วนบุคคล", root: pile})}.HTML()
}

// String hides the pile.
func (s *Stack) String() string { return mask }
