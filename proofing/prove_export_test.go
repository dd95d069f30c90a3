package proofing

// What only tests of this package see.
var (
	Restrict = restrict
)
