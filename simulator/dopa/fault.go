package dopa

import (
	_ "embed" // for the manual
	"errors"
)

// ErrPlanInvalid is what [ParsePlan] returns; the message says which fault.
var ErrPlanInvalid = errors.New("plan invalid")

// faultsManual is how a plan is written; a test parses every plan in it.
//
//go:embed FAULTS.md
var faultsManual string

// Plan is what goes wrong, question by question.
type Plan []Fault

// Fault is one thing that goes wrong: which questions it is about, what happens,
// and how often. FAULTS.md explains the keys.
type Fault struct {
	// From is the first question that it is about, counted from when the plan was
	// put in place; 1 if zero.
	From int `yaml:"from"`
	// Person is a person's key or a citizen number; empty: anybody.
	Person string `yaml:"person"`
	// Operation is CheckCardByCID or CheckCardByLaser; empty: either.
	Operation string `yaml:"operation"`

	Act Act `yaml:"act"`

	// Times is how often; once if zero. Until is "cleared" for: always.
	Times int    `yaml:"times"`
	Until string `yaml:"until"`

	// Milliseconds is how long a delay is, and each byte of a slow answer.
	Milliseconds int `yaml:"ms"`
	// Status is an HTTP status, 400 to 599.
	Status int `yaml:"status"`
	// Bytes is how long a huge answer is; 1 MiB if zero.
	Bytes int `yaml:"bytes"`
	// IsError, Code and Desc are what an answer says, whatever it is.
	IsError string `yaml:"is_error"`
	Code    string `yaml:"code"`
	Desc    string `yaml:"desc"`
}

// Act is what happens instead of the right answer, or before it.
type Act string

// The acts.
const (
	ActAnswer        Act = "answer"        // the service says IsError, Code and Desc
	ActClose         Act = "close"         // the connection ends without an answer
	ActContradiction Act = "contradiction" // an error, and code 0
	ActCut           Act = "cut"           // the connection ends in mid-answer
	ActDelay         Act = "delay"         // the answer, or the next fault, comes late
	ActEmpty         Act = "empty"         // 200 and no body
	ActEntities      Act = "entities"      // entities that would expand without end
	ActHalf          Act = "half"          // half an answer, sent as a whole one
	ActHang          Act = "hang"          // no answer, until whoever asks gives up
	ActHTML          Act = "html"          // a web page, with 200
	ActHuge          Act = "huge"          // an answer without end
	ActOther         Act = "other"         // the answer to the other operation
	ActRedirect      Act = "redirect"      // go and ask somebody else
	ActReset         Act = "reset"         // the connection is reset
	ActSlow          Act = "slow"          // the right answer, byte by byte
	ActSOAPFault     Act = "soap_fault"    // a SOAP fault, with Desc as its words
	ActStatus        Act = "status"        // an HTTP error
)

// UntilCleared keeps a fault until another plan takes the place of its own.
const UntilCleared = "cleared"
