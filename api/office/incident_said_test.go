package office

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"chipproof/breach"
)

func TestTheCommandLineHasAWordForEverything(t *testing.T) {
	duties := []breach.DutyName{
		breach.DutyCredibility, breach.DutyFacts, breach.DutyContain, breach.DutyRisk, breach.DutyOffice, breach.DutyDelay, breach.DutySubjects,
		breach.DutyRecord, breach.DutyController, breach.DutyRecover, breach.DutyPrevent,
	}
	for _, d := range duties {
		assert.NotEqual(t, string(d), DutyText(d).TH)
	}
	assert.Equal(t, "Order 12 to a processor", DutyText(breach.OrderDuty(12)).EN)
	for _, s := range []breach.DutyState{breach.Open, breach.DueSoon, breach.Overdue, breach.Late, breach.Met} {
		assert.NotEqual(t, string(s), DutyStateText(s).TH)
	}
	for _, s := range []breach.State{breach.StateReported, breach.StateNotifiedOffice, breach.StateClosed, breach.StateNotCredible} {
		assert.NotEqual(t, string(s), IncidentStateText(s).TH)
	}
	for _, n := range []string{"receipt", "dpo_contact", "task_2_done", "task_3_check"} {
		assert.NotContains(t, NeedText(n).TH, "%s")
		assert.NotEqual(t, n, NeedText(n).TH)
	}
	assert.Equal(t, "task 2 done", NeedText("task_2_done").EN)
	assert.Equal(t, "24 failed logins", AlarmText(breach.AlarmLogins, "24").EN)
	assert.Contains(t, LawText("PDPA s. 37(4)").TH, "มาตรา 37(4)")
	assert.Equal(t, "PDPA s. 37(4)", LawText("PDPA s. 37(4)").EN)
}
