package simulator_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"time"

	"chipproof/apdu"
	"chipproof/cardreader"
	"chipproof/proofing/thaiid"
	"chipproof/simulator"
)

// A person's card lies in a reader and is pulled at the fifth exchange.
func Example() {
	const reader = "Simulated Reader 00 00"
	m := simulator.NewMachine(reader)
	person, err := simulator.PersonNamed("default")
	if err != nil {
		fmt.Println(err)
		return
	}
	card, err := simulator.NewCard(person, simulator.CardOptions{})
	if err != nil {
		fmt.Println(err)
		return
	}
	plan, err := simulator.ParsePlan([]byte("- {exchange: 5, do: remove}"))
	if err != nil {
		fmt.Println(err)
		return
	}
	if err := errors.Join(m.Insert(reader, card), m.Faults(reader, plan)); err != nil {
		fmt.Println(err)
		return
	}

	ctx := context.Background()
	session, err := cardreader.New(m, cardreader.Options{}).Open(ctx, reader)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer session.Close()
	_, err = thaiid.Read(ctx, session, session.ATR(), thaiid.Options{Fields: thaiid.TextFields()})
	fmt.Println(errors.Is(err, cardreader.ErrCardRemoved))
	// Output: true
}

func ExampleParsePlan() {
	plan, err := simulator.ParsePlan([]byte(`
- exchange: 5        # from the 5th exchange after connecting on …
  do: remove         # … the card is pulled out, once
- field: name        # whenever a command asks for the name …
  do: status         # … the card answers a status word …
  word: 6F00
  times: 2           # … twice
- at: connect        # when a program connects …
  do: sharing        # … another one has the reader to itself
  times: 3
`))
	fmt.Println(len(plan), err)

	_, err = simulator.ParsePlan([]byte("- {exchange: 5, do: remove}\n- {exchange: 5, do: remove, word: 6F00}\n"))
	fmt.Println(err)
	// Output:
	// 3 <nil>
	// parse fault plan: fault plan invalid: line 2: fault 2: word: says nothing about remove
}

func ExampleMachine_Command() {
	m := simulator.NewMachine("Desk", "Back office")
	for _, line := range []string{
		"insert Desk default",
		`insert "Back office" year-only`,
		"fault 1 {field: photo, do: status, word: 6F00}", // by number, in the order of list
		"remove Desk",
		"list",
	} {
		shown, err := m.Command(context.Background(), line)
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Print(shown)
	}
	// Output:
	// 1  "Back office"  year-only  faults planned: 1
	// 2  "Desk"         absent
}

// A transcript of a card that somebody can't read, to be sent to whoever can
// mend that.
func ExampleNewRecorder() {
	record := func(card apdu.Transmitter, atr []byte) error {
		recorder := simulator.NewRecorder(card, atr, time.Now)
		// What goes wrong here is what the transcript is for.
		_, err := thaiid.Read(context.Background(), recorder, atr, thaiid.Options{Fields: thaiid.TextFields()})
		encoded, encodeErr := recorder.Transcript().Encode()
		if encodeErr != nil {
			return encodeErr
		}
		return errors.Join(err, os.WriteFile("bug-card.json", encoded, 0o600))
	}
	_ = record
}

// The hands over HTTP, for the tests of a web application.
func ExampleControl() {
	m := simulator.NewMachine("Simulated Reader 00 00")
	server := &http.Server{Addr: "127.0.0.1:8732", Handler: simulator.Control(m), ReadHeaderTimeout: 5 * time.Second}
	_ = server // curl -d '{"person":"default"}' -H 'Content-Type: application/json' http://127.0.0.1:8732/insert
}
