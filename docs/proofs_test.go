// What the page on proofs shows is what runs here: its programs are taken out of
// the page, and have requests of theirs verified and proofs of ours judged.
package docs_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var fenced = regexp.MustCompile("(?ms)^```([a-z]+)\n(.*?)^```$")

// blocks are the pieces of code of the page in a language, by the file name that
// their first line gives them; those without a name by their number.
func blocks(t *testing.T, language string) map[string]string {
	t.Helper()
	page, err := os.ReadFile(filepath.Join(language, "proofs.md"))
	require.NoError(t, err)
	name := regexp.MustCompile(`(?m)\A.*?(backend\.[a-z]+):`)
	found := map[string]string{}
	for i, block := range fenced.FindAllStringSubmatch(string(page), -1) {
		key := block[1] + " " + string(rune('a'+i))
		if named := name.FindStringSubmatch(block[2]); named != nil {
			key = named[1]
		}
		found[key] = block[2]
	}
	return found
}

func TestBothPagesShowTheSamePrograms(t *testing.T) {
	english, thai := blocks(t, "en"), blocks(t, "th")
	for _, name := range []string{"backend.go", "backend.mjs", "backend.py", "backend.php", "backend.cs"} {
		require.Contains(t, english, name)
	}
	assert.Equal(t, english, thai)
}

// language is how a program of the page is run.
type language struct {
	file    string
	command func(t *testing.T, dir string) []string
	// refusal is what it says of a step of proof §6.
	refusal func(step string) string
}

func sameWord(step string) string { return step }

func languages() []language {
	return []language{
		{"backend.go", buildGo, sameWord},
		{"backend.mjs", withJose, sameWord},
		{"backend.py", func(*testing.T, string) []string { return []string{"/usr/bin/python3", "backend.py"} }, sameWord}, // Debian's, which has the packages
		{"backend.php", func(*testing.T, string) []string { return []string{"php", "backend.php"} }, codeOf},
	}
}

// codeOf is what chipproof proof verify calls the refusal of a step.
func codeOf(step string) string {
	return map[string]string{
		"form": "proof_malformed", "header": "proof_header_refused", "key": "proof_key_unknown", "signature": "proof_signature_wrong",
		"payload": "proof_payload_invalid", "issuer": "proof_issuer_wrong", "audience": "proof_audience_wrong", "time": "proof_times_invalid",
		"expired": "proof_expired", "early": "proof_early", "mode": "proof_mode_wrong", "asked": "proof_context_wrong", "nonce": "proof_nonce_wrong",
		"replayed": "proof_replayed", "demand": "proof_inconsistent", "not accepted": "proof_not_accepted", "operator": "proof_operator_refused", "photo": "proof_photo_wrong",
	}[step]
}

const root = ".." // of the repository, where tests of this folder run

// buildGo makes the program a module of its own, as the page says.
func buildGo(t *testing.T, dir string) []string {
	t.Helper()
	here, err := filepath.Abs(root)
	require.NoError(t, err)
	module, err := os.ReadFile(filepath.Join(root, "go.mod"))
	require.NoError(t, err)
	text := strings.Replace(string(module), "module chipproof\n", "module example\n", 1)
	text = regexp.MustCompile(`(?ms)^tool \(.*?^\)`).ReplaceAllString(text, "") // not the example's
	text += "\nrequire chipproof v0.0.0\n\nreplace chipproof => " + here + "\n"
	require.NoError(t, os.WriteFile(filepath.Join(dir, "go.mod"), []byte(text), 0o600))
	sums, err := os.ReadFile(filepath.Join(root, "go.sum"))
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(filepath.Join(dir, "go.sum"), sums, 0o600))
	build := exec.Command("go", "build", "-mod=mod", "-o", "backend", "backend.go")
	build.Dir, build.Env = dir, append(os.Environ(), "CGO_ENABLED=0", "GOPROXY=off", "GOWORK=off")
	out, err := build.CombinedOutput()
	require.NoError(t, err, string(out))
	return []string{filepath.Join(dir, "backend")}
}

func withJose(t *testing.T, dir string) []string {
	t.Helper()
	var failed bytes.Buffer
	install := exec.Command(filepath.Join(root, ".ci", "jose"))
	install.Stderr = &failed
	found, err := install.Output()
	require.NoError(t, err, failed.String())
	modules := filepath.Join(strings.TrimSpace(string(found)), "node_modules")
	require.NoError(t, os.Symlink(modules, filepath.Join(dir, "node_modules")))
	return []string{"node", "backend.mjs"}
}

// programDir is where ours is built, if anybody needs it.
var programDir string

func TestMain(m *testing.M) {
	var err error
	if programDir, err = os.MkdirTemp("", "chipproof-docs-*"); err != nil {
		panic(err)
	}
	code := m.Run()
	_ = os.RemoveAll(programDir) // the system's temporary folder: it goes at some time
	os.Exit(code)
}

// program is ours, for those who leave the checking to it.
var program = sync.OnceValues(func() (string, error) {
	path := filepath.Join(programDir, "chipproof")
	build := exec.Command("go", "build", "-o", path, "chipproof/cmd/chipproof")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	build.Stderr = os.Stderr
	return path, build.Run()
})

// backend is a program of the page that runs.
type backend struct {
	*testing.T
	in  io.Writer
	out *bufio.Scanner
}

// start runs a program with a configuration.
func (l language) start(t *testing.T, c *counter) *backend {
	t.Helper()
	dir := t.TempDir()
	source, there := blocks(t, "en")[l.file]
	require.True(t, there)
	require.NoError(t, os.WriteFile(filepath.Join(dir, l.file), []byte(source), 0o600))
	config := c.configure(t, dir, l)
	words := append(l.command(t, dir), config)
	if !strings.Contains(words[0], "/") {
		path, err := exec.LookPath(words[0])
		require.NoError(t, err, "%s is missing: .ci/deps test installs it", words[0])
		words[0] = path
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(t.Context()), 5*time.Minute)
	cmd := exec.CommandContext(ctx, words[0], words[1:]...)
	// Node 18, which Debian has, knows the crypto that jose needs by this word only.
	cmd.Dir, cmd.Env = dir, append(os.Environ(), "NODE_OPTIONS=--experimental-global-webcrypto")
	var failed bytes.Buffer
	cmd.Stderr = &failed
	in, err := cmd.StdinPipe()
	require.NoError(t, err)
	out, err := cmd.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	b := &backend{T: t, in: in, out: bufio.NewScanner(out)}
	t.Cleanup(func() {
		defer cancel()
		_ = in.Close() // it ends when its page has gone
		assert.NoError(t, cmd.Wait(), "%s: %s", l.file, failed.String())
	})
	return b
}

// call sends one line, and reads the answer.
func (b *backend) call(line map[string]string) map[string]string {
	b.Helper()
	text, err := json.Marshal(line)
	require.NoError(b, err)
	said := b.raw(string(text))
	var answer map[string]string
	require.NoError(b, json.Unmarshal([]byte(said), &answer), said)
	return answer
}

func (b *backend) raw(line string) string {
	b.Helper()
	_, err := io.WriteString(b.in, line+"\n")
	require.NoError(b, err)
	require.True(b, b.out.Scan(), "it answers: %v", b.out.Err())
	return b.out.Text()
}
