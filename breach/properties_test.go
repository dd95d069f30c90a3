package breach_test

import (
	"testing"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"chipproof/breach"
)

// The seven properties of assurance §3.8.

func TestProperty1NoPathClosesACaseWhileADutyIsUnmet(t *testing.T) {
	closed := 0
	rapid.Check(t, func(rt *rapid.T) {
		d := walk(t, rt)
		unmet := d.unmet()
		was := d.c.State() == breach.StateClosed
		if d.try(breach.Closed{Summary: "จบ"}) {
			closed++
			assert.Empty(rt, unmet, "closed with these open")
			assert.Equal(rt, breach.StateClosed, d.c.State())
		} else if !was {
			assert.NotEmpty(rt, unmet, "nothing is owed, so nothing hinders closing")
		}
		if d.c.State() == breach.StateClosed {
			assert.Empty(rt, d.unmet(), "what was met stays met")
		}
	})
	assert.Positive(t, closed, "some path came to its end, or the property says nothing")
}

// clocks are the deadlines that the law sets.
func clocks(d *desk) map[breach.DutyName]breach.Moment {
	found := map[breach.DutyName]breach.Moment{}
	for _, duty := range breach.Duties(d.c, d.now) {
		switch duty.Duty {
		case breach.DutyOffice, breach.DutyDelay, breach.DutyController, breach.DutyRisk:
			if duty.Deadline != nil {
				found[duty.Duty] = *duty.Deadline
			}
		}
	}
	return found
}

func TestProperty2NoClockOfTheLawMovesExceptByACorrectionOfAwareness(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		d := walk(t, rt)
		before := clocks(d)
		b := draw(rt, d.now)
		d.try(b)
		corrected := b.Kind() == breach.KindAwareCorrected
		for name, deadline := range clocks(d) {
			if was, known := before[name]; known && !corrected {
				assert.Equal(rt, was, deadline, "%s moved by %s", name, b.Kind())
			}
		}
		other := breach.Settings{
			Warn:        time.Duration(rapid.IntRange(0, 1000).Draw(rt, "warn")) * hour,
			Credibility: time.Duration(rapid.IntRange(0, 1000).Draw(rt, "own target")) * hour,
		}
		again, err := breach.Replay(d.c.Events, other)
		require.NoError(rt, err)
		set := *d
		set.c = again
		assert.Equal(rt, clocks(d), clocks(&set), "no setting moves a clock of the law")
	})
}

func TestProperty3DutiesAreAFunctionWithoutANameTwice(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		d := walk(t, rt)
		first := breach.Duties(d.c, d.now)
		assert.Equal(rt, first, breach.Duties(d.c, d.now))
		seen := map[breach.DutyName]bool{}
		for _, duty := range first {
			assert.False(rt, seen[duty.Duty], "%s stands twice", duty.Duty)
			seen[duty.Duty] = true
			assert.Equal(rt, duty.State.Done(), len(duty.Needs) == 0, "%s: needs are empty once it is met, and only then", duty.Duty)
		}

		var events []breach.Event
		for _, e := range d.c.Events {
			text, err := json.Marshal(e)
			require.NoError(rt, err)
			read, err := breach.ParseEvent(text)
			require.NoError(rt, err)
			events = append(events, read)
		}
		stored, err := breach.Replay(events, d.keeper.Settings)
		require.NoError(rt, err)
		assert.Equal(rt, first, breach.Duties(stored, d.now), "the stored history owes the same")
		assert.Equal(rt, d.c.State(), stored.State())
	})
}

func TestProperty4AsTimeGoesOnAStateOnlyMovesForward(t *testing.T) {
	order := map[breach.DutyState]int{breach.Open: 0, breach.DueSoon: 1, breach.Overdue: 2}
	rapid.Check(t, func(rt *rapid.T) {
		d := walk(t, rt)
		var was map[breach.DutyName]breach.DutyState
		now := d.now.Add(-100 * hour)
		for range 12 {
			is := map[breach.DutyName]breach.DutyState{}
			for _, duty := range breach.Duties(d.c, now) {
				is[duty.Duty] = duty.State
			}
			for name, before := range was {
				after, still := is[name]
				require.True(rt, still, "%s went away by time alone", name)
				if before.Done() {
					assert.Equal(rt, before, after, "%s stays as it was met", name)
				} else {
					assert.False(rt, after.Done(), "%s was met by time alone", name)
					assert.GreaterOrEqual(rt, order[after], order[before], "%s: from %s to %s", name, before, after)
				}
			}
			was = is
			now = now.Add(time.Duration(rapid.IntRange(0, 5*24*3600).Draw(rt, "seconds on")) * time.Second)
		}
	})
}

