package api

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"chipproof/audit"
	"chipproof/mfa"
)

// AuditQuery picks entries for a page of the log. What is zero does not filter.
type AuditQuery struct {
	Class audit.Class
	// Before: only entries with a lower number, for the next page.
	Before int64
	Limit  int
}

// AuditItem is one line of the log; one whose content was erased has its number alone.
type AuditItem struct {
	Erased bool
	Entry  audit.Entry
}

// AuditLog is the log as the console shows it.
type AuditLog interface {
	// Entries are the newest first.
	Entries(context.Context, AuditQuery) ([]AuditItem, error)
	// Verify verifies the whole log, against everything that is kept of it.
	Verify(context.Context) (audit.Result, error)
}

// AuditLine is an entry as the console shows it.
type AuditLine struct {
	Number      int64             `json:"number" doc:"Its place in the log"`
	Erased      bool              `json:"erased,omitzero" doc:"Its content was erased or deleted by retention"`
	At          time.Time         `json:"at,omitzero" doc:"When"`
	Kind        string            `json:"kind,omitzero" doc:"What happened" example:"read"`
	Class       string            `json:"class,omitzero" doc:"What kind of thing that is"`
	Actor       string            `json:"actor,omitzero" doc:"Id of the user, or os: and the account"`
	ActorName   string            `json:"actor_name,omitzero" doc:"The user's name today"`
	Subject     string            `json:"subject,omitzero" doc:"Id of the user that it is about"`
	SubjectName string            `json:"subject_name,omitzero" doc:"The user's name today"`
	Attributes  map[string]string `json:"attributes,omitempty" doc:"Details; citizens by their pseudonyms"`
}

type (
	auditInput struct {
		Class  auditClass `query:"class" doc:"Only this class"`
		Before int64      `query:"before" minimum:"0" doc:"Only entries with a lower number: the next page"`
	}
	auditOutput struct {
		Body struct {
			Entries []AuditLine `json:"entries" nullable:"false" doc:"Up to 50, newest first"`
		}
	}
	verdictOutput struct {
		Body struct {
			OK       bool           `json:"ok" doc:"Whether it is what it was"`
			Entries  int64          `json:"entries" doc:"How many there are"`
			Root     string         `json:"root" doc:"Root of the tree, to be compared with a sheet"`
			At       time.Time      `json:"at" doc:"When it was verified"`
			Problems []AuditProblem `json:"problems" nullable:"false" doc:"What was found wrong"`
		}
	}
	auditClass audit.Class
)

// AuditProblem is something that was found wrong.
type AuditProblem struct {
	Code    string `json:"code" doc:"Stable name" example:"entry_changed"`
	Text    string `json:"text" doc:"What it means, in the caller's language"`
	Entries string `json:"entries,omitzero" doc:"Numbers"`
	Source  string `json:"source,omitzero" doc:"Of a witness or checkpoint"`
}

// Schema lists the classes.
func (auditClass) Schema(huma.Registry) *huma.Schema { return oneOf(audit.Classes()...) }

// auditPage is how many entries a page has.
const auditPage = 50

// RegisterAudit adds the audit log for administrators and the data protection
// officer: its entries, and whether it is what it was.
func RegisterAudit(s *Server, l *Logins, log AuditLog) {
	readers := []mfa.Role{mfa.RoleAdmin, mfa.RoleDPO}
	Handle(s, Route{
		Method: http.MethodGet, Path: "/v1/audit", Class: Console, Roles: readers, ID: "list-audit",
		Summary: "Entries of the audit log, newest first",
	}, func(ctx context.Context, in *auditInput) (*auditOutput, error) {
		items, err := log.Entries(ctx, AuditQuery{Class: audit.Class(in.Class), Before: in.Before, Limit: auditPage})
		if err != nil {
			return nil, fmt.Errorf("list audit log: %w", err)
		}
		names := l.namesFor(ctx)
		var out auditOutput
		out.Body.Entries = make([]AuditLine, 0, len(items))
		for _, item := range items {
			e := item.Entry
			out.Body.Entries = append(out.Body.Entries, AuditLine{
				Number: e.Number, Erased: item.Erased, At: e.At, Kind: string(e.Kind), Class: string(e.Class),
				Actor: e.Actor, ActorName: names[e.Actor], Subject: e.Subject, SubjectName: names[e.Subject], Attributes: e.Attributes,
			})
		}
		return &out, nil
	})
	// It changes nothing. It is no GET because it goes through the whole log, and no
	// other page may make a browser do that.
	Handle(s, Route{
		Method: http.MethodPost, Path: "/v1/audit/verify", Class: Console, Roles: readers, ID: "verify-audit",
		Audit:   audits(mfa.EventRefused), // of another role's try
		Summary: "Verify the whole audit log",
	}, func(ctx context.Context, _ *struct{}) (*verdictOutput, error) {
		result, err := log.Verify(ctx)
		if err != nil {
			return nil, fmt.Errorf("verify audit log: %w", err)
		}
		var out verdictOutput
		b := &out.Body
		b.OK, b.Entries, b.Root, b.At, b.Problems = result.OK, result.Entries, result.Root, s.options.Now(), []AuditProblem{}
		lang := CallerOf(ctx).Lang
		for _, p := range result.Problems {
			b.Problems = append(b.Problems, AuditProblem{
				Code: string(p.Code), Text: Text(p.Code.Explain()).In(lang), Entries: p.Entries, Source: p.Source,
			})
		}
		return &out, nil
	})
}

// namesFor are the names of users by their ids, for those who may know them: to
// the data protection officer users go by their ids, as in the log.
func (l *Logins) namesFor(ctx context.Context) map[string]string {
	names := map[string]string{}
	if CallerOf(ctx).Person.Role != mfa.RoleAdmin {
		return names
	}
	accounts, err := l.service.Accounts(ctx, mfa.BySession(tokenIn(ctx)))
	if err != nil {
		return names // the ids are the log; names are a convenience
	}
	for _, a := range accounts {
		names[a.ID] = a.Name
	}
	return names
}
