package api

import (
	"context"
	"net/http"
	"slices"
	"time"

	"github.com/danielgtaylor/huma/v2"
)

// Doubt is a reason to believe that the machine's clock is off (mfa §2.4).
type Doubt string

// The doubts.
const (
	// DoubtCodes: accepted codes belonged to a neighbouring step several times running.
	DoubtCodes Doubt = "codes_off"
	// DoubtLog: it stands before the last audit entry.
	DoubtLog Doubt = "behind_log"
	// DoubtSystem: the operating system says that it is not synchronised.
	DoubtSystem Doubt = "not_synchronised"
	// DoubtRequest: a signed request came from more than 60 s away.
	DoubtRequest Doubt = "request_off"
)

// Doubts are all there are.
func Doubts() []Doubt { return []Doubt{DoubtCodes, DoubtLog, DoubtSystem, DoubtRequest} }

// Schema lists the doubts.
func (Doubt) Schema(huma.Registry) *huma.Schema { return oneOf(Doubts()...) }

type clockOutput struct {
	Body struct {
		Now    time.Time `json:"now" doc:"The machine's date and time"`
		Doubts []Doubt   `json:"doubts" nullable:"false" doc:"Why it may be off; empty when nothing speaks against it"`
	}
}

// RegisterClock adds what the login shows of the machine's clock, so that a person
// can compare it with a phone before the code is called wrong. It is the same for
// everybody, before any name is typed, and so tells nothing about an account. more
// looks for the doubts that package mfa cannot see; nil: there are none.
func RegisterClock(s *Server, l *Logins, more func(context.Context) []Doubt) {
	Handle(s, Route{
		Method: http.MethodGet, Path: "/v1/clock", Class: Open, ID: "show-clock",
		Summary: "The machine's clock, and why it may be off",
	}, func(ctx context.Context, _ *struct{}) (*clockOutput, error) {
		report, err := l.service.Clock(ctx)
		if err != nil {
			return nil, err
		}
		var out clockOutput
		out.Body.Now, out.Body.Doubts = report.Now, []Doubt{}
		if report.Suspect {
			out.Body.Doubts = append(out.Body.Doubts, DoubtCodes)
		}
		if more != nil {
			out.Body.Doubts = slices.Concat(out.Body.Doubts, more(ctx))
		}
		return &out, nil
	})
}
