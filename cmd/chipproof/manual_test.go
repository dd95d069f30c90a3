//go:build linux

package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/audit"
	"chipproof/cmd/internal/programtest"
)

// TestTheAdministratorsManualWorksFromTopToBottom types every command of the
// manual into one shell, in order, as a reader would: what it asks for is typed
// from what was printed before. Only what would change the machine itself
// (accounts, services) is played.
func TestTheAdministratorsManualWorksFromTopToBottom(t *testing.T) {
	commands := manualCommands(t, "th") // the English one shows the same
	require.Greater(t, len(commands), 60, "the manual is there")
	m := newManual(t)
	for _, command := range commands {
		m.follow(command)
	}
}

func TestBothManualsOfTheAdministratorShowTheSameCommands(t *testing.T) {
	assert.Equal(t, manualCommands(t, "en"), manualCommands(t, "th"))
}

func TestTheSettingsOfTheManualAreTaken(t *testing.T) {
	yaml := regexp.MustCompile("(?ms)^```yaml\n(.*?)^```$")
	for _, language := range []string{"en", "th"} {
		blocks := yaml.FindAllStringSubmatch(manualPage(t, language), -1)
		require.NotEmpty(t, blocks)
		for _, block := range blocks {
			configured(t, block[1])
			c, _, err := parsed(t, "serve")
			require.NoError(t, err)
			assert.NotEmpty(t, c.Serve.Agency)
			assert.NotEmpty(t, c.Serve.Data.CheckpointDir)
		}
	}
}

func manualPage(t *testing.T, language string) string {
	t.Helper()
	page, err := os.ReadFile(filepath.Join("..", "..", "docs", language, "administrator.md"))
	require.NoError(t, err)
	return string(page)
}

// manualCommands are what the page's console blocks show as typed.
func manualCommands(t *testing.T, language string) []string {
	t.Helper()
	var commands []string
	for _, block := range regexp.MustCompile("(?ms)^```console\n(.*?)^```$").FindAllStringSubmatch(manualPage(t, language), -1) {
		for line := range strings.Lines(block[1]) {
			command, typed := strings.CutPrefix(strings.TrimSpace(line), "$ ")
			require.True(t, typed, line)
			commands = append(commands, command)
		}
	}
	return commands
}

// played are programs that would change the machine; here they do nothing.
var played = []string{"useradd", "install", "systemctl"}

type manual struct {
	*testing.T
	program        string
	dir, data, usb string
	backups        string
	env            []string
	shell          io.Writer
	said           *bufio.Reader
	printed        strings.Builder
	agent          *exec.Cmd
	listen, url    string
	apps           map[string]*programtest.App
}

func newManual(t *testing.T) *manual {
	m := &manual{T: t, program: plainProgram(t), dir: t.TempDir(), listen: "localhost:0", apps: map[string]*programtest.App{}}
	m.data, m.usb = filepath.Join(m.dir, "data"), filepath.Join(m.dir, "usb")
	m.backups = filepath.Join(m.dir, "backups")
	require.NoError(t, os.Mkdir(m.usb, 0o700))
	require.NoError(t, os.Mkdir(m.backups, 0o700))
	bin := filepath.Join(m.dir, "bin")
	require.NoError(t, os.Mkdir(bin, 0o700))
	self, err := os.Executable()
	require.NoError(t, err)
	require.NoError(t, os.Symlink(self, filepath.Join(bin, "curl")))
	require.NoError(t, os.WriteFile(filepath.Join(bin, "sudo"), []byte("#!/bin/sh\n[ \"$1\" = -u ] && shift 2\nexec \"$@\"\n"), 0o700))
	for _, name := range played {
		require.NoError(t, os.WriteFile(filepath.Join(bin, name), []byte("#!/bin/sh\n"), 0o700))
	}
	m.env = append(os.Environ(), "PATH="+bin+":"+filepath.Dir(m.program)+":"+os.Getenv("PATH"),
		"CHIPPROOF_CONFIG="+os.DevNull, "CHIPPROOF_DATA="+m.data, "CHIPPROOF_LANG=en", programtest.RaceAtExit)

	ctx, cancel := context.WithTimeout(t.Context(), 3*programtest.Patience)
	t.Cleanup(cancel)
	cmd := exec.CommandContext(ctx, "bash", "-o", "pipefail")
	cmd.Dir, cmd.Env = m.dir, m.env
	// With all that it has started, so that a command that waits for ever ends.
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
	m.shell, err = cmd.StdinPipe()
	require.NoError(t, err)
	out, err := cmd.StdoutPipe()
	require.NoError(t, err)
	cmd.Stderr = cmd.Stdout
	m.said = bufio.NewReader(out)
	require.NoError(t, cmd.Start())
	t.Cleanup(func() {
		cancel()
		_ = cmd.Wait() // killed, as it is meant to be
		m.stop()
	})
	return m
}

