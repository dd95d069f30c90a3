package proofing

// Decision is what the rules make of the facts (assurance §2.5).
type Decision string

// The decisions. A refusal is a value; an error means that nobody knows.
const (
	Accepted     Decision = "accepted"
	Rejected     Decision = "rejected"
	Inconclusive Decision = "inconclusive"
)

// FaceAndLaserOnly is the reason of a rejection where only the card's face and
// its laser code speak (assurance §2.2, property 3). All other reasons are
// "<kind>_<outcome>", of the facts that stand in the way, in the order of [Kinds].
const FaceAndLaserOnly = "face_and_laser_only"

// Unmet is a level that was missed, and the facts that would reach it.
type Unmet struct {
	Level string `json:"level"`
	Needs []Kind `json:"needs"`
}

// Assurance is what one scheme says about the facts.
type Assurance struct {
	Scheme       string `json:"scheme"`
	RulesVersion string `json:"rules_version"`
	// CandidateLevel is set when the rules are unconfirmed, Level when they are
	// confirmed; never both. "" is a level that no row gives.
	CandidateLevel *string `json:"candidate_level,omitzero"`
	Level          *string `json:"level,omitzero"`
	Unconfirmed    bool    `json:"unconfirmed"`
	// Met are the kinds that carry the level.
	Met []Kind `json:"met"`
	// Unmet are the levels above, lowest first.
	Unmet []Unmet `json:"unmet"`
	// NextStep is what the cheapest of Unmet needs that this desk is set up to
	// do, and empty if there is none.
	NextStep []Kind `json:"next_step"`
}

// Verdict is what follows from facts, purpose and desk by the rules, and from
// nothing else: the same facts give the same bytes, years later.
type Verdict struct {
	Decision  Decision    `json:"decision"`
	Reasons   []string    `json:"reasons"`
	Facts     Facts       `json:"facts"`
	Assurance []Assurance `json:"assurance"`
}
