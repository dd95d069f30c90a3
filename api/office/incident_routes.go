package office

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/go-json-experiment/json/jsontext"

	"chipproof/api"
	"chipproof/breach"
)

type (
	incidentInput struct {
		ID string `path:"id" maxLength:"64" doc:"The incident's number" example:"b-2026-0007"`
	}
	openInput struct {
		Body struct {
			Title            string `json:"title" maxLength:"1000" doc:"What happened, in a line; no personal data"`
			Role             string `json:"role,omitempty" enum:"controller,processor" doc:"Which role we have. Default: controller"`
			Source           string `json:"source,omitempty" doc:"Where it came from. Default: staff"`
			Summary          string `json:"summary,omitempty" doc:"What is known so far"`
			ReportedAt       string `json:"reported_at,omitempty" doc:"When it was reported, RFC 3339. Default: now"`
			ProcessorAwareAt string `json:"processor_aware_at,omitempty" doc:"When the processor that tells us knew of it"`
			Controller       string `json:"controller,omitempty" doc:"Whom we must tell, when we are the processor"`
			AwareAt          string `json:"aware_at,omitempty" doc:"When we knew that there was a breach: for the data protection officer alone, as it starts the clocks of the law"`
		}
	}
	openOutput struct {
		Body struct {
			ID string `json:"id" doc:"The incident's number" example:"b-2026-0007"`
		}
	}
	eventInput struct {
		ID   string `path:"id" maxLength:"64" doc:"The incident's number"`
		Body struct {
			Kind string  `json:"kind" maxLength:"64" doc:"What kind of event" example:"fact"`
			Body rawBody `json:"body" doc:"What it says, by its kind"`
			Seen int     `json:"seen,omitempty" minimum:"0" doc:"How many events of the incident the writer has seen; with another number nothing is added. Left out: whatever there is"`
		}
	}
	dutiesInput struct {
		ID string `path:"id" maxLength:"64" doc:"The incident's number"`
		At string `query:"at" maxLength:"40" doc:"The moment, RFC 3339 in whole seconds. Default: now"`
	}
	allDutiesInput struct {
		At string `query:"at" maxLength:"40" doc:"The moment, RFC 3339 in whole seconds. Default: now"`
	}
	dutiesOutput struct {
		Body struct {
			At     breach.Moment  `json:"at" doc:"The moment that was judged"`
			Duties []IncidentDuty `json:"duties" nullable:"false" doc:"The most urgent first"`
			First  *IncidentDuty  `json:"first,omitzero" doc:"The one to take up first; absent where nothing is owed"`
			Next   *breach.Moment `json:"next_change,omitzero" doc:"When a state changes by the clock alone"`
			Broken []string       `json:"broken" nullable:"false" doc:"Incidents whose stored history is damaged: nobody can say what they owe"`
		}
	}
	incidentsOutput struct {
		Body struct {
			At        breach.Moment     `json:"at" doc:"The moment of the answer"`
			Incidents []IncidentSummary `json:"incidents" nullable:"false" doc:"Newest first"`
			Broken    []string          `json:"broken" nullable:"false" doc:"Incidents whose stored history is damaged: nobody can say what they owe"`
		}
	}
	incidentOutput struct{ Body IncidentDetail }
)

// rawBody is JSON that package breach reads by its kind, strictly.
type rawBody struct{ text jsontext.Value }

// Schema says that it is an object, and leaves the rest to the kind.
func (rawBody) Schema(huma.Registry) *huma.Schema {
	return &huma.Schema{Type: huma.TypeObject, AdditionalProperties: true}
}

// UnmarshalJSONFrom keeps the value as it came.
func (b *rawBody) UnmarshalJSONFrom(d *jsontext.Decoder) error {
	v, err := d.ReadValue()
	b.text = v.Clone()
	return err
}

// momentOf reads a moment of a request; empty gives the one instead.
func momentOf(field, text string, instead breach.Moment) (breach.Moment, error) {
	if text == "" {
		return instead, nil
	}
	m, err := breach.ParseMoment(text)
	if err != nil {
		return breach.Moment{}, &api.FieldError{Field: field, Err: api.ErrBodyInvalid}
	}
	return m, nil
}

