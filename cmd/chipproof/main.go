// Command chipproof reads the chip of the Thai national ID card: as a command,
// and as an agent that web apps on this machine may ask.
//
// Every command prints its answer to stdout and all else to stderr. It ends with
// 0 for yes, 1 when the answer is no, and 2 when there is no answer; then stdout
// is empty and stderr holds a stable code and what to do. `chipproof --help` is
// the manual.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"

	"chipproof/cmd/internal/program"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second signal ends the program at once
	os.Exit(run(ctx, os.Args[1:], program.Terminal()))
}

// run is the program: main and the tests call it alike. It gives the exit code.
func run(ctx context.Context, args []string, std program.Streams) int {
	return program.Run(ctx, kind(), &cli{}, args, std)
}
