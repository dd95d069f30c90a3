package proofing_test

import (
	"context"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"chipproof/proofing"
	"chipproof/proofing/proof"
	"chipproof/proofing/thaiid"
	"chipproof/simulator"
	"chipproof/simulator/dopa"
)

// Whoever comes, whatever is asked, said and answered: verified claims are in a
// proof exactly if it was accepted, and then what they rest on has passed; every
// kind of fact is in it; the result and the record say the same; and what is kept
// recomputes byte for byte.
func TestAProofHoldsClaimsExactlyIfItWasAccepted(t *testing.T) {
	d := newDesk(t, "default")
	people := simulator.People()
	service := d.asksIssuer(people...)
	decided := map[proofing.Decision]int{}
	rapid.Check(t, func(t *rapid.T) {
		holder := rapid.SampledFrom(people).Draw(t, "holder")
		d.changes(func(p *simulator.Person) { *p = holder })
		require.NoError(t, service.SetState(holder.Key, rapid.SampledFrom(dopa.States()).Draw(t, "state")))
		a := d.asks(func(r *proof.Request) {
			r.Fields = rapid.Permutation(proof.FieldNames()).Draw(t, "fields")
			r.Fields = append(r.Fields[:rapid.IntRange(0, 8).Draw(t, "how many")], "citizen_id")
			slices.Sort(r.Fields)
			r.Fields = slices.Compact(r.Fields)
			r.Needs = rapid.SampledFrom([][]string{nil, {"face_visual"}, {"card_inspected"}, {"card_inspected", "face_visual"}}).Draw(t, "needs")
			r.IssuerCheck = rapid.Bool().Draw(t, "issuer")
			if rapid.Bool().Draw(t, "claims") {
				r.Claimed = proof.NewClaimed(map[string]string{"citizen_id": rapid.SampledFrom(people).Draw(t, "claimed").CitizenID})
				r.Evidence = rapid.SampledFrom([]proof.Evidence{proof.Chip, proof.Typed}).Draw(t, "evidence")
			}
		})
		result, err := d.prover.Prove(context.Background(), a, anything(t), nil)
		require.NoError(t, err)
		decided[result.Verdict.Decision]++

		p := d.opened(result.Proof)
		accepted := result.Verdict.Decision == proofing.Accepted
		assert.Equal(t, string(result.Verdict.Decision), p.Decision)
		assert.Equal(t, accepted, p.Verified != nil)
		assert.Equal(t, accepted, result.Identity != nil)
		assert.Equal(t, accepted && slices.Contains(a.Fields, thaiid.FieldPhoto), p.PhotoDigest != nil)
		assert.Len(t, p.Facts, len(proofing.Kinds()))
		var photo []byte
		if result.Identity != nil {
			photo = result.Identity.Photo.Bytes()
			assert.ElementsMatch(t, a.Fields, result.Identity.Fields)
		}
		good := proof.Demand{Methods: []string{"vdig", "pvp"}}.Check(p, photo, d.office.Clock.Now())
		assert.Equal(t, accepted, good == nil, "%v", good)

		record, found, err := d.office.Records.Proofing(context.Background(), result.Txn)
		require.NoError(t, err)
		require.True(t, found)
		kept, err := proofing.Recompute(record, d.prover.Policy.Content())
		require.NoError(t, err)
		told, err := proofing.EncodeVerdict(result.Verdict)
		require.NoError(t, err)
		assert.Equal(t, string(told), string(kept))
	})
	for _, decision := range []proofing.Decision{proofing.Accepted, proofing.Rejected, proofing.Inconclusive} {
		assert.NotZero(t, decided[decision], "%s never came up, so nothing was shown for it", decision)
	}
}

// anything is a clerk who says anything that a clerk can say, or nothing.
func anything(t *rapid.T) proofing.Clerk {
	return person(func(_ context.Context, _ proofing.View, wanted []proofing.Kind) ([]proofing.Fact, error) {
		var said []proofing.Fact
		for _, k := range wanted {
			f := proofing.Fact{Kind: k, By: clerk}
			f.Outcome = rapid.SampledFrom([]proofing.Outcome{proofing.Passed, proofing.Passed, proofing.Failed, proofing.NotDone}).Draw(t, string(k))
			if k == proofing.CardInspected {
				f.PrintedExpiry = rapid.SampledFrom([]proofing.PrintedExpiry{
					"", proofing.PrintedInForce, proofing.PrintedLifelong, proofing.PrintedExpired,
				}).Draw(t, "printed")
			}
			if f.Outcome != proofing.NotDone {
				said = append(said, f)
			}
		}
		return said, nil
	})
}

// Every set of fields gives those and no others, and finds out nothing about others.
func TestAnIdentityCanBeCutToAnyFields(t *testing.T) {
	d := newDesk(t, "default")
	whole, err := d.read(t.Context(), thaiid.AllFields())
	require.NoError(t, err)
	fields := thaiid.AllFields()
	for set := 1; set < 1<<len(fields); set++ {
		var some thaiid.Fields
		for i, f := range fields {
			if set&(1<<i) != 0 {
				some = append(some, f)
			}
		}
		read, err := d.read(t.Context(), some)
		require.NoError(t, err)
		assert.Equal(t, read.Document(), proofing.Restrict(whole, some).Document(), "%v", some)
	}
}
