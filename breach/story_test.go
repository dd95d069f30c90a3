package breach_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/breach"
)

// The example of the article: a web host's bug in checking access locks people
// out. The processor tells the controller, who checks, assesses, orders a fix,
// notifies, recovers and learns.
func TestB14AWebHostLocksPeopleOutFromFirstCallToClosing(t *testing.T) {
	webHost(t)
}

// webHost tells the story and gives the desk at its end.
func webHost(t testing.TB) *desk {
	t.Helper()
	d := newDesk(t)
	theirs := d.now.Add(-5 * hour)

	d.record(breach.Reported{
		Title: "ประชาชนเข้าใช้ระบบจองคิวไม่ได้", Role: breach.RoleController, Source: breach.FromProcessor,
		Summary: "ผู้ให้บริการ Web Hosting แจ้งว่าโปรแกรมตรวจสอบสิทธิ์ผิดพลาด", ReportedAt: at(d.now), ProcessorAwareAt: at(theirs),
	})
	assert.Equal(t, breach.StateReported, d.c.State())
	assert.Equal(t, []breach.DutyName{breach.DutyCredibility}, d.unmet(), "the call alone starts no clock of the law")

	d.after(hour).record(credible(), aware(d.now))
	assert.Equal(t, breach.StateCredible, d.c.State())
	require.NotNil(t, d.duty(breach.DutyOffice).Deadline)
	assert.Equal(t, at(d.now.Add(72*hour)), *d.duty(breach.DutyOffice).Deadline, "the clock runs from our awareness, not the processor's")

	d.after(hour).record(breach.Ordered{
		To: "บริษัท เว็บโฮสติ้ง จำกัด", Means: breach.MeansTechnology, Text: "แก้ไขโปรแกรมตรวจสอบสิทธิ์", DueAt: at(d.now.Add(12 * hour)),
	})
	d.after(hour).record(breach.OrderAcknowledged{Order: 1, AcknowledgedAt: at(d.now), Reference: "อีเมล"})
	d.record(
		breach.Fact{SeenAt: at(d.now), Source: "ผู้ให้บริการ", Text: "ผู้ใช้ทุกคนถูกปฏิเสธหลังปรับรุ่นโปรแกรม"},
		breach.Nature{
			Description: "ผู้ใช้เข้าระบบไม่ได้", Effects: []breach.Effect{breach.EffectLoss}, Causes: []breach.Cause{breach.CauseError},
			Labels: []breach.Label{breach.Availability}, Data: "ข้อมูลการจองคิว", Subjects: "ประชาชนผู้ใช้บริการ",
			People: breach.Count{Certainty: breach.Unknown}, Records: breach.Count{Certainty: breach.Unknown},
		},
		checklist(breach.Organisational), checklist(breach.Technical), checklist(breach.Physical), confirmed(),
	)
	assert.Equal(t, breach.StateConfirmed, d.c.State())

	d.after(3*hour).record(breach.OrderDone{Order: 1, DoneAt: at(d.now), Report: "แก้ไขและทดสอบแล้ว"},
		breach.Contained{Result: breach.ResultEnded, Text: "เข้าใช้ระบบได้ตามปกติ"})
	assert.Equal(t, breach.StateContained, d.c.State())

	d.record(assessed(breach.RiskHigh))
	assert.Equal(t, []string{"dpo_contact", "consequences", "receipt"}, d.duty(breach.DutyOffice).Needs)
	told := nature()
	told.Labels, told.Effects = []breach.Label{breach.Availability}, []breach.Effect{breach.EffectLoss}
	d.record(contact(), told, notified(d.now))
	assert.Equal(t, breach.StateNotifiedOffice, d.c.State())

	d.record(prepared(), breach.Delivered{List: 1, Rows: 240, By: breach.ByEmail, Done: []breach.Rows{{From: 1, To: 240, Status: breach.Sent}}})
	assert.Equal(t, breach.StateNotifiedSubjects, d.c.State())

	err := d.refuses(breach.Closed{Summary: "เร็วเกินไป"})
	var owed *breach.OpenError
	require.ErrorAs(t, err, &owed)
	assert.Equal(t, []breach.DutyName{breach.DutyRecord, breach.DutyRecover, breach.DutyPrevent}, owed.Duties)

	d.record(breach.DocumentAttached{Title: "แบบประเมินความเสี่ยง", Digest: digest})
	d.record(breach.Recovered{RestoredAt: at(d.now), State: "ระบบจองคิวใช้งานได้ครบ"})
	assert.Equal(t, breach.StateRecovered, d.c.State())
	d.toPrevented()
	assert.Equal(t, breach.StatePrevented, d.c.State())
	d.record(breach.Closed{Summary: "ปิดเรื่อง"})
	assert.Equal(t, breach.StateClosed, d.c.State())

	for _, duty := range breach.Duties(d.c, d.now) {
		assert.Equal(t, breach.Met, duty.State, "%s", duty.Duty)
		assert.Empty(t, duty.Needs, "%s", duty.Duty)
	}
	again, err := breach.Replay(d.c.Events, d.keeper.Settings)
	require.NoError(t, err)
	assert.Equal(t, breach.Duties(d.c, d.now), breach.Duties(again, d.now), "the stored history tells the same story")
	return d
}
