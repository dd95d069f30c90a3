package breach

import "slices"

// By is how a notice reaches one person (B20).
type By string

// In writing, or electronically.
const (
	ByLetter By = "letter"
	ByEmail  By = "email"
)

// Status is how one row of the list of those affected fared.
type Status string

// A row's status; a row without one is still to come.
const (
	Sent   Status = "sent"
	Failed Status = "failed"
)

// Rows are the rows From to To of a list, both counted in, from 1.
type Rows struct {
	From   int    `json:"from" doc:"First row, counted from 1 without the heading"`
	To     int    `json:"to" doc:"Last row"`
	Status Status `json:"status" doc:"What became of them"`
}

// maxRows is how many rows one list may have: more than Thailand's largest city
// has people would be a public notice.
const maxRows = 10_000_000

// Delivered says how a mail merge fared, by row number, and nothing else of the
// agency's list (assurance §3.3). Whoever goes on brings the same list again.
type Delivered struct {
	List int    `json:"list"` // 1, 2 …: an agency may have several
	Rows int    `json:"rows"` // how many the list has in all
	By   By     `json:"by"`
	Done []Rows `json:"done"`
}

// Kind is [KindDelivered].
func (Delivered) Kind() Kind { return KindDelivered }

func (b Delivered) check(c *Case, now Moment) error {
	f := form{kind: b.Kind(), now: now}
	f.require("list", b.List > 0 && b.List <= len(c.Lists)+1)
	f.require("rows", b.Rows > 0 && b.Rows <= maxRows)
	f.require("by", b.By == ByLetter || b.By == ByEmail)
	f.require("done", len(b.Done) > 0)
	last := 0
	for _, r := range b.Done {
		f.require("done", r.From > last && r.To >= r.From && r.To <= b.Rows && (r.Status == Sent || r.Status == Failed))
		last = r.To
	}
	if err := f.err(); err != nil {
		return err
	}
	if b.List <= len(c.Lists) && c.Lists[b.List-1].Rows != b.Rows {
		return &RefusedError{b.Kind(), WhyOtherList}
	}
	return c.mayTell(b.Kind())
}

func (b Delivered) apply(c *Case, e Event) {
	if b.List > len(c.Lists) {
		c.Lists = append(c.Lists, List{Number: b.List, Rows: b.Rows})
	}
	l := &c.Lists[b.List-1]
	for _, r := range b.Done {
		l.Done = overlay(l.Done, r)
	}
	c.deliveredAt = e.At
}

// List is what is known of a list of those affected.
type List struct {
	Number int    `json:"number"`
	Rows   int    `json:"rows"`
	Done   []Rows `json:"done"` // in order, apart from one another
}

// Counts says how many rows were sent, how many failed, and how many are to come.
func (l List) Counts() (sent, failed, pending int) {
	for _, r := range l.Done {
		if r.Status == Sent {
			sent += r.To - r.From + 1
		} else {
			failed += r.To - r.From + 1
		}
	}
	return sent, failed, l.Rows - sent - failed
}

// Status is how a row fared; empty for one that is still to come.
func (l List) Status(row int) Status {
	i, _ := slices.BinarySearchFunc(l.Done, row, func(r Rows, row int) int { return r.To - row })
	if i < len(l.Done) && l.Done[i].From <= row {
		return l.Done[i].Status
	}
	return ""
}

// overlay puts newer rows over older ones and keeps the whole in order.
func overlay(done []Rows, r Rows) []Rows {
	var out []Rows
	for _, old := range done {
		if old.From < r.From {
			out = append(out, Rows{old.From, min(old.To, r.From-1), old.Status})
		}
		if old.To > r.To {
			out = append(out, Rows{max(old.From, r.To+1), old.To, old.Status})
		}
	}
	out = append(out, r)
	slices.SortFunc(out, func(a, b Rows) int { return a.From - b.From })
	return join(out)
}

// join makes one range of neighbours with the same status.
func join(rows []Rows) []Rows {
	var out []Rows
	for _, r := range rows {
		if n := len(out); n > 0 && out[n-1].To+1 == r.From && out[n-1].Status == r.Status {
			out[n-1].To = r.To
			continue
		}
		out = append(out, r)
	}
	return out
}
