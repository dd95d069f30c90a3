package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"chipproof/api"
	"chipproof/api/office"
	"chipproof/breach"
	"chipproof/cmd/internal/program"
	"chipproof/exposure"
	"chipproof/exposure/job"
	"chipproof/mfa"
)

type findingTaskCmd struct {
	ID    idArg           `arg:"" help:"The finding's id. The task is about all that is open at its place."`
	Owner string          `required:"" help:"Name of the account that must end it." placeholder:"NAME"`
	Due   string          `required:"" help:"Until when: a day (its end, in Thailand), or a number of days from now." placeholder:"DATE|DAYS"`
	Also  []string        `sep:"none" help:"Further address that must no longer serve it, may be repeated: a cached copy, or KIND=URL with ${also_kinds}." placeholder:"[KIND=]URL"`
	JSON  bool            `name:"json" help:"Print JSON, as the API has it."`
	Data  program.DataDir `embed:""`
}

// Help is the long text of `finding task --help`.
func (findingTaskCmd) Help() string {
	return `A task is proven by a later scan that meets every place of it and finds the data at none. Nobody can set it to done.`
}

// kindsAlso are what a further address may be.
var kindsAlso = []exposure.PlaceKind{exposure.CachedCopy, exposure.SitemapOf, exposure.Attachment}

// Validate is called by kong once all values are settled.
func (c *findingTaskCmd) Validate() error {
	_, err := dueOf(c.Due, time.Now())
	return err
}

var errDue = errors.New("--due: a day of the form 2026-12-31 (common era), or a number of days from 1 to 3660")

// dueOf reads until when: the end of a day in Thailand, or so many days from now.
func dueOf(text string, now time.Time) (time.Time, error) {
	if days, err := strconv.Atoi(text); err == nil {
		if days < 1 || days > 3660 {
			return time.Time{}, errDue
		}
		return now.AddDate(0, 0, days), nil
	}
	day, err := time.ParseInLocation(time.DateOnly, text, breach.Bangkok())
	if err != nil || day.Year() > now.Year()+100 { // 2569 is a year of the Buddhist era
		return time.Time{}, errDue
	}
	return day.AddDate(0, 0, 1).Add(-time.Second), nil
}

// also reads the further addresses.
func (c *findingTaskCmd) also() []job.Also {
	var list []job.Also
	for _, text := range c.Also {
		also := job.Also{Kind: exposure.CachedCopy, Address: text}
		for _, kind := range kindsAlso {
			if address, is := strings.CutPrefix(text, string(kind)+"="); is {
				also = job.Also{Kind: kind, Address: address}
			}
		}
		list = append(list, also)
	}
	return list
}

// Run implements [program.Command].
func (c *findingTaskCmd) Run(ctx context.Context, p *program.Program) error {
	now := time.Now()
	due, err := dueOf(c.Due, now)
	if err != nil {
		return err
	}
	return printTask(ctx, p, c.Data, c.JSON, func(b *bureau) (job.Task, error) {
		owner, err := b.account(ctx, c.Owner)
		if err != nil {
			return job.Task{}, err
		}
		return b.tasks.Open(ctx, b.by(), job.TaskOrder{Finding: string(c.ID), Owner: owner, Due: due, Also: c.also()}, now)
	})
}

// account is the id of an account by the name that was typed. Error:
// [mfa.ErrUserUnknown].
func (b *bureau) account(ctx context.Context, typed string) (string, error) {
	name, err := mfa.ParseUserName(typed)
	if err != nil {
		return "", err
	}
	names, err := b.names(ctx)
	if err != nil {
		return "", err
	}
	for id, known := range names {
		if known == name {
			return id, nil
		}
	}
	return "", mfa.ErrUserUnknown
}

// printTask does something to a task and prints what it has become.
func printTask(ctx context.Context, p *program.Program, d program.DataDir, asJSON bool, act func(*bureau) (job.Task, error)) error {
	became, err := onBureau(ctx, p, d, agencyFlags{}, func(b *bureau) (office.TaskAnswer, error) {
		t, err := act(b)
		if err != nil {
			return office.TaskAnswer{}, err
		}
		return b.task(ctx, t.ID)
	})
	if err != nil {
		return err
	}
	if asJSON {
		return printJSON(p.Out, became)
	}
	var page strings.Builder
	writeTask(&page, p, became)
	_, err = io.WriteString(p.Out, page.String())
	return err
}

// writeTask says how a task stands, and what is left to do for each of its places.
func writeTask(page *strings.Builder, p *program.Program, t office.TaskAnswer) {
	owner := t.OwnerName
	if owner == "" {
		owner = t.Owner
	}
	state := exposure.TaskState(t.State)
	label := p.Say.Label(office.TaskStateText(state))
	if t.Overdue && state != exposure.TaskOverdue {
		label += ", " + p.Say.Label(office.TaskStateText(exposure.TaskOverdue))
	}
	fmt.Fprintf(page, "%s  %s  [%s]  %s  %s %s\n", t.ID, p.Say.Label(office.SeverityText(exposure.Severity(t.Severity))), label,
		program.Shown(owner), p.Say.Label(api.Text{TH: "ภายใน", EN: "until"}), t.Due.In(breach.Bangkok()).Format("2006-01-02 15:04"))
	fmt.Fprintf(page, "  %s\n", program.Shown(t.Target))
	fmt.Fprintf(page, "  %s\n", p.Say.Label(office.TaskMeansText(state)))
	if t.ProvenBy != "" {
		fmt.Fprintf(page, "  %s: %s %s\n", p.Say.Label(api.Text{TH: "พิสูจน์โดย", EN: "proven by"}), t.ProvenBy, p.Moment(t.ProvenAt))
	}
	for _, u := range t.Unproven {
		fmt.Fprintf(page, "  – %s %s: %s %s\n", p.Say.Label(office.PlaceText(exposure.PlaceKind(u.Kind))), program.Shown(u.Target),
			p.Say.Label(office.UnprovenText(u.Why)), p.Say.Label(office.UnprovenRemedy(u.Why)))
	}
}
