// Command chipproof-office finds personal data that an agency exposes, and keeps
// the steps that the law demands when some of it leaked: as a command, and as a
// console for the people of the office.
//
// Every command prints its answer to stdout and all else to stderr. It ends with
// 0 for yes, 1 when the answer is no, overdue or found, and 2 when there is no
// answer; then stdout is empty and stderr holds a stable code and what to do.
// `chipproof-office --help` is the manual.
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
	return program.Run(ctx, kind(), &cli{}, markIDs(args), std)
}