func TestProperty5RaisingTheRiskNeverRemovesADuty(t *testing.T) {
	risks := []breach.Risk{breach.RiskNone, breach.RiskSome, breach.RiskHigh}
	rapid.Check(t, func(rt *rapid.T) {
		d := newDesk(t)
		d.record(report(d.now))
		d.toConfirmed()
		for range rapid.IntRange(0, 15).Draw(rt, "steps") {
			d.step(rt)
		}
		low := rapid.IntRange(0, 1).Draw(rt, "from")
		high := rapid.IntRange(low+1, 2).Draw(rt, "to")
		if !d.try(assessed(risks[low])) {
			return
		}
		before := names(breach.Duties(d.c, d.now))
		require.True(rt, d.try(assessed(risks[high])))
		assert.Subset(rt, names(breach.Duties(d.c, d.now)), before)
	})
}

func TestProperty6TheBoundariesAreToTheSecond(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		known := time.Unix(rapid.Int64Range(1_700_000_000, 4_000_000_000).Draw(rt, "aware at"), 0)
		for _, row := range []struct {
			after  time.Duration
			timing breach.Timing
			office breach.DutyState
			delay  breach.DutyState // empty: not owed
		}{
			{72 * hour, breach.TimingInTime, breach.Met, ""},
			{72*hour + time.Second, breach.TimingLate, breach.Late, breach.Met},
			{15 * day, breach.TimingLate, breach.Late, breach.Met},
			{15*day + time.Second, breach.TimingOutOfTime, breach.Late, breach.Late},
		} {
			d := newDesk(t)
			d.now = known
			d.record(report(d.now))
			d.toConfirmed().toContained()
			b := notified(d.after(row.after).now)
			if row.timing != breach.TimingInTime {
				reasons := delay()
				b.Delay = &reasons
			}
			d.record(b)
			assert.Equal(rt, row.timing, d.c.Timing())
			assert.Equal(rt, row.office, d.duty(breach.DutyOffice).State)
			explain, owed := d.find(breach.DutyDelay)
			assert.Equal(rt, row.delay != "", owed, "after %s", row.after)
			assert.Equal(rt, row.delay, explain.State, "after %s", row.after)
		}
	})
}

func TestProperty7TheStoryOfB14EndsClosedAndOnlyWithEveryRowMet(t *testing.T) {
	whole := webHost(t)
	require.Equal(t, breach.StateClosed, whole.c.State())
	events := whole.c.Events

	// retell leaves events out; what can't be recorded without them is left out too.
	retell := func(left func(i int) bool) *desk {
		d := newDesk(t)
		d.record(events[0].Body)
		for i, e := range events[1:] {
			d.now = e.At.Time()
			if !left(i + 1) {
				d.try(e.Body)
			}
		}
		return d
	}
	assert.Equal(t, breach.StateClosed, retell(func(int) bool { return false }).c.State())

	// The fact is owed by nobody, the nature and the restored state are told twice.
	spare := map[breach.Kind]bool{breach.KindFact: true, breach.KindRecovered: true, breach.KindNature: true}
	for i, e := range events[1:] {
		kind := e.Body.Kind()
		if spare[kind] {
			continue
		}
		d := retell(func(j int) bool { return j == i+1 })
		assert.NotEqual(t, breach.StateClosed, d.c.State(), "closed without %s", kind)
	}
	rapid.Check(t, func(rt *rapid.T) {
		left := map[int]bool{}
		for range rapid.IntRange(1, 5).Draw(rt, "how many") {
			left[rapid.IntRange(1, len(events)-1).Draw(rt, "left out")] = true
		}
		d := retell(func(i int) bool { return left[i] })
		if d.c.State() == breach.StateClosed {
			assert.Empty(rt, d.unmet())
		}
	})
}
