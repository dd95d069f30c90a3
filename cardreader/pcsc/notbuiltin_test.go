//go:build !cgo && !windows

package pcsc_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"chipproof/cardreader"
	"chipproof/cardreader/pcsc"
)

func TestWithoutCgoEveryCallSaysThatTheDriverIsNotBuiltIn(t *testing.T) {
	driver := pcsc.New()

	states, err := driver.List(t.Context())
	assert.ErrorIs(t, err, cardreader.ErrNotBuiltIn)
	assert.Empty(t, states)

	err = driver.Watch(t.Context(), func([]cardreader.State) { t.Error("reported a reader that cannot be seen") })
	assert.ErrorIs(t, err, cardreader.ErrNotBuiltIn)

	card, err := driver.Connect(t.Context(), "any")
	assert.ErrorIs(t, err, cardreader.ErrNotBuiltIn)
	assert.Nil(t, card)
}
