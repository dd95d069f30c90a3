package main

import (
	"bytes"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// again runs this one test in another process, which has been given something
// that this one lacks: through a program that takes the command line behind its
// own words, and with a variable by which the test knows.
func again(t *testing.T, variable string, through ...string) {
	t.Helper()
	self, err := os.Executable()
	require.NoError(t, err)
	words := append(through, self, "-test.run=^"+t.Name()+"$", "-test.v=true", "-test.count=1")
	cmd := exec.CommandContext(t.Context(), words[0], words[1:]...)
	cmd.Env = append(os.Environ(), variable+"=1")
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	err = cmd.Run()
	// Quoted, so that no tool takes the inner results for these.
	report := "| " + strings.ReplaceAll(out.String(), "\n", "\n| ")
	require.NoError(t, err, "%s", report)
	require.Contains(t, report, "| --- PASS: "+t.Name(), "the inner test ran")
	t.Log(report)
}
