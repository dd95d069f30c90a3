//go:build cgo && linux

package pcsc_test

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"chipproof/apdu"
	"chipproof/cardreader"
	"chipproof/cardreader/conformance"
	"chipproof/cardreader/pcsc/pcsctest"
	"chipproof/proofing/thaiid"
	"chipproof/simulator"
)

func TestTheDriverOverARealServiceConforms(t *testing.T) {
	t.Parallel()
	pcsctest.Run(t, func(t *testing.T, d *pcsctest.Daemon) { conformance.Run(t, &rig{bench: newBench(d), t: t}) })
}

// rig is a [conformance.Rig] that can stop its service. It cannot unplug
// readers: vpcd's are there for as long as pcscd runs.
type rig struct {
	*bench
	t *testing.T
}

var _ conformance.ServiceStopper = (*rig)(nil)

func (r *rig) Driver() cardreader.Driver { return r.driver }

func (r *rig) Slots() []conformance.Slot {
	var slots []conformance.Slot
	for _, s := range r.slots {
		slots = append(slots, &rigSlot{slot: s, t: r.t})
	}
	return slots
}

func (r *rig) Card() conformance.Card {
	p := person(r.t, "default")
	return conformance.Card{
		ATR:    cardOf(r.t, p).ATR(),
		Select: apdu.Command{INS: 0xA4, P1: 0x04, Data: thaiid.AIDMOI},
		Read:   apdu.Command{CLA: 0x80, INS: 0xB0, P2: 0x04, Data: []byte{0, 13}, Ne: 13},
		Answer: []byte(p.CitizenID),

		Simulated: true, // by their names: the driver can't know
	}
}

func (r *rig) StopService() error { return r.daemon.Kill() }

func (r *rig) StartService() error { return r.daemon.Start(r.t.Context()) }

// rigSlot is a slot that holds a card until it is removed or pcscd goes.
type rigSlot struct {
	slot   *slot
	t      *testing.T
	filled bool
}

func (s *rigSlot) Reader() string { return s.slot.Reader }

func (s *rigSlot) Insert() error {
	if s.filled {
		return errors.New("insert card: there is one already")
	}
	s.filled = true
	s.slot.put(s.t, cardOf(s.t, person(s.t, "default")))
	return nil
}

func (s *rigSlot) Remove() error {
	if !s.filled {
		return nil
	}
	s.filled = false
	err := s.slot.remove()
	if errors.Is(err, simulator.ErrVPCDClosed) { // it went with the service
		return nil
	}
	require.Error(s.t, err, "a link ends for a reason")
	return nil
}
