package proof

import (
	"crypto/ecdsa"
	"fmt"
	"slices"
	"time"
)

// Options are what a relying party checks a proof against.
type Options struct {
	// Issuers are the organisations whose agents it trusts, with keys from its
	// configuration: never from a token, a browser or 127.0.0.1.
	Issuers []Issuer
	// Deny are the names of revoked keys, looked at before any set.
	Deny []string
	// Audience is its own name, Origin the page that asked, Purpose what that
	// asked for.
	Audience, Origin, Purpose string
	// Mode is [Production] if empty. Only a test system, with the test keys, says
	// [Test].
	Mode Mode
	// Now is its clock.
	Now time.Time
}

// Issuer is an organisation and the keys of its agents.
type Issuer struct {
	// Name is what iss must be.
	Name string
	// Keys are those of its agents that are in force.
	Keys KeySet
	// Agents are the agents' ids by the name of their key. With such a list, an
	// agent may speak under its own id alone; nil is no list.
	Agents map[string]string
}

// Verify checks a proof: steps 1 to 10 of proof §6, in that order. It needs no
// storage and uses nothing up. Go on with [Redeem] and [Demand.Check], which this
// does not replace: until then a proof may be a replay, or a rejection.
//
// Errors: the one of the step, each an [ErrProofRefused]; [ErrTime] comes as a
// [*ClockError] where the workstation's clock may be the cause.
func Verify(token string, o Options) (*Proof, error) {
	claims, kid, err := open(token, func(kid string) (*ecdsa.PublicKey, bool) {
		if slices.Contains(o.Deny, kid) {
			return nil, false
		}
		return keyOf(o.Issuers, kid)
	})
	if err != nil {
		return nil, err
	}
	if err := o.checkIssuer(claims, kid); err != nil {
		return nil, err
	}
	if o.Audience == "" || *claims.Audience != o.Audience {
		return nil, fmt.Errorf("%w: it was made for another relying party", ErrAudience)
	}
	if err := claims.checkTimes(o.Now); err != nil {
		return nil, err
	}
	if *claims.Mode != o.mode() {
		return nil, fmt.Errorf("%w: it is not of %s mode", ErrMode, o.mode())
	}
	if err := o.checkAsked(claims); err != nil {
		return nil, err
	}
	return claims.proof(), nil
}

// open is steps 1 to 5, with the keys that find knows.
func open(token string, find func(kid string) (*ecdsa.PublicKey, bool)) (proofClaims, string, error) {
	none := proofClaims{}
	p, err := split(token, maxProof)
	if err != nil {
		return none, "", fmt.Errorf("%w: %w", ErrForm, err)
	}
	kid, err := p.kidOf(typeProof)
	if err != nil {
		return none, "", fmt.Errorf("%w: %w", ErrHeader, err)
	}
	key, known := find(kid)
	if !known {
		return none, "", fmt.Errorf("%w: kid is none of the configured keys, or of a revoked one", ErrKey)
	}
	if err := checkSignature(token, key); err != nil {
		return none, "", fmt.Errorf("%w: %w", ErrSignature, err)
	}
	claims, err := decode[proofClaims](p.payload, ignoreUnknown)
	if err == nil {
		err = claims.check()
	}
	if err != nil {
		return none, "", fmt.Errorf("%w: %w", ErrPayload, err)
	}
	return claims, kid, nil
}

func keyOf(issuers []Issuer, kid string) (*ecdsa.PublicKey, bool) {
	for _, issuer := range issuers {
		if key, known := issuer.Keys.Key(kid); known {
			return key, true
		}
	}
	return nil, false
}

// checkIssuer is step 6: no organisation, and no agent, speaks for another.
func (o Options) checkIssuer(c proofClaims, kid string) error {
	for _, issuer := range o.Issuers {
		if _, its := issuer.Keys.Key(kid); !its || issuer.Name == "" || issuer.Name != *c.Issuer {
			continue
		}
		if issuer.Agents != nil && issuer.Agents[kid] != c.Agent.ID {
			return fmt.Errorf("%w: the key was enrolled for another agent", ErrIssuer)
		}
		return nil
	}
	return fmt.Errorf("%w: the key was configured for another organisation", ErrIssuer)
}

// checkTimes is step 8. There is no leeway at the end: a proof lives long enough.
func (c proofClaims) checkTimes(now time.Time) error {
	life := *c.ExpiresAt - *c.IssuedAt
	if *c.NotBefore != *c.IssuedAt || life <= 0 || life > seconds(Life) {
		return fmt.Errorf("%w: nbf is not iat, or exp not 1 to 300 seconds after it", ErrTime)
	}
	if *c.IssuedAt > now.Unix()+seconds(slack) {
		return &ClockError{Ahead: *c.IssuedAt - now.Unix(), cause: ErrTime}
	}
	if now.Unix() >= *c.ExpiresAt {
		return &ClockError{Age: now.Unix() - *c.IssuedAt, cause: ErrTime}
	}
	return nil
}

func (o Options) mode() Mode {
	if o.Mode == "" {
		return Production
	}
	return o.Mode
}

// checkAsked is step 10. Nobody's proof is for a purpose that only reads.
func (o Options) checkAsked(c proofClaims) error {
	if o.Origin == "" || *c.Origin != o.Origin {
		return fmt.Errorf("%w: it was made for another origin", ErrAsked)
	}
	if o.Purpose == "" || *c.Purpose != o.Purpose || isRead(*c.Purpose) {
		return fmt.Errorf("%w: it was made for another purpose", ErrAsked)
	}
	return nil
}

// isRead says whether a shipped purpose never gives a proof (proof §2).
func isRead(purpose string) bool { return purpose == "form_fill" || purpose == "compat" }
