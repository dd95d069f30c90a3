package proof

import (
	"errors"
	"fmt"
	"slices"
)

// proofClaims is the payload of a proof, in the order in which it is written.
// Pointers tell what is missing from what is empty.
type proofClaims struct {
	Issuer      *string         `json:"iss"`
	Audience    *string         `json:"aud"`
	Nonce       *string         `json:"nonce"`
	ID          *string         `json:"jti"`
	IssuedAt    *int64          `json:"iat"`
	NotBefore   *int64          `json:"nbf"`
	ExpiresAt   *int64          `json:"exp"`
	Origin      *string         `json:"origin"`
	Purpose     *string         `json:"purpose"`
	Txn         *string         `json:"txn"`
	Mode        *Mode           `json:"mode"`
	Agent       *Agent          `json:"agent"`
	Operator    *Operator       `json:"operator"`
	Decision    *string         `json:"urn:chipproof:claim:decision"`
	Facts       []Fact          `json:"urn:chipproof:claim:facts"`
	Assurance   []assuranceRow  `json:"urn:chipproof:claim:assurance"`
	PhotoDigest *Digest         `json:"urn:chipproof:claim:photo_digest,omitzero"`
	Verified    *VerifiedClaims `json:"verified_claims,omitzero"`
}

// assuranceRow is an [Assurance] as it is written. Its lists are nil where they are
// missing.
type assuranceRow struct {
	Scheme         string   `json:"scheme"`
	RulesVersion   string   `json:"rules_version"`
	CandidateLevel *string  `json:"candidate_level,omitzero"`
	Level          *string  `json:"level,omitzero"`
	Unconfirmed    *bool    `json:"unconfirmed"`
	Met            []string `json:"met"`
	Unmet          []Unmet  `json:"unmet"`
	NextStep       []string `json:"next_step"`
}

func rowsOf(assurance []Assurance) []assuranceRow {
	rows := []assuranceRow{}
	for _, a := range assurance {
		rows = append(rows, assuranceRow{a.Scheme, a.RulesVersion, a.CandidateLevel, a.Level, &a.Unconfirmed, a.Met, a.Unmet, a.NextStep})
	}
	return rows
}

// check demands all that proof §2 lists: a mark that was left out must not read as
// confirmed, nor a list as empty.
func (r assuranceRow) check() error {
	if r.Scheme == "" || r.RulesVersion == "" {
		return errors.New("assurance lacks scheme or rules_version")
	}
	if r.Unconfirmed == nil || r.Met == nil || r.Unmet == nil || r.NextStep == nil {
		return errors.New("assurance lacks unconfirmed, met, unmet or next_step")
	}
	return nil
}

// assurance is the row, which was checked.
func (r assuranceRow) assurance() Assurance {
	return Assurance{r.Scheme, r.RulesVersion, r.CandidateLevel, r.Level, *r.Unconfirmed, r.Met, r.Unmet, r.NextStep}
}

func claimsOfProof(p Proof) proofClaims {
	c := proofClaims{
		Issuer: &p.Issuer, Audience: &p.Audience, Nonce: &p.Nonce, ID: &p.ID, IssuedAt: &p.IssuedAt, NotBefore: &p.IssuedAt,
		ExpiresAt: &p.ExpiresAt, Origin: &p.Origin, Purpose: &p.Purpose, Txn: &p.Txn, Mode: &p.Mode, Agent: &p.Agent,
		Operator: &p.Operator, Decision: &p.Decision, Facts: p.Facts, Assurance: rowsOf(p.Assurance), PhotoDigest: p.PhotoDigest,
	}
	if p.Verified != nil {
		c.Verified = new(p.Verified.Reveal())
	}
	return c
}

