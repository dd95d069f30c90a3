package main

import (
	"os/exec"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestTheOfficeLinksNoReaderAndNoSimulator(t *testing.T) {
	out, err := exec.Command("go", "list", "-deps", ".").Output()
	require.NoError(t, err)
	linked := strings.Fields(string(out))
	require.Contains(t, linked, "chipproof/api/office")
	for _, pkg := range linked {
		for _, not := range []string{
			"github.com/ebfe/", "chipproof/cardreader/pcsc", "chipproof/simulator", "chipproof/store/counter", "chipproof/api/counter", "chipproof/api/compat",
		} {
			assert.False(t, strings.HasPrefix(pkg, not), "chipproof-office links %s", pkg)
		}
	}
}
