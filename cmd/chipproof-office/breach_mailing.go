package main

import (
	"context"
	"errors"

	"chipproof/breach"
	"chipproof/breach/letters"
	officestore "chipproof/store/office"
)

// mailing sends a letter by e-mail to each row of a list, and records how the
// rows fared, a few at a time.
type mailing struct {
	register *register
	maker    letters.Maker
	draft    letters.Draft
	list     *letters.List
	number   int
	to       letters.Sender
}

// mostMails is how many go out before it is recorded: so many are sent twice at
// most, when the machine dies.
const mostMails = 20

// send goes through the list once: a row that fails is tried again by the next
// run, not by this one. What was done before it broke off is recorded.
func (m mailing) send(ctx context.Context, c breach.Case) (merged, error) {
	total := merged{Delivered: breach.Delivered{List: m.number, Rows: m.list.Rows(), By: breach.ByEmail}}
	for after := 0; ; {
		done, err := m.maker.Merge(ctx, c, m.draft, letters.Job{
			List: m.list, Number: m.number, By: breach.ByEmail, Most: mostMails, After: after,
		}, m.to)
		if len(done.Done) > 0 {
			// What went out went out, whoever was told to end meanwhile.
			recorded, failed := m.register.Record(context.WithoutCancel(ctx), m.register.by, c.ID, officestore.AnyState, done)
			if failed != nil {
				return total, errors.Join(failed, err)
			}
			c = recorded
			total.add(done.Done)
		}
		if err != nil {
			return total, err
		}
		if len(done.Done) == 0 {
			total.Left = leftOf(c, total.Delivered)
			return total, nil
		}
		after = done.Done[len(done.Done)-1].To
	}
}

// add takes in how some more rows fared, those of one status together.
func (r *merged) add(more []breach.Rows) {
	all := r.Delivered.Done
	for _, rows := range more {
		if rows.Status == breach.Sent {
			r.Letters += rows.To - rows.From + 1
		}
		if n := len(all); n > 0 && all[n-1].To == rows.From-1 && all[n-1].Status == rows.Status {
			all[n-1].To = rows.To
			continue
		}
		all = append(all, rows)
	}
	r.Delivered.Done = all
}
