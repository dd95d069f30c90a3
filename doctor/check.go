package doctor

// Text is one sentence or more, said in both languages.
type Text struct {
	TH string `json:"th"`
	EN string `json:"en"`
}

// State is how a check ended.
type State string

const (
	// OK: as it should be.
	OK State = "ok"
	// Warning: cards can be read, but somebody should know this.
	Warning State = "warning"
	// Failed: cards can't be read, or not be trusted, until it is put right.
	Failed State = "failed"
	// Unknown: it can't be seen on this machine, or not at this moment.
	Unknown State = "unknown"
)

// IDs of the checks, in the order of [Examine]. They are stable.
const (
	IDService  = "service"         // the PC/SC service answers us
	IDReader   = "reader"          // it knows a reader
	IDDriver   = "reader_driver"   // every USB reader is among those it knows
	IDCard     = "card"            // what each reader holds; one check a reader
	IDClock    = "clock"           // the clock can be believed
	IDIPv6     = "ipv6"            // ::1 can be listened on
	IDTerminal = "terminal_server" // the session sits at this machine
	IDCompat   = "compat"          // the ports of other agents; one check a port that is open
)

// Check is one thing that was looked at.
type Check struct {
	ID string `json:"id"`
	// Subject is the reader's name, for [IDCard], and the port, for [IDCompat] of
	// one that is open; empty otherwise.
	Subject string `json:"subject,omitzero"`
	State   State  `json:"state"`
	// Found is what was seen.
	Found Text `json:"found"`
	// Remedy is what to do about it; empty when there is nothing to do. It may
	// have several lines, commands and files to copy among them.
	Remedy Text `json:"remedy,omitzero"`
}

// Verdict is the answer to "can this machine read cards?".
type Verdict int

const (
	// Clean: nothing failed. There may be warnings.
	Clean Verdict = iota
	// Wrong: at least one check failed.
	Wrong
	// Unanswered: nothing failed, but the reader service could not be asked.
	Unanswered
)

// Judge sums checks up.
func Judge(checks []Check) Verdict {
	verdict := Clean
	for _, c := range checks {
		switch {
		case c.State == Failed:
			return Wrong
		case c.ID == IDService && c.State == Unknown:
			verdict = Unanswered
		}
	}
	return verdict
}
