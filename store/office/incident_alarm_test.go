package office_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/audit"
	"chipproof/breach"
	"chipproof/exposure"
	"chipproof/mfa"
	"chipproof/store/office"
)

// logged appends entries as the login and the guard write them.
func (b *bench) logged(kind audit.Kind, n int, subject string, attributes map[string]string) (first, last int64) {
	b.Helper()
	for i := range n {
		e, err := b.log.Append(b.Context(), audit.Event{Kind: kind, Subject: subject, Attributes: attributes})
		require.NoError(b, err)
		if i == 0 {
			first = e.Number
		}
		last = e.Number
		b.after(time.Second)
	}
	return first, last
}

func (b *bench) fromLog() []breach.Proposal {
	b.Helper()
	fresh, err := b.incidents.ProposeFromLog(b.Context())
	require.NoError(b, err)
	return fresh
}

func TestRepeatedFailedLoginsProposeAnIncidentWithTheirEntriesAsEvidence(t *testing.T) {
	b := newBench(t)
	limit := breach.ShippedLimits().Logins
	failed := audit.Kind(mfa.EventLoginFailed)
	b.logged(failed, limit-1, "u-1", nil)
	assert.Empty(t, b.fromLog(), "a forgotten password is no incident")
	first, last := b.logged(failed, limit, "u-2", nil)
	since := breach.At(b.clock().Add(-time.Duration(limit) * time.Second))
	fresh := b.fromLog()
	require.Len(t, fresh, 1)
	p := fresh[0]
	assert.Equal(t, "p-2026-0001", p.ID)
	assert.Equal(t, breach.AlarmLogins, p.Alarm)
	assert.Equal(t, "u-2", p.Of)
	assert.Equal(t, limit, p.Number)
	assert.Equal(t, since, p.Since)
	assert.Equal(t, []breach.Linked{{To: breach.LinkAudit, Ref: fmt.Sprint(first)}, {To: breach.LinkAudit, Ref: fmt.Sprint(last)}}, p.Links)
	assert.Empty(t, b.fromLog(), "and is proposed once")

	entries := b.entries(audit.KindIncidentProposed)
	require.Len(t, entries, 1)
	assert.Equal(t, p.ID, entries[0].Subject)
	assert.Equal(t, map[string]string{"alarm": "failed_logins", "number": fmt.Sprint(limit)}, entries[0].Attributes)
	b.after(25 * time.Hour)
	b.logged(failed, limit-1, "u-2", nil)
	assert.Empty(t, b.fromLog(), "what is out of the window doesn't count")
}

func TestTriesThatWereThrottledCountAsFailedLogins(t *testing.T) {
	b := newBench(t)
	b.logged(audit.Kind(mfa.EventLoginFailed), 10, "u-2", nil)
	b.logged(audit.Kind(mfa.EventLoginThrottled), 10, "u-2", nil)
	require.Len(t, b.fromLog(), 1)
}

func TestAGuardUnderAttackProposesAnIncident(t *testing.T) {
	b := newBench(t)
	limit := breach.ShippedLimits().Refusals
	since := b.clock()
	fresh, err := b.incidents.ProposeFromRefusals(t.Context(), "https://evil.example", limit-1, since, since)
	require.NoError(t, err)
	assert.Empty(t, fresh)
	fresh, err = b.incidents.ProposeFromRefusals(t.Context(), "https://evil.example", limit, since, since)
	require.NoError(t, err)
	require.Len(t, fresh, 1)
	assert.Equal(t, "https://evil.example", fresh[0].Of)
	entry := b.entries(audit.KindIncidentProposed)[0]
	assert.Equal(t, []breach.Linked{{To: breach.LinkAudit, Ref: fmt.Sprint(entry.Number)}}, fresh[0].Links, "its own entry is the evidence")

	b.logged(audit.KindRequestRefused, limit, "", map[string]string{"origin": "https://other.example", "code": "request_refused"})
	fromLog := b.fromLog()
	require.Len(t, fromLog, 1)
	assert.Equal(t, "https://other.example", fromLog[0].Of)
}

func TestWhatTheGuardNamesHoldsNobody(t *testing.T) {
	b := newBench(t)
	fresh, err := b.incidents.ProposeFromRefusals(t.Context(), "https://1101700230708.example/\xff"+string(make([]byte, 1000)), 1000, b.clock(), b.clock())
	require.NoError(t, err)
	require.Len(t, fresh, 1)
	assert.LessOrEqual(t, len(fresh[0].Of), 300)
	assert.NotContains(t, b.files(), "1101700230708")
}

