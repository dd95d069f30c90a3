package proofing_test

import (
	"testing"

	"chipproof/proofing"
)

// A proofing may take 5 ms in all (design §9); the rules must not be felt.
func BenchmarkDecide(b *testing.B) {
	policy, schemes := proofing.DefaultPolicy(), proofing.CurrentSchemes()
	purpose, _ := policy.Purpose(proofing.IdentityProofing)
	c := proofing.Case{Purpose: purpose, Facts: readExample(b).Facts, Desk: fullDesk, At: exampleAt()}
	for b.Loop() {
		proofing.Decide(c, schemes)
	}
}

func BenchmarkReadTheShippedRules(b *testing.B) {
	for b.Loop() {
		proofing.CurrentSchemes()
	}
}
