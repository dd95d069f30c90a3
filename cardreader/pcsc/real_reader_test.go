//go:build realreader

package pcsc_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"chipproof/apdu"
	"chipproof/cardreader"
	"chipproof/cardreader/conformance"
	"chipproof/cardreader/pcsc"
	"chipproof/proofing/thaiid"
)

// The conformance suite over real hardware and a person's hands:
//
//	go test -tags realreader -run RealReaders -timeout 30m ./cardreader/pcsc
//
// It wants two readers and two Thai ID cards with the same ATR, whoever's: it
// reads nothing of them but the version of their data. It asks for each movement
// on the terminal (Linux, macOS).
func TestTheDriverOverRealReadersConforms(t *testing.T) {
	terminal, err := os.OpenFile("/dev/tty", os.O_RDWR, 0)
	require.NoError(t, err, "somebody must put the card in and take it out")
	defer terminal.Close()
	h := &hands{t: t, terminal: terminal, answers: bufio.NewScanner(terminal), driver: pcsc.New()}
	states, err := h.driver.List(t.Context())
	require.NoError(t, err)
	require.GreaterOrEqual(t, len(states), 2, "two readers are needed")
	for _, s := range states[:2] {
		h.slots = append(h.slots, &place{hands: h, reader: s.Reader})
	}
	conformance.Run(t, h)
}

// hands is a [conformance.Rig] that asks somebody to move the card.
type hands struct {
	t        *testing.T
	terminal *os.File
	answers  *bufio.Scanner
	driver   *pcsc.Driver
	slots    []conformance.Slot
	atr      []byte
}

var _ conformance.Unplugger = (*hands)(nil)

func (h *hands) Driver() cardreader.Driver { return h.driver }

func (h *hands) Slots() []conformance.Slot { return h.slots }

// Card asks for the card once, to see its answer to reset.
func (h *hands) Card() conformance.Card {
	for len(h.atr) == 0 {
		require.NoError(h.t, h.ask("put the card into %s", h.slots[0].Reader()))
		states, err := h.driver.List(h.t.Context())
		require.NoError(h.t, err)
		for _, s := range states {
			h.atr = append(h.atr, s.ATR...)
		}
	}
	require.NoError(h.t, h.ask("take the card out"))
	return conformance.Card{
		ATR:    h.atr,
		Select: apdu.Command{INS: 0xA4, P1: 0x04, Data: thaiid.AIDMOI},
		Read:   apdu.Command{CLA: 0x80, INS: 0xB0, Data: []byte{0, 4}, Ne: 4},
		Answer: []byte(thaiid.Version0003),
	}
}

func (h *hands) Unplug(reader string) error { return h.ask("unplug the reader %s", reader) }

func (h *hands) Plug(reader string) error { return h.ask("plug in the reader %s, empty", reader) }

func (h *hands) ask(what string, args ...any) error {
	fmt.Fprintf(h.terminal, what+", then press Enter\n", args...)
	if !h.answers.Scan() {
		return errors.Join(errors.New("nobody is there"), h.answers.Err())
	}
	return nil
}

// place is one of the two readers.
type place struct {
	hands  *hands
	reader string
	filled bool
}

func (p *place) Reader() string { return p.reader }

func (p *place) Insert() error {
	p.filled = true
	return p.hands.ask("put the card into %s", p.reader)
}

func (p *place) Remove() error {
	if !p.filled && p.empty() {
		return nil
	}
	p.filled = false
	return p.hands.ask("take the card out of %s", p.reader)
}

func (p *place) empty() bool {
	states, err := p.hands.driver.List(context.Background())
	for _, s := range states {
		if s.Reader == p.reader && s.Card != cardreader.Absent {
			return false
		}
	}
	return err == nil
}
