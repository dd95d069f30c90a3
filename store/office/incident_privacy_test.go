package office_test

import (
	"bytes"
	"log/slog"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/breach"
	"chipproof/store"
	"chipproof/store/office"
)

// What an officer writes about a leak must not become a second one (A14, §4.7).
func TestACitizenNumberOrLaserCodeIsKeptInNoRow(t *testing.T) {
	b := newBench(t)
	c := b.begun()
	p := b.proposed()
	for secret, text := range map[string]string{
		"1101700230708":     "ไฟล์มีเลขประจำตัวประชาชน 1101700230708 ของผู้ป่วย",
		"1-1017-00230-70-8": "พบเลข 1-1017-00230-70-8 ในหน้าแรก",
		"๑๑๐๑๗๐๐๒๓๐๗๐๘":     "พบ ๑๑๐๑๗๐๐๒๓๐๗๐๘",
		"JT1234567890":      "เลขหลังบัตร JT1234567890 ของผู้ป่วย",
	} {
		fact := breach.Fact{SeenAt: breach.At(b.clock()), Source: "งานทะเบียน", Text: text}
		_, err := b.incidents.Record(t.Context(), dpo, c.ID, office.AnyState, fact)
		require.ErrorIs(t, err, breach.ErrTextExposes, text)
		assert.NotContains(t, err.Error(), secret)
		report := b.report()
		report.Summary = text
		_, err = b.incidents.Open(t.Context(), dpo, report)
		require.ErrorIs(t, err, breach.ErrTextExposes, text)
		_, err = b.incidents.Dismiss(t.Context(), dpo, p.ID, text)
		require.ErrorIs(t, err, breach.ErrTextExposes, text)
		assert.NotContains(t, b.files(), secret)
	}
	b.record(c.ID, breach.Fact{SeenAt: breach.At(b.clock()), Source: "งานทะเบียน", Text: "พบเลข 1-xxxx-xxxxx-70-8 ของนางสาวสมมติ ทดลอง"})
}

// A name may be needed to tell what happened: it stands in the register and
// nowhere else.
func TestWhatAnOfficerWritesStandsInNoEntryNoLogAndNoError(t *testing.T) {
	b := newBench(t)
	b.close()
	var lines bytes.Buffer
	log, err := store.NewAuditLog(store.AuditOptions{Key: b.key, Clock: b.clock, Log: slog.New(slog.NewTextHandler(&lines, nil))})
	require.NoError(t, err)
	b.store, err = store.Open(t.Context(), b.dir, store.Options{Recorder: log})
	require.NoError(t, err)
	log.Attach(b.store)
	b.log, b.incidents = log, office.NewIncidents(b.store, log, office.IncidentOptions{Reader: b.reader, Clock: b.clock})

	const planted = "สมมติลับเฉพาะ"
	report := b.report()
	report.Title, report.Summary = planted, planted
	c, err := b.incidents.Open(t.Context(), dpo, report)
	require.NoError(t, err)
	c = b.record(c.ID, breach.Fact{SeenAt: breach.At(b.clock()), Source: planted, Text: planted})
	_, err = b.incidents.Record(t.Context(), dpo, c.ID, office.AnyState, breach.Closed{Summary: planted})
	require.ErrorIs(t, err, breach.ErrDutyOpen)
	assert.NotContains(t, err.Error(), planted)
	assert.Contains(t, b.files(), planted, "the register has it")
	for r, err := range b.store.AuditLog().Records(t.Context()) {
		require.NoError(t, err)
		assert.False(t, strings.Contains(string(r.Payload), planted), "entry %d", r.Number)
	}
	b.raw(swap("u-12", "u-13", 1))
	_, err = b.incidents.One(t.Context(), c.ID)
	require.ErrorIs(t, err, breach.ErrHistoryBroken)
	assert.NotContains(t, err.Error(), planted)
	b.close()
	assert.NotContains(t, lines.String(), planted)
}
