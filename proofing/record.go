package proofing

import "time"

// Record is a proofing as it is kept: what was asked, by whom, which facts came
// of it, and by which rules the verdict followed from them. [Recompute] needs
// nothing besides it and the policy that it names. Of the citizen it holds a
// pseudonym and nothing of the card (assurance §5.3).
type Record struct {
	// ID is the proofing's, Txn the number that the citizen's slip shows.
	ID  string `json:"id"`
	Txn string `json:"txn"`
	// Origin is who asked; empty for our own console. Audience is the proof's.
	Origin   string `json:"origin"`
	Audience string `json:"audience"`
	Purpose  string `json:"purpose"`
	// PolicyVersion and PolicyDigest name the policy in force, see [Policy.Digest].
	PolicyVersion string `json:"policy_version"`
	PolicyDigest  string `json:"policy_digest"`
	// Fields are those that were asked for and granted, by their names.
	Fields []string `json:"fields"`
	// Compared are those whose values on the chip were compared with a claim.
	Compared []string `json:"compared,omitempty"`
	// Needs are what the request asked of the clerk besides the purpose.
	Needs []Kind `json:"needs"`
	// Pseudonym stands for the citizen; empty when no number was learned.
	Pseudonym string `json:"pseudonym"`
	By        Actor  `json:"by"`
	// Approval is the id of the clerk's click, where one was needed.
	Approval string `json:"approval"`
	// Approver is the second person's user id, where the purpose wants one.
	Approver string `json:"approver"`
	// Test: the agent ran in test mode, and the card may be a simulated one.
	Test bool      `json:"test"`
	At   time.Time `json:"at"`
	Desk Desk      `json:"desk"`
	// SchemeVersions are the rules that were applied: version by scheme.
	SchemeVersions map[string]string `json:"scheme_versions"`
	Verdict        Verdict           `json:"verdict"`
	// Use is the signed request that it answers. Its values are good for nothing
	// but recognising them, so they are no part of what is kept in clear.
	Use RequestUse `json:"-"`
}

// RequestUse is the one use that a signed request has (proof §11, step 10). It
// is zero for what our own console asks.
type RequestUse struct {
	Issuer, JTI, Nonce string
	// Until is when the request has run out for good, and may be forgotten.
	Until time.Time
}

// IsZero says that there was no signed request.
func (u RequestUse) IsZero() bool { return u == RequestUse{} }

// Ending is an attempt that ended without a verdict: the card left, the clerk
// said no.
type Ending struct {
	// ID is the proofing's.
	ID      string
	Origin  string
	Purpose string
	Fields  []string
	By      Actor
	// Code is why, by its name in the API.
	Code string
	At   time.Time
	Test bool
	Use  RequestUse
	// Final: the request is used for good; otherwise it may be sent again.
	Final bool
}

// Stated is what a clerk said about the person or the card at the counter.
type Stated struct {
	// Proofing is its id.
	Proofing      string
	Fact          Kind
	Outcome       Outcome
	PrintedExpiry PrintedExpiry
	By            Actor
	At            time.Time
}
