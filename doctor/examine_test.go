package doctor_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/cardreader"
	"chipproof/doctor"
)

func TestAHealthyMachineIsCleanAndEveryCheckIsOK(t *testing.T) {
	checks := doctor.Examine(t.Context(), healthy())
	assert.Equal(t, doctor.Clean, doctor.Judge(checks))
	var ids []string
	for _, c := range checks {
		assert.Equal(t, doctor.OK, c.State, c.ID)
		ids = append(ids, c.ID)
	}
	assert.Equal(t, []string{"service", "reader", "reader_driver", "card", "clock", "ipv6", "terminal_server", "compat"}, ids)
}

// Whatever is wrong, both languages say what was found, and whatever isn't in
// order has a remedy in both.
func TestEveryFindingSpeaksBothLanguages(t *testing.T) {
	for name, m := range brokenMachines() {
		t.Run(name, func(t *testing.T) {
			for _, c := range doctor.Examine(t.Context(), m) {
				assert.NotEmpty(t, c.Found.TH, c.ID)
				assert.NotEmpty(t, c.Found.EN, c.ID)
				assert.Equal(t, c.Remedy.TH == "", c.Remedy.EN == "", c.ID)
				if c.State == doctor.Failed || c.State == doctor.Warning {
					assert.NotEmpty(t, c.Remedy.EN, c.ID)
				}
			}
		})
	}
}

func TestTheVerdictIsWrongWhenAnythingFailed(t *testing.T) {
	for name, m := range brokenMachines() {
		t.Run(name, func(t *testing.T) {
			assert.Equal(t, doctor.Wrong, doctor.Judge(doctor.Examine(t.Context(), m)))
		})
	}
}

// brokenMachines are machines of every system with something wrong.
func brokenMachines() map[string]doctor.Machine {
	machines := map[string]doctor.Machine{}
	for _, system := range []string{"linux", "windows", "darwin"} {
		for name, err := range map[string]error{
			"service down":    cardreader.ErrServiceDown,
			"account refused": cardreader.ErrDenied,
			"odd answer":      errors.New("odd answer"),
		} {
			m := with(fmt.Errorf("list readers: %w", err))
			m.System = system
			machines[system+": "+name] = m
		}
		m := with(nil)
		m.System = system
		machines[system+": reader without driver"] = m

		m = with(nil)
		m.System, m.Sysfs = system, nil
		machines[system+": no reader"] = m

		m = with(nil, cardreader.State{Reader: acrName, Card: cardreader.Mute})
		m.System = system
		machines[system+": mute card"] = m

		m = healthy()
		m.System, m.Built = system, built.AddDate(1, 0, 0)
		machines[system+": clock in the past"] = m
	}
	return machines
}

func TestWithoutAnAnswerFromTheServiceThereIsNoVerdict(t *testing.T) {
	checks := doctor.Examine(t.Context(), with(cardreader.ErrNotBuiltIn))
	assert.Equal(t, doctor.Unanswered, doctor.Judge(checks))
}

func TestAnExaminationThatIsStoppedGivesNoVerdict(t *testing.T) {
	ctx, stop := contextThatIsOver()
	stop()
	checks := doctor.Examine(ctx, with(ctx.Err()))
	assert.Equal(t, doctor.Unanswered, doctor.Judge(checks))
}

func TestWarningsAloneLeaveTheVerdictClean(t *testing.T) {
	m := healthy()
	m.LoopbackV6 = func() error { return errors.New("no IPv6 here") }
	checks := doctor.Examine(t.Context(), m)
	assert.Equal(t, doctor.Clean, doctor.Judge(checks))
}

func TestTheJSONOfACheckLeavesOutWhatIsEmpty(t *testing.T) {
	out, err := json.Marshal(examine(t, healthy(), doctor.IDService))
	require.NoError(t, err)
	assert.JSONEq(t, `{"id":"service","state":"ok","found":{
		"th":"บริการเครื่องอ่านบัตร (PC/SC) ทำงานปกติ","en":"The reader service (PC/SC) answers."}}`, string(out))
}
