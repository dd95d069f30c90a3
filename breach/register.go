package breach

import (
	"errors"
	"time"
)

// What a register of incidents answers, besides the errors of a [Keeper].
var (
	// ErrIncidentUnknown is for an incident that the register doesn't have.
	ErrIncidentUnknown = errors.New("incident unknown")
	// ErrIncidentChanged is for an event that was meant for an earlier state of
	// its incident: somebody recorded another one meanwhile. Nothing was recorded.
	ErrIncidentChanged = errors.New("incident changed meanwhile")
	// ErrSettingsInvalid is for targets of an agency that can't be: below zero,
	// no whole seconds, longer than ten years.
	ErrSettingsInvalid = errors.New("breach settings invalid")
)

// Actor is in whose name the register is acted upon.
type Actor struct {
	ID      string // internal id of a user, or "os:<uid>"; never a person's name
	Session string // empty for a command
}

const longestTarget = 10 * 365 * 24 * time.Hour

// Check says whether an agency can have these settings. Error: [ErrSettingsInvalid].
func (s Settings) Check() error {
	for _, d := range []time.Duration{s.Warn, s.Credibility, s.Facts, s.Contain, s.Subjects, s.Prevent} {
		if d < 0 || d > longestTarget || d%time.Second != 0 {
			return ErrSettingsInvalid
		}
	}
	return nil
}

// Delivery is how the mail merge of one list stands: counts, and the status of
// each row by its number, nothing of the recipients (B20).
type Delivery struct {
	List    int    `json:"list"`
	Rows    int    `json:"rows"`
	Sent    int    `json:"sent"`
	Failed  int    `json:"failed"`
	Pending int    `json:"pending"`
	Done    []Rows `json:"done"`
}

// Deliveries is the delivery status of every list of the case.
func (c Case) Deliveries() []Delivery {
	all := []Delivery{}
	for _, l := range c.Lists {
		sent, failed, pending := l.Counts()
		all = append(all, Delivery{List: l.Number, Rows: l.Rows, Sent: sent, Failed: failed, Pending: pending, Done: l.Done})
	}
	return all
}
