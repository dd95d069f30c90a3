package breach

import (
	"fmt"
	"regexp"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// Kind names what an event says.
type Kind string

// The kinds of event, in the order of the five steps.
const (
	KindReported          Kind = "reported"
	KindReportedCorrected Kind = "reported_corrected"
	KindAware             Kind = "aware"
	KindAwareCorrected    Kind = "aware_corrected"
	KindLinked            Kind = "linked"
	KindCredibility       Kind = "credibility"
	KindFact              Kind = "fact"
	KindChecklist         Kind = "checklist"
	KindNature            Kind = "nature"
	KindEstablished       Kind = "established"
	KindAssessed          Kind = "assessed"
	KindActionStarted     Kind = "action_started"
	KindActionFinished    Kind = "action_finished"
	KindContained         Kind = "contained"
	KindOrdered           Kind = "ordered"
	KindOrderAcknowledged Kind = "order_acknowledged"
	KindOrderDone         Kind = "order_done"
	KindOrderWithdrawn    Kind = "order_withdrawn"
	KindContact           Kind = "contact"
	KindOfficeNotified    Kind = "office_notified"
	KindOfficeReceipt     Kind = "office_receipt"
	KindDelayExplained    Kind = "delay_explained"
	KindOfficeDecided     Kind = "office_decided"
	KindSubjectsPrepared  Kind = "subjects_prepared"
	KindDelivered         Kind = "delivered"
	KindPublished         Kind = "published"
	KindReachChecked      Kind = "reach_checked"
	KindControllerTold    Kind = "controller_told"
	KindControllerReceipt Kind = "controller_acknowledged"
	KindRecovered         Kind = "recovered"
	KindTaskSet           Kind = "task_set"
	KindTaskDone          Kind = "task_done"
	KindTaskChecked       Kind = "task_checked"
	KindReviewed          Kind = "reviewed"
	KindDocument          Kind = "document_attached"
	KindClosed            Kind = "closed"
	KindReopened          Kind = "reopened"
)

// Body is what one kind of event says; the types of this package that have a
// Kind are all there are.
type Body interface {
	// Kind is the body's kind.
	Kind() Kind
	// check says why the case can't take the body at that moment.
	check(c *Case, now Moment) error
	// apply folds the body, once admitted, into the case.
	apply(c *Case, e Event)
}

// Event is one entry of an incident's history. It is never changed.
type Event struct {
	Incident string // b-2026-0007
	Number   int    // 1, 2, 3 … within the incident
	At       Moment // when it was recorded, by our clock
	By       string // internal id of who recorded it; never a person's name
	Rules    string // version of the rules it was recorded under
	Body     Body
}

// maxEvent is how large the JSON of an event may be, in bytes.
const maxEvent = 1 << 20

type eventJSON struct {
	Incident string         `json:"incident"`
	Number   int            `json:"number"`
	At       Moment         `json:"at"`
	By       string         `json:"by"`
	Rules    string         `json:"rules"`
	Kind     Kind           `json:"kind"`
	Body     jsontext.Value `json:"body"`
}

// MarshalJSON gives the stored form: always the same bytes for the same event.
func (e Event) MarshalJSON() ([]byte, error) {
	if e.Body == nil {
		return nil, fmt.Errorf("write event: %w: no body", ErrEventInvalid)
	}
	body, err := json.Marshal(e.Body, json.Deterministic(true))
	if err != nil {
		return nil, fmt.Errorf("write event: %w", err)
	}
	return json.Marshal(eventJSON{e.Incident, e.Number, e.At, e.By, e.Rules, e.Body.Kind(), body}, json.Deterministic(true))
}

// ParseEvent reads the stored form of one event, strictly: unknown or repeated
// members, other case, other types and trailing bytes are refused. Whether a
// case can take the event is for [Replay] to say. Error: [ErrEventInvalid],
// which quotes nothing of the input.
func ParseEvent(text []byte) (Event, error) {
	if len(text) > maxEvent {
		return Event{}, fmt.Errorf("read event: %w: larger than %d bytes", ErrEventInvalid, maxEvent)
	}
	var j eventJSON
	if err := strict(text, &j); err != nil {
		return Event{}, fmt.Errorf("read event: %w", err)
	}
	body, err := ParseBody(j.Kind, j.Body)
	if err != nil {
		return Event{}, fmt.Errorf("read event: %w", err)
	}
	e := Event{j.Incident, j.Number, j.At, j.By, j.Rules, body}
	if err := e.wellFormed(); err != nil {
		return Event{}, fmt.Errorf("read event: %w", err)
	}
	return e, nil
}

// strict reads one JSON value and hides the cause, which may quote the input.
func strict(text []byte, v any) error {
	if json.Unmarshal(text, v, json.RejectUnknownMembers(true)) != nil {
		return ErrEventInvalid
	}
	return nil
}

var incidentForm = regexp.MustCompile(`^b-[0-9]{4}-[0-9]{4,9}$`)

// IncidentID is the name of the n-th incident of a year of the common era.
func IncidentID(year, n int) string { return fmt.Sprintf("b-%04d-%04d", year, n) }

func (e Event) wellFormed() error {
	f := form{kind: e.Body.Kind()}
	f.require("incident", incidentForm.MatchString(e.Incident))
	f.require("number", e.Number > 0)
	f.require("at", e.At.sensible())
	f.text("by", e.By)
	f.text("rules", e.Rules)
	return f.err()
}
