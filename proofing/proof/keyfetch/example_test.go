package keyfetch_test

import (
	"context"
	"fmt"
	"time"

	"chipproof/proofing/proof/keyfetch"
)

func Example() {
	_, err := keyfetch.New(keyfetch.Options{URL: "http://127.0.0.1:8731/.well-known/jwks.json", Clock: time.Now})
	fmt.Println(err)

	agency, err := keyfetch.New(keyfetch.Options{URL: "https://id.example.go.th/chipproof/jwks.json", Clock: time.Now})
	if err != nil {
		fmt.Println(err)
		return
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel() // nobody waits for an answer
	_, err = agency.Keys(ctx)
	fmt.Println(err)
	// Output:
	// address of key set refused: it must begin with https://
	// read key set: context canceled
}
