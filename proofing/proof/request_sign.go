package proof

import (
	"crypto"
	"fmt"
	"time"

	"github.com/go-json-experiment/json"
)

// SignRequest signs a request with the key of a relying party's backend. It fills
// aud, a missing ID, and a missing ExpiresAt ([RequestLife] after IssuedAt, which
// the caller takes from its clock). Call it only inside a logged-in session of the
// backend's own, and never with a purpose, fields or needs that a page sent.
//
// The fresh request is checked as the agent will check it, so what the agent would
// refuse comes back here, as a [*RequestError]. Other error: [ErrSignerInvalid].
func SignRequest(signer crypto.Signer, r Request) (string, error) {
	if r.ID == "" {
		r.ID = NewID()
	}
	if r.ExpiresAt == 0 {
		r.ExpiresAt = r.IssuedAt + seconds(RequestLife)
	}
	key, err := publicOf(signer)
	if err != nil {
		return "", fmt.Errorf("sign request: %w", err)
	}
	payload, err := json.Marshal(claimsOf(r))
	if err != nil {
		// Text in invalid UTF-8. The library's words could repeat it.
		return "", fmt.Errorf("sign request: %w", refuse(StepPayload, "a text is not in UTF-8"))
	}
	token, err := signCompact(signer, typeRequest, payload)
	if err != nil {
		return "", fmt.Errorf("sign request: %w", err)
	}
	keys, err := NewKeySet(key)
	if err != nil {
		return "", fmt.Errorf("sign request: %w", err)
	}
	made, err := VerifyRequest(token, keys, RequestOptions{Origin: r.Issuer, Now: time.Unix(r.IssuedAt, 0)})
	if err == nil {
		err = made.CheckAudience(r.Audience)
	}
	if err != nil {
		return "", fmt.Errorf("sign request: %w", err)
	}
	return token, nil
}
