package rp

import (
	"strings"

	"chipproof/proofing/proof"
)

// Outcome is what a site keeps of a proof for its file: who, when, under which
// entry of the agent's log and by which methods. Never the proof itself, which is
// no pass.
type Outcome struct {
	Txn      string  `json:"txn"`
	Decision string  `json:"decision"`
	Mode     string  `json:"mode"`
	At       string  `json:"at"`
	Agent    string  `json:"agent"`
	Operator string  `json:"operator"`
	Facts    []Fact  `json:"facts"`
	Levels   []Level `json:"levels"`
	// Claims are of the person, and there only if all steps passed.
	Claims []Claim `json:"claims,omitempty"`
}

// Fact is one that was tried.
type Fact struct {
	Kind    string `json:"kind"`
	Outcome string `json:"outcome"`
	How     string `json:"how,omitzero"`
}

// Level is what a scheme says, in words that leave its mark on it.
type Level struct {
	Scheme string `json:"scheme"`
	Text   string `json:"text"`
}

// Claim is something about the person.
type Claim struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

func outcomeOf(p *proof.Proof, accepted bool) *Outcome {
	o := &Outcome{
		Txn: p.Txn, Decision: p.Decision, Mode: string(p.Mode), At: stamp(p.IssuedAt), Agent: p.Agent.ID,
		Operator: p.Operator.ID + " (" + strings.Join(p.Operator.AMR, " ") + ")",
	}
	for _, f := range p.Facts {
		if f.Outcome != proof.NotDone {
			o.Facts = append(o.Facts, Fact{Kind: f.Kind, Outcome: f.Outcome, How: f.How})
		}
	}
	for _, a := range p.Assurance {
		o.Levels = append(o.Levels, Level{Scheme: a.Scheme, Text: levelText(a)})
	}
	if accepted {
		o.Claims = claimsOf(p.Verified.Reveal().Claims)
	}
	return o
}

// levelText says of a level from unconfirmed rules that it is no level.
func levelText(a proof.Assurance) string {
	switch {
	case a.Level != nil:
		return "level " + *a.Level
	case a.CandidateLevel != nil && *a.CandidateLevel != "":
		return "candidate_level " + *a.CandidateLevel + " (unconfirmed)"
	}
	return "no level (unconfirmed)"
}

func claimsOf(c proof.PersonClaims) []Claim {
	var address string
	if c.Address != nil {
		address = c.Address.Formatted
	}
	var claims []Claim
	for _, claim := range []Claim{
		{"th_citizen_id", c.CitizenID},
		{"name#th", words(c.SalutationTH, c.GivenNameTH, c.MiddleNameTH, c.FamilyNameTH)},
		{"name#en", words(c.SalutationEN, c.GivenNameEN, c.MiddleNameEN, c.FamilyNameEN)},
		{"birthdate", c.Birthdate},
		{"gender", c.Gender},
		{"address", address},
	} {
		if claim.Value != "" {
			claims = append(claims, claim)
		}
	}
	return claims
}

func words(parts ...string) string {
	return strings.Join(strings.Fields(strings.Join(parts, " ")), " ")
}
