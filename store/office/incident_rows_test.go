package office_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/breach"
	"chipproof/store/office"
	"chipproof/store/office/testdata/story"
)

// The rows of assurance B that the register itself answers. What follows from the
// events alone is tested in package breach.

func TestB05WhoeverReportsTheReportIsStampedAndIsNotAwareness(t *testing.T) {
	b := newBench(t)
	staff := breach.Actor{ID: "u-90", Session: "s-9"}
	c, err := b.incidents.Open(t.Context(), staff, b.report())
	require.NoError(t, err)
	kept := b.one(c.ID)
	assert.Equal(t, breach.At(b.clock()), kept.ReportedAt)
	assert.True(t, kept.AwareAt.IsZero(), "no clock of the law runs")
	assert.Equal(t, "u-90", kept.Events[0].By)
}

func TestB10AnEntryOfTheFactsCannotBeChangedOrRemoved(t *testing.T) {
	b := newBench(t)
	c := b.told(7)
	for _, statement := range []string{
		`UPDATE incident_event SET event = x'00'`,
		`UPDATE incident_event SET number = number + 100`,
		`UPDATE incident_event SET entry = 0 WHERE number = 1`,
		`DELETE FROM incident_event`,
		`DELETE FROM incident_event WHERE number = 7`,
		`INSERT OR REPLACE INTO incident_event SELECT incident, number, entry, salt, link, x'00' FROM incident_event WHERE number = 6`,
		`INSERT INTO incident_event SELECT incident, number + 5, entry + 100, salt, link, event FROM incident_event WHERE number = 7`,
	} {
		assert.Error(t, b.exec(statement), statement)
	}
	assert.Equal(t, c, b.one(c.ID))
}

func TestB11ANewAssessmentKeepsTheOldOne(t *testing.T) {
	b := newBench(t)
	c := b.told(14)
	second := c.Assessments[0].Assessed
	second.Risk, second.Reason = breach.RiskSome, "ตรวจสอบเพิ่มเติมแล้ว"
	b.after(time.Hour).record(c.ID, second)
	kept := b.one(c.ID)
	require.Len(t, kept.Assessments, 2)
	assert.Equal(t, c.Assessments[0], kept.Assessments[0])
	assert.Equal(t, breach.RiskSome, kept.Risk())
}

func TestB13AnOverdueOrderAlarms(t *testing.T) {
	b := newBench(t)
	c := b.told(5)
	due := c.Orders[0].DueAt.Time()
	for _, row := range []struct {
		at   time.Time
		want breach.DutyState
	}{{due, breach.DueSoon}, {due.Add(time.Second), breach.Overdue}} {
		duties, _, err := b.incidents.Due(t.Context(), row.at)
		require.NoError(t, err)
		assert.Equal(t, row.want, duty(t, duties, breach.OrderDuty(1)).State)
		assert.Equal(t, row.want == breach.Overdue, breach.AnyOverdue(duties))
	}
}

// From 31 December, half an hour before midnight, over the end of day, month and year.
func TestB16ExactlySeventyTwoHoursIsInTimeAlsoWhenReadBack(t *testing.T) {
	for _, row := range []struct {
		after  time.Duration
		timing breach.Timing
		state  breach.DutyState
	}{
		{72 * time.Hour, breach.TimingInTime, breach.Met},
		{72*time.Hour + time.Second, breach.TimingLate, breach.Late},
	} {
		b := newBench(t)
		c := b.told(15)
		sent := c.AwareAt.Time().Add(row.after)
		b.after(sent.Sub(b.clock()))
		notice := story.Steps()[15](b.clock()).(breach.OfficeNotified)
		if row.timing == breach.TimingLate {
			_, err := b.incidents.Record(t.Context(), dpo, c.ID, office.AnyState, notice)
			require.ErrorIs(t, err, breach.ErrRefused, "B17: no late notice without reasons")
			notice.Delay = &breach.Delay{Necessity: "ระบบสื่อสารขัดข้อง", Details: "มีหนังสือรับรองของผู้ให้บริการ"}
		}
		b.record(c.ID, notice)
		kept := b.one(c.ID)
		assert.Equal(t, row.timing, kept.Timing())
		duties, _, err := b.incidents.Due(t.Context(), b.clock())
		require.NoError(t, err)
		office := duty(t, duties, breach.DutyOffice)
		assert.Equal(t, row.state, office.State)
		assert.Equal(t, "2027-01-03T23:32:00+07:00", office.Deadline.String())
		assert.Equal(t, c.AwareAt.Add(breach.DelayClock), kept.AwareAt.Add(15*24*time.Hour))
	}
}

func TestB17PastFifteenDaysANoticeIsMarkedOutOfTime(t *testing.T) {
	b := newBench(t)
	c := b.told(15)
	b.after(c.AwareAt.Time().Add(15*24*time.Hour + time.Second).Sub(b.clock()))
	notice := story.Steps()[15](b.clock()).(breach.OfficeNotified)
	notice.Delay = &breach.Delay{Necessity: "ระบบสื่อสารขัดข้อง", Details: "มีหนังสือรับรองของผู้ให้บริการ"}
	b.record(c.ID, notice)
	kept := b.one(c.ID)
	assert.Equal(t, breach.TimingOutOfTime, kept.Timing())
	assert.Equal(t, breach.Late, duty(t, breach.Duties(kept, b.clock()), breach.DutyDelay).State)
}

func TestB18TheOfficesDecisionIsKeptWithDateReferenceAndDocument(t *testing.T) {
	b := newBench(t)
	c := b.told(16)
	decided := breach.OfficeDecided{
		Decision: breach.Excused, DecidedAt: breach.At(b.clock()), Reference: "สคส 0002/2570", Document: story.Digest,
	}
	b.record(c.ID, decided)
	assert.Equal(t, []breach.OfficeDecided{decided}, b.one(c.ID).Decisions)
}

