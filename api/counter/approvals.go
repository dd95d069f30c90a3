package counter

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"chipproof/api"
	"chipproof/proofing"
)

// Approval is a request that waits for the word of whoever holds the desk.
type Approval struct {
	ID      string    `json:"id" doc:"Names it for the answer"`
	Origin  string    `json:"origin" doc:"The site that asks, exactly as it is listed" example:"https://app.example.go.th"`
	Purpose string    `json:"purpose" doc:"What the data is for" example:"form_fill"`
	Fields  []string  `json:"fields" nullable:"false" doc:"What it asks for" example:"[\"citizen_id\",\"name\"]"`
	AskedAt time.Time `json:"asked_at" doc:"Since when it waits"`
	EndsAt  time.Time `json:"ends_at" doc:"When it is too late to answer"`
	Second  bool      `json:"second" doc:"Whether it is about facts that whoever holds the desk has stated, so that another person must answer"`
}

type (
	approvalsOutput struct {
		Body struct {
			Approvals []Approval `json:"approvals" nullable:"false" doc:"Those that wait, oldest first"`
		}
	}
	answerInput struct {
		ID   string `path:"id" maxLength:"64" doc:"The id"`
		Body struct {
			Answer word `json:"answer" doc:"What the clerk said. The first answer counts" example:"approved"`
		}
	}
)

// word is an answer that a person can give.
type word proofing.Answer

// Schema lists the words.
func (word) Schema(huma.Registry) *huma.Schema {
	return &huma.Schema{Type: huma.TypeString, Enum: []any{string(proofing.Approved), string(proofing.Declined)}}
}

// registerApprovals adds the clerk's word for origins of which it is asked. It is
// for whoever holds the desk, in whose name the answer goes out, and for nobody
// else; until the console shows it, a command can give it.
func registerApprovals(s *api.Server, c *Counter) {
	api.Handle(s, api.Route{
		Method: http.MethodGet, Path: "/v1/approvals", Class: api.Console, Roles: api.Clerks(), ID: "list-approvals",
		Summary: "What waits for the word of whoever holds the desk",
	}, c.listApprovals)
	api.Handle(s, api.Route{
		Method: http.MethodPost, Path: "/v1/approvals/{id}", Class: api.Console, Roles: api.Clerks(), ID: "answer-approval",
		Audit:   []string{"read_approved", "read_declined"},
		Summary: "Agree to a request, or decline it",
	}, c.answerApproval)
}

// mine are the approvals that wait in the name of the session that asks.
func (c *Counter) mine(ctx context.Context) ([]proofing.Approval, error) {
	list, err := c.records.Approvals(ctx, c.now())
	if err != nil {
		return nil, fmt.Errorf("list approvals: %w", err)
	}
	var own []proofing.Approval
	for _, a := range list {
		if a.Session == api.CallerOf(ctx).Person.Session {
			own = append(own, a)
		}
	}
	return own, nil
}

func (c *Counter) listApprovals(ctx context.Context, _ *struct{}) (*approvalsOutput, error) {
	list, err := c.mine(ctx)
	if err != nil {
		return nil, err
	}
	var out approvalsOutput
	out.Body.Approvals = make([]Approval, 0, len(list))
	for _, a := range list {
		out.Body.Approvals = append(out.Body.Approvals, Approval{
			ID: a.ID, Origin: a.Origin, Purpose: a.Purpose, Fields: a.Fields, AskedAt: a.Asked, EndsAt: a.Ends, Second: c.attempts.isSecond(a.ID),
		})
	}
	return &out, nil
}

// answerApproval knows no request but those of the session's own desk, and says
// of all others that there is none.
func (c *Counter) answerApproval(ctx context.Context, in *answerInput) (*struct{}, error) {
	list, err := c.mine(ctx)
	if err != nil {
		return nil, err
	}
	for _, a := range list {
		if a.ID != in.ID {
			continue
		}
		if c.attempts.isSecond(a.ID) {
			return nil, fmt.Errorf("answer approval: %w", ErrSecondPerson) // this session holds the desk, so it is the first
		}
		first, err := c.records.AnswerApproval(ctx, actor(api.CallerOf(ctx).Person), a.ID, proofing.Answer(in.Body.Answer), c.now())
		if err != nil {
			return nil, fmt.Errorf("answer approval: %w", err)
		}
		if first {
			return nil, nil
		}
	}
	return nil, fmt.Errorf("answer approval: %w", ErrApprovalUnknown)
}
