package proofing

import (
	"context"
	"testing"

	"github.com/stretchr/testify/assert"

	"chipproof/proofing/thaiid"
)

// A prover without readers breaks as soon as it watches a card.
func TestAPanicOfTheWatchEndsTheWait(t *testing.T) {
	p := &Prover{}
	err := p.whileIn(t.Context(), &attempt{identity: &thaiid.Identity{}}, func(ctx context.Context) error {
		<-ctx.Done()
		return nil // whatever the clerk said
	})
	assert.ErrorIs(t, err, errBroken)
}
