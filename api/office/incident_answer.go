package office

import (
	"time"

	"chipproof/api"
	"chipproof/breach"
	"chipproof/breach/letters"
)

// IncidentDuty is a duty on the wire (assurance §3.8), with law and penalty in the
// caller's language besides.
type IncidentDuty struct {
	Incident    string           `json:"incident" doc:"The incident's number"`
	Duty        breach.DutyName  `json:"duty" doc:"Its name, once in an incident" example:"notify_office"`
	Deadline    *breach.Moment   `json:"deadline" nullable:"true" doc:"null where there is none"`
	State       breach.DutyState `json:"state" doc:"How it stands" enum:"open,due_soon,overdue,late,met"`
	Law         string           `json:"law" doc:"What it rests on; never empty"`
	Penalty     string           `json:"penalty" doc:"What its neglect may cost"`
	Needs       []string         `json:"needs" nullable:"false" doc:"What is still missing; empty once it is met"`
	LawText     string           `json:"law_text" doc:"The same in the caller's language"`
	PenaltyText string           `json:"penalty_text" doc:"The same in the caller's language"`
}

func dutiesIn(duties []breach.Duty, lang api.Lang) []IncidentDuty {
	list := make([]IncidentDuty, 0, len(duties))
	for _, d := range duties {
		list = append(list, IncidentDuty{
			d.Incident, d.Duty, d.Deadline, d.State, d.Law, d.Penalty, d.Needs, lawIn(d.Law, lang), lawIn(d.Penalty, lang),
		})
	}
	return list
}

// IncidentSummary is a line of the list.
type IncidentSummary struct {
	ID         string        `json:"id" doc:"The incident's number"`
	Title      string        `json:"title" doc:"What happened, in a line"`
	Role       breach.Role   `json:"role" doc:"Which role we have"`
	State      breach.State  `json:"state" doc:"How far it has come; follows from its events"`
	Risk       breach.Risk   `json:"risk,omitzero" doc:"The officer's decision; absent while there is none"`
	ReportedAt breach.Moment `json:"reported_at" doc:"When it was reported"`
	AwareAt    breach.Moment `json:"aware_at,omitzero" doc:"When we knew that there was a breach; absent while that is not said"`
	ClosedAt   breach.Moment `json:"closed_at,omitzero" doc:"When it was closed; absent while it is open"`
	Open       int           `json:"open" doc:"How many duties are not met"`
	Next       *IncidentDuty `json:"next,omitzero" doc:"The one to take up first"`
}

func summaryOf(c breach.Case, now time.Time, lang api.Lang) IncidentSummary {
	s := IncidentSummary{
		ID: c.ID, Title: c.Report.Title, Role: c.Report.Role, State: c.State(), Risk: c.Risk(),
		ReportedAt: c.ReportedAt, AwareAt: c.AwareAt, ClosedAt: c.ClosedAt,
	}
	duties := breach.Duties(c, now)
	for _, d := range duties {
		if !d.State.Done() {
			s.Open++
		}
	}
	s.Next = nextIn(duties, lang)
	return s
}

// lawSets says that a duty's deadline is the law's own and no target of the agency.
func lawSets(d breach.Duty) bool {
	return d.Duty == breach.DutyOffice || d.Duty == breach.DutyDelay || d.Duty == breach.DutyController
}

// nextIn is the duty to take up first, nil where nothing is owed: a clock of the law
// that is about to run out goes before a target of the agency that has, and 72 hours
// with a minute left before anything else.
func nextIn(duties []breach.Duty, lang api.Lang) *IncidentDuty {
	var next *breach.Duty
	best := 0
	for _, d := range breach.ByUrgency(duties) {
		rank := 1
		switch {
		case d.State.Done():
			continue
		case lawSets(d) && d.State == breach.DueSoon:
			rank = 3
		case lawSets(d) && d.State == breach.Overdue:
			rank = 2
		}
		if rank > best {
			best, next = rank, &d
		}
	}
	if next == nil {
		return nil
	}
	return &dutiesIn([]breach.Duty{*next}, lang)[0]
}

// IncidentDetail is an incident as its page shows it. Everything in it follows
// from the events.
type IncidentDetail struct {
	IncidentSummary
	At          breach.Moment  `json:"at" doc:"The moment of the answer"`
	Seen        int            `json:"seen" doc:"How many events it has; whoever writes hands that back"`
	ExitReason  string         `json:"exit_reason,omitzero" doc:"Why it left the way to notices"`
	Timing      breach.Timing  `json:"timing,omitzero" doc:"How the notice to the Office stands to its clocks"`
	Warn        int64          `json:"warn_seconds" doc:"How long before a deadline it is due soon"`
	Duties      []IncidentDuty `json:"duties" nullable:"false" doc:"The most urgent first"`
	NextChange  *breach.Moment `json:"next_change,omitzero" doc:"When a duty's state changes by the clock alone"`
	NoticeDue   *breach.Moment `json:"notice_due,omitzero" doc:"72 hours after awareness"`
	DelayDue    *breach.Moment `json:"delay_due,omitzero" doc:"15 days after awareness"`
	Story       []IncidentLine `json:"story" nullable:"false" doc:"Its history as sentences in the caller's language, oldest first"`
	Known       IncidentKnown  `json:"known" doc:"What later events refer to, or take the place of"`
	OfficeLacks []string       `json:"office_missing" nullable:"false" doc:"Contents that the notice to the Office lacks"`
	PeopleLacks []string       `json:"subjects_missing" nullable:"false" doc:"Contents that a notice to data subjects lacks"`
	Mail        bool           `json:"mail" doc:"Whether letters can go out by e-mail"`
	Rules       string         `json:"rules" doc:"Version of the rules" example:"PDPC 2565 + guideline 1.0"`
}

// IncidentLine is an event as a sentence.
type IncidentLine struct {
	Number int           `json:"number" doc:"Its place in the history"`
	At     breach.Moment `json:"at" doc:"When it was recorded"`
	By     string        `json:"by" doc:"Id of the user who recorded it"`
	Kind   breach.Kind   `json:"kind" doc:"What kind of event"`
	Text   string        `json:"text" doc:"What happened, in the caller's language; what people wrote stays as they wrote it"`
}

func detailOf(c breach.Case, now time.Time, lang api.Lang) IncidentDetail {
	d := IncidentDetail{
		IncidentSummary: summaryOf(c, now, lang), At: breach.At(now), Seen: len(c.Events), ExitReason: c.ExitReason(), Timing: c.Timing(),
		Warn: int64(c.Settings.Warn / time.Second), Duties: dutiesIn(breach.ByUrgency(breach.Duties(c, now)), lang),
		Story: []IncidentLine{}, Known: knownOf(c), OfficeLacks: c.OfficeMissing(), PeopleLacks: c.SubjectsMissing(), Rules: breach.RuleSet,
	}
	if next, ok := breach.NextChange(c, now); ok {
		m := breach.At(next)
		d.NextChange = &m
	}
	if !c.AwareAt.IsZero() {
		notice, delay := c.AwareAt.Add(breach.NoticeClock), c.AwareAt.Add(breach.DelayClock)
		d.NoticeDue, d.DelayDue = &notice, &delay
	}
	for n, line := range letters.Story(c, letters.Language(lang)) {
		e := c.Events[n]
		d.Story = append(d.Story, IncidentLine{line.Number, e.At, line.By, e.Body.Kind(), line.Text})
	}
	return d
}
