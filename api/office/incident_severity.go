package office

import (
	"context"
	"fmt"

	"chipproof/api"
	"chipproof/breach"
)

type (
	severityInput struct {
		Context         string  `query:"context" enum:"simple,behavioural,financial,sensitive" required:"true" doc:"ENISA's class of the data"`
		Adjust          int     `query:"adjust" minimum:"-3" maximum:"3" doc:"What circumstances add to it or take from it"`
		Identification  float64 `query:"identification" minimum:"0.25" maximum:"1" multipleOf:"0.25" required:"true" doc:"How easily people are identified"`
		Confidentiality float64 `query:"confidentiality" minimum:"0" maximum:"0.5" multipleOf:"0.25" doc:"What the breach did to it"`
		Integrity       float64 `query:"integrity" minimum:"0" maximum:"0.5" multipleOf:"0.25" doc:"What the breach did to it"`
		Availability    float64 `query:"availability" minimum:"0" maximum:"0.5" multipleOf:"0.25" doc:"What the breach did to it"`
		Malicious       float64 `query:"malicious" enum:"0,0.5" doc:"0.5 for intent to harm"`
	}
	severityOutput struct{ Body IncidentFigure }
)

// severity computes the figure as package breach does when the assessment is
// recorded, so that no page has a second formula.
func (i *Incidents) severity(_ context.Context, in *severityInput) (*severityOutput, error) {
	quarters := func(field string, value float64) (breach.Quarters, error) {
		q := value * 4
		if q != float64(int(q)) {
			return 0, &api.FieldError{Field: field, Err: api.ErrBodyInvalid}
		}
		return breach.Quarters(int(q)), nil
	}
	s := breach.Severity{Context: breach.Context(in.Context), Adjust: in.Adjust}
	for _, row := range []struct {
		field string
		value float64
		into  *breach.Quarters
	}{
		{"identification", in.Identification, &s.Identification},
		{"confidentiality", in.Confidentiality, &s.Confidentiality},
		{"integrity", in.Integrity, &s.Integrity},
		{"availability", in.Availability, &s.Availability},
		{"malicious", in.Malicious, &s.Malicious},
	} {
		q, err := quarters(row.field, row.value)
		if err != nil {
			return nil, fmt.Errorf("compute severity: %w", err)
		}
		*row.into = q
	}
	return &severityOutput{Body: figureOf(s.Figure())}, nil
}
