package proof

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// What an agent verifies a second, on one processor.
func BenchmarkVerifyRequest(b *testing.B) {
	s := requestScene(b)
	token := s.good()
	for b.Loop() {
		_, err := verifyRequest(s, token, at(requestMade))
		require.NoError(b, err)
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "requests/s")
}

// What a relying party verifies a second, demand included.
func BenchmarkVerifyProof(b *testing.B) {
	s := proofScene(b)
	token, o := s.token(s.payload.without("urn:chipproof:claim:photo_digest")), proofOptions(s)
	for b.Loop() {
		p, err := Verify(token, o)
		require.NoError(b, err)
		require.NoError(b, Demand{Methods: []string{"vdig", "pvp"}}.Check(p, nil, o.Now))
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "proofs/s")
}

func BenchmarkSignProof(b *testing.B) {
	key, p := newKey(b), exampleProof(b)
	for b.Loop() {
		_, err := Sign(key, p)
		require.NoError(b, err)
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "proofs/s")
}
