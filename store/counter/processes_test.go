package counter_test

import (
	"bufio"
	"crypto/rand"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/audit"
	"chipproof/store"
)

// child is another process on the database of a data directory.
type child struct {
	t     *testing.T
	cmd   *exec.Cmd
	stdin io.WriteCloser
	said  *bufio.Reader
}

// childProgram builds it, without the race detector: what is tested is the
// database between processes (style §5.9).
func childProgram(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "requestchild")
	if runtime.GOOS == "windows" {
		path += ".exe"
	}
	out, err := exec.CommandContext(t.Context(), "go", "build", "-race=false", "-o", path, "./testdata/requestchild").CombinedOutput()
	require.NoError(t, err, string(out))
	return path
}

func startChild(t *testing.T, program, dir string) *child {
	t.Helper()
	c := &child{t: t, cmd: exec.Command(program, dir)}
	c.cmd.Stderr = os.Stderr
	var err error
	c.stdin, err = c.cmd.StdinPipe()
	require.NoError(t, err)
	out, err := c.cmd.StdoutPipe()
	require.NoError(t, err)
	c.said = bufio.NewReader(out)
	require.NoError(t, c.cmd.Start())
	t.Cleanup(func() { _ = c.cmd.Process.Kill() }) // gone already when all went well
	return c
}

func (c *child) tell(format string, args ...any) {
	c.t.Helper()
	_, err := fmt.Fprintf(c.stdin, format+"\n", args...)
	require.NoError(c.t, err)
}

func (c *child) hear() string {
	c.t.Helper()
	line, err := c.said.ReadString('\n')
	require.NoError(c.t, err)
	return strings.TrimSpace(line)
}

func (c *child) ask(format string, args ...any) string {
	c.t.Helper()
	c.tell(format, args...)
	return c.hear()
}

// kill ends it as a power cut would.
func (c *child) kill() {
	c.t.Helper()
	require.NoError(c.t, c.cmd.Process.Kill())
	_ = c.cmd.Wait()
}

func (c *child) stop() {
	c.t.Helper()
	require.NoError(c.t, c.stdin.Close())
	require.NoError(c.t, c.cmd.Wait())
}

// emptyStore is a data directory with a database and the key of its log in it.
func emptyStore(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	key, err := audit.GenerateKey(rand.Reader)
	require.NoError(t, err)
	secret, err := key.Reveal()
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(store.KeyFilesIn(dir).Audit, secret, 0o600))
	log, err := store.NewAuditLog(store.AuditOptions{Key: key})
	require.NoError(t, err)
	s, err := store.Create(t.Context(), dir, store.Options{Recorder: log})
	require.NoError(t, err)
	require.NoError(t, s.Close())
	return dir
}

// proof §11, Q17: fifty goroutines in two processes.
func TestOfTwoProcessesOneAnswersARequest(t *testing.T) {
	program, dir := childProgram(t), emptyStore(t)
	one, other := startChild(t, program, dir), startChild(t, program, dir)
	for round := range 20 {
		for _, c := range []*child{one, other} {
			c.tell("reserve 25 %s jti-%d nonce-%d a", site, round, round)
		}
		won := map[string]int{}
		won[one.hear()]++
		won[other.hear()]++
		assert.Equal(t, map[string]int{"1": 1, "0": 1}, won, "round %d", round)
	}
	one.stop()
	other.stop()
}

// proof §11, Q17 and Q21: what a crash leaves reserved stays so, and what was
// decided before it stays used.
func TestAKillFreesNoRequest(t *testing.T) {
	program, dir := childProgram(t), emptyStore(t)
	for _, row := range []struct{ name, before string }{
		{"reserved", ""},
		{"decided, and not answered", "record %s %s %s a"},
	} {
		jti, nonce := "jti-"+row.name[:4], "nonce-"+row.name[:4]
		c := startChild(t, program, dir)
		require.Equal(t, "1", c.ask("reserve 1 %s %s %s a", site, jti, nonce), row.name)
		if row.before != "" {
			require.Regexp(t, `^pf-\d{8}-000001$`, c.ask(row.before, site, jti, nonce))
		}
		c.kill()
		c = startChild(t, program, dir)
		assert.Equal(t, "0", c.ask("reserve 1 %s %s %s b", site, jti, nonce), row.name)
		assert.Equal(t, "1", c.ask("reserve 1 %s %s-2 %s-2 c", site, jti, nonce), "and another passes")
		c.stop()
	}
}
