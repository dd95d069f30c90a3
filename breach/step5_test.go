package breach_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/breach"
)

func TestB24ClosingNeedsTheRestoredState(t *testing.T) {
	d := open(t)
	d.record(aware(d.now), credible())
	d.refusesWhy(breach.Recovered{RestoredAt: at(d.now), State: "ปกติ"}, breach.WhyNotConfirmed)

	d = ready(t, breach.KindRecovered)
	owes(t, d, breach.DutyRecover)
	b := action(d.now)
	b.Aim = breach.AimRecover
	d.record(b)
	owes(t, d, breach.DutyRecover)
	d.refusesFields(breach.Recovered{RestoredAt: at(d.now)}, "state")
	d.record(breach.Recovered{RestoredAt: at(d.now), State: "ปกติ"}, breach.Closed{Summary: "จบ"})
}

func TestB25ACaseCannotCloseWithoutTasksThatWereChecked(t *testing.T) {
	d := ready(t, breach.KindTaskSet)
	owes(t, d, breach.DutyPrevent)
	d.refusesFields(breach.TaskSet{}, "owner", "text", "due_at")
	task := breach.TaskSet{Owner: "ฝ่ายทะเบียน", Text: "อบรม", DueAt: at(d.now.Add(day))}
	d.record(task)
	assert.Equal(t, task.DueAt, *d.duty(breach.DutyPrevent).Deadline, "the agency's own date")
	assert.Equal(t, []string{"task_1_done", "task_1_check"}, d.duty(breach.DutyPrevent).Needs)
	check := breach.TaskChecked{Task: 1, CheckedAt: at(d.now), Effective: breach.No, How: "ทดสอบ"}
	d.refusesWhy(check, breach.WhyNoAction)
	d.record(breach.TaskDone{Task: 1, DoneAt: at(d.now)})
	d.refusesWhy(breach.TaskDone{Task: 1, DoneAt: at(d.now)}, breach.WhyAlready)
	early := check
	early.CheckedAt = at(d.now.Add(-hour))
	d.refusesFields(early, "checked_at")
	d.refusesFields(breach.TaskChecked{Task: 1, CheckedAt: at(d.now), Effective: breach.NotKnown, How: "ทดสอบ"}, "effective")
	d.record(check)
	assert.Equal(t, []string{"effective_task"}, d.duty(breach.DutyPrevent).Needs, "what had no effect prevents nothing")
	d.record(task, breach.TaskDone{Task: 2, DoneAt: at(d.now)},
		breach.TaskChecked{Task: 2, CheckedAt: at(d.now), Effective: breach.Yes, How: "ทดสอบ"}, breach.Closed{Summary: "จบ"})
}

func TestB26TheReviewHasAllSevenHeadings(t *testing.T) {
	d := ready(t, breach.KindReviewed)
	owes(t, d, breach.DutyPrevent)
	headings := review().List()
	for i, blank := range []func(*breach.Reviewed){
		func(b *breach.Reviewed) { b.Technology = "" },
		func(b *breach.Reviewed) { b.Context = "" },
		func(b *breach.Reviewed) { b.Environment = "" },
		func(b *breach.Reviewed) { b.Standards = "" },
		func(b *breach.Reviewed) { b.Purpose = "" },
		func(b *breach.Reviewed) { b.Resources = "" },
		func(b *breach.Reviewed) { b.Feasibility = "" },
	} {
		b := review()
		blank(&b)
		d.refusesFields(b, headings[i][0])
	}
	d.record(review(), breach.Closed{Summary: "จบ"})
}

