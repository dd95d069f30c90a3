package office

import (
	"context"
	"fmt"
	"net/http"

	"chipproof/api"
	"chipproof/breach"
)

// Proposals are what our own programs noticed and an officer may make an incident
// of: failed logins, a log that doesn't verify, a guard under attack, a severe
// finding.
type Proposals interface {
	// Proposals are those in a state, or all where it is empty, newest first.
	Proposals(ctx context.Context, state breach.ProposalState) ([]breach.Proposal, error)
	// Accept opens an incident with its evidence. Errors:
	// [breach.ErrProposalUnknown], [breach.ErrProposalSettled], those of
	// [breach.Keeper.Accept].
	Accept(ctx context.Context, by breach.Actor, id string, report breach.Reported) (breach.Case, error)
	// Dismiss settles it without one. Errors: as before, those of
	// [breach.Keeper.Dismiss].
	Dismiss(ctx context.Context, by breach.Actor, id, reason string) (breach.Proposal, error)
}

// noProposals is where nobody looks.
type noProposals struct{}

func (noProposals) Proposals(context.Context, breach.ProposalState) ([]breach.Proposal, error) {
	return nil, nil
}

func (noProposals) Accept(context.Context, breach.Actor, string, breach.Reported) (breach.Case, error) {
	return breach.Case{}, breach.ErrProposalUnknown
}

func (noProposals) Dismiss(context.Context, breach.Actor, string, string) (breach.Proposal, error) {
	return breach.Proposal{}, breach.ErrProposalUnknown
}

// IncidentProposal is a proposal with the report that an incident would begin with.
type IncidentProposal struct {
	breach.Proposal
	Title string `json:"title" doc:"What the incident would be called"`
}

type (
	proposalsOutput struct {
		Body struct {
			Proposals []IncidentProposal `json:"proposals" nullable:"false" doc:"Newest first, settled ones included"`
		}
	}
	acceptInput struct {
		ID   string `path:"id" maxLength:"64" doc:"The proposal's number"`
		Body struct {
			Title   string `json:"title,omitempty" maxLength:"1000" doc:"What happened, in a line. Default: the proposal's"`
			Summary string `json:"summary,omitempty" doc:"What is known so far"`
		}
	}
	dismissInput struct {
		ID   string `path:"id" maxLength:"64" doc:"The proposal's number"`
		Body struct {
			Reason string `json:"reason" doc:"Why it is no incident"`
		}
	}
)

func registerProposals(s *api.Server, i *Incidents) {
	officers := api.Officers()
	api.Handle(s, api.Route{
		Method: http.MethodGet, Path: "/v1/proposals", Class: api.Console, Roles: officers, ID: "list-proposals",
		Summary: "What our own programs noticed and may be an incident",
	}, i.listProposals)
	api.Handle(s, api.Route{
		Method: http.MethodPost, Path: "/v1/proposals/{id}/accept", Class: api.Console, Roles: officers, ID: "accept-proposal",
		Audit:   []string{entryOpened, entryEvent},
		Summary: "Open an incident of a proposal, with its evidence",
	}, i.acceptProposal)
	api.Handle(s, api.Route{
		Method: http.MethodPost, Path: "/v1/proposals/{id}/dismiss", Class: api.Console, Roles: officers, ID: "dismiss-proposal",
		Audit:   []string{entryDismissed},
		Summary: "Settle a proposal without an incident; it needs a reason",
	}, i.dismissProposal)
}

func (i *Incidents) listProposals(ctx context.Context, _ *struct{}) (*proposalsOutput, error) {
	list, err := i.proposals.Proposals(ctx, "")
	if err != nil {
		return nil, fmt.Errorf("list proposals: %w", err)
	}
	var out proposalsOutput
	out.Body.Proposals = mapped(list, func(p breach.Proposal) IncidentProposal { return IncidentProposal{p, p.Report().Title} })
	return &out, nil
}

func (i *Incidents) acceptProposal(ctx context.Context, in *acceptInput) (*openOutput, error) {
	list, err := i.proposals.Proposals(ctx, "")
	if err != nil {
		return nil, fmt.Errorf("accept proposal: %w", err)
	}
	for _, p := range list {
		if p.ID != in.ID {
			continue
		}
		report := p.Report()
		if in.Body.Title != "" {
			report.Title = in.Body.Title
		}
		report.Summary = in.Body.Summary
		c, err := i.proposals.Accept(ctx, actorOf(api.CallerOf(ctx).Person), in.ID, report)
		if err != nil {
			return nil, fmt.Errorf("accept proposal: %w", err)
		}
		var out openOutput
		out.Body.ID = c.ID
		return &out, nil
	}
	return nil, fmt.Errorf("accept proposal: %w", breach.ErrProposalUnknown)
}

func (i *Incidents) dismissProposal(ctx context.Context, in *dismissInput) (*struct{}, error) {
	if _, err := i.proposals.Dismiss(ctx, actorOf(api.CallerOf(ctx).Person), in.ID, in.Body.Reason); err != nil {
		return nil, fmt.Errorf("dismiss proposal: %w", err)
	}
	return nil, nil
}
