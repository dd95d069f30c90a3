package main

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"os"

	"golang.org/x/term"
)

// Exit codes (design §2).
const (
	exitYes      = 0 // answered, and all is well
	exitNo       = 1 // answered: no, found, wrong
	exitNoAnswer = 2 // could not answer
)

// errNo is what a command returns after it has printed that the answer is no.
var errNo = errors.New("the answer is no")

// streams are what a program is given besides its arguments.
type streams struct {
	in       io.Reader
	out, err io.Writer
}

// program is what every command works with.
type program struct {
	streams
	say speech
	log *slog.Logger
}

// command is one of chipproof's commands, its flags filled in. It writes to out
// only what is its answer, and all of it or nothing.
type command interface {
	run(ctx context.Context, p *program) error
}

// run is the program: main and the tests call it alike. It gives the exit code.
func run(ctx context.Context, args []string, std streams) int {
	var c cli
	cmd, err := parse(&c, args, std)
	if cmd == nil && err == nil {
		return exitYes // help was asked for and given
	}
	p := &program{streams: std, say: speechOf(c.Lang, args, os.Getenv)}
	if err == nil {
		p.log = newLog(std.err, c.LogLevel, c.LogFormat, cmd)
		err = cmd.run(ctx, p)
	}
	switch {
	case err == nil:
		return exitYes
	case errors.Is(err, errNo):
		return exitNo
	}
	p.complain(err)
	return exitNoAnswer
}

// isTerminal says whether somebody watches w.
func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}
