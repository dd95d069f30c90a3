package zzscratch

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"chipproof/apdu"
	"chipproof/cardreader"
	"chipproof/cardreader/conformance"
	"chipproof/cardreader/pcsc"
	"chipproof/cardreader/pcsc/pcsctest"
	"chipproof/proofing/thaiid"
	"chipproof/simulator"
)

func newCard() *simulator.Card {
	p := simulator.People()[0]
	for _, q := range simulator.People() {
		if string(q.Key) == "somchai" {
			p = q
		}
	}
	c, err := simulator.NewCard(p, simulator.CardOptions{})
	if err != nil {
		panic(err)
	}
	return c
}

func card() conformance.Card {
	c := newCard()
	sel := apdu.Command{INS: 0xA4, P1: 4, Data: thaiid.AIDMOI}
	read := apdu.Command{CLA: 0x80, INS: 0xB0, P2: 4, Data: []byte{0, 13}}
	ch := apdu.NewChannel(c, apdu.Form{}, apdu.DefaultLimits)
	if err := ch.Run(context.Background(), sel); err != nil {
		panic(err)
	}
	ans, err := ch.Do(context.Background(), read)
	if err != nil {
		panic(err)
	}
	return conformance.Card{ATR: c.ATR(), Select: sel, Read: read, Answer: ans}
}

type rig struct {
	d     *pcsctest.Daemon
	slots []conformance.Slot
}

func (r *rig) Driver() cardreader.Driver { return pcsc.New() }
func (r *rig) Slots() []conformance.Slot { return r.slots }
func (r *rig) Card() conformance.Card    { return card() }
func (r *rig) StopService() error        { return r.d.Kill() }
func (r *rig) StartService() error       { return r.d.Start(context.Background()) }

type slot struct {
	pcsctest.Slot
	mu     sync.Mutex
	cancel context.CancelFunc
	done   chan error
}

func (s *slot) Reader() string { return s.Slot.Reader }
func (s *slot) Insert() error {
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- simulator.LinkVPCD(ctx, s.Addr, newCard()) }()
	s.cancel, s.done = cancel, done
	return nil
}

func (s *slot) Remove() error {
	if s.cancel == nil {
		return nil
	}
	s.cancel()
	err := <-s.done
	s.cancel = nil
	if errors.Is(err, context.Canceled) || errors.Is(err, simulator.ErrVPCDClosed) {
		return nil
	}
	return err
}

func TestPcscd(t *testing.T) {
	pcsctest.Run(t, func(t *testing.T, d *pcsctest.Daemon) {
		r := &rig{d: d}
		for _, s := range d.Slots() {
			r.slots = append(r.slots, &slot{Slot: s})
		}
		start := time.Now()
		conformance.Run(t, r)
		t.Log(time.Since(start))
	})
}

type simRig struct{ m *simulator.Machine }

func (r simRig) Driver() cardreader.Driver { return r.m }
func (r simRig) Slots() []conformance.Slot {
	return []conformance.Slot{simSlot{r.m, "A"}, simSlot{r.m, "B"}}
}
func (r simRig) Card() conformance.Card { return card() }
func (r simRig) StopService() error     { r.m.StopService(); return nil }
func (r simRig) StartService() error    { r.m.StartService(); return nil }
func (r simRig) Unplug(n string) error  { return r.m.Unplug(n) }
func (r simRig) Plug(n string) error    { return r.m.Plug(n) }

type simSlot struct {
	m *simulator.Machine
	n string
}

func (s simSlot) Reader() string { return s.n }
func (s simSlot) Insert() error  { return s.m.Insert(s.n, newCard()) }
func (s simSlot) Remove() error  { _ = s.m.Remove(s.n); return nil }

func TestSim(t *testing.T) {
	m := simulator.NewMachine("A", "B")
	require.NotNil(t, m)
	conformance.Run(t, simRig{m})
}
