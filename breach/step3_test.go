package breach_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/breach"
)

func TestB16TheNoticeIsInTimeAt72HoursAndLateASecondLater(t *testing.T) {
	for name, aware := range moments() {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t)
			d.now = aware
			d.record(report(d.now))
			d.toConfirmed().toContained()
			duty := d.duty(breach.DutyOffice)
			assert.Equal(t, at(aware.Add(72*hour)), *duty.Deadline)
			assert.Equal(t, breach.Open, duty.State)
			assert.Equal(t, []string{"receipt"}, duty.Needs)

			assert.Equal(t, breach.Open, d.after(48*hour-time.Second).duty(breach.DutyOffice).State)
			assert.Equal(t, breach.DueSoon, d.after(time.Second).duty(breach.DutyOffice).State, "a warning a day before")
			assert.Equal(t, breach.DueSoon, d.after(24*hour).duty(breach.DutyOffice).State)
			assert.False(t, d.owes(breach.DutyDelay))

			inTime := *d
			inTime.record(notified(d.now))
			assert.Equal(t, breach.Met, inTime.duty(breach.DutyOffice).State)
			assert.Equal(t, breach.TimingInTime, inTime.c.Timing())
			assert.False(t, inTime.after(30*day).owes(breach.DutyDelay), "a notice in time settles it for good")

			d.after(time.Second)
			assert.Equal(t, breach.Overdue, d.duty(breach.DutyOffice).State)
			assert.Equal(t, at(aware.Add(15*day)), *d.duty(breach.DutyDelay).Deadline)
			d.refusesWhy(notified(d.now), breach.WhyDelayUnreasoned)
		})
	}
}

// moments are times of awareness whose clocks run over the end of something.
func moments() map[string]time.Time {
	zone := breach.Bangkok()
	return map[string]time.Time{
		"over midnight":           time.Date(2026, time.June, 10, 23, 59, 59, 0, zone),
		"over the end of a month": time.Date(2026, time.April, 29, 12, 0, 0, 0, zone),
		"over the end of a year":  time.Date(2026, time.December, 30, 23, 30, 0, 0, zone),
		"over 29 February":        time.Date(2028, time.February, 27, 8, 15, 30, 0, zone),
		"over no 29 February":     time.Date(2100, time.February, 27, 8, 15, 30, 0, zone),
		"given in UTC":            time.Date(2026, time.December, 31, 17, 0, 1, 0, time.UTC),
	}
}

func TestB16TheDeadlineIsTheSameHourThreeDaysLater(t *testing.T) {
	for _, row := range [][2]string{
		{"2026-12-30T23:30:00+07:00", "2027-01-02T23:30:00+07:00"},
		{"2026-06-10T23:59:59+07:00", "2026-06-13T23:59:59+07:00"},
		{"2026-04-29T12:00:00+07:00", "2026-05-02T12:00:00+07:00"},
		{"2028-02-27T08:15:30+07:00", "2028-03-01T08:15:30+07:00"},
		{"2027-02-27T08:15:30+07:00", "2027-03-02T08:15:30+07:00"},
		{"2026-12-31T17:00:01Z", "2027-01-04T00:00:01+07:00"},
	} {
		known, err := breach.ParseMoment(row[0])
		require.NoError(t, err)
		d := newDesk(t)
		d.now = known.Time()
		d.record(report(d.now), aware(d.now))
		assert.Equal(t, row[1], d.duty(breach.DutyOffice).Deadline.String())
	}
}

func TestB16ANoticeNeedsAllItsContentsNamingWhatIsMissing(t *testing.T) {
	d := open(t)
	d.record(aware(d.now))
	err := d.refuses(notified(d.now))
	var missing *breach.MissingError
	require.ErrorAs(t, err, &missing)
	assert.ErrorIs(t, err, breach.ErrContentMissing)
	assert.Equal(t, []string{"description", "people", "records", "dpo_contact", "consequences", "measures"}, missing.What)

	b := nature()
	b.Consequences = ""
	d.record(b, contact(), action(d.now))
	require.ErrorAs(t, d.refuses(notified(d.now)), &missing)
	assert.Equal(t, []string{"consequences"}, missing.What)
	d.record(nature(), notified(d.now))
	assert.Empty(t, d.duty(breach.DutyOffice).Needs)
}

