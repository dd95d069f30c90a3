package office_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/audit"
	"chipproof/breach"
	"chipproof/exposure"
)

func (b *bench) proposed() breach.Proposal {
	b.Helper()
	fresh, err := b.incidents.ProposeFromFindings(b.Context(), []exposure.Finding{finding("site", "v1", exposure.Critical)})
	require.NoError(b, err)
	require.Len(b, fresh, 1)
	return fresh[0]
}

func TestAnAcceptedProposalIsAnIncidentThatCarriesItsEvidence(t *testing.T) {
	b := newBench(t)
	p := b.proposed()
	b.after(time.Hour)
	report := p.Report()
	report.Title = "ไฟล์ของงานทะเบียนเปิดอยู่บนเว็บไซต์"
	c, err := b.incidents.Accept(t.Context(), dpo, p.ID, report)
	require.NoError(t, err)
	assert.Equal(t, c, b.one(c.ID))
	assert.Equal(t, p.At, c.ReportedAt, "it was known when it was proposed")
	assert.Equal(t, report.Title, c.Report.Title)
	assert.Equal(t, p.Links, c.Links)
	require.NoError(t, b.incidents.Check(t.Context()))

	kept, err := b.incidents.Proposal(t.Context(), p.ID)
	require.NoError(t, err)
	assert.Equal(t, breach.ProposalAccepted, kept.State)
	assert.Equal(t, c.ID, kept.Incident)
	assert.Equal(t, dpo.ID, kept.SettledBy)
	assert.Equal(t, p.ID, b.entries(audit.KindIncidentOpened)[0].Attributes["proposal"])

	// Finding, takedown, incident, notice: the evidence goes along.
	b.record(c.ID, breach.Linked{To: breach.LinkTakedown, Ref: "t-2026-0003"})
	for to, ref := range map[breach.LinkKind]string{breach.LinkFinding: "site.v1", breach.LinkTakedown: "t-2026-0003"} {
		ids, err := b.incidents.LinkedTo(t.Context(), to, ref)
		require.NoError(t, err)
		assert.Equal(t, []string{c.ID}, ids)
	}
	none, err := b.incidents.LinkedTo(t.Context(), breach.LinkFinding, "t-2026-0003")
	require.NoError(t, err)
	assert.Empty(t, none)
	_, err = b.incidents.Accept(t.Context(), dpo, p.ID, report)
	assert.ErrorIs(t, err, breach.ErrProposalSettled)
	_, err = b.incidents.Dismiss(t.Context(), dpo, p.ID, "ก")
	assert.ErrorIs(t, err, breach.ErrProposalSettled)
}

func TestADismissedProposalKeepsItsReasonAndTheLogOnlyItsName(t *testing.T) {
	b := newBench(t)
	p := b.proposed()
	_, err := b.incidents.Dismiss(t.Context(), dpo, p.ID, " ")
	require.ErrorIs(t, err, breach.ErrEventInvalid, "not without a reason")
	done, err := b.incidents.Dismiss(t.Context(), dpo, p.ID, "เป็นข้อมูลสังเคราะห์ของผู้ขาย")
	require.NoError(t, err)
	kept, err := b.incidents.Proposal(t.Context(), p.ID)
	require.NoError(t, err)
	assert.Equal(t, done, kept)
	assert.Equal(t, "เป็นข้อมูลสังเคราะห์ของผู้ขาย", kept.Reason)
	entries := b.entries(audit.KindIncidentDismissed)
	require.Len(t, entries, 1)
	assert.Equal(t, dpo.ID, entries[0].Actor)
	assert.Equal(t, p.ID, entries[0].Subject)
	assert.Equal(t, map[string]string{"alarm": "severe_finding"}, entries[0].Attributes)
	cases, _, err := b.incidents.List(t.Context())
	require.NoError(t, err)
	assert.Empty(t, cases)

	for state, want := range map[breach.ProposalState]int{"": 1, breach.ProposalDismissed: 1, breach.ProposalOpen: 0} {
		list, err := b.incidents.Proposals(t.Context(), state)
		require.NoError(t, err)
		assert.Len(t, list, want, "%s", state)
	}
}

func TestAReportThatIsRefusedLeavesItsProposalOpen(t *testing.T) {
	b := newBench(t)
	p := b.proposed()
	_, err := b.incidents.Accept(t.Context(), dpo, p.ID, breach.Reported{})
	require.ErrorIs(t, err, breach.ErrEventInvalid)
	kept, err := b.incidents.Proposal(t.Context(), p.ID)
	require.NoError(t, err)
	assert.Equal(t, p, kept)
	for _, act := range []func() error{
		func() error { _, err := b.incidents.Proposal(t.Context(), "p-2026-0077"); return err },
		func() error { _, err := b.incidents.Accept(t.Context(), dpo, "p-2026-0077", p.Report()); return err },
		func() error { _, err := b.incidents.Dismiss(t.Context(), dpo, "p-2026-0077", "ก"); return err },
	} {
		assert.ErrorIs(t, act(), breach.ErrProposalUnknown)
	}
}

func TestAProposalIsSettledOnceAndNeverRemoved(t *testing.T) {
	b := newBench(t)
	p := b.proposed()
	_, err := b.incidents.Dismiss(t.Context(), dpo, p.ID, "ทดสอบ")
	require.NoError(t, err)
	for _, statement := range []string{
		`UPDATE incident_proposal SET state = 'open'`, `UPDATE incident_proposal SET proposal = x'00'`, `DELETE FROM incident_proposal`,
	} {
		assert.Error(t, b.exec(statement), statement)
	}
	b.raw(`UPDATE incident_proposal SET state = 'open'`)
	_, err = b.incidents.Proposal(t.Context(), p.ID)
	assert.ErrorIs(t, err, breach.ErrHistoryBroken)
}
