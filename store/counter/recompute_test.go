package counter_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"chipproof/api/apitest"
	"chipproof/proofing"
)

// agencyPolicy is another policy than the one that ships.
const agencyPolicy = `version: "agency-2"
purposes:
  - name: form_fill
    title: {th: กรอกแบบฟอร์ม, en: Fill in a form}
    use: read
    fields: [citizen_id, name]
  - name: identity_proofing
    title: {th: พิสูจน์ตัวตน, en: Identity proofing}
    use: proof
    fields: [citizen_id, name]
    needs: [chip_read, chip_photo, id_checksum, face_visual, card_not_expired, issuer_status]
    two_persons: true
  - name: compat
    title: {th: โปรแกรมเดิม, en: Older programs}
    use: compat
    fields: [citizen_id]
`

// Whatever was established, the verdict follows once more, byte for byte, from
// what the database holds (assurance §2.2, property 7).
func TestEveryVerdictIsWorkedOutAgainFromTheDatabase(t *testing.T) {
	o := apitest.New(t)
	agency, err := proofing.ParsePolicy([]byte(agencyPolicy))
	require.NoError(t, err)
	policies := []proofing.Policy{proofing.DefaultPolicy(), agency}
	for _, p := range policies {
		require.NoError(t, o.Records.UsePolicy(t.Context(), admin, p.Version, p.Digest(), p.Content(), o.Clock.Now()))
	}
	n := 0
	rapid.Check(t, func(r *rapid.T) {
		n++
		record := decided(r, o, rapid.SampledFrom(policies).Draw(r, "policy"))
		record.ID = fmt.Sprint("proofing-", n)
		want, err := proofing.EncodeVerdict(record.Verdict)
		require.NoError(r, err)

		kept, found, err := o.Records.Proofing(t.Context(), recorded(o, record))
		require.NoError(r, err)
		require.True(r, found)
		policy, found, err := o.Records.Policy(t.Context(), kept.PolicyDigest)
		require.NoError(r, err)
		require.True(r, found)
		again, err := proofing.Recompute(kept, policy)
		require.NoError(r, err)
		assert.Equal(r, string(want), string(again))
	})
}

// decided is a proofing with any facts, as the rules judge it.
func decided(r *rapid.T, o *apitest.Office, policy proofing.Policy) proofing.Record {
	at := o.Clock.Now().Add(time.Duration(rapid.Int64Range(0, int64(time.Hour)).Draw(r, "moment")))
	outcomes := []proofing.Outcome{proofing.NotDone, proofing.Passed, proofing.Failed, proofing.Indeterminate}
	facts := proofing.NewFacts()
	for _, kind := range proofing.Kinds() {
		f := proofing.Fact{Kind: kind, Outcome: rapid.SampledFrom(outcomes).Draw(r, string(kind))}
		if f.Outcome != proofing.NotDone {
			f.At, f.By = proofing.StampOf(at), rapid.SampledFrom([]string{proofing.ByAgent, proofing.ByDOPA, clerk.ID}).Draw(r, "by")
			f.How = rapid.SampledFrom([]proofing.How{proofing.ByReader, proofing.ByChipData, proofing.ByTypedLaserCode, proofing.InPerson}).Draw(r, "how")
			f.Code = rapid.SampledFrom([]string{"", "0", "1"}).Draw(r, "code")
			f.Desc = rapid.SampledFrom([]string{"", "บัตร <ถูกยกเลิก> & \u2028"}).Draw(r, "desc")
			f.ValidUntil = rapid.SampledFrom([]proofing.Stamp{{}, proofing.StampOf(at.Add(time.Minute)), proofing.StampOf(at.Add(-time.Minute))}).Draw(r, "until")
		}
		facts.Set(f)
	}
	schemes := proofing.CurrentSchemes()
	record := record(o)
	record.At, record.PolicyVersion, record.PolicyDigest = at, policy.Version, policy.Digest()
	record.Needs = rapid.SliceOfDistinct(rapid.SampledFrom(proofing.StatedByClerk()), func(k proofing.Kind) proofing.Kind { return k }).Draw(r, "needs")
	record.Desk = proofing.Desk{Attended: rapid.Bool().Draw(r, "attended"), Issuer: rapid.Bool().Draw(r, "issuer")}
	record.Approver = rapid.SampledFrom([]string{"", clerk.ID, "user-3"}).Draw(r, "approver")
	record.SchemeVersions = proofing.VersionsOf(schemes)
	purpose, _ := policy.Purpose(record.Purpose)
	record.Verdict = proofing.Decide(proofing.Case{
		Purpose: purpose, Needs: record.Needs, Facts: facts, Desk: record.Desk, At: at, Approver: record.Approver,
	}, schemes)
	return record
}