func TestB27AsProcessorTheDutyIsToTellOurController(t *testing.T) {
	d := newDesk(t)
	b := report(d.now)
	b.Role = breach.RoleProcessor
	d.refusesFields(b, "controller")
	b.Controller = "เทศบาลตำบลตัวอย่าง"
	d.record(b)
	duty := d.duty(breach.DutyController)
	assert.Nil(t, duty.Deadline, "no clock before awareness")
	assert.Equal(t, []string{"aware_at", "notice", "acknowledgement"}, duty.Needs)

	d.toConfirmed()
	assert.Equal(t, at(start.Add(72*hour)), *d.duty(breach.DutyController).Deadline)
	for _, name := range []breach.DutyName{breach.DutyOffice, breach.DutyRisk, breach.DutySubjects, breach.DutyRecord, breach.DutyDelay} {
		assert.False(t, d.after(day).owes(name), "%s is the controller's", name)
	}
	d.now = start
	d.refusesWhy(assessed(breach.RiskHigh), breach.WhyController)
	d.refusesWhy(prepared(), breach.WhyController)
	d.toContained()
	d.refusesWhy(notified(d.now), breach.WhyController)
	d.refusesWhy(breach.ControllerAcknowledged{Receipt: *receipt(d.now)}, breach.WhyNoNotice)

	d.now = start.Add(72 * hour)
	d.record(breach.ControllerTold{ToldAt: at(d.now), Channel: "โทรศัพท์และอีเมล", Text: "แจ้งเหตุ"})
	d.now = d.now.Add(hour)
	d.record(breach.ControllerAcknowledged{Receipt: *receipt(d.now)})
	assert.Equal(t, breach.Met, d.duty(breach.DutyController).State)
	assert.Equal(t, breach.StateToldController, d.c.State())
	d.toPrevented().record(breach.Closed{Summary: "จบ"})

	controller := open(t)
	controller.record(aware(controller.now))
	controller.refusesWhy(breach.ControllerTold{ToldAt: at(start), Channel: "ก", Text: "ข"}, breach.WhyProcessor)
	b.Role = "office"
	newDesk(t).refusesFields(b, "role")
}

func TestB28NoClockIsShownWithoutItsBasisAndPenalty(t *testing.T) {
	seen := map[breach.DutyName]bool{}
	d := high(t)
	d.record(breach.Ordered{To: "ก", Means: breach.MeansPeople, Text: "ข", DueAt: at(d.now.Add(hour))})
	processor := newDesk(t)
	b := report(processor.now)
	b.Role, b.Controller = breach.RoleProcessor, "ก"
	processor.record(b)
	late := open(t)
	late.record(aware(late.now))
	late.after(73 * hour)
	for _, each := range []*desk{d, processor, late} {
		for _, duty := range breach.Duties(each.c, each.now) {
			assert.NotEmpty(t, duty.Law, "%s", duty.Duty)
			assert.NotEmpty(t, duty.Penalty, "%s", duty.Duty)
			seen[duty.Duty] = true
		}
	}
	assert.Len(t, seen, 12, "every duty of the table was looked at")
}

func TestB29EveryEventCarriesTheVersionOfItsRules(t *testing.T) {
	d := high(t)
	for _, e := range d.c.Events {
		assert.Equal(t, "PDPC 2565 + guideline 1.0", e.Rules)
	}
	assert.Equal(t, breach.RuleSet, d.c.Assessments[0].Rules, "the decision says under which rules it was made")

	events := append([]breach.Event{}, d.c.Events...)
	events[1].Rules = "PDPC 2599"
	_, err := breach.Replay(events, d.keeper.Settings)
	assert.ErrorIs(t, err, breach.ErrHistoryBroken, "rules that this program doesn't know judge nothing")
}

func TestAClosedCaseTakesNothingUntilItIsReopenedWithAReason(t *testing.T) {
	d := ready(t, breach.KindReopened)
	d.refusesWhy(breach.Reopened{Reason: "ก"}, breach.WhyNotClosed)
	d.record(breach.Closed{Summary: "จบ"})
	d.refusesWhy(contact(), breach.WhyClosed)
	d.refusesWhy(breach.Closed{Summary: "จบ"}, breach.WhyClosed)
	d.refusesFields(breach.Reopened{}, "reason")
	d.record(breach.Reopened{Reason: "พบไฟล์อีกชุด"})
	assert.Equal(t, breach.StatePrevented, d.c.State())
	d.record(assessed(breach.RiskHigh))
	d.refuses(breach.Closed{Summary: "จบ"})
}

// ready is a case of medium risk that could be closed, but for one kind of event.
func ready(tb testing.TB, but breach.Kind) *desk {
	tb.Helper()
	whole := open(tb).toConfirmed().toContained()
	whole.record(assessed(breach.RiskSome), notified(whole.now), breach.DocumentAttached{Title: "ผลประเมิน", Digest: digest})
	whole.toPrevented()
	d := newDesk(tb)
	for _, e := range whole.c.Events {
		after := e.Body.Kind() == breach.KindTaskDone || e.Body.Kind() == breach.KindTaskChecked
		if e.Body.Kind() != but && !(but == breach.KindTaskSet && after) {
			d.record(e.Body)
		}
	}
	return d
}

func owes(t *testing.T, d *desk, name breach.DutyName) {
	t.Helper()
	err := d.refuses(breach.Closed{Summary: "จบ"})
	require.ErrorIs(t, err, breach.ErrDutyOpen)
	var owed *breach.OpenError
	require.ErrorAs(t, err, &owed)
	assert.Equal(t, []breach.DutyName{name}, owed.Duties)
}
