//go:build linux && cgo

package main

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
	"github.com/stretchr/testify/require"

	"chipproof/cardreader/pcsc/pcsctest"
)

// TestEndToEnd runs each script of testdata/e2e: the built program as agent, as
// web site and as issuer, and a card in a real pcscd of the script's own. Commands
// besides those of [scripts]:
//
//	site …     a person's browser on the page of `sim rp`, see [browser]
//	signs …    the backend of a site that wants something else, see [signsCmd]
//	answers …  the answers to several requests at once, see [answersCmd]
//	eventually …  run chipproof until it prints something, see [eventuallyCmd]
//	ring …     the key file of an agent that is some days old, see [ringCmd]
func TestEndToEnd(t *testing.T) {
	files, err := filepath.Glob("testdata/e2e/*.txtar")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			t.Parallel()
			pcsctest.Run(t, func(t *testing.T, _ *pcsctest.Daemon) {
				params := scripts("")
				params.Files = []string{file}
				params.Cmds["site"] = (&browser{}).command
				params.Cmds["signs"] = signsCmd
				params.Cmds["ring"] = ringCmd
				params.Cmds["eventually"] = eventuallyCmd
				params.Cmds["answers"] = answersCmd
				testscript.Run(t, params)
			})
		})
	}
}
