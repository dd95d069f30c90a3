package proofing_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/proofing"
	"chipproof/proofing/proof"
)

// Whatever a file says, it is refused by name or it is rules under which card
// face and laser code stay at the lowest level.
func FuzzParseScheme(f *testing.F) {
	files, err := filepath.Glob("rules/*.yaml")
	require.NoError(f, err)
	require.NotEmpty(f, files)
	for _, name := range files {
		content, err := os.ReadFile(name)
		require.NoError(f, err)
		f.Add(content)
	}
	f.Add([]byte(manyWays()))
	f.Add([]byte(confirmedFile(`level: L1, clause: "4.2", all: [chip_read], where: {chip_read.how: x}`)))
	sets := printedSets()
	f.Fuzz(func(t *testing.T, content []byte) {
		s, err := proofing.ParseScheme(content)
		if err != nil {
			assert.ErrorIs(t, err, proofing.ErrRulesInvalid)
			return
		}
		a := s.Assess(sets[len(content)%len(sets)], fullDesk, now())
		assert.GreaterOrEqual(t, len(a.Unmet), levelCount(s)-1)
		assert.Equal(t, s.Unconfirmed, a.CandidateLevel != nil)
		assert.Equal(t, !s.Unconfirmed, a.Level != nil)
	})
}

// A policy that is taken has what ships, and proofs need something.
func FuzzParsePolicy(f *testing.F) {
	f.Add([]byte(shippedFile()))
	f.Add([]byte(own("level: {scheme: th-etda, candidate_level: IAL2.2}")))
	f.Add([]byte(own("origins: [\"https://app.example.go.th\"]")))
	f.Add([]byte(own("needs: [*a]")))
	f.Fuzz(func(t *testing.T, content []byte) {
		p, err := proofing.ParsePolicy(content)
		if err != nil {
			assert.ErrorIs(t, err, proofing.ErrPolicyInvalid)
			return
		}
		assert.Equal(t, content, p.Content())
		for _, name := range []string{proofing.FormFill, proofing.IdentityProofing, proofing.Compat} {
			_, known := p.Purpose(name)
			assert.True(t, known, name)
		}
		for _, purpose := range p.Purposes {
			judged := len(purpose.Needs) > 0 || purpose.Level != nil
			assert.Equal(t, purpose.Use == proofing.UseProof, judged, purpose.Name)
			assert.NotEmpty(t, purpose.Fields)
		}
	})
}

// Whatever is claimed, the answer is one of three, and the same every time.
func FuzzCompare(f *testing.F) {
	id := identityOf(f, "default", nil)
	for _, seed := range []string{
		"1101700230708", "นายสมชาย", "31 ธ.ค. 2525", "31/12/2525", "99/9 ม.3 ต.หนองกะปุ อ.บ้านลาด จ.เพชรบุรี 76150", "กทม.", "JT1-2345678-90",
		"\u0e4d\u0e48", "ม", "25251231", "อ.เมือง", "\xff",
	} {
		for i := range proof.ClaimedNames() {
			f.Add(uint8(i), seed)
		}
	}
	f.Fuzz(func(t *testing.T, which uint8, claim string) {
		name := proof.ClaimedNames()[int(which)%len(proof.ClaimedNames())]
		claimed := proof.NewClaimed(map[string]string{name: claim})
		first, err := proofing.Compare(claimed, id)
		require.NoError(t, err)
		second, err := proofing.Compare(claimed, id)
		require.NoError(t, err)
		assert.Equal(t, first, second)
		assert.LessOrEqual(t, len(first.Differing)+len(first.Unknown), 1)
		if len(first.Differing)+len(first.Unknown) == 0 {
			spaced, err := proofing.Compare(proof.NewClaimed(map[string]string{name: " " + claim + "\u200b "}), id)
			require.NoError(t, err)
			assert.Empty(t, spaced.Differing, "what agrees agrees with spaces round it")
		}
	})
}
