// Package client holds chipproof.js, the script by which a web page asks the
// agent on its machine. It is for `chipproof client-js`, which prints it, and for
// the demonstration site. Sites host their own copy: the agent serves it to
// nobody, so that no site runs code that a workstation hands it (agent-security
// §4).
//
//	os.WriteFile("chipproof.js", client.Script(), 0o644)
//
// The folder is an npm package as it stands.
package client

import (
	_ "embed"
	"slices"
)

var (
	//go:embed chipproof.js
	script []byte
	//go:embed chipproof.d.ts
	types []byte
)

// Script is the ES module.
func Script() []byte { return slices.Clone(script) }

// Types are its TypeScript declarations.
func Types() []byte { return slices.Clone(types) }
