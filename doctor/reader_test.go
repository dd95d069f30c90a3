package doctor_test

import (
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/assert"

	"chipproof/cardreader"
	"chipproof/doctor"
)

func reader(name string) cardreader.State { return cardreader.State{Reader: name} }

var (
	acr     = device{"1-2", "072f", "b100", "ACS", "ACR39U ICC Reader", "0b"}
	castles = device{"1-3", "0ca6", "0010", "CASTLES", "EZ100PU", "ff"}
)

func TestNoReaderIsAFailure(t *testing.T) {
	m := with(nil)
	m.Sysfs = usb()
	c := examine(t, m, doctor.IDReader)
	assert.Equal(t, doctor.Failed, c.State)
	assert.Contains(t, c.Found.EN, "no reader")
	assert.Contains(t, c.Remedy.EN, "USB")
}

func TestReadersAreNamed(t *testing.T) {
	c := examine(t, with(nil, reader("A"), reader("B\x1b[31m")), doctor.IDReader)
	assert.Equal(t, doctor.OK, c.State)
	assert.Equal(t, "Readers found, 2: A, B[31m", c.Found.EN)
}

func TestReadersCannotBeSeenWhileTheServiceIsDown(t *testing.T) {
	m := with(cardreader.ErrServiceDown)
	assert.Equal(t, doctor.Unknown, examine(t, m, doctor.IDReader).State)
	driver := examine(t, m, doctor.IDDriver)
	assert.Equal(t, doctor.Unknown, driver.State)
	assert.Contains(t, driver.Found.EN, "ACR39U ICC Reader (USB 072f:b100)")
}

func TestUSBReadersAreComparedWithThoseOfTheService(t *testing.T) {
	const virtual = "Virtual Smart Card Reader 0"
	key := device{"1-9", "096e", "0858", "FT", "ePass FIDO", "03"}
	alcor := device{"1-4", "058f", "9540", "Generic", "EMV Smartcard Reader", "ff"}
	alcorHub := device{"1-5", "058f", "6254", "Alcor", "USB Hub", "ff"}
	nameless := device{"1-6", "04e6", "5116", "", "", "0b"}
	cases := []struct {
		name    string
		plugged []device
		readers []string
		want    doctor.State
		missing string
	}{
		{"nothing on USB", nil, nil, doctor.OK, ""},
		{"a reader by class, served", []device{acr}, []string{acrName}, doctor.OK, ""},
		{"a reader by class, not served", []device{acr}, nil, doctor.Failed, "ACS ACR39U ICC Reader (USB 072f:b100)"},
		{"a reader by maker, not served", []device{castles}, nil, doctor.Failed, "CASTLES EZ100PU (USB 0ca6:0010)"},
		{"a reader by model, not served", []device{alcor}, nil, doctor.Failed, "USB 058f:9540"},
		{"served under another name", []device{castles}, []string{"CASTLES Smart Card Reader 0"}, doctor.OK, ""},
		{"one of two served", []device{acr, castles}, []string{acrName}, doctor.Failed, "EZ100PU"},
		{"two of a kind, one served", []device{acr, {"1-7", "072f", "b100", "ACS", "ACR39U ICC Reader", "0b"}}, []string{acrName}, doctor.Failed, "ACR39U"},
		{"two slots do not cover for another", []device{acr, castles}, []string{acrName, "ACS ACR39U ICC Reader 00 01"}, doctor.Failed, "EZ100PU"},
		{"the virtual reader hangs on no bus", []device{acr}, []string{virtual}, doctor.Failed, "ACR39U"},
		{"without a name", []device{nameless}, nil, doctor.Failed, "without a driver: USB 04e6:5116"},
		{"a security key is no reader", []device{key}, nil, doctor.OK, ""},
		{"a hub of a reader's maker is no reader", []device{alcorHub}, nil, doctor.OK, ""},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			var states []cardreader.State
			for _, name := range c.readers {
				states = append(states, cardreader.State{Reader: name, Simulated: name == virtual}) // as Readers marks it
			}
			m := with(nil, states...)
			m.Sysfs = usb(c.plugged...)
			got := examine(t, m, doctor.IDDriver)
			assert.Equal(t, c.want, got.State)
			assert.Contains(t, got.Found.EN, c.missing)
		})
	}
}

func TestAPluggedReaderWithoutDriverIsNotCalledUnplugged(t *testing.T) {
	c := examine(t, with(nil), doctor.IDReader)
	assert.Equal(t, doctor.Failed, c.State)
	assert.Contains(t, c.Found.EN, "plugged in")
	assert.Contains(t, c.Remedy.EN, "reader_driver")
}

func TestAMissingDriverIsNamedByItsPackage(t *testing.T) {
	assert.Contains(t, examine(t, with(nil), doctor.IDDriver).Remedy.EN, "apt-get install libccid")
}

func TestWhereUSBCannotBeSeenTheDriverIsUnknown(t *testing.T) {
	m := healthy()
	m.Sysfs = nil
	assert.Equal(t, doctor.Unknown, examine(t, m, doctor.IDDriver).State)

	m.Sysfs = fstest.MapFS{"1-1": {Data: []byte("a file where a folder should be")}}
	assert.Equal(t, doctor.OK, examine(t, m, doctor.IDDriver).State, "a bus with nothing on it")

	m.System, m.Sysfs = "windows", nil
	assert.Contains(t, examine(t, m, doctor.IDDriver).Remedy.EN, "Device Manager")
}

func TestWhatADeviceSaysOfItselfIsMadeFitForATerminal(t *testing.T) {
	m := with(nil)
	m.Sysfs = usb(device{"1-2", "072f", "b100", "A\x1b]0;x\x07", "\xff\xfe\u202eB", "0b"})
	c := examine(t, m, doctor.IDDriver)
	assert.Equal(t, "Plugged in, but without a driver: A]0;x B (USB 072f:b100)", c.Found.EN)
}
