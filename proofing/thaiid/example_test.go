package thaiid_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"chipproof/apdu"
	"chipproof/proofing/thaiid"
)

// exampleCard stands for a card in a reader: it holds the number of a synthetic
// person and answers everything else with spaces.
var exampleCard = apdu.TransmitterFunc(func(_ context.Context, command []byte) ([]byte, error) {
	if command[1] != 0xB0 {
		return []byte{0x90, 0x00}, nil // SELECT
	}
	memory := []byte("00031101700230708")
	from := int(command[2])<<8 | int(command[3])
	return append(memory[from:from+int(command[6]):len(memory)], 0x90, 0x00), nil
})

func ExampleRead() {
	id, err := thaiid.Read(context.Background(), exampleCard, nil, thaiid.Options{
		Fields: thaiid.Fields{thaiid.FieldCitizenID},
	})
	if errors.Is(err, thaiid.ErrUnsupported) {
		fmt.Println("another card")
		return
	}
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(id.CitizenID, id.CitizenID.Checksum(), id.CitizenID.Category())

	clear, err := json.Marshal(id.Document())
	fmt.Println(string(clear), err)
	// Output:
	// [hidden] true born_registered_in_time
	// {"citizen_id":"1101700230708"} <nil>
}
