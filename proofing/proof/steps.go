package proof

import (
	"errors"
	"fmt"
)

// ErrProofRefused is every refusal of a proof; each step of proof §6 has an error
// of its own, which is one of it.
var ErrProofRefused = errors.New("proof refused")

// The steps, in their order. The first ten come from [Verify], the next two from
// [Redeem], the others from [Demand.Check].
var (
	ErrForm      = fmt.Errorf("%w: form", ErrProofRefused)      // 1
	ErrHeader    = fmt.Errorf("%w: header", ErrProofRefused)    // 2
	ErrKey       = fmt.Errorf("%w: key", ErrProofRefused)       // 3
	ErrSignature = fmt.Errorf("%w: signature", ErrProofRefused) // 4
	ErrPayload   = fmt.Errorf("%w: payload", ErrProofRefused)   // 5
	ErrIssuer    = fmt.Errorf("%w: issuer", ErrProofRefused)    // 6
	ErrAudience  = fmt.Errorf("%w: audience", ErrProofRefused)  // 7
	ErrTime      = fmt.Errorf("%w: time", ErrProofRefused)      // 8; a [*ClockError] where a clock may be wrong
	ErrMode      = fmt.Errorf("%w: mode", ErrProofRefused)      // 9
	ErrAsked     = fmt.Errorf("%w: asked", ErrProofRefused)     // 10: another origin or purpose than mine
	ErrNonce     = fmt.Errorf("%w: nonce", ErrProofRefused)     // 11
	ErrReplayed  = fmt.Errorf("%w: replayed", ErrProofRefused)  // 12
	ErrDemand    = fmt.Errorf("%w: demand", ErrProofRefused)    // 13
	ErrOperator  = fmt.Errorf("%w: operator", ErrProofRefused)  // 14
	ErrPhoto     = fmt.Errorf("%w: photo", ErrProofRefused)     // 14
)

// Step is a step of proof §6.
type Step struct {
	// Number is its number there.
	Number int
	// Name is a fixed word for programs.
	Name string
	// Err is what it refuses with.
	Err error
}

// Steps are all of them, in their order.
func Steps() []Step {
	return []Step{
		{1, "form", ErrForm},
		{2, "header", ErrHeader},
		{3, "key", ErrKey},
		{4, "signature", ErrSignature},
		{5, "payload", ErrPayload},
		{6, "issuer", ErrIssuer},
		{7, "audience", ErrAudience},
		{8, "time", ErrTime},
		{9, "mode", ErrMode},
		{10, "asked", ErrAsked},
		{11, "nonce", ErrNonce},
		{12, "replayed", ErrReplayed},
		{13, "demand", ErrDemand},
		{14, "operator", ErrOperator},
		{14, "photo", ErrPhoto},
	}
}

// StepOf is the step that refused a proof, and whether err is such a refusal.
func StepOf(err error) (Step, bool) {
	for _, step := range Steps() {
		if errors.Is(err, step.Err) {
			return step, true
		}
	}
	return Step{}, false
}
