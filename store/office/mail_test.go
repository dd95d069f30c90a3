package office_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/audit"
	"chipproof/breach"
	"chipproof/store"
	"chipproof/store/office"
)

const hold = 5 * time.Minute

// reminders are what there is to warn about when the 72 hours are over.
func (b *bench) reminders() []breach.Reminder {
	b.Helper()
	b.begun()
	list, _, err := b.incidents.List(b.Context())
	require.NoError(b, err)
	all := breach.Reminders(list, b.clock().Add(400*24*time.Hour))
	require.NotEmpty(b, all)
	return all
}

func (b *bench) mail() *office.Mail { return office.NewMail(b.store, b.log, b.clock) }

func (b *bench) hold(holder string, list []breach.Reminder) []breach.Reminder {
	b.Helper()
	mine, err := b.mail().Hold(b.Context(), holder, hold, list)
	require.NoError(b, err)
	return mine
}

func TestAWarningThatWasSentIsNotSentAgainAlsoAfterARestart(t *testing.T) {
	b := newBench(t)
	list := b.reminders()
	require.Equal(t, list, b.hold("one", list))
	require.NoError(t, b.mail().Sent(t.Context(), dpo, list))
	assert.Empty(t, b.hold("one", list))
	b.close()
	b.open(store.Open)
	assert.Empty(t, b.hold("two", list))

	entries := b.entries(audit.KindIncidentWarned)
	require.Len(t, entries, len(list))
	assert.Equal(t, list[0].Incident, entries[0].Subject)
	assert.Equal(t, string(list[0].Duty.Duty), entries[0].Attributes["duty"])
	assert.Equal(t, "overdue", entries[0].Attributes["threshold"])
}

func TestAnotherThresholdOrDeadlineIsAnotherWarning(t *testing.T) {
	b := newBench(t)
	list := b.reminders()[:1]
	b.hold("one", list)
	require.NoError(t, b.mail().Sent(t.Context(), dpo, list))

	nearer := []breach.Reminder{list[0]}
	nearer[0].Threshold = breach.ThresholdClose
	assert.Equal(t, nearer, b.hold("one", nearer))
	moved := []breach.Reminder{list[0]}
	later := list[0].Deadline.Add(time.Hour)
	moved[0].Deadline = &later
	assert.Equal(t, moved, b.hold("one", moved))
}

func TestOfTwoSendersOneHasAWarningUntilItFailsOrDies(t *testing.T) {
	b := newBench(t)
	list := b.reminders()
	require.Equal(t, list, b.hold("one", list))
	assert.Empty(t, b.hold("two", list), "the first is sending")

	require.NoError(t, b.mail().Release(t.Context(), "two", list))
	assert.Empty(t, b.hold("two", list), "nobody lets go of another's")
	require.NoError(t, b.mail().Release(t.Context(), "one", list))
	assert.Equal(t, list, b.hold("two", list), "the first has failed")

	b.after(hold - time.Second)
	assert.Empty(t, b.hold("one", list))
	b.after(time.Second)
	assert.Equal(t, list, b.hold("one", list), "the second is taken for dead")
}

func TestAWrongClockHoldsNoWarningForEver(t *testing.T) {
	b := newBench(t)
	list := b.reminders()
	b.after(10 * 365 * 24 * time.Hour)
	require.Equal(t, list, b.hold("one", list))
	b.after(-10 * 365 * 24 * time.Hour)
	assert.Equal(t, list, b.hold("two", list))
}
