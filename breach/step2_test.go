package breach_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/breach"
)

func TestB12ContainmentHasStartFinishAndAResult(t *testing.T) {
	d := open(t).toConfirmed()
	assert.Equal(t, []string{"action", "result"}, d.duty(breach.DutyContain).Needs)
	d.refusesWhy(breach.Contained{Result: breach.ResultEnded, Text: "จบ"}, breach.WhyNoAction)

	assert.ErrorIs(t, d.refuses(action(d.now.Add(hour))), breach.ErrInFuture)
	d.record(action(d.now.Add(-hour)))
	d.refusesWhy(breach.Contained{Result: breach.ResultEnded, Text: "จบ"}, breach.WhyNoAction)
	d.refusesFields(breach.ActionFinished{Action: 1, FinishedAt: at(d.now.Add(-2 * hour))}, "finished_at")
	d.refusesWhy(breach.ActionFinished{Action: 2, FinishedAt: at(d.now)}, breach.WhyUnknownNumber)
	d.record(breach.ActionFinished{Action: 1, FinishedAt: at(d.now)})
	d.refusesWhy(breach.ActionFinished{Action: 1, FinishedAt: at(d.now)}, breach.WhyAlready)

	d.refusesFields(breach.Contained{Text: "ไม่บอกผล"}, "result")
	d.refusesFields(breach.Contained{Result: "unknown", Text: "ก"}, "result")
	assert.Equal(t, []string{"result"}, d.duty(breach.DutyContain).Needs)
	for _, result := range []breach.Result{breach.ResultEased, breach.ResultEnded} {
		d.record(breach.Contained{Result: result, Text: "ตรวจแล้ว"})
		assert.Equal(t, breach.Met, d.duty(breach.DutyContain).State)
	}
}

func TestB12ARecoveryActionContainsNothing(t *testing.T) {
	d := open(t).toConfirmed()
	b := action(d.now)
	b.Aim = breach.AimRecover
	d.record(b, breach.ActionFinished{Action: 1, FinishedAt: at(d.now)})
	d.refusesWhy(breach.Contained{Result: breach.ResultEnded, Text: "จบ"}, breach.WhyNoAction)
}

func TestB13AnOrderIsADutyUntilItIsAcknowledgedAndDone(t *testing.T) {
	d := open(t)
	due := at(d.now.Add(48 * hour))
	order := breach.Ordered{To: "บริษัท ก จำกัด", Means: breach.MeansTechnology, Text: "ปิดช่องโหว่", DueAt: due}
	d.record(order, order)
	first, second := breach.OrderDuty(1), breach.OrderDuty(2)
	assert.Equal(t, breach.DutyName("order_1"), first)
	assert.Equal(t, due, *d.duty(first).Deadline)
	assert.Equal(t, []string{"acknowledgement", "done"}, d.duty(first).Needs)
	assert.Equal(t, breach.Open, d.duty(first).State)

	assert.Equal(t, breach.DueSoon, d.after(24*hour).duty(first).State)
	d.record(breach.OrderAcknowledged{Order: 1, AcknowledgedAt: at(d.now)})
	assert.Equal(t, []string{"done"}, d.duty(first).Needs)
	d.after(24 * hour)
	assert.Equal(t, breach.DueSoon, d.duty(first).State, "the moment itself is in time")
	assert.Equal(t, breach.Overdue, d.after(1e9).duty(first).State)
	assert.Contains(t, names(breach.Warnings(breach.Duties(d.c, d.now))), first, "an overdue order alarms")

	d.record(breach.OrderDone{Order: 1, DoneAt: at(d.now), Report: "เสร็จ"})
	assert.Equal(t, breach.Late, d.duty(first).State)
	d.record(breach.OrderAcknowledged{Order: 2, AcknowledgedAt: due}, breach.OrderDone{Order: 2, DoneAt: due, Report: "เสร็จ"})
	assert.Equal(t, breach.Met, d.duty(second).State, "what counts is when it was done, not when it was written down")
}

func TestB13AnOrderHasADeadlineAheadAndIsWithdrawnOnlyWithAReason(t *testing.T) {
	d := open(t)
	order := breach.Ordered{To: "บริษัท ก จำกัด", Means: breach.MeansProcess, Text: "ส่งบันทึก", DueAt: at(d.now)}
	d.refusesFields(order, "due_at")
	order.DueAt = at(d.now.Add(hour))
	d.record(order)
	d.refusesFields(breach.OrderAcknowledged{Order: 1, AcknowledgedAt: at(d.now.Add(-hour))}, "acknowledged_at")
	d.refusesFields(breach.OrderDone{Order: 1, DoneAt: at(d.now)}, "report")
	d.refusesFields(breach.OrderWithdrawn{Order: 1}, "reason")
	d.record(breach.OrderWithdrawn{Order: 1, Reason: "บริษัทเลิกกิจการ"})
	assert.False(t, d.owes(breach.OrderDuty(1)))
	assert.Equal(t, "บริษัทเลิกกิจการ", d.c.Orders[0].Withdrawn, "the order stays visible with its reason")
	d.refusesWhy(breach.OrderDone{Order: 1, DoneAt: at(d.now), Report: "เสร็จ"}, breach.WhyUnknownNumber)
}

func TestB15AnActionIsOfPeopleProcessOrTechnology(t *testing.T) {
	d := open(t)
	require.Len(t, breach.MeansList(), 3)
	for _, means := range breach.MeansList() {
		b := action(d.now)
		b.Means = means
		d.record(b)
	}
	b := action(d.now)
	b.Means = "magic"
	d.refusesFields(b, "means")
	d.refusesFields(breach.Ordered{To: "ก", Text: "ข", DueAt: at(d.now.Add(hour))}, "means")
}

func names(duties []breach.Duty) []breach.DutyName {
	var list []breach.DutyName
	for _, d := range duties {
		list = append(list, d.Duty)
	}
	return list
}
