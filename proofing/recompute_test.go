package proofing_test

import (
	"testing"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"chipproof/proofing"
)

// recorded is a record of a case under the policy that ships, as it comes back
// from where it was kept.
func recorded(tb rapid.TB, c proofing.Case, policy proofing.Policy, schemes []proofing.Scheme) proofing.Record {
	tb.Helper()
	r := proofing.Record{
		ID: "id", Txn: "pf-20261121-000417", Purpose: c.Purpose.Name, PolicyVersion: policy.Version, PolicyDigest: policy.Digest(),
		Needs: c.Needs, At: c.At, Desk: c.Desk, Approver: c.Approver, SchemeVersions: proofing.VersionsOf(schemes),
		Verdict: proofing.Decide(c, schemes),
	}
	kept, err := json.Marshal(r, json.Deterministic(true))
	require.NoError(tb, err)
	var back proofing.Record
	require.NoError(tb, json.Unmarshal(kept, &back))
	return back
}

func TestProperty7TheVerdictRecomputesByteForByte(t *testing.T) {
	policy, err := proofing.ParsePolicy([]byte(own("two_persons: true")))
	require.NoError(t, err)
	rapid.Check(t, func(rt *rapid.T) {
		c, _ := anyCase(t, rt)
		name := rapid.SampledFrom([]string{proofing.IdentityProofing, "welfare"}).Draw(rt, "purpose")
		c.Purpose, _ = policy.Purpose(name)
		c.Approver = rapid.SampledFrom([]string{"", "u-1", "u-9"}).Draw(rt, "approver")
		r := recorded(rt, c, policy, proofing.CurrentSchemes())
		want, err := proofing.EncodeVerdict(proofing.Decide(c, proofing.CurrentSchemes()))
		require.NoError(rt, err)

		got, err := proofing.Recompute(r, policy.Content())
		require.NoError(rt, err)
		assert.Equal(rt, string(want), string(got))
		stored, err := proofing.EncodeVerdict(r.Verdict)
		require.NoError(rt, err)
		assert.Equal(rt, string(want), string(stored))
	})
}

func exampleCase(t *testing.T) proofing.Case {
	t.Helper()
	return proofing.Case{
		Purpose: shipped(t, proofing.IdentityProofing), Facts: readExample(t).Facts, Desk: fullDesk, At: exampleAt(),
	}
}

func TestAVerdictThatSomebodyChangedDoesNotRecompute(t *testing.T) {
	c := exampleCase(t)
	c.Facts.Set(proofing.Fact{Kind: proofing.FaceVisual, Outcome: proofing.Failed})
	r := recorded(t, c, proofing.DefaultPolicy(), proofing.CurrentSchemes())
	r.Verdict.Decision, r.Verdict.Reasons = proofing.Accepted, []string{}
	stored, err := proofing.EncodeVerdict(r.Verdict)
	require.NoError(t, err)

	got, err := proofing.Recompute(r, proofing.DefaultPolicy().Content())
	require.NoError(t, err)
	assert.NotEqual(t, string(stored), string(got))
	assert.Contains(t, string(got), `"rejected"`)
}

func TestWhatDoesNotBelongTogetherIsNotRecomputed(t *testing.T) {
	policy := proofing.DefaultPolicy()
	for _, row := range []struct {
		name   string
		change func(*proofing.Record)
		policy string
		want   error
	}{
		{"another policy", func(*proofing.Record) {}, shippedFile() + "# changed\n", proofing.ErrNotRecomputable},
		{"no policy", func(*proofing.Record) {}, "", proofing.ErrNotRecomputable},
		{"a purpose that the policy lacks", func(r *proofing.Record) { r.Purpose = "welfare" }, shippedFile(), proofing.ErrNotRecomputable},
		{"rules of a version that isn't here", func(r *proofing.Record) { r.SchemeVersions["th-etda"] = "99" }, shippedFile(), proofing.ErrSchemeUnknown},
		{"a row less than it has rules", func(r *proofing.Record) { r.Verdict.Assurance = r.Verdict.Assurance[:1] }, shippedFile(), proofing.ErrNotRecomputable},
		{"a row twice", func(r *proofing.Record) { r.Verdict.Assurance[1] = r.Verdict.Assurance[0] }, shippedFile(), proofing.ErrNotRecomputable},
	} {
		t.Run(row.name, func(t *testing.T) {
			r := recorded(t, exampleCase(t), policy, proofing.CurrentSchemes())
			row.change(&r)
			_, err := proofing.Recompute(r, []byte(row.policy))
			assert.ErrorIs(t, err, row.want)
		})
	}
}

func TestTheSecondsInWhichARecordIsKeptAreEnough(t *testing.T) {
	c := exampleCase(t)
	c.At = exampleAt().Add(700 * time.Millisecond)
	chip := c.Facts.Of(proofing.ChipRead)
	chip.ValidUntil = proofing.StampOf(c.At)
	c.Facts.Set(chip)
	r := recorded(t, c, proofing.DefaultPolicy(), proofing.CurrentSchemes())
	r.At = r.At.Truncate(time.Second)
	got, err := proofing.Recompute(r, proofing.DefaultPolicy().Content())
	require.NoError(t, err)
	assert.Contains(t, string(got), `"accepted"`)
}

func TestTheRequestsValuesAreNotKept(t *testing.T) {
	r := proofing.Record{Use: proofing.RequestUse{Issuer: "https://app.example.go.th", JTI: "0vQ3pXkq1bqk0y8m7l2TzA", Nonce: "WYVxNuwz3RBEhnJKM4LvVh2tOdXI9WRUPYqA_qa0klM"}}
	kept, err := json.Marshal(r)
	require.NoError(t, err)
	assert.NotContains(t, string(kept), r.Use.JTI)
	assert.NotContains(t, string(kept), r.Use.Nonce)
}
