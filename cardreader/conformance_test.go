package cardreader_test

import (
	"testing"

	"chipproof/apdu"
	"chipproof/cardreader"
	"chipproof/cardreader/conformance"
)

// The stand-in passes the suite, so that what the other tests say of Readers
// rests on hardware that does what a driver must; and the suite is tested.
func TestStandInConforms(t *testing.T) {
	conformance.Run(t, bench{newHardware(t, desk, back)})
}

type bench struct{ h *hardware }

var (
	_ conformance.ServiceStopper = bench{}
	_ conformance.Unplugger      = bench{}
)

func (b bench) Driver() cardreader.Driver { return b.h }

func (b bench) Slots() []conformance.Slot {
	return []conformance.Slot{benchSlot{b.h, desk}, benchSlot{b.h, back}}
}

func (b bench) Card() conformance.Card {
	return conformance.Card{
		ATR:    thaiATR,
		Select: apdu.Command{INS: 0xA4, P1: 0x04, Data: selectMOI[5:]},
		Read:   apdu.Command{CLA: 0x80, INS: 0xB0, P2: 0x04, Data: []byte{0, 13}},
		Answer: synthetic,
	}
}

func (b bench) StopService() error         { b.h.stop(cardreader.ErrServiceDown); return nil }
func (b bench) StartService() error        { b.h.start(); return nil }
func (b bench) Unplug(reader string) error { b.h.unplug(reader); return nil }
func (b bench) Plug(reader string) error   { b.h.plug(reader); return nil }

type benchSlot struct {
	h      *hardware
	reader string
}

func (s benchSlot) Reader() string { return s.reader }
func (s benchSlot) Insert() error  { s.h.insert(s.reader); return nil }

func (s benchSlot) Remove() error {
	states, _, _ := s.h.snapshot()
	for _, state := range states {
		if state.Reader == s.reader && state.Card != cardreader.Absent {
			s.h.remove(s.reader)
		}
	}
	return nil
}
