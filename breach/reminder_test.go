package breach_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"chipproof/breach"
)

func TestADutyIsRemindedOfAtEachThresholdThatItPasses(t *testing.T) {
	d := open(t)
	d.record(aware(d.now))
	deadline := d.now.Add(breach.NoticeClock)
	for _, at := range []struct {
		left time.Duration
		want breach.Threshold
	}{
		{24*hour + time.Second, ""},
		{24 * hour, breach.ThresholdWarning},
		{6*hour + time.Second, breach.ThresholdWarning},
		{6 * hour, breach.ThresholdClose},
		{0, breach.ThresholdClose},
		{-time.Second, breach.ThresholdPast},
		{-400 * day, breach.ThresholdPast},
	} {
		var got breach.Threshold
		for _, r := range breach.Reminders([]breach.Case{d.c}, deadline.Add(-at.left)) {
			if r.Duty.Duty == breach.DutyOffice {
				got = r.Threshold
			}
		}
		assert.Equal(t, at.want, got, "%s are left", at.left)
	}
}

func TestNobodyIsRemindedOfWhatIsMetOrHasNoDeadline(t *testing.T) {
	d := open(t).toConfirmed().toContained()
	d.record(notified(d.now), assessed(breach.RiskNone))
	for _, r := range breach.Reminders([]breach.Case{d.c}, d.now.Add(400*day)) {
		assert.NotEqual(t, breach.DutyOffice, r.Duty.Duty)
		assert.NotEqual(t, breach.DutyRecord, r.Duty.Duty, "it has no deadline")
		assert.NotNil(t, r.Deadline)
	}
}