func TestB16TheReceiptIsKeptAndTheClockStopsWithTheSending(t *testing.T) {
	d := open(t).toConfirmed().toContained()
	b := notified(d.after(72 * hour).now)
	b.Receipt = nil
	d.record(b)
	assert.Equal(t, []string{"receipt"}, d.duty(breach.DutyOffice).Needs)
	assert.Equal(t, breach.Overdue, d.after(hour).duty(breach.DutyOffice).State, "nothing proves the notice yet")
	assert.False(t, d.owes(breach.DutyDelay), "but it was sent in time")

	early := *receipt(d.now.Add(-2 * hour))
	d.refusesFields(breach.OfficeReceipt{Notice: 1, Receipt: early}, "receipt.received_at")
	d.refusesWhy(breach.OfficeReceipt{Notice: 2, Receipt: *receipt(d.now)}, breach.WhyUnknownNumber)
	d.record(breach.OfficeReceipt{Notice: 1, Receipt: *receipt(d.now)})
	assert.Equal(t, breach.Met, d.duty(breach.DutyOffice).State)
	d.refusesWhy(breach.OfficeReceipt{Notice: 1, Receipt: *receipt(d.now)}, breach.WhyAlready)
}

func TestB16DetailsFollowTheFirstNoticeWithoutReasonsForDelay(t *testing.T) {
	d := open(t).toConfirmed().toContained()
	d.record(notified(d.now))
	d.after(10 * day).record(notified(d.now))
	assert.Equal(t, breach.TimingInTime, d.c.Timing(), "the first one counts")
	assert.False(t, d.owes(breach.DutyDelay))
}

func TestB17ALateNoticeGivesReasonsAndAfter15DaysItIsOutOfTime(t *testing.T) {
	for _, row := range []struct {
		after  time.Duration
		timing breach.Timing
		delay  breach.DutyState
	}{
		{72*hour + time.Second, breach.TimingLate, breach.Met},
		{15 * day, breach.TimingLate, breach.Met},
		{15*day + time.Second, breach.TimingOutOfTime, breach.Late},
	} {
		t.Run(row.after.String(), func(t *testing.T) {
			d := open(t).toConfirmed().toContained()
			d.after(row.after)
			d.refusesWhy(notified(d.now), breach.WhyDelayUnreasoned)
			b := notified(d.now)
			b.Delay = &breach.Delay{Necessity: "มีเหตุ"}
			d.refusesFields(b, "delay.details")
			reasons := delay()
			b.Delay = &reasons
			d.record(b)
			assert.Equal(t, row.timing, d.c.Timing())
			assert.Equal(t, breach.Late, d.duty(breach.DutyOffice).State)
			assert.Equal(t, row.delay, d.duty(breach.DutyDelay).State)
			assert.Empty(t, d.duty(breach.DutyDelay).Needs)
		})
	}
}

func TestB17TheDelayClockWarnsAndRunsOut(t *testing.T) {
	d := open(t).toConfirmed().toContained()
	d.after(72*hour + time.Second)
	assert.Equal(t, breach.Open, d.duty(breach.DutyDelay).State)
	assert.Equal(t, []string{"notice", "reasons", "details"}, d.duty(breach.DutyDelay).Needs)
	d.now = start.Add(14 * day)
	assert.Equal(t, breach.DueSoon, d.duty(breach.DutyDelay).State)
	d.now = start.Add(15 * day)
	assert.Equal(t, breach.DueSoon, d.duty(breach.DutyDelay).State)
	assert.Equal(t, breach.Overdue, d.after(time.Second).duty(breach.DutyDelay).State)
}

func TestB17ACorrectionThatMakesTheNoticeLateAsksForItsReasons(t *testing.T) {
	d := open(t).toConfirmed().toContained()
	d.after(70 * hour).record(notified(d.now))
	d.refusesWhy(breach.DelayExplained{SentAt: at(d.now), Delay: delay()}, breach.WhyNotLate)
	d.record(breach.AwareCorrected{AwareAt: at(start.Add(-3 * hour)), Reason: "อีเมลแจ้งเข้ามาก่อนหน้า"})
	assert.Equal(t, breach.TimingLate, d.c.Timing())
	assert.Equal(t, []string{"reasons", "details"}, d.duty(breach.DutyDelay).Needs)
	d.record(breach.DelayExplained{SentAt: at(d.now), Delay: delay()})
	assert.Equal(t, breach.Met, d.duty(breach.DutyDelay).State)
	assert.Equal(t, breach.Late, d.duty(breach.DutyOffice).State)
}

