//go:build linux

package pcsctest_test

import (
	"net"
	"testing"

	"chipproof/cardreader/pcsc/pcsctest"
)

// TestReads stands for a test of yours.
func TestReads(t *testing.T) {
	pcsctest.Run(t, func(t *testing.T, d *pcsctest.Daemon) {
		card, err := net.Dial("tcp", d.Slots()[0].Addr) // a card is in
		if err != nil {
			t.Fatal(err)
		}
		defer card.Close()
		if err := d.Kill(); err != nil { // nobody else notices
			t.Fatal(err)
		}
	})
}
