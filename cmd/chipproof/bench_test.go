package main

import (
	"bufio"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"regexp"
	"runtime"
	"strconv"
	"strings"
	"testing"

	"chipproof/cmd/internal/programtest"
	"github.com/stretchr/testify/require"
)

// served is the built program serving the simulator in a process of its own.
type served struct {
	cmd *exec.Cmd
	url string
}

// startServing starts the program on a free port and reads from its stderr where.
func startServing(tb testing.TB, program string, flags ...string) served {
	tb.Helper()
	args := append([]string{"serve", "--listen", "127.0.0.1:0", "--lang", "en", "--log-level", "error"}, flags...)
	s := served{cmd: exec.Command(program, args...)}
	s.cmd.Env = append(os.Environ(), "CHIPPROOF_CONFIG="+os.DevNull)
	stderr, err := s.cmd.StderrPipe()
	require.NoError(tb, err)
	require.NoError(tb, s.cmd.Start())
	lines := bufio.NewScanner(stderr)
	require.True(tb, lines.Scan(), "the program says where it serves")
	_, rest, found := strings.Cut(lines.Text(), "http://")
	require.True(tb, found, lines.Text())
	s.url = "http://" + strings.Fields(rest)[0]
	go func() { _, _ = io.Copy(io.Discard, stderr) }()
	return s
}

func (s served) stop(tb testing.TB) {
	tb.Helper()
	require.NoError(tb, s.cmd.Process.Signal(os.Interrupt))
	require.NoError(tb, s.cmd.Wait())
}

// measured is the built program, whose data folder is the benchmark's own.
func measured(b *testing.B) (program, data string) {
	b.Helper()
	return tested.Path(), newData(b)
}

// BenchmarkServeStart is the time from starting the program to its first answer
// (design §9: at most 300 ms).
func BenchmarkServeStart(b *testing.B) {
	client := &http.Client{}
	program, data := measured(b)
	for b.Loop() {
		s := startServing(b, program, "--driver", "simulator", "--data", data)
		res, err := client.Get(s.url + "/healthz")
		require.NoError(b, err)
		require.NoError(b, res.Body.Close())
		b.StopTimer()
		client.CloseIdleConnections()
		s.stop(b)
		b.StartTimer()
	}
	b.ReportMetric(float64(b.Elapsed().Milliseconds())/float64(b.N), "start-ms")
}

// readsForMemory are what the memory of `serve` is looked at after (design §9:
// at most 64 MiB, flat).
const readsForMemory = 10_000

// BenchmarkServeMemory is the resident memory after 1,000 and after 10,000 reads
// with photo, with a clerk who logged in. A hundred origins ask of each of a
// hundred insertions, because each is answered once an insertion and may ask 240
// times a minute.
func BenchmarkServeMemory(b *testing.B) {
	if runtime.GOOS != "linux" {
		b.Fatal("resident memory is read from /proc, so this is measured on Linux")
	}
	var early, late float64
	for b.Loop() {
		d := startDemonstrating(b, readsForMemory/100)
		client := &http.Client{}
		for n := range readsForMemory {
			if n > 0 && n%len(d.origins) == 0 {
				d.reinsert(b)
			}
			post(b, client, d.url, d.origins[n%len(d.origins)])
			if n == readsForMemory/10 {
				early = residentMiB(b, d.cmd.Process.Pid)
			}
		}
		late = residentMiB(b, d.cmd.Process.Pid)
		client.CloseIdleConnections()
		d.stop(b)
	}
	b.ReportMetric(early, "MiB-after-1000")
	b.ReportMetric(late, "MiB-after-10000")
}

// demonstrated is the built program with `--demo`, a clerk at its desk, and a
// reader that is worked by its stdin.
type demonstrated struct {
	served
	origins []string
	stdin   io.Writer
	stdout  *bufio.Scanner
}

func startDemonstrating(b *testing.B, origins int) demonstrated {
	b.Helper()
	program, _ := measured(b)
	args := []string{"serve", "--demo", "--driver", "simulator", "--person", "full-photo", "--listen", "127.0.0.1:0", "--lang", "en", "--log-level", "error"}
	var d demonstrated
	for port := range origins {
		d.origins = append(d.origins, killOrigin(port))
		args = append(args, "--origin", killOrigin(port))
	}
	d.cmd = exec.Command(program, args...)
	d.cmd.Env = append(os.Environ(), "CHIPPROOF_CONFIG="+os.DevNull)
	stdin, err := d.cmd.StdinPipe()
	require.NoError(b, err)
	stdout, err := d.cmd.StdoutPipe()
	require.NoError(b, err)
	stderr, err := d.cmd.StderrPipe()
	require.NoError(b, err)
	d.stdin, d.stdout = stdin, bufio.NewScanner(stdout)
	require.NoError(b, d.cmd.Start())

	var said strings.Builder
	lines := bufio.NewScanner(stderr)
	for !strings.Contains(said.String(), "one insertion") && lines.Scan() {
		said.WriteString(lines.Text() + "\n")
	}
	go func() { _, _ = io.Copy(io.Discard, stderr) }()
	found := regexp.MustCompile(`(?s)^chipproof: (\S+) .*password: (\S+)\ncode: (\d+) `).FindStringSubmatch(said.String())
	require.NotNil(b, found, said.String())
	d.url = found[1]
	clerk := &programtest.Visitor{Name: demoUser, Cookies: map[string]string{}}
	_, err = clerk.Own(d.url, "/v1/sessions", fmt.Sprintf(`{"username":%q,"password":%q}`, demoUser, found[2]), http.StatusOK)
	require.NoError(b, err)
	_, err = clerk.Own(d.url, "/v1/sessions/current/totp", fmt.Sprintf(`{"code":%q}`, found[3]), http.StatusOK)
	require.NoError(b, err)
	return d
}

// reinsert takes the card out and puts it in again.
func (d demonstrated) reinsert(b *testing.B) {
	b.Helper()
	for _, line := range []string{"remove", "insert full-photo"} {
		_, err := fmt.Fprintln(d.stdin, line)
		require.NoError(b, err)
		require.True(b, d.stdout.Scan())
		require.Equal(b, "ok", d.stdout.Text())
	}
}

func post(b *testing.B, client *http.Client, url, origin string) {
	b.Helper()
	body := strings.NewReader(`{"purpose":"form_fill","fields":["citizen_id","name","birth_date","sex","address","photo"]}`)
	req, err := http.NewRequestWithContext(b.Context(), http.MethodPost, url+"/v1/reads", body)
	require.NoError(b, err)
	req.Header.Set("Origin", origin)
	req.Header.Set("Content-Type", "application/json")
	res, err := client.Do(req)
	require.NoError(b, err)
	_, err = io.Copy(io.Discard, res.Body)
	require.NoError(b, err)
	require.NoError(b, res.Body.Close())
	require.Equal(b, http.StatusOK, res.StatusCode)
}

// residentMiB is VmRSS, as proc_pid_status(5) defines it.
func residentMiB(b *testing.B, pid int) float64 {
	b.Helper()
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	require.NoError(b, err)
	for line := range strings.Lines(string(status)) {
		if value, ok := strings.CutPrefix(line, "VmRSS:"); ok {
			kib, err := strconv.ParseFloat(strings.TrimSuffix(strings.TrimSpace(value), " kB"), 64)
			require.NoError(b, err)
			return kib / 1024
		}
	}
	b.Fatal("no VmRSS")
	return 0
}
