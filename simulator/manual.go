package simulator

import _ "embed" // for the manual

// faultsManual is how a fault plan is written; a test parses every plan in it.
//
//go:embed FAULTS.md
var faultsManual string
