//go:build !race

package browsertest

import (
	"bufio"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// TestTheProgramItselfServesTheConsole is the one test of the whole program here:
// all others put the same parts together by themselves, to move clock and cards.
func TestTheProgramItselfServesTheConsole(t *testing.T) {
	binary := filepath.Join(t.TempDir(), "chipproof")
	build := exec.Command("go", "build", "-o", binary, "chipproof/cmd/chipproof")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	out, err := build.CombinedOutput()
	require.NoError(t, err, string(out))

	serve := exec.Command(binary, "serve", "--demo", "--driver", "simulator", "--listen", "localhost:0")
	_, err = serve.StdinPipe() // stays open: the end of it would be the end of the demonstration
	require.NoError(t, err)
	said, err := serve.StderrPipe()
	require.NoError(t, err)
	require.NoError(t, serve.Start())
	t.Cleanup(func() {
		require.NoError(t, serve.Process.Signal(os.Interrupt))
		require.NoError(t, serve.Wait(), "it ends as it should")
	})
	found := map[string]string{}
	lines := bufio.NewScanner(said)
	patterns := map[string]*regexp.Regexp{
		"url": regexp.MustCompile(`chipproof: (http://localhost:\d+) `), "password": regexp.MustCompile(`password: (\S+)`), "code": regexp.MustCompile(`code: (\d{6})`),
	}
	for len(found) < len(patterns) && lines.Scan() {
		for name, pattern := range patterns {
			if m := pattern.FindStringSubmatch(lines.Text()); m != nil && found[name] == "" {
				found[name] = m[1]
			}
		}
	}
	require.Len(t, found, len(patterns), "it says where it is and who can log in")
	go func() { _, _ = io.Copy(io.Discard, said) }()

	b := newBrowser(t, &agent{t: t, url: found["url"]}, "en")
	began := time.Now()
	b.open("/?lang=en")
	b.fill("#username", "demo")
	b.fill("#password", found["password"]+enter)
	b.fill("#code", found["code"]+enter)
	b.when(`document.querySelector('#reader')?.dataset.state === 'present'`)
	b.click("#read")
	b.see("Somchai")
	b.shot("en-program")
	t.Logf("from nothing to a person on the screen: %v", time.Since(began).Round(time.Millisecond))
	b.open("/doctor?lang=en")
	b.see("Reader service")
}
