//go:build cgo && linux

package pcsc_test

import (
	"context"
	"errors"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"chipproof/apdu"
	"chipproof/cardreader"
	"chipproof/cardreader/pcsc"
	"chipproof/cardreader/pcsc/pcsctest"
	"chipproof/proofing"
	"chipproof/proofing/thaiid"
	"chipproof/simulator"
)

// bench is a real pcscd with virtual readers, and the readers as a program has them.
type bench struct {
	daemon  *pcsctest.Daemon
	driver  *pcsc.Driver
	readers *cardreader.Readers
	slots   []*slot
}

// onBench runs body in a namespace of its own, with two slots for cards.
func onBench(t *testing.T, body func(t *testing.T, b *bench)) {
	t.Helper()
	pcsctest.Run(t, func(t *testing.T, d *pcsctest.Daemon) { body(t, newBench(d)) })
}

func newBench(d *pcsctest.Daemon) *bench {
	driver := pcsc.New()
	b := &bench{daemon: d, driver: driver, readers: cardreader.New(driver, cardreader.Options{})}
	for _, s := range d.Slots() {
		b.slots = append(b.slots, &slot{Slot: s, bench: b})
	}
	return b
}

// equipped is the bench after pcscd was started again with so many double readers.
func (b *bench) equipped(tb testing.TB, pairs int) *bench {
	tb.Helper()
	b.daemon.Equip(pairs)
	require.NoError(tb, b.daemon.Restart(tb.Context()))
	return newBench(b.daemon)
}

// slot is a place for a card. It is for one goroutine at a time.
type slot struct {
	pcsctest.Slot
	bench *bench
	in    *inserted
}

// inserted is a card in a slot.
type inserted struct {
	take  context.CancelFunc
	ended chan struct{}
	err   error // why the link ended, once ended is closed
}

// put puts card into the slot; pcscd sees it up to 0.4 s later.
func (s *slot) put(tb testing.TB, card simulator.VPCDCard) {
	tb.Helper()
	s.link(tb, card, simulator.LinkVPCD)
}

// keep is put for a card that comes back when pcscd was away.
func (s *slot) keep(tb testing.TB, card simulator.VPCDCard) {
	tb.Helper()
	s.link(tb, card, func(ctx context.Context, addr string, card simulator.VPCDCard) error {
		return simulator.ServeVPCD(ctx, addr, card, nil)
	})
	s.untilPresent(tb)
}

func (s *slot) link(tb testing.TB, card simulator.VPCDCard, link func(context.Context, string, simulator.VPCDCard) error) {
	tb.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	in := &inserted{take: cancel, ended: make(chan struct{})}
	go func() {
		defer close(in.ended)
		in.err = link(ctx, s.Addr, card)
	}()
	tb.Cleanup(in.remove)
	s.in = in
}

// insert is put into an empty slot, and returns when PC/SC shows the card.
func (s *slot) insert(tb testing.TB, card simulator.VPCDCard) {
	tb.Helper()
	s.untilEmpty(tb)
	s.put(tb, card)
	s.untilPresent(tb)
}

// remove pulls the card and says why its link ended. It is out when remove
// returns, whatever pcscd thinks.
func (s *slot) remove() error {
	s.in.remove()
	return s.in.err
}

func (in *inserted) remove() {
	in.take()
	<-in.ended
}

// until returns when PC/SC shows the slot as wanted.
func (s *slot) until(tb testing.TB, wanted func(cardreader.State) bool) cardreader.State {
	tb.Helper()
	ctx, cancel := context.WithTimeout(tb.Context(), soon)
	defer cancel()
	var found *cardreader.State
	err := s.bench.driver.Watch(ctx, func(states []cardreader.State) {
		for _, state := range states {
			if found == nil && state.Reader == s.Reader && wanted(state) {
				found = &state
				cancel()
			}
		}
	})
	require.NotNil(tb, found, "%s never came to be as wanted: %v", s.Reader, err)
	return *found
}

