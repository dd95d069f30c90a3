package formats_test

import (
	"context"
	"fmt"

	"chipproof/exposure/formats"
)

type lister struct{}

func (lister) Piece(p *formats.Piece) error {
	fmt.Printf("%s %q under %q\n", p.Place.Locate(0).Cell, p.Bytes, p.Header)
	return nil
}

func (lister) NotRead(name string, why formats.Reason) { fmt.Println(name, why) }

func ExampleReader_Read() {
	r := formats.NewReader(formats.Limits{})
	defer r.PDF.Close()
	stats, err := r.Read(context.Background(), "a.csv", "", content("name,email\nSomchai,somchai@gmail.com\n"), lister{})
	fmt.Println(stats.Format, stats.Bytes, err)
	// Output:
	// A1 "name" under ""
	// B1 "email" under ""
	// A2 "Somchai" under "name"
	// B2 "somchai@gmail.com" under "email"
	// csv 37 <nil>
}
