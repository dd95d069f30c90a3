package proof

import (
	"slices"
	"time"

	"github.com/go-json-experiment/json"
)

// Life is how long a proof lives.
const Life = 300 * time.Second

// Mode says whether a real card was read.
type Mode string

// The modes. Results of a simulated reader are always of test mode.
const (
	Production Mode = "production"
	Test       Mode = "test"
)

// The decisions, and the outcomes of a fact.
const (
	Accepted     = "accepted"
	Rejected     = "rejected"
	Inconclusive = "inconclusive"

	Passed        = "passed"
	Failed        = "failed"
	Indeterminate = "indeterminate"
	NotDone       = "not_done"
)

// Proof is what an agent says about one proofing (proof §2). Printed, it shows
// nothing of the person: that is in Verified, which hides itself.
type Proof struct {
	// Issuer is the organisation that answers for the agent, Audience the relying
	// party.
	Issuer, Audience string
	// Nonce is the one of the signed request.
	Nonce string
	// ID is the jti: a proof is named by it, never by its bytes, since ECDSA has
	// twin signatures.
	ID string
	// IssuedAt (also nbf) and ExpiresAt are in seconds since 1970.
	IssuedAt, ExpiresAt int64
	// Origin is who asked, and Purpose what for.
	Origin, Purpose string
	// Txn names the entry of the agent's audit log.
	Txn      string
	Mode     Mode
	Agent    Agent
	Operator Operator
	// Decision is accepted, rejected or inconclusive.
	Decision string
	// Facts are of every kind, those not done or failed too.
	Facts []Fact
	// Assurance is what each scheme says about them.
	Assurance []Assurance
	// PhotoDigest is there if the photo was asked for.
	PhotoDigest *Digest
	// Verified is there if, and only if, Decision is accepted.
	Verified *Verified
}

// Agent is the program that made a proof.
type Agent struct {
	// ID is the name under which it was enrolled.
	ID      string `json:"id"`
	Version string `json:"version"`
	Build   string `json:"build"`
	// KeyStorage is software, os_keystore, tpm or hsm.
	KeyStorage string `json:"key_storage"`
}

// Operator is the member of staff at the desk.
type Operator struct {
	// ID is internal, and no name.
	ID string `json:"id"`
	// AMR are the methods really used in this session (RFC 8176).
	AMR []string `json:"amr"`
	// AuthTime is when the last factor was given, in seconds since 1970.
	AuthTime int64 `json:"auth_time"`
}

// Fact is what was established, by whom and how.
type Fact struct {
	Kind    string `json:"kind"`
	Outcome string `json:"outcome"`
	// At, By and How are of a fact that was tried.
	At  Stamp  `json:"at,omitzero"`
	By  string `json:"by,omitzero"`
	How string `json:"how,omitzero"`
	// PrintedExpiry is what staff read on the card, of card_inspected only.
	PrintedExpiry string `json:"printed_expiry,omitzero"`
	// Fields are those that differ, of typed_matches_chip.
	Fields []string `json:"fields,omitempty"`
}

// Assurance is what one scheme says about the facts.
type Assurance struct {
	Scheme       string `json:"scheme"`
	RulesVersion string `json:"rules_version"`
	// CandidateLevel is of rules that nobody could check against the standard:
	// then Unconfirmed is true and Level is missing.
	CandidateLevel *string `json:"candidate_level,omitzero"`
	Level          *string `json:"level,omitzero"`
	Unconfirmed    bool    `json:"unconfirmed"`
	// Met are the kinds that carry the level.
	Met   []string `json:"met"`
	Unmet []Unmet  `json:"unmet"`
	// NextStep is what the desk could do for the cheapest of Unmet.
	NextStep []string `json:"next_step"`
}

// Unmet is a level that was missed, and what it needs.
type Unmet struct {
	Level string   `json:"level"`
	Needs []string `json:"needs"`
}

// Fact is the fact of a kind, and whether the proof has one.
func (p *Proof) Fact(kind string) (Fact, bool) {
	i := slices.IndexFunc(p.Facts, func(f Fact) bool { return f.Kind == kind })
	if i < 0 {
		return Fact{}, false
	}
	return p.Facts[i], true
}

// Reveal is the proof's claims in clear, as they are signed: JSON with personal
// data in it.
func (p *Proof) Reveal() ([]byte, error) {
	return json.Marshal(claimsOfProof(*p))
}