func TestB18TheOfficesDecisionKeepsDateReferenceAndDocument(t *testing.T) {
	d := open(t).toConfirmed().toContained()
	decision := breach.OfficeDecided{Decision: breach.Excused, DecidedAt: at(d.now), Reference: "สคส 0002/2570", Document: digest}
	d.refusesWhy(decision, breach.WhyNoNotice)
	d.record(notified(d.now))
	d.refusesFields(breach.OfficeDecided{Decision: breach.Excused}, "decided_at", "reference", "document")
	d.record(decision)
	assert.Equal(t, []breach.OfficeDecided{decision}, d.c.Decisions)
}

func TestAwarenessIsSetOnceAndCorrectedWithAReason(t *testing.T) {
	d := open(t)
	d.refusesWhy(breach.AwareCorrected{AwareAt: at(d.now), Reason: "ก"}, breach.WhyNotAware)
	d.record(aware(d.now))
	d.refusesWhy(aware(d.now), breach.WhyAlready)
	d.refusesFields(breach.AwareCorrected{AwareAt: at(d.now.Add(-hour))}, "reason")
	d.record(breach.AwareCorrected{AwareAt: at(d.now.Add(-hour)), Reason: "พบบันทึกเก่ากว่า"})
	assert.Equal(t, at(start.Add(71*hour)), *d.duty(breach.DutyOffice).Deadline)
	var seen []breach.Kind
	for _, e := range d.c.Events {
		seen = append(seen, e.Body.Kind())
	}
	assert.Equal(t, []breach.Kind{breach.KindReported, breach.KindAware, breach.KindAwareCorrected}, seen, "both stay visible")
}

func TestATimeLaterThanNowIsRefusedInACorrectionToo(t *testing.T) {
	d := newDesk(t)
	assert.ErrorIs(t, d.refuses(report(d.now.Add(time.Second))), breach.ErrInFuture)
	d.record(report(d.now))
	assert.ErrorIs(t, d.refuses(aware(d.now.Add(time.Second))), breach.ErrInFuture)
	assert.ErrorIs(t, d.refuses(breach.ReportedCorrected{ReportedAt: at(d.now.Add(time.Second)), Reason: "ก"}), breach.ErrInFuture)
	d.record(aware(d.now))
	assert.ErrorIs(t, d.refuses(breach.AwareCorrected{AwareAt: at(d.now.Add(time.Second)), Reason: "ก"}), breach.ErrInFuture)
}

func TestB16WhatCountsIsWhenTheNoticeWasSentAndNotWhenItWasWrittenDown(t *testing.T) {
	d := open(t).toConfirmed().toContained()
	sent := d.now.Add(71 * hour)
	d.after(80 * hour)
	b := notified(sent)
	b.Receipt = receipt(d.now)
	d.record(b)
	assert.Equal(t, breach.Met, d.duty(breach.DutyOffice).State)
	assert.Equal(t, at(d.now), d.c.Notices[0].RecordedAt, "and both are kept")
}

func TestB16TheNoticeWithAReceiptCountsBeforeOneThatNothingProves(t *testing.T) {
	d := open(t).toConfirmed().toContained()
	b := notified(d.after(70 * hour).now)
	b.Receipt = nil
	d.record(b)
	assert.Equal(t, breach.TimingInTime, d.c.Timing())
	d.after(10 * hour).record(notified(d.now))
	assert.Equal(t, breach.TimingLate, d.c.Timing(), "the Office has only the second one")
	assert.Equal(t, []string{"reasons", "details"}, d.duty(breach.DutyDelay).Needs)
	d.record(breach.OfficeReceipt{Notice: 1, Receipt: *receipt(d.now)})
	assert.Equal(t, breach.TimingInTime, d.c.Timing())
}

func TestB17DetailsAfterALateNoticeNeedNoReasonsAgain(t *testing.T) {
	d := open(t).toConfirmed().toContained()
	b := notified(d.after(80 * hour).now)
	reasons := delay()
	b.Delay = &reasons
	d.record(b)
	d.after(hour).record(notified(d.now))
	assert.Empty(t, d.duty(breach.DutyDelay).Needs)
}
