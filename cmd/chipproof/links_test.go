package main

import (
	"os/exec"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// A counter's machine reads cards. What opens the files of strangers, follows
// their links or sends mail is the office's, and no bug in it can be one here.
func TestTheCounterLinksNoScannerAndNoMail(t *testing.T) {
	out, err := exec.Command("go", "list", "-deps", ".").Output()
	require.NoError(t, err)
	linked := strings.Fields(string(out))
	require.Contains(t, linked, "chipproof/proofing/thaiid")
	for _, pkg := range linked {
		for _, not := range []string{
			"chipproof/exposure", "chipproof/breach", "chipproof/store/office", "chipproof/api/office",
			"github.com/xuri/", "github.com/klippa-app/", "github.com/tetratelabs/", "github.com/temoto/",
			"github.com/owenrumney/", "github.com/wneessen/",
		} {
			assert.False(t, strings.HasPrefix(pkg, not), "chipproof links %s", pkg)
		}
	}
}
