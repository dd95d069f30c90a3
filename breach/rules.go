package breach

import "time"

// RuleSet is the version of the rules that every event is recorded under (B29).
// A text that removes one of their "(unconfirmed)" marks makes a new version.
const RuleSet = "PDPC 2565 + guideline 1.0"

// The clocks that the law sets. Hours are absolute; that fifteen days are 15 × 24
// hours is the strict reading (assurance §3.2, unconfirmed).
const (
	NoticeClock     = 72 * time.Hour
	DelayClock      = 15 * 24 * time.Hour
	ControllerClock = 72 * time.Hour // of the processor (unconfirmed, assurance §3.5)
)

// Settings are the agency's own targets, where the law says "without delay" and
// names no hours, and when to warn. A target of zero leaves its duty without a
// deadline. No setting moves a clock that the law sets.
type Settings struct {
	Warn        time.Duration // before every deadline
	Credibility time.Duration // from the report
	Facts       time.Duration // from the verdict "credible"
	Contain     time.Duration // from the verdict "credible"
	Subjects    time.Duration // from the decision "high risk"
	Prevent     time.Duration // from the verdict "confirmed", until tasks have dates of their own
}

// Shipped are the settings of an agency that has set none.
func Shipped() Settings {
	const day = 24 * time.Hour
	return Settings{Warn: day, Credibility: day, Facts: 2 * day, Contain: day, Subjects: 3 * day, Prevent: 30 * day}
}

// basis is what a duty rests on and what its neglect may cost (B28).
type basis struct{ law, penalty string }

// Marks as in assurance: what was read in a source itself has none. Nothing
// here is claimed that nobody has compared with the text.
const (
	forNotice   = "up to THB 3,000,000 (secondary source)"
	forSecurity = "up to THB 3,000,000 (unconfirmed)"
)

var bases = map[DutyName]basis{
	DutyCredibility: {"PDPA s. 37(4); PDPC notification 2565 cl. 5(1) (secondary source)", forNotice},
	DutyFacts:       {"PDPA s. 37(4); PDPC notification 2565 cl. 5(1) (secondary source)", forNotice},
	DutyContain:     {"PDPA s. 37(1); PDPC notification 2565 cl. 5(2) (secondary source)", forSecurity},
	dutyOrder:       {"PDPA s. 37(1), s. 40; PDPC notification 2565 cl. 5(2) (secondary source)", forSecurity},
	DutyRisk:        {"PDPA s. 37(4); PDPC notification 2565 cl. 12 (secondary source)", forNotice},
	DutyOffice:      {"PDPA s. 37(4); PDPC notification 2565 cl. 5(3)", forNotice},
	DutyDelay:       {"PDPA s. 37(4); PDPC notification 2565 (clause unconfirmed)", forNotice},
	DutySubjects:    {"PDPA s. 37(4); PDPC notification 2565 cl. 5(4) (secondary source)", forNotice},
	DutyRecord:      {"PDPA s. 37(4); PDPC notification 2565 cl. 12 (secondary source)", forNotice},
	DutyController:  {"PDPA s. 40; PDPC notification 2565 cl. 9 (unconfirmed)", forSecurity},
	DutyRecover:     {"PDPA s. 37(1); PDPC notification 2565 cl. 5(5) (secondary source)", forSecurity},
	DutyPrevent:     {"PDPA s. 37(1); PDPC notification 2565 cl. 5(5) (secondary source)", forSecurity},
}
