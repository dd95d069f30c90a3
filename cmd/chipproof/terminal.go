package main

import (
	"bufio"
	"context"
	"fmt"

	"chipproof/cmd/internal/program"
)

// maxCommand is the longest line that a terminal takes, in bytes.
const maxCommand = 64 << 10

// commanded is what obeys commands of one line each.
type commanded interface {
	Command(ctx context.Context, line string) (string, error)
}

// obey lets whoever is on stdin work the readers: one command a line, one answer
// each, until the lines end. A command that is wrong ends nothing, and the
// program goes on when nobody types any more. Since a read from stdin can't be
// broken off, it runs beside the program and is left behind at its end.
func obey(ctx context.Context, p *program.Program, m commanded) {
	lines := bufio.NewScanner(p.In)
	lines.Buffer(nil, maxCommand)
	for lines.Scan() && ctx.Err() == nil {
		answer, err := m.Command(ctx, lines.Text())
		if err != nil {
			answer = "error: " + err.Error()
		}
		if answer == "" {
			answer = "ok"
		}
		if _, err := fmt.Fprintln(p.Out, answer); err != nil {
			p.Log.Info("commands ended", "cause", err)
			return
		}
	}
	if err := lines.Err(); err != nil {
		p.Log.Info("commands ended", "cause", err)
	}
}
