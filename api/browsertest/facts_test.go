//go:build !race

package browsertest

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/proofing"
)

func TestTheClerkStatesThePrintedExpiryWhereTheChipHasNone(t *testing.T) {
	a := newAgent(t)
	a.insert("blank-expiry")
	b := newBrowser(t, a, "th")
	b.enters("/", a.clerk)
	b.see("มีบัตรในเครื่องอ่านแล้ว")
	for _, row := range []struct{ answer, decision, expiry string }{
		{".answers button:nth-of-type(2)", "accepted", "lifelong"}, {".answers button:nth-of-type(3)", "rejected", "expired"},
	} {
		b.click(identityProofing)
		b.click("#read")
		b.see("หน้าตรงกับรูปในชิปหรือไม่")
		b.click(".answers .yes")
		b.see("วันหมดอายุที่พิมพ์บนบัตร")
		b.see("ชิปใบนี้ไม่มีวันหมดอายุครบ")
		b.everywhere("th-printed-expiry")
		b.click(row.answer)
		b.when(`document.querySelector('.verdict.` + row.decision + `')`)
		stated := a.office.Entries("facts_stated")
		last := stated[len(stated)-1]
		assert.Contains(t, last.Attributes["facts"], "card_inspected=")
		assert.Equal(t, row.expiry, last.Attributes["printed_expiry"])
		b.click(".again")
	}
}

func TestASecondPersonIsWaitedForAndTheClerkIsToldSo(t *testing.T) {
	policy, err := proofing.ParsePolicy(append(proofing.DefaultPolicy().Content(), []byte(`
  - {name: seen_by_two, title: {th: เห็นสองคน, en: Seen by two}, use: proof, fields: [citizen_id, name], needs: [chip_read, face_visual], two_persons: true}
`)...))
	require.NoError(t, err)
	a := newAgentWith(t, policy)
	a.insert("default")
	b := newBrowser(t, a, "th")
	b.enters("/", a.clerk)
	b.see("มีบัตรในเครื่องอ่านแล้ว")
	b.click(`input[value="seen_by_two"]`)
	b.click("#read")
	b.see("หน้าตรงกับรูปในชิปหรือไม่")
	b.click(".answers .yes")
	b.see("รอเจ้าหน้าที่คนที่สองยืนยัน")
	b.unsee("สมชาย", "1101700230708")
	b.everywhere("th-second-person")
	open, err := a.office.Records.Approvals(t.Context(), a.office.Clock.Now())
	require.NoError(t, err)
	require.Len(t, open, 1)
	first, err := a.office.Records.AnswerApproval(t.Context(), proofing.Actor{ID: "os:1000"}, open[0].ID, proofing.Approved, a.office.Clock.Now())
	require.NoError(t, err)
	require.True(t, first)
	b.when(`document.querySelector('.verdict.accepted')`)
	b.shot("th-second-person-accepted")
}
