package breach_test

import (
	"testing"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/breach"
)

func wire(t *testing.T, v any) string {
	t.Helper()
	text, err := json.Marshal(v, json.Deterministic(true), jsontext.WithIndent(" "))
	require.NoError(t, err)
	return string(text)
}

// The shape and the example of assurance §3.8.
func TestDutiesHaveTheWireShapeOfTheContract(t *testing.T) {
	d := open(t)
	b := nature()
	d.record(aware(d.now), credible(), b, action(d.now))
	duty := d.after(60 * hour).duty(breach.DutyOffice)
	assert.JSONEq(t, `{"incident":"b-2026-0007","duty":"notify_office","deadline":"2027-01-02T23:30:00+07:00","state":"due_soon",
		"law":"PDPA s. 37(4); PDPC notification 2565 cl. 5(3)","penalty":"up to THB 3,000,000 (secondary source)",
		"needs":["dpo_contact","receipt"]}`, wire(t, duty))

	recoverDuty := open(t).toConfirmed().duty(breach.DutyRecover)
	assert.Contains(t, wire(t, recoverDuty), `"deadline": null`)
	d.record(contact(), notified(d.now))
	assert.Contains(t, wire(t, d.duty(breach.DutyOffice)), `"needs": []`)
}

func TestNoIncidentsAreAnEmptyArray(t *testing.T) {
	assert.Equal(t, "[]", wire(t, breach.Due(nil, start)))
	assert.False(t, breach.AnyOverdue(breach.Due(nil, start)))
}

func TestDueCoversAllIncidentsAndSaysWhetherOneIsOverdue(t *testing.T) {
	early, late := open(t), newDesk(t)
	late.c.ID = "b-2026-0008"
	late.now = start.Add(time.Hour)
	late.record(report(late.now))
	cases := []breach.Case{early.c, late.c}
	exactly := start.Add(day)
	assert.Len(t, breach.Due(cases, exactly), 2)
	assert.False(t, breach.AnyOverdue(breach.Due(cases, exactly)))
	due := breach.Due(cases, exactly.Add(time.Second))
	assert.True(t, breach.AnyOverdue(due))
	assert.Equal(t, []breach.DutyState{breach.Overdue, breach.DueSoon}, []breach.DutyState{due[0].State, due[1].State})
}

func TestAnotherMomentMovesTheClockAndNotWhichEventsAreKnown(t *testing.T) {
	d := open(t).toConfirmed().toContained()
	d.after(10 * hour).record(notified(d.now))
	before := start.Add(-day)
	duties := breach.Duties(d.c, before)
	for _, duty := range duties {
		if duty.Duty == breach.DutyOffice {
			assert.Equal(t, breach.Met, duty.State, "the notice is known, though it lies ahead of that clock")
		}
	}
	assert.Equal(t, breach.StateContained, d.c.State())
}

func TestFractionsOfASecondMoveNoClock(t *testing.T) {
	d := open(t)
	d.record(aware(d.now.Add(-time.Nanosecond).Add(time.Nanosecond)))
	assert.Equal(t, breach.DueSoon, dutyAt(d, start.Add(72*hour+999*time.Millisecond)).State)
	assert.Equal(t, breach.Overdue, dutyAt(d, start.Add(72*hour+time.Second)).State)
}

func dutyAt(d *desk, now time.Time) breach.Duty {
	moved := *d
	moved.now = now
	return moved.duty(breach.DutyOffice)
}

func TestMomentsAreRFC3339InWholeSecondsAtPlusSeven(t *testing.T) {
	for text, want := range map[string]string{
		"2027-01-02T23:30:00+07:00": "2027-01-02T23:30:00+07:00",
		"2027-01-02T16:30:00Z":      "2027-01-02T23:30:00+07:00",
		"2027-01-02T11:30:00-05:00": "2027-01-02T23:30:00+07:00",
	} {
		m, err := breach.ParseMoment(text)
		require.NoError(t, err, text)
		assert.Equal(t, want, m.String())
	}
	for _, text := range []string{
		"", "2027-01-02", "2027-01-02T23:30:00", "2027-01-02T23:30:00.5Z", "2027-01-02T23:30:00,5Z", "2027-01-02 23:30:00Z",
		"2570-01-02T23:30:00+07:00", "1999-12-31T16:59:59Z", "2027-02-29T00:00:00Z", "2027-01-02T24:00:00Z", "2027-01-02T23:30:60Z",
	} {
		_, err := breach.ParseMoment(text)
		assert.ErrorIs(t, err, breach.ErrEventInvalid, text)
	}
}

func TestTheNextDutyComesFirstAndWarningsAreTheUrgentOnes(t *testing.T) {
	d := open(t).toConfirmed()
	sorted := breach.ByUrgency(breach.Duties(d.c, d.now))
	assert.Equal(t, []breach.DutyName{
		breach.DutyContain, breach.DutyRisk, breach.DutyOffice, breach.DutyPrevent, breach.DutyRecover, breach.DutyCredibility, breach.DutyFacts,
	}, names(sorted))
	d.after(50 * hour)
	assert.Equal(t, []breach.DutyName{breach.DutyContain, breach.DutyRisk, breach.DutyOffice}, names(breach.Warnings(breach.Duties(d.c, d.now))))
	d.toContained().record(assessed(breach.RiskSome), notified(d.now))
	assert.Empty(t, breach.Warnings(breach.Duties(d.c, d.now)), "what is met, late or not, warns no more")
}

func TestTheEarlierDeadlineComesFirstWhateverTheOrderOfTheLaw(t *testing.T) {
	d := open(t).toConfirmed()
	d.record(breach.Ordered{To: "ก", Means: breach.MeansPeople, Text: "ข", DueAt: at(d.now.Add(hour))})
	sorted := breach.ByUrgency(breach.Duties(d.c, d.now))
	assert.Equal(t, []breach.DutyName{breach.OrderDuty(1), breach.DutyContain}, names(sorted)[:2])
}

func TestTheNextChangeIsWhenTheClockAloneMovesAState(t *testing.T) {
	d := open(t)
	d.keeper.Settings = breach.Settings{Warn: 24 * hour}
	d.c.Settings = d.keeper.Settings
	_, any := breach.NextChange(d.c, d.now)
	assert.False(t, any, "without targets and awareness no clock runs")
	d.record(aware(d.now))
	for _, want := range []time.Duration{48 * hour, 72*hour + time.Second, 14 * day, 15*day + time.Second} {
		before := breach.Duties(d.c, d.now)
		next, any := breach.NextChange(d.c, d.now)
		require.True(t, any)
		assert.Equal(t, at(start.Add(want)), at(next))
		assert.Equal(t, before, breach.Duties(d.c, next.Add(-time.Second)), "a second before, nothing has changed")
		assert.NotEqual(t, before, breach.Duties(d.c, next))
		d.now = next
	}
	_, any = breach.NextChange(d.c, d.now)
	assert.False(t, any)
}
