//go:build cgo && linux

package pcsc_test

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/ebfe/scard"
	"github.com/stretchr/testify/require"
)

// asOtherProgram makes this test binary another PC/SC program: what it does, a
// space, and the reader's name. It has its own copy of the client library, as
// another program does.
const asOtherProgram = "CHIPPROOF_OTHER_PROGRAM"

func TestMain(m *testing.M) {
	if what, reader, ok := strings.Cut(os.Getenv(asOtherProgram), " "); ok {
		if err := beOtherProgram(what, reader); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	os.Exit(m.Run())
}

// What the other program does until its input ends.
const (
	exclusive = "exclusive" // has the reader to itself
	poll      = "poll"      // asks for the reader's state, again and again
	visit     = "visit"     // connects and leaves, again and again
)

// beOtherProgram says when it is at work, and at the end how many rounds it made.
func beOtherProgram(what, reader string) error {
	done := make(chan struct{})
	go func() { _, _ = io.Copy(io.Discard, os.Stdin); close(done) }()
	ctx, err := scard.EstablishContext()
	if err != nil {
		return err
	}
	round := map[string]func() error{
		exclusive: func() error {
			_, err := ctx.Connect(reader, scard.ShareExclusive, scard.ProtocolAny)
			fmt.Println("working")
			<-done
			return err
		},
		poll: func() error {
			return ctx.GetStatusChange([]scard.ReaderState{{Reader: reader}}, 0)
		},
		visit: func() error { return visitOnce(reader) },
	}[what]
	for rounds := 0; ; rounds++ {
		if err := round(); err != nil {
			return err
		}
		if rounds == 0 {
			fmt.Println("working")
		}
		select {
		case <-done:
			fmt.Println(rounds)
			return ctx.Release()
		default:
		}
	}
}

// visitOnce takes no transaction; leaving is refused while another has one, and
// then the context's end does it.
func visitOnce(reader string) error {
	ctx, err := scard.EstablishContext()
	if err != nil {
		return err
	}
	card, err := ctx.Connect(reader, scard.ShareShared, scard.ProtocolAny)
	if err != nil {
		return err
	}
	if err := card.Disconnect(scard.LeaveCard); err != nil && !errors.Is(err, scard.ErrSharingViolation) {
		return err
	}
	return ctx.Release()
}

// otherProgram is one that runs.
type otherProgram struct {
	t      *testing.T
	input  io.Closer
	output *bufio.Scanner
	cmd    *exec.Cmd
}

// start returns when the other program is at work.
func start(t *testing.T, what, reader string) *otherProgram {
	t.Helper()
	self, err := os.Executable()
	require.NoError(t, err)
	cmd := exec.CommandContext(t.Context(), self)
	cmd.Env = append(os.Environ(), asOtherProgram+"="+what+" "+reader)
	cmd.Stderr = os.Stderr
	input, err := cmd.StdinPipe()
	require.NoError(t, err)
	output, err := cmd.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	o := &otherProgram{t: t, input: input, output: bufio.NewScanner(output), cmd: cmd}
	require.True(t, o.output.Scan(), "the other program does not begin")
	require.Equal(t, "working", o.output.Text())
	return o
}

// end ends the other program and gives its rounds.
func (o *otherProgram) end() (rounds int) {
	o.input.Close()
	for o.output.Scan() { // the last line has them
		_, _ = fmt.Sscan(o.output.Text(), &rounds)
	}
	require.NoError(o.t, o.cmd.Wait())
	return rounds
}
