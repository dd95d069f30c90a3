package proof

import (
	"time"
)

// Archive is what an old proof is checked against, years later.
type Archive struct {
	// Retired are the organisations with the archives of their retired keys, and
	// those in force. No login verifier may have these: see [Options].
	Retired []RetiredIssuer
	// Deny are the names of revoked keys. Which proofs came before a theft is
	// answered by the agent's audit log, not by the proofs.
	Deny []string
	// Audience, Origin, Purpose and Mode are as in [Options].
	Audience, Origin, Purpose string
	Mode                      Mode
	// ReceivedAt is when the proof came in, as recorded then.
	ReceivedAt time.Time
}

// RetiredIssuer is an organisation and its keys of all times.
type RetiredIssuer struct {
	Name string
	Keys KeySet
}

// Archived is a proof that was good when it came in. It is a type of its own, so
// that it can't be redeemed or held against a [Demand]: it opens no door.
type Archived Proof

// VerifyArchived checks a proof from a file, as [Verify] would have when it came
// in: steps 1 to 10 of proof §6. It is not for logins. Errors: as [Verify].
func VerifyArchived(token string, a Archive) (*Archived, error) {
	o := Options{
		Deny: a.Deny, Audience: a.Audience, Origin: a.Origin, Purpose: a.Purpose, Mode: a.Mode, Now: a.ReceivedAt,
	}
	for _, issuer := range a.Retired {
		o.Issuers = append(o.Issuers, Issuer{Name: issuer.Name, Keys: issuer.Keys})
	}
	p, err := Verify(token, o)
	return (*Archived)(p), err
}
