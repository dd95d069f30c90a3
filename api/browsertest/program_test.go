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

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/mfa"
)

// The tests of this file are of the whole program: all others put the same parts
// together by themselves, to move clock and cards.

// demonstration is the program as `serve --demo` runs it, and what it said.
type demonstration struct{ binary, url, password, code, data string }

// newDemonstration builds the program and starts it with these flags besides.
func newDemonstration(t *testing.T, flags ...string) demonstration {
	t.Helper()
	binary := filepath.Join(t.TempDir(), "chipproof")
	build := exec.Command("go", "build", "-o", binary, "chipproof/cmd/chipproof")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	out, err := build.CombinedOutput()
	require.NoError(t, err, string(out))

	serve := exec.Command(binary, append([]string{"serve", "--demo", "--driver", "simulator", "--listen", "localhost:0"}, flags...)...)
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
		"data": regexp.MustCompile(`--data (\S+)`),
	}
	for len(found) < len(patterns) && lines.Scan() {
		for name, pattern := range patterns {
			if m := pattern.FindStringSubmatch(lines.Text()); m != nil && found[name] == "" {
				found[name] = m[1]
			}
		}
	}
	require.Len(t, found, len(patterns), "it says where it is, who can log in and where its data are")
	go func() { _, _ = io.Copy(io.Discard, said) }()
	return demonstration{binary, found["url"], found["password"], found["code"], found["data"]}
}

func TestTheProgramItselfServesTheConsole(t *testing.T) {
	d := newDemonstration(t)
	b := newBrowser(t, &agent{t: t, url: d.url}, "en")
	began := time.Now()
	b.open("/?lang=en")
	b.fill("#username", "demo")
	b.fill("#password", d.password+enter)
	b.fill("#code", d.code+enter)
	b.when(`document.querySelector('#reader')?.dataset.state === 'present'`)
	b.click("#read")
	b.see("Somchai")
	b.shot("en-program")
	t.Logf("from nothing to a person on the screen: %v", time.Since(began).Round(time.Millisecond))
	b.open("/doctor?lang=en")
	b.see("Reader service")
}

func TestTheProgramsAdministratorSeesItsOwnKeysAndItsDropInPorts(t *testing.T) {
	d := newDemonstration(t, "--compat", "go-thai-smartcard=0")
	out, err := exec.Command(d.binary, "user", "add", "prasit", "--role", "admin", "--json", "--data", d.data).Output()
	require.NoError(t, err)
	grant := regexp.MustCompile(`"grant": ?"([^"]+)"`).FindSubmatch(out)
	require.Len(t, grant, 2, "%s", out)
	b := newBrowser(t, &agent{t: t, url: d.url}, "th")
	b.open("/enrol")
	b.fill("#grant", string(grant[1]))
	const password = "หมาเห่าเครื่องบินเขียว"
	b.fill("#new-password", password)
	b.fill("#new-again", password+enter)
	b.when(`document.querySelector('.qr')?.naturalWidth > 100`)
	secret, err := mfa.ParseSecret(eval[string](b, `document.querySelector('.secret').textContent.replaceAll(' ', '')`))
	require.NoError(t, err)
	code := func(steps int64) string {
		code, err := mfa.Code(secret, mfa.StepStart(mfa.Step(time.Now())+steps))
		require.NoError(t, err)
		return code.Reveal()
	}
	b.fill("#enrol-key input[name=code]", code(0)+enter)
	b.when(`document.querySelectorAll('.backup li').length === 10`)
	b.click(".codes .done")
	b.click("#enrol-done a")
	b.fill("#username", "prasit")
	b.fill("#password", password+enter)
	b.fill("#code", code(1)+enter) // the present one was used for the enrolment
	b.see("พอร์ตทดแทนเปิดอยู่")
	b.see("go-thai-smartcard")
	b.everywhere("th-program-admin")

	b.open("/keys")
	b.see("ลงนามผลพิสูจน์ในโหมดทดสอบ")
	published, err := exec.Command(d.binary, "keys", "export", "--test", "--data", d.data).Output()
	require.NoError(t, err)
	kid := regexp.MustCompile(`"kid": ?"([^"]+)"`).FindSubmatch(published)
	require.Len(t, kid, 2, "%s", published)
	row := eval[string](b, `[...document.querySelectorAll('#keys tr')].find((r) => r.textContent.includes(`+"`"+string(kid[1])+"`"+`))?.innerText ?? ''`)
	assert.Contains(t, row, "ลงนามผลพิสูจน์ในโหมดทดสอบ")
	assert.Contains(t, row, "ใช้อยู่")
	b.everywhere("th-program-keys")
}
