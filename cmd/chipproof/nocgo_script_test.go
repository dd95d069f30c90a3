//go:build !cgo && !windows

package main

import (
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// TestScriptsWithoutCgo is for where the binding to PC/SC needs cgo.
func TestScriptsWithoutCgo(t *testing.T) {
	testscript.Run(t, scripts("testdata/nocgo"))
}
