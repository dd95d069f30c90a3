package doctor_test

import (
	"context"
	"errors"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/assert"

	"chipproof/cardreader"
	"chipproof/doctor"
)

func contextThatIsOver() (context.Context, context.CancelFunc) {
	return context.WithCancel(context.Background())
}

func TestAMissingServiceIsToldFromOneThatDoesNotRun(t *testing.T) {
	m := with(cardreader.ErrServiceDown)
	m.Files = fstest.MapFS{}
	missing := examine(t, m, doctor.IDService)
	assert.Equal(t, doctor.Failed, missing.State)
	assert.Contains(t, missing.Found.EN, "not installed")
	assert.Contains(t, missing.Remedy.EN, "apt-get install pcscd libccid")
	assert.Contains(t, missing.Remedy.TH, "apt-get install pcscd libccid")

	stopped := examine(t, with(cardreader.ErrServiceDown), doctor.IDService)
	assert.Equal(t, doctor.Failed, stopped.State)
	assert.Contains(t, stopped.Found.EN, "does not run")
	assert.Contains(t, stopped.Remedy.EN, "systemctl enable --now pcscd.socket")
}

func TestOnWindowsAStoppedServiceIsTheSystemsOwn(t *testing.T) {
	m := with(cardreader.ErrServiceDown)
	m.System, m.Files = "windows", nil
	c := examine(t, m, doctor.IDService)
	assert.Contains(t, c.Found.EN, "SCardSvr")
	assert.Contains(t, c.Remedy.EN, "sc start SCardSvr")
}

func TestARefusedAccountGetsThePolkitRuleToInstall(t *testing.T) {
	c := examine(t, with(cardreader.ErrDenied), doctor.IDService)
	assert.Equal(t, doctor.Failed, c.State)
	for _, remedy := range []string{c.Remedy.TH, c.Remedy.EN} {
		assert.Contains(t, remedy, "org.debian.pcsc-lite.access_pcsc")
		assert.Contains(t, remedy, "org.debian.pcsc-lite.access_card")
		assert.Contains(t, remedy, "/etc/polkit-1/rules.d/")
		assert.Contains(t, remedy, doctor.PolkitRule("chipproof"))
	}
	assert.Contains(t, c.Found.EN, "chipproof")
}

func TestThePolkitRuleNamesOneAccountWhateverItsName(t *testing.T) {
	assert.Contains(t, doctor.PolkitRule("chipproof"), `subject.user == "chipproof"`)
	// A name can't end the string and add to the rule.
	assert.Contains(t, doctor.PolkitRule(`x" || true || "`), `subject.user == "x\" || true || \""`)
}

func TestAServiceThatAnswersOddlyIsRestarted(t *testing.T) {
	c := examine(t, with(errors.New("odd answer")), doctor.IDService)
	assert.Equal(t, doctor.Failed, c.State)
	assert.Contains(t, c.Remedy.EN, "systemctl restart pcscd")
}

func TestAProgramWithoutThePCSCDriverSaysSo(t *testing.T) {
	c := examine(t, with(cardreader.ErrNotBuiltIn), doctor.IDService)
	assert.Equal(t, doctor.Unknown, c.State)
	assert.Contains(t, c.Remedy.EN, "CGO_ENABLED=1")
}
