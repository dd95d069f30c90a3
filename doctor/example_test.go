package doctor_test

import (
	"context"
	"fmt"

	"chipproof/cardreader"
	"chipproof/doctor"
)

func Example() {
	m := healthy() // a program says doctor.Here(readers, built)
	m.Readers = service{readers: []cardreader.State{{Reader: "ACS ACR39U ICC Reader 00 00", Card: cardreader.Mute}}}

	checks := doctor.Examine(context.Background(), m)
	for _, c := range checks {
		if c.State != doctor.OK {
			fmt.Println(c.ID, c.State)
			fmt.Println(c.Found.EN)
		}
	}
	fmt.Println("something is wrong:", doctor.Judge(checks) == doctor.Wrong)
	// Output:
	// card failed
	// ACS ACR39U ICC Reader 00 00: something is in it that does not answer.
	// something is wrong: true
}
