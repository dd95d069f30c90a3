package proofing

import "time"

// Release is a read as the audit log has it: what was asked for, by whom and in
// whose name; of the citizen a pseudonym, and nothing of the card (assurance §5.3).
type Release struct {
	// ID is the read's.
	ID      string
	Origin  string
	Purpose string
	// Port is the drop-in port that it was read for; empty for our own API.
	Port   string
	Fields []string
	// Pseudonym stands for the citizen; empty when it was not learned.
	Pseudonym string
	// By is who answers for it: whoever holds the desk.
	By Actor
	// Approval is the id of the clerk's click, where one was needed.
	Approval string
	// Test: the agent ran in test mode, and the card may be a simulated one.
	Test bool
	At   time.Time
	// Code is why nothing was released; empty for a read that was.
	Code string
}

// Refusal is a request of an approved origin that was not granted to it.
type Refusal struct {
	Origin  string
	Purpose string
	Fields  []string
	By      Actor // who holds the desk
	Code    string
	At      time.Time
}
