package main

import (
	"bufio"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// served is the built program serving the simulator in a process of its own.
type served struct {
	cmd *exec.Cmd
	url string
}

// startServing starts the program on a free port and reads from its stderr where.
func startServing(b *testing.B, origins []string) served {
	b.Helper()
	args := []string{"serve", "--driver", "simulator", "--person", "full-photo", "--listen", "127.0.0.1:0", "--lang", "en", "--log-level", "error"}
	for _, o := range origins {
		args = append(args, "--origin", o)
	}
	s := served{cmd: exec.Command(filepath.Join(os.Getenv(binaryDir), "chipproof"+exeSuffix()), args...)}
	stderr, err := s.cmd.StderrPipe()
	require.NoError(b, err)
	require.NoError(b, s.cmd.Start())
	lines := bufio.NewScanner(stderr)
	require.True(b, lines.Scan(), "the program says where it serves")
	_, rest, found := strings.Cut(lines.Text(), "http://")
	require.True(b, found, lines.Text())
	s.url = "http://" + strings.Fields(rest)[0]
	go func() { _, _ = io.Copy(io.Discard, stderr) }()
	return s
}

func (s served) stop(b *testing.B) {
	b.Helper()
	require.NoError(b, s.cmd.Process.Signal(os.Interrupt))
	require.NoError(b, s.cmd.Wait())
}

// BenchmarkServeStart is the time from starting the program to its first answer
// (design §9: at most 300 ms).
func BenchmarkServeStart(b *testing.B) {
	client := &http.Client{}
	for b.Loop() {
		s := startServing(b, nil)
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
// with photo. Many origins ask, because each may ask 240 times a minute.
func BenchmarkServeMemory(b *testing.B) {
	if runtime.GOOS != "linux" {
		b.Fatal("resident memory is read from /proc, so this is measured on Linux")
	}
	var origins []string
	for port := range readsForMemory / 100 {
		origins = append(origins, fmt.Sprintf("http://localhost:%d", 9000+port))
	}
	var early, late float64
	for b.Loop() {
		s := startServing(b, origins)
		client := &http.Client{}
		for n := range readsForMemory {
			post(b, client, s.url, origins[n%len(origins)])
			if n == readsForMemory/10 {
				early = residentMiB(b, s.cmd.Process.Pid)
			}
		}
		late = residentMiB(b, s.cmd.Process.Pid)
		client.CloseIdleConnections()
		s.stop(b)
	}
	b.ReportMetric(early, "MiB-after-1000")
	b.ReportMetric(late, "MiB-after-10000")
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
