package proof

import (
	"crypto"
	"fmt"
	"time"

	"github.com/go-json-experiment/json"
)

// Sign signs a proof with an agent's key. It fills a missing ID, and a missing
// ExpiresAt ([Life] after IssuedAt, which the caller takes from its clock). Call it
// after the audit entry is durable, with values of the agent's own state and of a
// verified request (proof §4).
//
// The fresh proof is checked as a relying party would before it is handed out, so
// nothing leaves that says what the facts don't: an accepted proof without
// verified claims, a check whose fact did not pass. Errors: [ErrSignerInvalid],
// and the [ErrProofRefused] of the step that failed.
func Sign(signer crypto.Signer, p Proof) (string, error) {
	if p.ID == "" {
		p.ID = NewID()
	}
	if p.ExpiresAt == 0 {
		p.ExpiresAt = p.IssuedAt + seconds(Life)
	}
	key, err := publicOf(signer)
	if err != nil {
		return "", fmt.Errorf("sign proof: %w", err)
	}
	payload, err := json.Marshal(claimsOfProof(p))
	if err != nil {
		// Text in invalid UTF-8. The library's words could repeat it.
		return "", fmt.Errorf("sign proof: %w: a text is not in UTF-8", ErrPayload)
	}
	token, err := signCompact(signer, typeProof, payload)
	if err != nil {
		return "", fmt.Errorf("sign proof: %w", err)
	}
	keys, err := NewKeySet(key)
	if err != nil {
		return "", fmt.Errorf("sign proof: %w", err)
	}
	made, err := Verify(token, Options{
		Issuers: []Issuer{{Name: p.Issuer, Keys: keys}}, Audience: p.Audience, Origin: p.Origin, Purpose: p.Purpose, Mode: p.Mode,
		Now: time.Unix(p.IssuedAt, 0),
	})
	if err != nil {
		return "", fmt.Errorf("sign proof: %w", err)
	}
	if err := made.checkConsistent(); err != nil {
		return "", fmt.Errorf("sign proof: %w", err)
	}
	return token, nil
}
