package breach_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"chipproof/breach"
)

func TestTheStateIsTheLastRungWithoutAGapBelow(t *testing.T) {
	d := open(t)
	d.record(action(d.now), breach.ActionFinished{Action: 1, FinishedAt: at(d.now)}, breach.Contained{Result: breach.ResultEased, Text: "ปิดเว็บไว้ก่อน"})
	assert.Equal(t, breach.StateReported, d.c.State(), "contained early, and nothing judged yet")
	d.record(aware(d.now), credible(), nature())
	assert.Equal(t, breach.StateCredible, d.c.State())
	d.record(confirmed())
	assert.Equal(t, breach.StateContained, d.c.State(), "the early step counts now")
	d.record(checklist(breach.Technical), contact(), notified(d.now))
	assert.Equal(t, breach.StateContained, d.c.State(), "told the Office, but the risk is undecided")
	d.record(assessed(breach.RiskHigh))
	assert.Equal(t, breach.StateNotifiedOffice, d.c.State())
	d.record(breach.Recovered{RestoredAt: at(d.now), State: "ปกติ"})
	assert.Equal(t, breach.StateNotifiedOffice, d.c.State(), "those affected don't know yet")
	d.record(assessed(breach.RiskSome))
	assert.Equal(t, breach.StateRecovered, d.c.State())
	assert.Empty(t, d.c.ExitReason())
	d.record(assessed(breach.RiskNone))
	assert.Equal(t, breach.StateRecovered, d.c.State())
	assert.NotEmpty(t, d.c.ExitReason())
}
