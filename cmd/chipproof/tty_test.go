//go:build linux

package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"
)

// terminalPair gives both ends of a pseudo-terminal (pty(7)).
func terminalPair(t *testing.T) (screen, shell *os.File) {
	t.Helper()
	screen, err := os.OpenFile("/dev/ptmx", os.O_RDWR|unix.O_NOCTTY, 0)
	require.NoError(t, err)
	t.Cleanup(func() { screen.Close() })
	require.NoError(t, unix.IoctlSetPointerInt(int(screen.Fd()), unix.TIOCSPTLCK, 0))
	n, err := unix.IoctlGetInt(int(screen.Fd()), unix.TIOCGPTN)
	require.NoError(t, err)
	shell, err = os.OpenFile(fmt.Sprintf("/dev/pts/%d", n), os.O_RDWR|unix.O_NOCTTY, 0)
	require.NoError(t, err)
	return screen, shell
}

// onTerminal runs chipproof with its stderr on a terminal, and gives what
// stood there.
func onTerminal(t *testing.T, args ...string) string {
	t.Helper()
	screen, shell := terminalPair(t)
	shown := make(chan string, 1)
	go func() {
		var text bytes.Buffer
		_, _ = text.ReadFrom(screen) // fails with EIO when the other end is closed
		shown <- text.String()
	}()
	cmd := exec.Command(tested.Path(), args...)
	cmd.Env = append(os.Environ(), "CHIPPROOF_CONFIG="+os.DevNull, "CHIPPROOF_LANG=en")
	cmd.Stderr = shell
	_ = cmd.Run() // how it ended shows on the terminal
	require.NoError(t, shell.Close())
	return <-shown
}

func TestOnATerminalAReadShowsHowFarItIs(t *testing.T) {
	text := onTerminal(t, "read", "--driver", "simulator", "--fields", "citizen_id")
	first, second := "reading, leave the card in 1/2", "reading, leave the card in 2/2"
	assert.Equal(t, first+wiped(first)+second+wiped(second), text)
}

func TestOnATerminalWaitingAsksForTheCard(t *testing.T) {
	plan := filepath.Join(t.TempDir(), "gone.yaml")
	require.NoError(t, os.WriteFile(plan, []byte("- {at: connect, do: remove}\n"), 0o600))
	text := onTerminal(t, "read", "--driver", "simulator", "--faults", plan, "--timeout", "20ms")
	asks := "insert the ID card …"
	assert.Contains(t, text, asks+wiped(asks)+"chipproof: card_absent: ")
}

// typed runs chipproof with a terminal in front of it, on which lines are typed,
// and gives what stood there and how it ended.
func typed(t *testing.T, lines []string, args ...string) (string, error) {
	t.Helper()
	screen, shell := terminalPair(t)
	cmd := exec.Command(plainProgram(t), args...)
	cmd.Env = append(os.Environ(), "CHIPPROOF_CONFIG="+os.DevNull, "CHIPPROOF_LANG=en")
	cmd.Stdin, cmd.Stdout, cmd.Stderr = shell, shell, shell
	require.NoError(t, cmd.Start())
	require.NoError(t, shell.Close())
	var text bytes.Buffer
	buffer := make([]byte, 4096)
	for {
		// Typed when it is asked for: what comes before would be echoed.
		n, err := screen.Read(buffer)
		text.Write(buffer[:n])
		if err != nil { // EIO: the other end is closed
			break
		}
		if len(lines) > 0 && bytes.HasSuffix(text.Bytes(), []byte(": ")) {
			_, err := screen.WriteString(lines[0] + "\n")
			require.NoError(t, err)
			lines = lines[1:]
		}
	}
	return text.String(), cmd.Wait()
}

func TestOnATerminalAPassphraseIsTypedTwiceAndNeverShown(t *testing.T) {
	data, file := newData(t), filepath.Join(t.TempDir(), "all.age")
	const passphrase = "not to be guessed by anybody"
	text, err := typed(t, []string{passphrase, "not to be guessed by somebody"}, "backup", file, "--data", data)
	require.Error(t, err)
	assert.Contains(t, text, "passphrase_refused")
	assert.NotContains(t, text, "guessed")
	assert.NoFileExists(t, file)

	text, err = typed(t, []string{passphrase, passphrase}, "backup", file, "--data", data)
	require.NoError(t, err, text)
	assert.Contains(t, text, "passphrase for the backup: ")
	assert.Contains(t, text, "once more: ")
	assert.NotContains(t, text, "guessed")
	assert.FileExists(t, file)

	text, err = typed(t, []string{passphrase}, "restore", file, "--data", filepath.Join(t.TempDir(), "other"))
	require.NoError(t, err, text)
	assert.NotContains(t, text, "guessed")
}
