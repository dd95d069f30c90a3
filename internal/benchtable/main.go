// Command benchtable reads what `go test -bench` prints, passes it on, and ends
// with the tables of the README (design §9, issue 6): each figure beside its bar and
// beside what others do: a reader that reads field by field, a grep for 13 digits.
//
//	go test -run '^$' -bench . ./proofing ./api/counter | go run ./internal/benchtable
//
// It judges nothing and measures nothing. A figure that was not printed is an
// error, so that a renamed benchmark can't drop out of the table unseen.
package main

import (
	"fmt"
	"io"
	"os"
)

func main() {
	if err := run(os.Stdin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "benchtable:", err)
		os.Exit(1)
	}
}

func run(in io.Reader, out io.Writer) error {
	figures, err := parse(io.TeeReader(in, out))
	if err != nil {
		return err
	}
	return write(out, figures)
}
