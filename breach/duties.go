package breach

import (
	"fmt"
	"time"
)

// owed is a duty before the clock has judged it.
type owed struct {
	name     DutyName
	basis    basis
	deadline Moment
	needs    []string
	metAt    Moment // counts only when nothing is missing
}

// Duties says what an incident owes at a moment: the same case and the same now
// give the same list, in the order of the law's steps. now moves the clock and
// nothing else: what was recorded after it still counts (assurance §3.8).
func Duties(c Case, now time.Time) []Duty {
	at := At(now)
	list := []Duty{}
	for _, o := range c.owed(at) {
		d := Duty{Incident: c.ID, Duty: o.name, Law: o.basis.law, Penalty: o.basis.penalty, Needs: o.needs}
		if !o.deadline.IsZero() {
			d.Deadline = &o.deadline
		}
		d.State = judge(o, at, c.Settings.Warn)
		list = append(list, d)
	}
	return list
}

func judge(o owed, now Moment, warn time.Duration) DutyState {
	limited := !o.deadline.IsZero()
	switch {
	case len(o.needs) == 0 && limited && o.metAt.After(o.deadline):
		return Late
	case len(o.needs) == 0:
		return Met
	case limited && now.After(o.deadline):
		return Overdue
	case limited && !o.deadline.Add(-warn).After(now):
		return DueSoon
	}
	return Open
}

// target is an own target from a moment; none where the agency has set none.
func target(from Moment, d time.Duration) Moment {
	if d <= 0 {
		return Moment{}
	}
	return from.Add(d)
}

// owed is the table of assurance §3.8, row by row.
func (c *Case) owed(now Moment) []owed {
	var list []owed
	add := func(name DutyName, deadline, metAt Moment, needs []string) {
		list = append(list, owed{name, bases[name], deadline, needs, metAt})
	}
	live := !c.dropped()
	controller := c.Report.Role == RoleController
	noticeDue := c.AwareAt.Add(NoticeClock)

	add(DutyCredibility, target(c.ReportedAt, c.Settings.Credibility), c.judgedAt, c.credibilityNeeds())
	if c.credible() {
		add(DutyFacts, target(c.credibleAt, c.Settings.Facts), c.factsAt(), c.factsNeeds())
	}
	if c.credible() && live {
		add(DutyContain, target(c.credibleAt, c.Settings.Contain), c.containedAt, c.containNeeds())
	}
	for _, o := range c.Orders {
		if o.Withdrawn == "" {
			list = append(list, owed{OrderDuty(o.Number), bases[dutyOrder], o.DueAt, o.needs(), latest(o.AcknowledgedAt, o.DoneAt)})
		}
	}
	if controller && c.confirmed() {
		add(DutyRisk, noticeDue, c.assessedAt(), c.riskNeeds())
	}
	if controller && live && !c.AwareAt.IsZero() && c.Risk() != RiskNone {
		add(DutyOffice, noticeDue, c.noticeAt(), c.officeNeeds())
		if c.delayed(now) {
			add(DutyDelay, c.AwareAt.Add(DelayClock), latest(c.noticeAt(), c.reasonedAt()), c.delayNeeds())
		}
	}
	if controller && live && c.Risk() == RiskHigh {
		add(DutySubjects, target(c.highAt, c.Settings.Subjects), latest(c.deliveredAt, c.reachedAt, c.publishedAt()), c.subjectsNeeds())
	}
	if controller && c.Risk() != "" {
		add(DutyRecord, Moment{}, c.documentedAt, c.recordNeeds())
	}
	if !controller && live {
		add(DutyController, c.AwareAt.Add(ControllerClock), c.toldAt(), c.controllerNeeds())
	}
	if c.confirmed() {
		add(DutyRecover, Moment{}, c.recoveredAt, c.recoverNeeds())
		add(DutyPrevent, c.preventDue(), latest(c.preventedAt, c.reviewedAt), c.preventNeeds())
	}
	return list
}

// delayed says that 72 hours passed without a notice. A notice in time settles
// it for good, whatever the clock says.
func (c *Case) delayed(now Moment) bool {
	if c.notice() == nil {
		return now.After(c.AwareAt.Add(NoticeClock))
	}
	return c.Timing() != TimingInTime
}

// preventDue is the agency's own date: the last of its tasks', or its target
// while it has none.
func (c *Case) preventDue() Moment {
	var due Moment
	for _, t := range c.Tasks {
		due = latest(due, t.DueAt)
	}
	if due.IsZero() {
		due = target(c.confirmedAt, c.Settings.Prevent)
	}
	return due
}

func (c *Case) factsAt() Moment {
	at := c.establishedAt
	for _, m := range c.checkedAt {
		at = latest(at, m)
	}
	return at
}

func (c *Case) assessedAt() Moment {
	if len(c.Assessments) == 0 {
		return Moment{}
	}
	return c.Assessments[0].At
}

// noticeAt is when the notice went out: the law's clock stops with the sending,
// not with the receipt that proves it.
func (c *Case) noticeAt() Moment {
	if n := c.notice(); n != nil {
		return n.SentAt
	}
	return Moment{}
}

func (c *Case) publishedAt() Moment {
	var at Moment
	for _, p := range c.Published {
		at = latest(at, p.PublishedAt)
	}
	return at
}

func (c *Case) toldAt() Moment {
	if c.Told == nil {
		return Moment{}
	}
	return c.Told.ToldAt
}

func missingItem(kind string, n int, what string) string {
	return fmt.Sprintf("%s_%d_%s", kind, n, what)
}
