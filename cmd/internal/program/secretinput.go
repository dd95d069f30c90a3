package program

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"golang.org/x/term"

	"chipproof/api"
	"chipproof/mfa"
)

// maxPassphrase bounds a line with a secret, in bytes.
const maxPassphrase = 1024

// Ask takes a secret from whoever sits at the terminal, unseen, or the first
// line of stdin when that is no terminal. Never from an argument, which every
// account of the machine can see. A new secret is typed twice. Error:
// [errPassphrase].
func (p *Program) Ask(what api.Text, times int) (mfa.Hidden, error) {
	terminal, ok := p.In.(*os.File)
	if !ok || !term.IsTerminal(int(terminal.Fd())) {
		return firstLine(p.In)
	}
	var first string
	for i := range times {
		label := p.Say.Label(what)
		if i > 0 {
			label = p.Say.Label(api.Text{TH: "พิมพ์อีกครั้ง", EN: "once more"})
		}
		typed, err := unseen(terminal, p.Err, label+": ")
		switch {
		case errors.Is(err, io.EOF): // Ctrl-C or Ctrl-D
			return mfa.Hidden{}, fmt.Errorf("ask for a passphrase: %w", context.Canceled)
		case err != nil:
			return mfa.Hidden{}, fmt.Errorf("ask for a passphrase: %w", err)
		case i == 0:
			first = typed
		case first != typed:
			return mfa.Hidden{}, fmt.Errorf("ask for a passphrase: %w: the two are not the same", errPassphrase)
		}
	}
	return checked(first)
}

// unseen asks with the echo off already: whoever types or pastes faster than the
// question appears must not see it either.
func unseen(in *os.File, out io.Writer, question string) (typed string, err error) {
	before, err := term.MakeRaw(int(in.Fd()))
	if err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, term.Restore(int(in.Fd()), before)) }()
	return term.NewTerminal(struct {
		io.Reader
		io.Writer
	}{in, out}, "").ReadPassword(question)
}

func firstLine(r io.Reader) (mfa.Hidden, error) {
	line, err := bufio.NewReaderSize(io.LimitReader(r, maxPassphrase+2), maxPassphrase+2).ReadString('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return mfa.Hidden{}, fmt.Errorf("read a passphrase: %w", err)
	}
	return checked(strings.TrimSuffix(strings.TrimSuffix(line, "\n"), "\r"))
}

func checked(secret string) (mfa.Hidden, error) {
	switch {
	case secret == "":
		return mfa.Hidden{}, fmt.Errorf("read a passphrase: %w: there is none", errPassphrase)
	case len(secret) > maxPassphrase:
		return mfa.Hidden{}, fmt.Errorf("read a passphrase: %w: longer than %d bytes", errPassphrase, maxPassphrase)
	}
	return mfa.Hide(secret), nil
}
