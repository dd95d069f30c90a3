package office

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"time"
	"unicode/utf8"

	"chipproof/api"
	"chipproof/breach"
	"chipproof/breach/letters"
)

// mostLetters is how many letters one run makes, mostMails how many it sends: few
// enough that a crash in it means few sent twice.
const (
	mostLetters = 1000
	mostMails   = 20
)

// defaultMailTime is how long a run goes on to the next mail. With the 20 s that
// the last one may take, it stays below the server's time for an answer.
const defaultMailTime = 30 * time.Second

type (
	mergeInput struct {
		ID   string `path:"id" maxLength:"64" doc:"The incident's number"`
		Body struct {
			DocumentDraft
			List  int    `json:"list" minimum:"1" doc:"Which of the incident's lists it is: one of those it has, or the next"`
			After int    `json:"after,omitempty" minimum:"0" doc:"Leave the rows up to this one alone: the last of the run before, so that rows that fail don't come again in each part. Default: 0"`
			CSV   []byte `json:"csv" contentEncoding:"base64" doc:"The agency's list of those affected: UTF-8 or Windows-874, with a heading. Nothing of it is kept"`
		}
	}
	lettersOutput struct {
		Body struct {
			Letters   int          `json:"letters" doc:"How many letters the file holds"`
			Delivered MergeOutcome `json:"delivered" doc:"What to record, as an event of kind delivered, once the letters are on their way"`
			Last      int          `json:"last" doc:"The last row that this run got to: for after, once these letters are recorded"`
			Left      int          `json:"left" doc:"Rows still to come behind it"`
			Name      string       `json:"name" doc:"A name for the file; it names nobody"`
			Media     string       `json:"media" doc:"Its media type"`
			File      []byte       `json:"file" contentEncoding:"base64" doc:"The letters, each on a page of its own"`
		}
	}
	mailsOutput struct {
		Body struct {
			Delivered MergeOutcome `json:"delivered" doc:"What was recorded"`
			Last      int          `json:"last" doc:"The last row that this run got to"`
			Left      int          `json:"left" doc:"Rows still to come behind it: call again with the same list, and last as after"`
		}
	}
)

// MergeOutcome is how a run fared, by row numbers.
type MergeOutcome struct {
	List int           `json:"list" doc:"Which list"`
	Rows int           `json:"rows" doc:"How many rows it has in all"`
	By   breach.By     `json:"by" doc:"letter or email"`
	Done []breach.Rows `json:"done" nullable:"false" doc:"Status by row numbers"`
}

func outcomeOf(d breach.Delivered) MergeOutcome {
	return MergeOutcome{d.List, d.Rows, d.By, append([]breach.Rows{}, d.Done...)}
}

func registerMerge(s *api.Server, i *Incidents) {
	officers := api.Officers()
	api.Handle(s, api.Route{
		Method: http.MethodPost, Path: "/v1/incidents/{id}/letters", Class: api.Console, Roles: officers, ID: "merge-letters", Body: api.MaxUpload,
		Audit:   []string{entryDocument},
		Summary: "Letters to those affected, for print",
		Description: "One letter for each row that has none yet, up to 1,000 a run; `after` goes on. List and letters are in memory for the time of the answer, and nothing of them is kept. " +
			"A printed letter isn't a sent one: what became of the rows is recorded by whoever posts them.",
	}, i.mergeLetters)
	api.Handle(s, api.Route{
		Method: http.MethodPost, Path: "/v1/incidents/{id}/mails", Class: api.Console, Roles: officers, ID: "send-mails", Body: api.MaxUpload,
		Audit:   []string{entryEvent},
		Summary: "Letters to those affected, by e-mail",
		Description: "Sends up to 20 a run, fewer where the mail server is slow, and records each row's status by its number. One run at a time. " +
			"Who goes on, also after a failure, brings the same list again; `after` passes over rows that this turn has tried.",
	}, i.sendMails)
}

// merging is a mail merge of a request that was looked at.
type merging struct {
	of    breach.Case
	maker letters.Maker
	draft letters.Draft
	job   letters.Job
}

// merge looks at what is to be merged. The guard leaves the members of an upload to
// its route.
func (i *Incidents) merge(ctx context.Context, in *mergeInput, by breach.By, most int) (m merging, err error) {
	b := &in.Body
	for field, wrong := range map[string]bool{
		"list": b.List < 1, "after": b.After < 0, "number": utf8.RuneCountInString(b.Number) > 100,
		"format": !slices.Contains([]string{"", formatHTML, formatDOCX}, b.Format), "digits": !slices.Contains([]string{"", "arabic", "thai"}, b.Digits),
	} {
		if wrong {
			return m, &api.FieldError{Field: field, Err: api.ErrBodyInvalid}
		}
	}
	if m.of, err = i.one(ctx, in.ID); err != nil {
		return m, err
	}
	m.job = letters.Job{Number: b.List, By: by, Most: most, After: b.After}
	m.job.List, err = letters.ReadList(b.CSV)
	b.CSV = nil
	if err != nil {
		return m, fmt.Errorf("merge letters: %w", err)
	}
	if b.List > len(m.of.Lists)+1 {
		return m, &api.FieldError{Field: "list", Err: api.ErrBodyInvalid}
	}
	if m.maker, err = i.letters(ctx); err != nil {
		return m, fmt.Errorf("merge letters: %w", err)
	}
	m.draft, err = i.draft(b.DocumentDraft)
	return m, err
}

