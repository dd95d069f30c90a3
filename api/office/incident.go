package office

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"sync"
	"time"

	"chipproof/api"
	"chipproof/breach"
	"chipproof/breach/letters"
)

// IncidentRows is the register as it is read.
type IncidentRows interface {
	// List is every incident, oldest first. broken are the ids of those whose
	// history was damaged, so that nobody can say what they owe.
	List(ctx context.Context) (cases []breach.Case, broken []string, err error)
	// One is one of them. Errors: [breach.ErrIncidentUnknown], [breach.ErrHistoryBroken].
	One(ctx context.Context, id string) (breach.Case, error)
}

// IncidentActs is the register as it grows. What it records and the entry in the
// audit log are durable together or not at all.
type IncidentActs interface {
	// Open begins an incident with its report, and records what more is known at
	// once. Errors: those of [breach.Keeper.Record].
	Open(ctx context.Context, by breach.Actor, report breach.Reported, more ...breach.Body) (breach.Case, error)
	// Record adds events. seen is how many events the writer has seen of the
	// incident: where it has another number, [breach.ErrIncidentChanged], and nothing
	// is added; 0 is for who doesn't mind. Errors besides: those of
	// [breach.Keeper.Record], [breach.ErrIncidentUnknown].
	Record(ctx context.Context, by breach.Actor, id string, seen int, bodies ...breach.Body) (breach.Case, error)
	// RecordDocument writes down that a document of an incident was made, in words
	// of our own. Only then it may be given out.
	RecordDocument(ctx context.Context, by breach.Actor, id, document, format string) error
}

// Mailer sends letters to data subjects by e-mail; see [letters.Sender].
type Mailer = letters.Sender

var (
	// ErrMailOff is for letters by e-mail where no mail server is set up.
	ErrMailOff = errors.New("no mail server set up")
	// errIncidentOptions is for options that lack something.
	errIncidentOptions = errors.New("options lack rows, acts, letters or a clock")
)

// IncidentOptions make [Incidents]. All but Reader, Mailer and Proposals are needed.
type IncidentOptions struct {
	Rows IncidentRows
	Acts IncidentActs
	// Proposals are what our own programs noticed; nil where nobody looks.
	Proposals Proposals
	// Letters is what documents are made with: the agency and its templates as they
	// are now.
	Letters func(context.Context) (letters.Maker, error)
	// Reader looks for personal data in public notices. Nil: none is given out.
	Reader breach.Reader
	// Mailer is nil where no mail server is set up.
	Mailer Mailer
	// MailTime is how long one request goes on to the next mail. The last one may take
	// the mailer's own time besides, and the server's for an answer is 60 s. Default
	// 30 s.
	MailTime time.Duration
	// Now is the clock of duties and of letters.
	Now func() time.Time
}

// Incidents is the breach register over HTTP.
type Incidents struct {
	rows      IncidentRows
	acts      IncidentActs
	proposals Proposals
	letters   func(context.Context) (letters.Maker, error)
	reader    breach.Reader
	mailer    Mailer
	mailTime  time.Duration
	mailing   sync.Mutex // held while letters go out
	now       func() time.Time
}

// NewIncidents checks the options.
func NewIncidents(o IncidentOptions) (*Incidents, error) {
	if o.Rows == nil || o.Acts == nil || o.Letters == nil || o.Now == nil {
		return nil, fmt.Errorf("make incidents: %w", errIncidentOptions)
	}
	if o.Proposals == nil {
		o.Proposals = noProposals{}
	}
	return &Incidents{rows: o.Rows, acts: o.Acts, proposals: o.Proposals, letters: o.Letters, reader: o.Reader, mailer: o.Mailer, mailTime: cmp.Or(o.MailTime, defaultMailTime), now: o.Now}, nil
}

// one is an incident of the register.
func (i *Incidents) one(ctx context.Context, id string) (breach.Case, error) {
	c, err := i.rows.One(ctx, id)
	if err != nil {
		return breach.Case{}, fmt.Errorf("look up incident: %w", err)
	}
	return c, nil
}

// The kinds of audit entries that the routes leave.
const (
	entryOpened    = "incident_opened"
	entryEvent     = "incident_event"
	entryDocument  = "incident_document"
	entryDismissed = "incident_dismissed"
)

// actorOf is in whose name a request acts on the register.
func actorOf(p api.Person) breach.Actor { return breach.Actor{ID: p.ID, Session: p.Session} }

// isOfficer says whether somebody looks after incidents.
func isOfficer(p api.Person) bool { return slices.Contains(api.Officers(), p.Role) }

// RegisterIncidents puts the register's routes into a server, before it serves.
func RegisterIncidents(s *api.Server, i *Incidents) {
	officers := api.Officers()
	api.Handle(s, api.Route{
		Method: http.MethodGet, Path: "/v1/incidents", Class: api.Console, Roles: officers, ID: "list-incidents",
		Summary: "The incidents, newest first, each with its most urgent duty",
	}, i.list)
	api.Handle(s, api.Route{
		Method: http.MethodPost, Path: "/v1/incidents", Class: api.Console, ID: "open-incident",
		Audit:   []string{entryOpened, entryEvent},
		Summary: "Report something abnormal: intake by anyone who is logged in",
		Description: "It opens an incident and starts no clock of the law. " +
			"Who isn't the data protection officer is told its number and nothing else of the register.",
	}, i.open)
	api.Handle(s, api.Route{
		Method: http.MethodGet, Path: "/v1/incidents/{id}", Class: api.Console, Roles: officers, ID: "show-incident",
		Summary: "An incident: what is known, what is owed, and its history",
	}, i.show)
	api.Handle(s, api.Route{
		Method: http.MethodPost, Path: "/v1/incidents/{id}/events", Class: api.Console, Roles: officers, ID: "record-event",
		Audit:   []string{entryEvent},
		Summary: "Add an event to an incident; nothing is ever changed or removed",
	}, i.record)
	api.Handle(s, api.Route{
		Method: http.MethodGet, Path: "/v1/incidents/{id}/duties", Class: api.Console, Roles: officers, ID: "list-incident-duties",
		Summary:     "What an incident owes",
		Description: "`at` moves the clock and nothing else: which events are known stays as it is.",
	}, i.dutiesOfOne)
	api.Handle(s, api.Route{
		Method: http.MethodGet, Path: "/v1/duties", Class: api.Console, Roles: officers, ID: "list-duties",
		Summary: "What is owed over all incidents, the most urgent first",
	}, i.dutiesOfAll)
	api.Handle(s, api.Route{
		Method: http.MethodGet, Path: "/v1/severity", Class: api.Console, Roles: officers, ID: "compute-severity",
		Summary:     "ENISA's figure for an assessment that is being written",
		Description: "It advises; the officer decides. Nothing is kept of it.",
	}, i.severity)
	registerProposals(s, i)
	registerDocuments(s, i)
}
