package proof

import (
	"context"
	"fmt"
	"time"
)

// Nonces are the relying party's own store, as it stands for one browser session.
type Nonces interface {
	// Take takes a nonce out, in one atomic step, and reports whether it was there:
	// stored in this very session, not used, and not too old (15 minutes). Of any
	// number of calls at once, exactly one gets true.
	Take(ctx context.Context, nonce string) (bool, error)
	// SeeID remembers a jti until the time given, in one atomic step, and reports
	// whether it is new.
	SeeID(ctx context.Context, jti string, until time.Time) (bool, error)
}

// Redeem uses a verified proof's nonce and jti up: steps 11 and 12 of proof §6.
// What is refused later, by [Demand.Check], stays used: ask for a new proof.
// Errors: [ErrNonce], [ErrReplayed], and those of the store, which mean that
// nobody knows; a proof is good only with a nil error.
func Redeem(ctx context.Context, p *Proof, nonces Nonces) error {
	taken, err := nonces.Take(ctx, p.Nonce)
	if err != nil {
		return fmt.Errorf("take nonce: %w", err)
	}
	if !taken {
		return fmt.Errorf("%w: it is not of this session, was used, or is too old", ErrNonce)
	}
	fresh, err := nonces.SeeID(ctx, p.ID, time.Unix(p.ExpiresAt, 0))
	if err != nil {
		return fmt.Errorf("remember jti: %w", err)
	}
	if !fresh {
		return fmt.Errorf("%w: its jti was seen before", ErrReplayed)
	}
	return nil
}
