package proof

import (
	"errors"
	"fmt"
)

// What can be wrong with a request.
var (
	// ErrRequestRefused comes as a [*RequestError].
	ErrRequestRefused = errors.New("request refused")
	// ErrRequestExpired comes as a [*ClockError] with its Age.
	ErrRequestExpired = errors.New("request expired")
	// ErrClockWrong comes as a [*ClockError] with its Ahead: this clock is behind,
	// or the asker's is ahead.
	ErrClockWrong = errors.New("clock wrong")
)

// The steps of proof §11 at which a request is refused.
const (
	StepForm      = "form"
	StepHeader    = "header"
	StepKey       = "key"
	StepSignature = "signature"
	StepPayload   = "payload"
	StepIssuer    = "iss"
	StepFor       = "aud"
	StepTimes     = "times"
	StepAudience  = "audience"
	StepRoad      = "road"
)

// RequestError says at which step a request was refused, and why. Neither holds
// personal data.
type RequestError struct {
	// Step is one of the constants above.
	Step string
	// Why is in words, for the developer of the asking site.
	Why string
}

// Error names step and reason.
func (e *RequestError) Error() string {
	return fmt.Sprintf("%v: %s: %s", ErrRequestRefused, e.Step, e.Why)
}

// Unwrap makes it an [ErrRequestRefused].
func (e *RequestError) Unwrap() error { return ErrRequestRefused }

func refuse(step, why string) error { return &RequestError{Step: step, Why: why} }

// ClockError is for a token that is out of time by this machine's clock. Which of
// the two clocks is wrong, or whether the token is just old, nobody can tell; so
// it names the difference.
type ClockError struct {
	// Ahead is how far its iat lies in the future, in seconds, and Age how long
	// ago it was made. One of them is zero.
	Ahead, Age int64
	cause      error
}

// Error names the difference.
func (e *ClockError) Error() string {
	if e.Ahead > 0 {
		return fmt.Sprintf("%v: made %d seconds ahead of this clock", e.cause, e.Ahead)
	}
	return fmt.Sprintf("%v: made %d seconds ago by this clock", e.cause, e.Age)
}

// Unwrap is [ErrRequestExpired] or [ErrClockWrong], and [ErrTime] of a proof.
func (e *ClockError) Unwrap() error { return e.cause }
