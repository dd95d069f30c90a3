package office

import (
	"chipproof/breach"
)

// IncidentKnown is what an incident knows. Numbered things are what later events
// refer to; single ones are what a later event takes the place of.
type IncidentKnown struct {
	Nature      *incidentNature       `json:"nature,omitzero" doc:"What happened, as it was established last"`
	Contact     *incidentContact      `json:"contact,omitzero" doc:"Who answers questions"`
	Prepared    *incidentPrepared     `json:"subjects_prepared,omitzero" doc:"What data subjects are told"`
	Checklists  []incidentChecklist   `json:"checklists" nullable:"false" doc:"The security measures that were looked at, an area each"`
	Assessments []IncidentAssessment  `json:"assessments" nullable:"false" doc:"All versions, the last one counts"`
	Actions     []incidentAction      `json:"actions" nullable:"false" doc:"What was done to end it and to make it good"`
	Orders      []incidentOrder       `json:"orders" nullable:"false" doc:"To processors and others who must act"`
	Notices     []incidentNotice      `json:"notices" nullable:"false" doc:"To the Office"`
	Lists       []IncidentList        `json:"lists" nullable:"false" doc:"Lists of those affected, as counts and rows"`
	Published   []incidentPublication `json:"published" nullable:"false" doc:"Notices to the public"`
	Tasks       []incidentTask        `json:"tasks" nullable:"false" doc:"What is done so that it does not happen again"`
	Documents   []incidentDocument    `json:"documents" nullable:"false" doc:"Digests of what belongs to the incident"`
	Links       []incidentLink        `json:"links" nullable:"false" doc:"Findings, takedowns and entries that it rests on"`
	Delay       *incidentDelay        `json:"delay,omitzero" doc:"The reasons that were given last for a late notice"`
}

// The domain's own types under names that no other part of the interface has.
type (
	incidentNature      struct{ breach.Nature }
	incidentContact     struct{ breach.Contact }
	incidentPrepared    struct{ breach.SubjectsPrepared }
	incidentChecklist   struct{ breach.Checklist }
	incidentAction      struct{ breach.Action }
	incidentOrder       struct{ breach.Order }
	incidentNotice      struct{ breach.Notice }
	incidentPublication struct{ breach.Publication }
	incidentTask        struct{ breach.Task }
	incidentDocument    struct{ breach.DocumentAttached }
	incidentLink        struct{ breach.Linked }
	incidentDelay       struct{ breach.Delay }
)

// IncidentAssessment is a version of the risk assessment with ENISA's figure.
type IncidentAssessment struct {
	Version int              `json:"version" doc:"1, 2 …"`
	At      breach.Moment    `json:"at" doc:"When it was recorded"`
	By      string           `json:"by" doc:"Id of the user who decided"`
	Risk    breach.Risk      `json:"risk" doc:"The decision"`
	Reason  string           `json:"reason" doc:"Why"`
	Factors []IncidentFactor `json:"factors" nullable:"false" doc:"The seven, in the law's order"`
	Figure  IncidentFigure   `json:"figure" doc:"ENISA's, beside the decision"`
}

// IncidentFactor is one of the seven factors in words.
type IncidentFactor struct {
	Name string `json:"name" doc:"Which one" example:"wide_effect"`
	Text string `json:"text" doc:"How it was weighed"`
}

// IncidentFigure is ENISA's figure: SE = DPC × EI + CB.
type IncidentFigure struct {
	DPC            int         `json:"dpc" doc:"Data processing context, 1 to 4"`
	EI             float64     `json:"ei" doc:"Ease of identification"`
	CB             float64     `json:"cb" doc:"Circumstances of the breach"`
	Score          float64     `json:"se" doc:"The figure"`
	Band           breach.Band `json:"band" doc:"In a word" enum:"low,medium,high,very_high"`
	Over100        bool        `json:"over_100_people" doc:"A flag beside it"`
	Unintelligible bool        `json:"unintelligible" doc:"A flag beside it"`
}

func figureOf(f breach.Figure) IncidentFigure {
	number := func(q breach.Quarters) float64 { return float64(q) / 4 } // quarters are exact
	return IncidentFigure{f.DPC, number(f.EI), number(f.CB), number(f.Score), f.Band, f.Over100, f.Unintelligible}
}

// IncidentList is what is kept of a list of those affected.
type IncidentList struct {
	Number  int           `json:"number" doc:"1, 2 …"`
	Rows    int           `json:"rows" doc:"How many rows it has"`
	Sent    int           `json:"sent" doc:"Rows that were sent"`
	Failed  int           `json:"failed" doc:"Rows that failed"`
	Pending int           `json:"pending" doc:"Rows still to come"`
	Done    []breach.Rows `json:"done" nullable:"false" doc:"Status by row numbers"`
}

func knownOf(c breach.Case) IncidentKnown {
	k := IncidentKnown{
		Checklists: []incidentChecklist{}, Assessments: []IncidentAssessment{}, Lists: []IncidentList{},
		Actions:   mapped(c.Actions, func(x breach.Action) incidentAction { return incidentAction{x} }),
		Orders:    mapped(c.Orders, func(x breach.Order) incidentOrder { return incidentOrder{x} }),
		Notices:   mapped(c.Notices, func(x breach.Notice) incidentNotice { return incidentNotice{x} }),
		Published: mapped(c.Published, func(x breach.Publication) incidentPublication { return incidentPublication{x} }),
		Tasks:     mapped(c.Tasks, func(x breach.Task) incidentTask { return incidentTask{x} }),
		Documents: mapped(c.Documents, func(x breach.DocumentAttached) incidentDocument { return incidentDocument{x} }),
		Links:     mapped(c.Links, func(x breach.Linked) incidentLink { return incidentLink{x} }),
	}
	if c.Nature != nil {
		k.Nature = &incidentNature{*c.Nature}
	}
	if c.Contact != nil {
		k.Contact = &incidentContact{*c.Contact}
	}
	if c.Prepared != nil {
		k.Prepared = &incidentPrepared{*c.Prepared}
	}
	for _, area := range breach.Areas() {
		if list, answered := c.Checklists[area]; answered {
			k.Checklists = append(k.Checklists, incidentChecklist{list})
		}
	}
	for _, a := range c.Assessments {
		answer := IncidentAssessment{Version: a.Version, At: a.At, By: a.By, Risk: a.Risk, Reason: a.Reason, Figure: figureOf(a.Figure)}
		for _, f := range a.Factors.List() {
			answer.Factors = append(answer.Factors, IncidentFactor{f[0], f[1]})
		}
		k.Assessments = append(k.Assessments, answer)
	}
	for _, l := range c.Lists {
		sent, failed, pending := l.Counts()
		k.Lists = append(k.Lists, IncidentList{l.Number, l.Rows, sent, failed, pending, append([]breach.Rows{}, l.Done...)})
	}
	if delay := givenDelay(c); delay != nil {
		k.Delay = &incidentDelay{*delay}
	}
	return k
}

// givenDelay are the reasons of a late notice as they were given last; nil while
// there are none.
func givenDelay(c breach.Case) *breach.Delay {
	if c.Explained != nil {
		return &c.Explained.Delay
	}
	for n := len(c.Notices) - 1; n >= 0; n-- {
		if c.Notices[n].Delay != nil {
			return c.Notices[n].Delay
		}
	}
	return nil
}

// mapped is a list of other things, never nil.
func mapped[A, B any](list []A, f func(A) B) []B {
	out := make([]B, 0, len(list))
	for _, x := range list {
		out = append(out, f(x))
	}
	return out
}
