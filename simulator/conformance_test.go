package simulator_test

import (
	"encoding/hex"
	"errors"
	"testing"
	"time"

	"chipproof/apdu"
	"chipproof/cardreader"
	"chipproof/cardreader/conformance"
	"chipproof/proofing/thaiid"
	"chipproof/simulator"

	"github.com/stretchr/testify/require"
)

// The simulator is held to what PC/SC is held to, in each of the ways in which a
// machine can show that a card has left and tell of changes.
func TestMachineConforms(t *testing.T) {
	for name, behaviour := range map[string]simulator.Behaviour{
		"seen at once and by its name":            {},
		"removal shows as an empty answer, later": {Removal: simulator.ShowsEmpty, Lag: 50 * time.Millisecond},
		"removal shows as torn, later":            {Removal: simulator.ShowsTorn, Lag: 50 * time.Millisecond},
		"each notification comes twice":           {Repeat: 1},
		"notifications come late":                 {Late: 5 * time.Millisecond},
		"the card is reset when idle for long":    {Idle: time.Minute},
	} {
		t.Run(name, func(t *testing.T) {
			conformance.Run(t, newRig(t, behaviour, simulator.CardOptions{}))
		})
	}
}

func TestMachineConformsWithACardThatSpeaksT1(t *testing.T) {
	conformance.Run(t, newRig(t, simulator.Behaviour{}, simulator.CardOptions{Protocol: simulator.T1}))
}

// rig is a machine with two readers and default people in them.
type rig struct {
	*simulator.Machine
	slots []conformance.Slot
}

var (
	_ conformance.ServiceStopper = rig{}
	_ conformance.Unplugger      = rig{}
)

func newRig(tb testing.TB, b simulator.Behaviour, o simulator.CardOptions) rig {
	tb.Helper()
	m := simulator.NewMachine("Simulated Reader 00 00", "Simulated Reader 01 00")
	m.Behave(b)
	r := rig{Machine: m}
	for _, v := range m.Readers() {
		r.slots = append(r.slots, rigSlot{m, v.Reader, cardOf(tb, "default", o)})
	}
	return r
}

func (r rig) Driver() cardreader.Driver { return r.Machine }

func (r rig) Slots() []conformance.Slot { return r.slots }

func (r rig) Card() conformance.Card {
	atr, _ := hex.DecodeString("3b799600005448204e4944203138")
	return conformance.Card{
		ATR:    atr,
		Select: apdu.Command{INS: 0xA4, P1: 0x04, Data: thaiid.AIDMOI},
		Read:   apdu.Command{CLA: 0x80, INS: 0xB0, P2: 0x04, Data: []byte{0, 13}},
		Answer: []byte("1101700230708"),

		Simulated: true,
	}
}

func (r rig) StopService() error  { r.Machine.StopService(); return nil }
func (r rig) StartService() error { r.Machine.StartService(); return nil }

// Unplug takes the card along, and lays it beside the reader.
func (r rig) Unplug(reader string) error {
	if err := r.Machine.Unplug(reader); err != nil {
		return err
	}
	return emptied(r.Machine.Remove(reader))
}

type rigSlot struct {
	machine *simulator.Machine
	name    string
	card    *simulator.Card
}

func (s rigSlot) Reader() string { return s.name }
func (s rigSlot) Insert() error  { return s.machine.Insert(s.name, s.card) }
func (s rigSlot) Remove() error  { return emptied(s.machine.Remove(s.name)) }

func emptied(err error) error {
	if errors.Is(err, cardreader.ErrCardAbsent) {
		return nil
	}
	return err
}

func TestTheRigSaysWhatTheDefaultCardIs(t *testing.T) {
	require.Equal(t, newRig(t, simulator.Behaviour{}, simulator.CardOptions{}).Card().ATR, cardOf(t, "default", simulator.CardOptions{}).ATR())
}
