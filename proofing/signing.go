package proofing

import (
	"crypto"
	"errors"
	"fmt"
	"slices"
	"time"

	"chipproof/proofing/proof"
)

// Why nothing is signed here. All three are found before a card is touched.
var (
	// ErrSimulatorRefused: a simulated card in production mode.
	ErrSimulatorRefused = errors.New("simulated card refused in production")
	// ErrIssuerNotSet: production without the name of who answers for its proofs.
	ErrIssuerNotSet = errors.New("issuer of proofs not set")
	// ErrKeyUnavailable: the signing key is gone, revoked, or of another kind.
	ErrKeyUnavailable = errors.New("signing key unavailable")
)

// TestIssuer is who answers for proofs of test mode where nobody is named. The
// name can't resolve (RFC 6761 §6.4).
const TestIssuer = "https://test.chipproof.invalid"

// Signing signs proofs in the name of one organisation, in one mode. It is the
// second of three locks that keep the simulator out of production (proof §7): it
// refuses a simulated card in production whatever else is configured. The driver's
// mark is the first, the verifier's keys and mode the third.
type Signing struct {
	// Mode is that of serve, never of a request.
	Mode proof.Mode
	// Issuer is the iss of proofs, an https URL. It may be empty in test mode.
	Issuer string
	Agent  proof.Agent
	// Key gives the key to sign with now; it is asked anew each time.
	Key func() (crypto.Signer, error)
	Now func() time.Time
}

// Ready says whether a proof could be signed now for what comes from there.
// Errors: [ErrSimulatorRefused], [ErrIssuerNotSet], [ErrKeyUnavailable].
func (s *Signing) Ready(from Source) error {
	_, err := s.ready(from)
	return err
}

func (s *Signing) ready(from Source) (crypto.Signer, error) {
	if from != FromReader && from != FromTyping && s.Mode != proof.Test {
		return nil, ErrSimulatorRefused // and whatever else says not where it is from
	}
	if s.issuer() == "" || s.Mode != proof.Test && s.Issuer == TestIssuer {
		return nil, ErrIssuerNotSet
	}
	key, err := s.Key()
	if err == nil {
		err = proof.CheckSigner(key)
	}
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrKeyUnavailable, err)
	}
	return key, nil
}

func (s *Signing) issuer() string {
	if s.Issuer == "" && s.Mode == proof.Test {
		return TestIssuer
	}
	return s.Issuer
}

// Sign signs a proof about what comes from there. It fills issuer, mode, agent and
// times, so that nothing but this signer says them. Errors: those of
// [Signing.Ready]; those of [proof.Sign].
func (s *Signing) Sign(from Source, p proof.Proof) (string, error) {
	if slices.ContainsFunc(p.Facts, func(f proof.Fact) bool { return f.How == string(BySimulator) }) {
		from = FromSimulator // the facts say it too, should the caller have lost it
	}
	key, err := s.ready(from)
	if err != nil {
		return "", fmt.Errorf("sign proof: %w", err)
	}
	p.Issuer, p.Mode, p.Agent = s.issuer(), s.Mode, s.Agent
	p.IssuedAt = s.Now().Unix()
	token, err := proof.Sign(key, p)
	if err != nil {
		return "", fmt.Errorf("sign proof: %w", err)
	}
	return token, nil
}