// run is one part of it.
func (m *merging) run(ctx context.Context, to letters.Sender) (breach.Delivered, error) {
	return m.maker.Merge(ctx, m.of, m.draft, m.job, to)
}

// last is the last row that a run got to: the list's own where nothing cut it short.
func (m *merging) last(done breach.Delivered) int {
	rows := 0
	for _, r := range done.Done {
		rows += r.To - r.From + 1
	}
	if rows < m.job.Most {
		return done.Rows
	}
	return done.Done[len(done.Done)-1].To
}

// left counts the rows behind one that were not sent before.
func (m *merging) left(done breach.Delivered, last int) int {
	left := done.Rows - last
	if done.List <= len(m.of.Lists) {
		for _, r := range m.of.Lists[done.List-1].Done {
			if r.Status == breach.Sent {
				left -= max(0, r.To-max(r.From-1, last))
			}
		}
	}
	return max(left, 0)
}

func (i *Incidents) mergeLetters(ctx context.Context, in *mergeInput) (*lettersOutput, error) {
	var pile letters.Stack
	m, err := i.merge(ctx, in, breach.ByLetter, mostLetters)
	if err != nil {
		return nil, err
	}
	done, err := m.run(ctx, &pile)
	if err != nil {
		return nil, err
	}
	var out lettersOutput
	format := formatOf(in.Body.Format)
	b := &out.Body
	b.Letters, b.Delivered, b.Media, b.File = pile.Len(), outcomeOf(done), mediaHTML, pile.HTML()
	b.Last = m.last(done)
	b.Left = m.left(done, b.Last)
	if format == formatDOCX {
		b.Media = mediaDOCX
		if b.File, err = pile.DOCX(); err != nil {
			return nil, fmt.Errorf("merge letters: %w", err)
		}
	}
	b.Name = fileName(in.ID, "letters", i.now(), format)
	if err := i.acts.RecordDocument(ctx, actorOf(api.CallerOf(ctx).Person), in.ID, string(letters.SubjectLetter), format); err != nil {
		return nil, fmt.Errorf("record letters: %w", err)
	}
	return &out, nil
}

// sendMails records what was sent before it says how the run fared, also where
// the run broke off. Two runs at once would write to everybody twice.
func (i *Incidents) sendMails(ctx context.Context, in *mergeInput) (*mailsOutput, error) {
	if i.mailer == nil {
		return nil, fmt.Errorf("send letters: %w", ErrMailOff)
	}
	if !i.mailing.TryLock() {
		return nil, fmt.Errorf("send letters: %w", breach.ErrIncidentChanged)
	}
	defer i.mailing.Unlock()
	m, err := i.merge(ctx, in, breach.ByEmail, 1)
	if err != nil {
		return nil, err
	}
	done, last, err := i.mails(ctx, &m)
	if len(done.Done) > 0 {
		// What went out went out, whoever left or wrote something else meanwhile.
		by := actorOf(api.CallerOf(ctx).Person)
		if _, failed := i.acts.Record(context.WithoutCancel(ctx), by, in.ID, 0, done); failed != nil {
			return nil, fmt.Errorf("record letters: %w", failed)
		}
	}
	if err != nil {
		return nil, err
	}
	var out mailsOutput
	out.Body.Delivered, out.Body.Last, out.Body.Left = outcomeOf(done), last, m.left(done, last)
	return &out, nil
}

// mails sends one after the other while there is time: a slow server must not keep
// the answer until nobody can have it any more. The one that is on its way when time
// is up comes to its end.
func (i *Incidents) mails(ctx context.Context, m *merging) (all breach.Delivered, last int, err error) {
	enough, stop := context.WithTimeout(ctx, i.mailTime)
	defer stop()
	for n := 0; n == 0 || n < mostMails && enough.Err() == nil; n++ {
		done, err := m.run(ctx, i.mailer)
		none := len(done.Done) == 0
		if !none {
			m.job.After = done.Done[0].To
		}
		done.Done = withRows(all.Done, done.Done)
		if all = done; err != nil {
			return all, m.job.After, err
		}
		if none {
			return all, all.Rows, nil
		}
	}
	return all, m.job.After, nil
}

// withRows puts rows behind others, those of one status together.
func withRows(all, more []breach.Rows) []breach.Rows {
	for _, rows := range more {
		if n := len(all); n > 0 && all[n-1].To == rows.From-1 && all[n-1].Status == rows.Status {
			all[n-1].To = rows.To
			continue
		}
		all = append(all, rows)
	}
	return all
}
