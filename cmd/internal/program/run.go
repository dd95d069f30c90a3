package program

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
	ExitYes      = 0 // answered, and all is well
	ExitNo       = 1 // answered: no, found, wrong
	ExitNoAnswer = 2 // could not answer
)

// ErrNo is what a command returns after it has printed that the answer is no.
var ErrNo = errors.New("the answer is no")

// Streams are what a program is given besides its arguments.
type Streams struct {
	In       io.Reader
	Out, Err io.Writer
}

// Terminal are those of this process.
func Terminal() Streams { return Streams{In: os.Stdin, Out: os.Stdout, Err: os.Stderr} }

// Program is what every command works with.
type Program struct {
	Streams
	Kind Kind
	Say  Speech
	Log  *slog.Logger
}

// Command is one of a program's commands, its flags filled in. It writes to Out
// only what is its answer, and all of it or nothing.
type Command interface {
	Run(ctx context.Context, p *Program) error
}

// Run is a whole program: main and the tests call it alike. g is its command
// line, yet to be filled. It gives the exit code.
func Run(ctx context.Context, k Kind, g Grammar, args []string, std Streams) int {
	cmd, err := Parse(k, g, args, std)
	if cmd == nil && err == nil {
		return ExitYes // help was asked for and given
	}
	flags := g.shared()
	p := &Program{Streams: std, Kind: k, Say: speechOf(flags.Lang, k.Env, args, os.Getenv)}
	if err == nil {
		p.Log = newLog(std.Err, flags.LogLevel, flags.LogFormat, cmd)
		err = cmd.Run(ctx, p)
	}
	switch {
	case err == nil:
		return ExitYes
	case errors.Is(err, ErrNo):
		return ExitNo
	}
	p.complain(err)
	return ExitNoAnswer
}

// IsTerminal says whether somebody watches w.
func IsTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}