func TestB20DeliveryIsKeptByRowNumberAndNothingElseOfTheList(t *testing.T) {
	b := newBench(t)
	c := b.told(17)
	assert.Empty(t, c.Deliveries())
	b.record(c.ID, breach.Delivered{List: 1, Rows: 10, By: breach.ByEmail, Done: []breach.Rows{
		{From: 1, To: 4, Status: breach.Sent}, {From: 5, To: 5, Status: breach.Failed},
	}})
	b.record(c.ID, breach.Delivered{List: 1, Rows: 10, By: breach.ByLetter, Done: []breach.Rows{{From: 5, To: 7, Status: breach.Sent}}})
	assert.Equal(t, []breach.Delivery{{
		List: 1, Rows: 10, Sent: 7, Failed: 0, Pending: 3, Done: []breach.Rows{{From: 1, To: 7, Status: breach.Sent}},
	}}, b.one(c.ID).Deliveries(), "a merge that broke off goes on where it was")
	_, err := b.incidents.Record(t.Context(), dpo, c.ID, office.AnyState,
		breach.Delivered{List: 1, Rows: 11, By: breach.ByEmail, Done: []breach.Rows{{From: 8, To: 9, Status: breach.Sent}}})
	assert.ErrorIs(t, err, breach.ErrRefused, "another list was brought")
}

func TestB23APublicNoticeThatHoldsAPersonIsRefusedAndNotKept(t *testing.T) {
	b := newBench(t)
	c := b.told(17)
	public := breach.Published{
		Way: breach.WayPublic, Ground: breach.NoContact, Reason: "ไม่มีที่อยู่ของผู้ใช้บริการ", Medium: breach.MediumWebsite,
		Where: "https://example.go.th/notice", PublishedAt: breach.At(b.clock()), Evidence: story.Digest,
	}
	for text, class := range map[string]string{
		"ผู้ได้รับผลกระทบ เลขประจำตัวประชาชน 1101700230708": "th_citizen_id",
		"ติดต่อ นางสาวสมมติ ทดลอง":                          "th_name",
		"โทร ๑-๑๐๑๗-๐๐๒๓๐-๗๐-๘":                             "th_citizen_id",
	} {
		public.Text = text
		_, err := b.incidents.Record(t.Context(), dpo, c.ID, office.AnyState, public)
		require.ErrorIs(t, err, breach.ErrNoticeExposes, text)
		var exposes *breach.ExposesError
		require.ErrorAs(t, err, &exposes)
		assert.Contains(t, exposes.Classes, class)
	}
	assert.Equal(t, c, b.one(c.ID))
	public.Text = "ที่ว่าการอำเภอตัวอย่าง ขอแจ้งว่าระบบจองคิวใช้งานไม่ได้ชั่วคราว ติดต่อ 0 2000 0000"
	kept := b.record(c.ID, public)
	assert.Len(t, kept.Published, 1, "the office and its contact may stand in it")

	blind := office.NewIncidents(b.store, b.log, office.IncidentOptions{Clock: b.clock})
	_, err := blind.Record(t.Context(), dpo, c.ID, office.AnyState, public)
	assert.ErrorIs(t, err, breach.ErrNoReader, "nobody could look")
}

func TestB25NoCaseClosesWhileADutyIsOpen(t *testing.T) {
	b := newBench(t)
	last := len(story.Steps()) - 1
	c := b.told(last - 2)
	_, err := b.incidents.Record(t.Context(), dpo, c.ID, office.AnyState, breach.Closed{Summary: "จบ"})
	require.ErrorIs(t, err, breach.ErrDutyOpen)
	var owed *breach.OpenError
	require.ErrorAs(t, err, &owed)
	assert.Equal(t, []breach.DutyName{breach.DutyPrevent}, owed.Duties)
	assert.NotEqual(t, breach.StateClosed, b.one(c.ID).State())
}

func TestB27AsProcessorTheDutyToTellTheControllerIsKept(t *testing.T) {
	b := newBench(t)
	report := b.report()
	report.Role, report.Controller = breach.RoleProcessor, "เทศบาลตัวอย่าง"
	c, err := b.incidents.Open(t.Context(), dpo, report, breach.Aware{AwareAt: breach.At(b.clock())})
	require.NoError(t, err)
	duties, _, err := b.incidents.Due(t.Context(), b.clock())
	require.NoError(t, err)
	assert.Equal(t, c.AwareAt.Add(breach.ControllerClock), *duty(t, duties, breach.DutyController).Deadline)
	for _, d := range duties {
		assert.NotEqual(t, breach.DutyOffice, d.Duty)
	}
}

func TestB28B29EveryStoredEventAndClockNamesItsRulesAndItsLaw(t *testing.T) {
	b := newBench(t)
	c := b.one(b.told(len(story.Steps())).ID)
	for _, e := range c.Events {
		assert.Equal(t, breach.RuleSet, e.Rules)
	}
	duties, _, err := b.incidents.Due(t.Context(), b.clock())
	require.NoError(t, err)
	for _, d := range duties {
		assert.NotEmpty(t, d.Law, "%s", d.Duty)
		assert.NotEmpty(t, d.Penalty, "%s", d.Duty)
	}
}

func TestAtMovesTheClockAndNotWhichEventsAreKnown(t *testing.T) {
	b := newBench(t)
	c := b.told(len(story.Steps()))
	before, _, err := b.incidents.Due(t.Context(), c.Events[3].At.Time())
	require.NoError(t, err)
	for _, d := range before {
		assert.True(t, d.State.Done(), "%s: what was recorded later still counts", d.Duty)
	}
}