// check is step 5 of proof §6 behind the decoder: all required claims are there,
// times and random values have their form, facts are well made. What their values
// must be is for later steps.
func (c proofClaims) check() error {
	for _, required := range []struct {
		name    string
		missing bool
	}{
		{"iss", c.Issuer == nil},
		{"aud", c.Audience == nil},
		{"nonce", c.Nonce == nil},
		{"jti", c.ID == nil},
		{"iat", c.IssuedAt == nil},
		{"nbf", c.NotBefore == nil},
		{"exp", c.ExpiresAt == nil},
		{"origin", c.Origin == nil},
		{"purpose", c.Purpose == nil},
		{"txn", c.Txn == nil || *c.Txn == ""},
		{"mode", c.Mode == nil},
		{"agent", c.Agent == nil},
		{"operator", c.Operator == nil},
		{"decision", c.Decision == nil},
		{"facts", len(c.Facts) == 0},
		{"assurance", c.Assurance == nil},
	} {
		if required.missing {
			return errors.New(required.name + " is missing")
		}
	}
	if err := checkSeconds(*c.IssuedAt, *c.NotBefore, *c.ExpiresAt, c.Operator.AuthTime); err != nil {
		return err
	}
	if err := checkIDs(*c.ID, *c.Nonce); err != nil {
		return err
	}
	if err := c.checkParties(); err != nil {
		return err
	}
	if err := checkFacts(c.Facts); err != nil {
		return err
	}
	if c.PhotoDigest != nil {
		if err := c.PhotoDigest.check(); err != nil {
			return err
		}
	}
	// A caller that forgets to read the decision must find no identity.
	if c.Verified != nil && *c.Decision != Accepted {
		return errors.New("verified_claims stand in a proof that was not accepted")
	}
	return nil
}

func (c proofClaims) checkParties() error {
	if c.Agent.ID == "" || c.Agent.Version == "" || c.Agent.Build == "" {
		return errors.New("agent lacks id, version or build")
	}
	if !slices.Contains([]string{"software", "os_keystore", "tpm", "hsm"}, c.Agent.KeyStorage) {
		return errors.New("agent.key_storage is not software, os_keystore, tpm or hsm")
	}
	if c.Operator.ID == "" || len(c.Operator.AMR) == 0 {
		return errors.New("operator lacks id or amr")
	}
	for _, a := range c.Assurance {
		if err := a.check(); err != nil {
			return err
		}
	}
	return nil
}

// checkFacts demands one fact a kind, with time, author and way of those that were
// tried, and of no others. A kind that is not known here may be of a later agent.
func checkFacts(facts []Fact) error {
	for i, f := range facts {
		if f.Kind == "" || slices.ContainsFunc(facts[:i], func(g Fact) bool { return g.Kind == f.Kind }) {
			return fmt.Errorf("fact %d has no kind, or one that stands there twice", i+1)
		}
		switch f.Outcome {
		case NotDone:
			if !f.At.IsZero() || f.By != "" || f.How != "" {
				return fmt.Errorf("fact %d was not done, and says when, by whom or how", i+1)
			}
		case Passed, Failed, Indeterminate:
			if f.At.IsZero() || f.By == "" || f.How == "" {
				return fmt.Errorf("fact %d does not say when, by whom and how", i+1)
			}
		default:
			return fmt.Errorf("fact %d has an unknown outcome", i+1)
		}
	}
	return nil
}

// proof is the payload as a proof. It was checked.
func (c proofClaims) proof() *Proof {
	p := &Proof{
		Issuer: *c.Issuer, Audience: *c.Audience, Nonce: *c.Nonce, ID: *c.ID, IssuedAt: *c.IssuedAt, ExpiresAt: *c.ExpiresAt,
		Origin: *c.Origin, Purpose: *c.Purpose, Txn: *c.Txn, Mode: *c.Mode, Agent: *c.Agent, Operator: *c.Operator,
		Decision: *c.Decision, Facts: c.Facts, Assurance: []Assurance{}, PhotoDigest: c.PhotoDigest,
	}
	for _, row := range c.Assurance {
		p.Assurance = append(p.Assurance, row.assurance())
	}
	if c.Verified != nil {
		p.Verified = Conceal(*c.Verified)
	}
	return p
}