func TestAFailedAuditVerificationProposesAnIncident(t *testing.T) {
	b := newBench(t)
	fresh, err := b.incidents.ProposeFromAudit(t.Context(), 0, "")
	require.NoError(t, err)
	assert.Empty(t, fresh, "the log holds")
	fresh, err = b.incidents.ProposeFromAudit(t.Context(), 2, "12-14")
	require.NoError(t, err)
	require.Len(t, fresh, 1)
	assert.Equal(t, breach.AlarmAudit, fresh[0].Alarm)
	assert.Equal(t, []breach.Linked{{To: breach.LinkAudit, Ref: "verify 2026-12-31T23:30:00+07:00 entries 12-14"}}, fresh[0].Links)
}

func finding(target, value string, s exposure.Severity) exposure.Finding {
	return exposure.Finding{
		Class: "th_citizen_id", TargetID: target, Fingerprint: value, Severity: s, Reachability: exposure.Anonymous, Seen: newYearsEve,
	}
}

func TestASevereFindingProposesAnIncidentForItsTarget(t *testing.T) {
	b := newBench(t)
	scan := []exposure.Finding{
		finding("site", "v1", exposure.High), finding("site", "v1", exposure.High), finding("site", "v2", exposure.Critical),
		finding("site", "v3", exposure.Medium), finding("list", "v9", exposure.High), finding("page", "v4", exposure.Low),
	}
	fresh, err := b.incidents.ProposeFromFindings(t.Context(), scan)
	require.NoError(t, err)
	require.Len(t, fresh, 2)
	assert.Equal(t, "site", fresh[0].Of, "the worst first")
	assert.Equal(t, 2, fresh[0].Number, "values, not places")
	assert.Equal(t, []breach.Linked{{To: breach.LinkFinding, Ref: "site.v2"}, {To: breach.LinkFinding, Ref: "site.v1"}}, fresh[0].Links)
	assert.Equal(t, breach.FromScanner, fresh[0].Report().Source)

	again, err := b.incidents.ProposeFromFindings(t.Context(), scan)
	require.NoError(t, err)
	assert.Empty(t, again, "the nightly scan finds the same")
	for _, p := range fresh {
		_, err = b.incidents.Dismiss(t.Context(), dpo, p.ID, "ข้อมูลทดสอบ")
		require.NoError(t, err)
	}
	again, err = b.incidents.ProposeFromFindings(t.Context(), scan)
	require.NoError(t, err)
	assert.Empty(t, again, "and what was dismissed stays so")
	again, err = b.incidents.ProposeFromFindings(t.Context(), append(scan, finding("site", "v7", exposure.High)))
	require.NoError(t, err)
	require.Len(t, again, 1, "until something else is found there")
	assert.Equal(t, "site", again[0].Of)
}

func TestOfManyFindingsOfATargetAFewAreLinkedAndAllAreCounted(t *testing.T) {
	var scan []exposure.Finding
	for i := range 500 {
		scan = append(scan, finding("list", fmt.Sprintf("v%03d", i), exposure.High))
	}
	counted := office.Severe(scan)
	require.Len(t, counted, 1)
	assert.Equal(t, 500, counted[0].Number)
	assert.Len(t, counted[0].Links, 20)
}

func TestWhileAnIncidentIsOpenNothingIsProposedOfItsCause(t *testing.T) {
	b := newBench(t)
	fresh, err := b.incidents.ProposeFromFindings(t.Context(), []exposure.Finding{finding("site", "v1", exposure.High)})
	require.NoError(t, err)
	c, err := b.incidents.Accept(t.Context(), dpo, fresh[0].ID, fresh[0].Report())
	require.NoError(t, err)
	worse := []exposure.Finding{finding("site", "v1", exposure.High), finding("site", "v2", exposure.High)}
	fresh, err = b.incidents.ProposeFromFindings(t.Context(), worse)
	require.NoError(t, err)
	assert.Empty(t, fresh)
	b.record(c.ID, breach.Credibility{Verdict: breach.NotCredible, Reason: "ข้อมูลสังเคราะห์"}, breach.Closed{Summary: "ปิดเรื่อง"})
	fresh, err = b.incidents.ProposeFromFindings(t.Context(), worse)
	require.NoError(t, err)
	assert.Len(t, fresh, 1)
}
