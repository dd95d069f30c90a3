package programtest

import "github.com/rogpeppe/go-internal/testscript"

// UIDNamed are accounts of the machine that have no name: the number is all that
// counts. A clerk works at the machine; the service is what chipproof runs as.
func UIDNamed(ts *testscript.TestScript, name string) int {
	switch name {
	case "clerk":
		return 61731
	case "service":
		return 61732
	}
	ts.Fatalf("nobody is called %s", name)
	return 0
}
