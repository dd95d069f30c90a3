package proof

import (
	"maps"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// required are the members of an assurance row that say something by being empty
// or false, and so must not be left out: a missing mark would read as confirmed.
func required() map[string]any {
	return map[string]any{"unconfirmed": false, "met": []any{}, "unmet": []any{}, "next_step": []any{}}
}

func TestAnAssuranceRowLacksNothing(t *testing.T) {
	s := proofScene(t)
	confirmed := s.payload.with(assurance+"0/level", "IAL3").without(assurance+"0/candidate_level").with(assurance+"0/unconfirmed", false)
	for _, name := range slices.Sorted(maps.Keys(required())) {
		for what, payload := range map[string]tree{"a candidate level": s.payload, "a confirmed one": confirmed} {
			assert.Equal(t, 5, s.step(t, s.token(payload.without(assurance+"0/"+name))), "%s without %s", what, name)
			assert.Equal(t, 5, s.step(t, s.token(payload.with(assurance+"0/"+name, nil))), "%s with %s: null", what, name)
			assert.Equal(t, 5, s.step(t, s.token(payload.with(assurance+"0/"+name, "false"))), "%s with %s as text", what, name)
		}
		assert.Equal(t, 5, s.step(t, s.token(s.payload.without(assurance+"1/"+name))), "the second row without %s", name)
	}
	assert.Zero(t, s.step(t, s.token(confirmed)))
}

func TestAnAssuranceRowMayBeEmptyAndSaySo(t *testing.T) {
	s := proofScene(t)
	payload := s.payload.with(assurance+"0/level", "IAL1").without(assurance + "0/candidate_level")
	for name, empty := range required() {
		payload = payload.with(assurance+"0/"+name, empty)
	}
	require.Zero(t, s.step(t, s.token(payload)))
	assert.Zero(t, s.step(t, s.token(s.payload.with("urn:chipproof:claim:assurance", []any{}))), "and there may be no row at all")
}

// What we sign has them all, also where a caller left the lists nil.
func TestASignedAssuranceRowHasAllItsMembers(t *testing.T) {
	p := exampleProof(t)
	level := "IAL1"
	p.Assurance = []Assurance{{Scheme: "th-etda", RulesVersion: "1", Level: &level}}
	token, err := Sign(newKey(t), p)
	require.NoError(t, err)
	claims, err := decode[proofClaims]([]byte(payloadOf(t, token)), refuseUnknown)
	require.NoError(t, err)
	require.NoError(t, claims.check())
	assert.Equal(t, []Assurance{
		{Scheme: "th-etda", RulesVersion: "1", Level: &level, Met: []string{}, Unmet: []Unmet{}, NextStep: []string{}},
	}, claims.proof().Assurance)
}
