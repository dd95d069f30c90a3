package rival_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/internal/rival"
	"chipproof/simulator"
)

// rivals §1 counts 59 exchanges for the programs that read so.
func TestReadsInAsManyExchangesAsOthersDo(t *testing.T) {
	p, err := simulator.PersonNamed("full-photo")
	require.NoError(t, err)
	card, err := simulator.NewCard(p, simulator.CardOptions{})
	require.NoError(t, err)
	require.NoError(t, rival.ReadText(t.Context(), card))
	assert.Equal(t, 19, card.Exchanges())
	require.NoError(t, rival.ReadPhoto(t.Context(), card))
	assert.Equal(t, 59, card.Exchanges())
}
