package pcsc_test

import (
	"context"
	"fmt"

	"chipproof/cardreader"
	"chipproof/cardreader/pcsc"
)

// A program reaches this machine's readers through cardreader, which adds
// deadlines and exclusive use to the plain driver.
func Example() {
	readers := cardreader.New(pcsc.New(), cardreader.Options{})
	states, err := readers.List(context.Background())
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, s := range states {
		fmt.Println(s.Reader, s.Card)
	}
}
