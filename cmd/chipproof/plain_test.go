package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
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

var plainBuild = sync.OnceValues(func() (string, error) {
	dir := os.Getenv(binaryDir)
	if raceEnabled != "true" {
		return filepath.Join(dir, "chipproof"+exeSuffix()), nil
	}
	path := filepath.Join(dir, "plain", "chipproof"+exeSuffix())
	cmd := exec.Command("go", "build", "-o", path, ".")
	cmd.Env = append(os.Environ(), "CGO_ENABLED="+cgoEnabled)
	if out, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("%w\n%s", err, out)
	}
	return path, nil
})
