package main

import (
	"os"
	"path/filepath"
	"strings"
)

// calledAs is what this program was called by, so that a line which it prints can be
// pasted as it stands: bin/chipproof after `make run`.
func calledAs() string {
	const name = "chipproof"
	if called := os.Args[0]; strings.TrimSuffix(filepath.Base(called), ".exe") == name {
		return shellWord(called)
	}
	return name
}
