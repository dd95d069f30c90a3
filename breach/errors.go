package breach

import (
	"errors"
	"fmt"
	"strings"
)

var (
	// ErrEventInvalid is for an event that breaks its form: a field missing, a
	// word outside a closed list, JSON that isn't strict. See [FieldsError].
	ErrEventInvalid = errors.New("event invalid")
	// ErrInFuture is for a time that lies after the present and can't (assurance §3.8).
	ErrInFuture = errors.New("time is later than now")
	// ErrRefused is for an event that is well formed and comes at the wrong
	// moment of its case. See [RefusedError].
	ErrRefused = errors.New("event refused")
	// ErrContentMissing is for a notice or document that lacks what it must
	// hold. See [MissingError].
	ErrContentMissing = errors.New("required content missing")
	// ErrDutyOpen is for closing a case that still owes something. See [OpenError].
	ErrDutyOpen = errors.New("duty open")
	// ErrNoticeExposes is for a public notice that itself holds personal data
	// (B23). See [ExposesError].
	ErrNoticeExposes = errors.New("public notice holds personal data")
	// ErrNoReader is for a public notice that nobody could check: it isn't released.
	ErrNoReader = errors.New("public notice unchecked")
	// ErrHistoryBroken is for stored events that aren't one whole history:
	// numbers with gaps, another incident's events, an event that could never
	// have been added.
	ErrHistoryBroken = errors.New("history broken")
)

// FieldsError names the fields of an event that are missing or wrong; never
// what stood in them. It is an [ErrEventInvalid].
type FieldsError struct {
	Kind   Kind
	Fields []string
}

func (e *FieldsError) Error() string {
	return fmt.Sprintf("%s: missing or wrong: %s", e.Kind, strings.Join(e.Fields, ", "))
}

// Unwrap is [ErrEventInvalid].
func (e *FieldsError) Unwrap() error { return ErrEventInvalid }

// RefusedError says in one word why the case can't take an event now. It is an
// [ErrRefused].
type RefusedError struct {
	Kind Kind
	Why  Why
}

// Why is why a case refuses an event.
type Why string

// The reasons of a [RefusedError].
const (
	WhyAlready         Why = "already"          // is set once; correct it instead
	WhyClosed          Why = "closed"           // the case is closed: reopen it first
	WhyNotClosed       Why = "not_closed"       // only a closed case is reopened
	WhyNotAware        Why = "not_aware"        // no time of awareness is set
	WhyNotCredible     Why = "not_credible"     // credibility is not judged, or denied
	WhyNotConfirmed    Why = "not_confirmed"    // the breach is not confirmed
	WhyNatureMissing   Why = "nature_missing"   // effects, causes and kinds are not stated
	WhyTechnicalFirst  Why = "technical_first"  // the technical checklist must reach the assessment
	WhyNoAction        Why = "no_action"        // nothing was done yet that could have a result
	WhyUnknownNumber   Why = "unknown_number"   // no action, order, notice or task has that number
	WhyController      Why = "controller_only"  // a duty of the controller, and we are the processor
	WhyProcessor       Why = "processor_only"   // a duty of the processor, and we are the controller
	WhyNotLate         Why = "not_late"         // there is no delay to explain
	WhyDelayUnreasoned Why = "delay_unreasoned" // a late notice gives necessity and details (B17)
	WhyNoNotice        Why = "no_notice"        // no notice was sent
	WhyOtherList       Why = "other_list"       // the list has another number of rows than before
)

func (e *RefusedError) Error() string { return fmt.Sprintf("%s: %s", e.Kind, e.Why) }

// Unwrap is [ErrRefused].
func (e *RefusedError) Unwrap() error { return ErrRefused }

// MissingError names required contents that are missing. It is an [ErrContentMissing].
type MissingError struct{ What []string }

func (e *MissingError) Error() string {
	return "required content missing: " + strings.Join(e.What, ", ")
}

// Unwrap is [ErrContentMissing].
func (e *MissingError) Unwrap() error { return ErrContentMissing }

// OpenError names the duties that keep a case from closing. It is an [ErrDutyOpen].
type OpenError struct{ Duties []DutyName }

func (e *OpenError) Error() string {
	names := make([]string, len(e.Duties))
	for i, d := range e.Duties {
		names[i] = string(d)
	}
	return "duties open: " + strings.Join(names, ", ")
}

// Unwrap is [ErrDutyOpen].
func (e *OpenError) Unwrap() error { return ErrDutyOpen }

// ExposesError names the classes of personal data that a public notice holds;
// never the data. It is an [ErrNoticeExposes].
type ExposesError struct{ Classes []string }

func (e *ExposesError) Error() string {
	return "public notice holds personal data: " + strings.Join(e.Classes, ", ")
}

// Unwrap is [ErrNoticeExposes].
func (e *ExposesError) Unwrap() error { return ErrNoticeExposes }
