package apdu_test

import (
	"context"
	"errors"
	"fmt"

	"chipproof/apdu"
)

// A card that keeps its answer back, as every T=0 card does: the channel
// fetches it, and a refusal is an error that says what it means.
func ExampleChannel_Do() {
	card := apdu.TransmitterFunc(func(_ context.Context, command []byte) ([]byte, error) {
		switch command[1] {
		case 0xB0: // READ: four bytes are ready
			return []byte{0x61, 0x04}, nil
		case 0xC0: // GET RESPONSE
			return []byte{'0', '0', '0', '3', 0x90, 0x00}, nil
		}
		return []byte{0x6A, 0x82}, nil
	})

	ch := apdu.NewChannel(card, apdu.Form{}, apdu.DefaultLimits)
	version, err := ch.Do(context.Background(), apdu.Command{CLA: 0x80, INS: 0xB0, Data: []byte{0x00, 0x04}})
	fmt.Printf("%s %v, %d exchanges\n", version, err, ch.Exchanges())

	err = ch.Run(context.Background(), apdu.Command{INS: 0xA4, P1: 0x04, Data: []byte{0xA0, 0x00}})
	fmt.Println(errors.Is(err, apdu.ErrNotFound), err)
	// Output:
	// 0003 <nil>, 2 exchanges
	// true status 6A82: file or application not found
}
