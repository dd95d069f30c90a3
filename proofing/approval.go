package proofing

import "time"

// Approval is a request that waits for the clerk's word (agent-security §5, P3).
type Approval struct {
	// ID is 128 random bits in hex.
	ID      string
	Origin  string
	Purpose string
	Fields  []string
	// Holder is the user in whose name it waits, Session the session that holds
	// the desk, and Hold that hold: no other session's word counts, and with the
	// hold it is gone.
	Holder, Session, Hold string
	Asked, Ends           time.Time
	Answer                Answer
	AnsweredBy            string // user id or "os:<uid>"
	Answered              time.Time
}

// Answer is what became of an [Approval]. The first one counts.
type Answer string

const (
	// Unanswered: it waits, as long as its time has not run out.
	Unanswered Answer = ""
	// Approved: the clerk agreed.
	Approved Answer = "approved"
	// Declined: the clerk said no.
	Declined Answer = "declined"
	// Withdrawn: it is no longer asked for, or waited too long.
	Withdrawn Answer = "withdrawn"
)