func (i *Incidents) list(ctx context.Context, _ *struct{}) (*incidentsOutput, error) {
	cases, broken, err := i.rows.List(ctx)
	if err != nil {
		return nil, fmt.Errorf("list incidents: %w", err)
	}
	slices.Reverse(cases)
	now := i.now()
	var out incidentsOutput
	out.Body.At = breach.At(now)
	out.Body.Incidents = make([]IncidentSummary, 0, len(cases))
	out.Body.Broken = append([]string{}, broken...)
	for _, c := range cases {
		out.Body.Incidents = append(out.Body.Incidents, summaryOf(c, now, api.CallerOf(ctx).Lang))
	}
	return &out, nil
}

// open takes a report of anyone. What starts the clocks of the law is the
// officer's to say.
func (i *Incidents) open(ctx context.Context, in *openInput) (*openOutput, error) {
	b, now := in.Body, breach.At(i.now())
	person := api.CallerOf(ctx).Person
	report := breach.Reported{
		Title: b.Title, Role: breach.Role(b.Role), Source: breach.Source(b.Source), Summary: b.Summary, Controller: b.Controller,
	}
	if report.Role == "" {
		report.Role = breach.RoleController
	}
	if report.Source == "" {
		report.Source = breach.FromStaff
	}
	var err error
	if report.ReportedAt, err = momentOf("reported_at", b.ReportedAt, now); err != nil {
		return nil, err
	}
	if report.ProcessorAwareAt, err = momentOf("processor_aware_at", b.ProcessorAwareAt, breach.Moment{}); err != nil {
		return nil, err
	}
	aware, err := momentOf("aware_at", b.AwareAt, breach.Moment{})
	if err != nil {
		return nil, err
	}
	if !aware.IsZero() && !isOfficer(person) {
		return nil, &api.FieldError{Field: "aware_at", Err: api.ErrBodyInvalid}
	}
	var more []breach.Body
	if !aware.IsZero() {
		more = append(more, breach.Aware{AwareAt: aware})
	}
	c, err := i.acts.Open(ctx, actorOf(person), report, more...)
	if err != nil {
		return nil, fmt.Errorf("open incident: %w", err)
	}
	var out openOutput
	out.Body.ID = c.ID
	return &out, nil
}

func (i *Incidents) show(ctx context.Context, in *incidentInput) (*incidentOutput, error) {
	c, err := i.one(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	return &incidentOutput{Body: i.detail(ctx, c)}, nil
}

func (i *Incidents) detail(ctx context.Context, c breach.Case) IncidentDetail {
	d := detailOf(c, i.now(), api.CallerOf(ctx).Lang)
	d.Mail = i.mailer != nil
	return d
}

func (i *Incidents) record(ctx context.Context, in *eventInput) (*incidentOutput, error) {
	body, err := breach.ParseBody(breach.Kind(in.Body.Kind), in.Body.Body.text)
	if err != nil {
		return nil, fmt.Errorf("record event: %w", err)
	}
	c, err := i.acts.Record(ctx, actorOf(api.CallerOf(ctx).Person), in.ID, in.Body.Seen, body)
	if err != nil {
		return nil, fmt.Errorf("record event: %w", err)
	}
	return &incidentOutput{Body: i.detail(ctx, c)}, nil
}

func (i *Incidents) dutiesOfOne(ctx context.Context, in *dutiesInput) (*dutiesOutput, error) {
	at, err := momentOf("at", in.At, breach.At(i.now()))
	if err != nil {
		return nil, err
	}
	c, err := i.one(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	return dutiesAnswer(ctx, []breach.Case{c}, at.Time()), nil
}

func (i *Incidents) dutiesOfAll(ctx context.Context, in *allDutiesInput) (*dutiesOutput, error) {
	at, err := momentOf("at", in.At, breach.At(i.now()))
	if err != nil {
		return nil, err
	}
	cases, broken, err := i.rows.List(ctx)
	if err != nil {
		return nil, fmt.Errorf("list duties: %w", err)
	}
	out := dutiesAnswer(ctx, cases, at.Time())
	out.Body.Broken = append(out.Body.Broken, broken...)
	return out, nil
}

func dutiesAnswer(ctx context.Context, cases []breach.Case, at time.Time) *dutiesOutput {
	var out dutiesOutput
	out.Body.At, out.Body.Broken = breach.At(at), []string{}
	duties, lang := breach.Due(cases, at), api.CallerOf(ctx).Lang
	out.Body.Duties, out.Body.First = dutiesIn(breach.ByUrgency(duties), lang), nextIn(duties, lang)
	for _, c := range cases {
		if next, ok := breach.NextChange(c, at); ok {
			m := breach.At(next)
			if out.Body.Next == nil || out.Body.Next.After(m) {
				out.Body.Next = &m
			}
		}
	}
	return &out
}
