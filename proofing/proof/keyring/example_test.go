package keyring_test

import (
	"crypto/rand"
	"fmt"
	"time"

	"chipproof/proofing/proof"
	"chipproof/proofing/proof/keyring"
)

func Example() {
	now := time.Date(2026, 11, 21, 9, 0, 0, 0, time.UTC)
	ring, err := keyring.New(rand.Reader, now, proof.Production)
	if err != nil {
		fmt.Println(err)
		return
	}
	if ring, err = ring.Rotated(rand.Reader, now); err != nil {
		fmt.Println(err)
		return
	}
	for _, hours := range []int{0, 24, 48} {
		at := now.Add(time.Duration(hours) * time.Hour)
		for _, k := range ring.States(at) {
			fmt.Print(k.State, " ")
		}
		fmt.Println("of them published:", len(ring.Published(at).Thumbprints()))
	}
	// Output:
	// current next of them published: 2
	// old current of them published: 2
	// retired current of them published: 1
}
