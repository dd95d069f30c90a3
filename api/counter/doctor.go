package counter

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"chipproof/api"
	"chipproof/doctor"
)

// DoctorCheck is a check of the machine in the caller's language.
type DoctorCheck struct {
	ID      string     `json:"id" doc:"Stable name of the check" example:"service"`
	Subject string     `json:"subject,omitzero" doc:"The reader, of the check card"`
	State   checkState `json:"state" doc:"How it ended" example:"ok"`
	Found   string     `json:"found" doc:"What was seen"`
	Remedy  string     `json:"remedy,omitzero" doc:"What to do about it, sometimes in several lines"`
}

// checkState is a word of [doctor.State].
type checkState doctor.State

// Schema lists the words.
func (checkState) Schema(huma.Registry) *huma.Schema {
	return &huma.Schema{Type: huma.TypeString, Enum: []any{
		string(doctor.OK), string(doctor.Warning), string(doctor.Failed), string(doctor.Unknown),
	}}
}

type doctorOutput struct {
	Body struct {
		Checks []DoctorCheck `json:"checks" nullable:"false" doc:"All of them, in their order"`
	}
}

// RegisterDoctor adds what the command `doctor` says as a route of the console:
// whoever sits at the counter may see what is wrong with it. It reads no card.
func RegisterDoctor(s *api.Server, examine func(context.Context) []doctor.Check) {
	api.Handle(s, api.Route{
		Method: http.MethodGet, Path: "/v1/doctor", Class: api.Console, ID: "examine-machine",
		Summary: "What can be wrong with this machine, and what to do about it",
	}, func(ctx context.Context, _ *struct{}) (*doctorOutput, error) {
		lang := api.CallerOf(ctx).Lang
		var out doctorOutput
		out.Body.Checks = []DoctorCheck{}
		for _, c := range examine(ctx) {
			out.Body.Checks = append(out.Body.Checks, DoctorCheck{
				ID: c.ID, Subject: c.Subject, State: checkState(c.State), Found: api.Text(c.Found).In(lang), Remedy: api.Text(c.Remedy).In(lang),
			})
		}
		return &out, nil
	})
}
