package issuer

import (
	"context"
	"time"
)

// Outcome is what an answer means for the fact issuer_status; the words are
// those of assurance §2.1.
type Outcome string

// The outcomes.
const (
	// Passed: the issuer says that the card is in order.
	Passed Outcome = "passed"
	// Failed: the issuer says that it is not.
	Failed Outcome = "failed"
	// Indeterminate: the issuer said something else. It never counts.
	Indeterminate Outcome = "indeterminate"
)

// CodeFault stands for the code of an answer that is a SOAP fault: there the
// issuer's own code is missing.
const CodeFault = "soap_fault"

// Answer is what the issuer said.
type Answer struct {
	Outcome Outcome
	// Code is the issuer's, a whole number in decimal digits, or [CodeFault].
	Code string
	// Desc is in the issuer's own words, at most 200 characters on one line.
	// What was asked, what [CardOf] knows of the holder and what looks like a number
	// of a person is masked in it.
	Desc string
	// At is when the answer came.
	At time.Time
}

// Checker asks the issuer. The errors are those of [Client.CheckCID]; whoever
// gets one has no answer, and the fact is indeterminate.
type Checker interface {
	// CheckCID asks about a card by its chip.
	CheckCID(ctx context.Context, card Card) (Answer, error)
	// CheckLaser asks about a card by what is printed on it. It proves nothing by
	// itself (assurance §2.2, property 3).
	CheckLaser(ctx context.Context, holder Holder) (Answer, error)
}

var _ Checker = (*Client)(nil)