func (s *slot) untilPresent(tb testing.TB) cardreader.State {
	tb.Helper()
	return s.until(tb, func(s cardreader.State) bool { return s.Card == cardreader.Present })
}

func (s *slot) untilEmpty(tb testing.TB) cardreader.State {
	tb.Helper()
	return s.until(tb, func(s cardreader.State) bool { return s.Card == cardreader.Absent })
}

// wrap is put round a card for the length of a read.
type wrap = func(card apdu.Transmitter, atr []byte) apdu.Transmitter

// readAll is a whole read, all fields; wrap may be nil.
func (s *slot) readAll(ctx context.Context, wrap wrap) (*thaiid.Identity, error) {
	return proofing.Read(ctx, s.bench.readers, s.Reader, proofing.ReadOptions{Fields: thaiid.AllFields(), Wrap: wrap})
}

func (s *slot) read(ctx context.Context, fields thaiid.Fields) (*thaiid.Identity, error) {
	return proofing.Read(ctx, s.bench.readers, s.Reader, proofing.ReadOptions{Fields: fields})
}

// requireReads holds that the slot is in working order: its card is read and is p's.
func (s *slot) requireReads(tb testing.TB, p simulator.Person) {
	tb.Helper()
	id, err := s.read(tb.Context(), thaiid.TextFields())
	require.NoError(tb, err)
	require.Equal(tb, p.CitizenID, id.Document().CitizenID)
}

// person is a shipped person.
func person(tb testing.TB, name string) simulator.Person {
	tb.Helper()
	p, err := simulator.PersonNamed(name)
	require.NoError(tb, err)
	return p
}

// cardOf is a person's card, T=0 and on a line without delay.
func cardOf(tb testing.TB, p simulator.Person) *simulator.Card {
	tb.Helper()
	card, err := simulator.NewCard(p, simulator.CardOptions{})
	require.NoError(tb, err)
	return card
}

// exchangesOfARead is how many commands a whole read sends to p's card.
func exchangesOfARead(tb testing.TB, p simulator.Person) int {
	tb.Helper()
	card := cardOf(tb, p)
	_, err := thaiid.Read(tb.Context(), card, card.ATR(), thaiid.Options{Fields: thaiid.AllFields()})
	require.NoError(tb, err)
	return card.Exchanges()
}

// before is a wrap that does something before one exchange, counted from 0.
func before(at int, do func()) wrap {
	return func(card apdu.Transmitter, _ []byte) apdu.Transmitter {
		n := -1
		return apdu.TransmitterFunc(func(ctx context.Context, command []byte) ([]byte, error) {
			if n++; n == at {
				do()
			}
			return card.Transmit(ctx, command)
		})
	}
}

// odd is a card that does something else at one exchange once it is armed.
type odd struct {
	simulator.VPCDCard
	mu   sync.Mutex
	left int // exchanges until then, below zero for never
	do   func(ctx context.Context, command []byte) ([]byte, error)
}

func oddly(card simulator.VPCDCard) *odd { return &odd{VPCDCard: card, left: -1} }

// arm counts exchanges from now on, from 0.
func (o *odd) arm(at int, do func(ctx context.Context, command []byte) ([]byte, error)) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.left, o.do = at, do
}

func (o *odd) Transmit(ctx context.Context, command []byte) ([]byte, error) {
	o.mu.Lock()
	due := o.left == 0
	o.left--
	do := o.do
	o.mu.Unlock()
	if due {
		return do(ctx, command)
	}
	return o.VPCDCard.Transmit(ctx, command)
}

// atr is a card with another answer to reset.
type atr struct {
	simulator.VPCDCard
	answer []byte
}

func (a atr) ATR() []byte { return a.answer }

// errPulled is why a card left vpcd in the middle of an exchange.
var errPulled = errors.New("pulled")

func pulled(context.Context, []byte) ([]byte, error) { return nil, errPulled }

// mute answers nothing until the card is taken or pcscd goes.
func mute(ctx context.Context, _ []byte) ([]byte, error) {
	<-ctx.Done()
	return nil, ctx.Err()
}
