package program

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

func TestPartsThatRunTogetherEndTogether(t *testing.T) {
	wrong := errors.New("wrong")
	waits := func(ctx context.Context) error { <-ctx.Done(); return ctx.Err() }

	err := Together(t.Context(), waits, func(context.Context) error { return wrong }, waits)
	assert.ErrorIs(t, err, wrong)

	assert.NoError(t, Together(t.Context(), waits, func(context.Context) error { return nil }), "one that is done ends the others")

	ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
	defer cancel()
	assert.ErrorIs(t, Together(ctx, waits, waits), context.DeadlineExceeded)
}
