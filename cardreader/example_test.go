package cardreader_test

import (
	"context"
	"fmt"

	"chipproof/apdu"
	"chipproof/cardreader"
)

// Read the citizen number of the card in a reader.
func ExampleReaders_Open() {
	ctx := context.Background()
	readers := cardreader.New(exampleDriver(), cardreader.Options{})
	session, err := readers.Open(ctx, "Desk reader 00")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer session.Close()

	ch := apdu.NewChannel(session, apdu.Form{}, apdu.DefaultLimits)
	aid := []byte{0xA0, 0x00, 0x00, 0x00, 0x54, 0x48, 0x00, 0x01}
	if err := ch.Run(ctx, apdu.Command{INS: 0xA4, P1: 0x04, Data: aid}); err != nil {
		fmt.Println(err)
		return
	}
	number, err := ch.Do(ctx, apdu.Command{CLA: 0x80, INS: 0xB0, P2: 0x04, Data: []byte{0, 13}})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(len(number), "digits, of one and the same card:", session.Unchanged(ctx) == nil)
	// Output: 13 digits, of one and the same card: true
}

// exampleDriver is where a program takes the pcsc driver or the simulator.
func exampleDriver() cardreader.Driver {
	h := &hardware{readers: map[string]cardreader.State{}, changed: make(chan struct{}), open: map[string]*contact{}}
	h.insert("Desk reader 00")
	return h
}