// follow types one command, and what it asks for.
func (m *manual) follow(command string) {
	m.Helper()
	switch command {
	case "sudo systemctl enable --now chipproof", "sudo systemctl start chipproof":
		m.start()
		return
	case "sudo systemctl stop chipproof":
		m.stop()
		return
	}
	for name, is := range map[string]string{
		"/var/lib/chipproof": m.data, "/media/usb": m.usb, "/var/backups/chipproof": m.backups, "http://localhost:8731": m.url,
	} {
		command = strings.ReplaceAll(command, name, is)
	}
	const mark = "== ended with "
	_, err := fmt.Fprintf(m.shell, "{ %s ; }; echo \"%s$?\"\n%s", command, mark, m.answerTo(command))
	require.NoError(m, err)
	for {
		line, err := m.said.ReadString('\n')
		require.NoError(m, err, "%s", command)
		m.printed.WriteString(line)
		// Without a line break of its own, output ends right before the mark.
		if _, code, ended := strings.Cut(line, mark); ended {
			// What doctor finds is the machine's.
			if !strings.Contains(command, "chipproof doctor") {
				require.Equal(m, "0\n", code, "%s\n%s", command, m.tail())
			}
			return
		}
	}
}

// tail is what was printed lately.
func (m *manual) tail() string {
	text := m.printed.String()
	return text[max(0, len(text)-1500):]
}

// answerTo is what is typed when a command asks for something.
func (m *manual) answerTo(command string) string {
	m.Helper()
	last := func(pattern string) string {
		found := regexp.MustCompile(pattern).FindAllString(m.printed.String(), -1)
		require.NotEmpty(m, found, "%s asks for what nobody has printed", command)
		return strings.TrimSpace(found[len(found)-1]) + "\n"
	}
	switch {
	case command == "read -r GRANT":
		return last(`(?m)^[A-Za-z0-9_-]{43}$`)
	case command == "read -rs PASSWORD":
		return programtest.PasswordInTests + "\n"
	case command == "read -r SEALED":
		return last(`(?m)^ +([0-9A-Z]{4}-){4}[0-9A-Z]{4}$`)
	case command == "read -r CODE":
		return m.code() + "\n"
	case strings.HasSuffix(command, "--witness -"):
		return last(`CHIPPROOF-AUDIT:\S+`) + "\n"
	case strings.Contains(command, "--citizen"):
		return "1101700230708\n"
	case strings.Contains(command, "chipproof backup") || strings.Contains(command, "chipproof restore"):
		return "not to be guessed by anybody\n"
	}
	return ""
}

// code is what the app shows that key.json was put into last.
func (m *manual) code() string {
	m.Helper()
	key, err := os.ReadFile(filepath.Join(m.dir, "key.json"))
	require.NoError(m, err)
	if m.apps[string(key)] == nil {
		m.apps[string(key)], err = programtest.AppWith(string(key))
		require.NoError(m, err)
	}
	code, err := m.apps[string(key)].Next()
	require.NoError(m, err)
	return code
}

func (m *manual) start() {
	m.Helper()
	m.agent = exec.Command(m.program, "serve", "--driver", "simulator", "--listen", m.listen)
	m.agent.Env = m.env
	stderr, err := m.agent.StderrPipe()
	require.NoError(m, err)
	require.NoError(m, m.agent.Start())
	line, err := bufio.NewReader(stderr).ReadString('\n')
	require.NoError(m, err)
	_, rest, found := strings.Cut(line, "http://")
	require.True(m, found, line)
	m.listen = strings.Fields(rest)[0]
	m.url = "http://" + m.listen
	go func() { _, _ = io.Copy(io.Discard, stderr) }()
}

func (m *manual) stop() {
	if m.agent == nil {
		return
	}
	_ = m.agent.Process.Signal(os.Interrupt)
	late := time.AfterFunc(programtest.Patience, func() { _ = m.agent.Process.Kill() })
	_ = m.agent.Wait()
	late.Stop()
	m.agent = nil
}

func TestTheManualsCodesAreThoseOfTheProgram(t *testing.T) {
	known := map[string]bool{}
	for _, row := range kind().Problems() {
		known[row.Code] = true
	}
	cells := regexp.MustCompile("(?m)^ *\\| ((?:`[a-z_]+`,? ?)+)\\|")
	for _, language := range []string{"en", "th"} {
		page := manualPage(t, language)
		page, last, found := cutLast(page, "\n## ")
		require.True(t, found)
		for _, cell := range cells.FindAllStringSubmatch(last, -1) {
			for _, code := range strings.FieldsFunc(cell[1], func(r rune) bool { return strings.ContainsRune("`, ", r) }) {
				assert.True(t, known[code], "%s: nothing is called %s", language, code)
			}
		}
		_, findings, found := strings.Cut(page, "\n### ")
		require.True(t, found)
		findings, _, _ = strings.Cut(findings, "\n## ")
		for _, cell := range cells.FindAllStringSubmatch(findings, -1) {
			for _, code := range strings.FieldsFunc(cell[1], func(r rune) bool { return strings.ContainsRune("`, ", r) }) {
				assert.NotEmpty(t, audit.ProblemCode(code).Explain().TH, "%s: verify finds nothing that is called %s", language, code)
			}
		}
	}
}

func cutLast(s, sep string) (before, after string, found bool) {
	if i := strings.LastIndex(s, sep); i >= 0 {
		return s[:i], s[i+len(sep):], true
	}
	return s, "", false
}
