package exposure

import "chipproof/exposure/formats"

// Classes of findings that other programs make and that are kept in one register
// with ours (A06). They are no personal data themselves, but ways to it.
const (
	// OpenAgent is an agent at a counter that gives cards to strangers, as
	// `chipproof doctor --leaks` finds it (assurance §4.10).
	OpenAgent Class = "open_agent"
	// Weakness is a result of another tool, imported as SARIF.
	Weakness Class = "weakness"
)

// NotAsked is why such a program has not looked further: only a person's data
// could be asked for there (assurance §4.10).
const NotAsked formats.Reason = "not_asked"
