package main

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// plainProgram is the program without the race detector, for tests whose subject
// is volume, durability or a slow hash and not races (style §5.9). It is built
// once, if it isn't what the others run anyway.
func plainProgram(t testing.TB) string {
	t.Helper()
	path, err := plainBuild()
	require.NoError(t, err)
	return path
}

var plainBuild = tested.Plain()
