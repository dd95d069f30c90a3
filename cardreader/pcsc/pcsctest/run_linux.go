package pcsctest

import (
	"bytes"
	"flag"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"
)

// Run runs body in a namespace of its own with a pcscd that is ready, and ends
// both. A test calls it once, and does all of its work in the body: the test
// function runs again inside, up to the body. Works for subtests too.
func Run(t *testing.T, body func(t *testing.T, d *Daemon)) {
	t.Helper()
	if os.Getenv(inside) == t.Name() {
		body(t, start(t))
		return
	}
	execute(t, "-test.run="+exactly(t.Name()))
}

// Benchmark is [Run] for benchmarks. What the one inside measured is reported
// as the outer one's result.
func Benchmark(b *testing.B, body func(b *testing.B, d *Daemon)) {
	b.Helper()
	if os.Getenv(inside) == b.Name() {
		body(b, start(b))
		return
	}
	output := execute(b, "-test.run=^$", "-test.bench="+exactly(b.Name()))
	for _, m := range measurements(string(output)) {
		b.ReportMetric(m.value, m.unit)
	}
}

// start furnishes the namespace, once for the process, and starts pcscd in it.
func start(tb testing.TB) *Daemon {
	tb.Helper()
	in, err := findInstallation(tb.Context())
	if err != nil {
		tb.Fatal(err)
	}
	// A benchmark's function is called again and again in one process.
	if _, err := os.Stat(place); err != nil {
		if err := furnish(); err != nil {
			tb.Fatal(err)
		}
		go endWithParent()
	}
	d := &Daemon{installation: in, pairs: 1}
	tb.Cleanup(func() {
		if err := d.Kill(); err != nil {
			tb.Error(err)
		}
		if tb.Failed() {
			tb.Logf("pcscd wrote:\n%s", d.Log())
		}
	})
	if err := d.Start(tb.Context()); err != nil {
		tb.Fatal(err)
	}
	return d
}

// execute runs this test binary inside with args, passes on what it says and
// fails when it does.
func execute(tb testing.TB, args ...string) []byte {
	tb.Helper()
	// Asked here too, so that the sentence stands at the top.
	if _, err := findInstallation(tb.Context()); err != nil {
		tb.Fatal(err)
	}
	var out bytes.Buffer
	cmd, lifeline, err := startInside(tb.Context(), tb.Name(), append(passedOn(tb), args...), &out)
	if err != nil {
		tb.Fatal(err)
	}
	defer lifeline.Close()
	if err := cmd.Wait(); err != nil {
		tb.Fatalf("inside its namespace: %v\n%s", err, quoted(out.String()))
	}
	if testing.Verbose() {
		tb.Logf("inside its namespace:\n%s", quoted(out.String()))
	}
	return out.Bytes()
}

// passedOn are the flags of this run that mean the same inside. Those that name
// files to write stay out: the outer process writes them.
func passedOn(tb testing.TB) []string {
	// Inside, tests wait for pcscd and not for the processor.
	args := []string{"-test.v=true", "-test.count=1", "-test.parallel=16"}
	// A margin, so that the inner one says where it hangs before the outer one does.
	if t, ok := tb.(interface{ Deadline() (time.Time, bool) }); ok {
		if deadline, ok := t.Deadline(); ok {
			left := max(time.Until(deadline)-5*time.Second, time.Second)
			args = append(args, "-test.timeout="+left.String())
		}
	}
	same := map[string]bool{"test.short": true, "test.cpu": true, "test.parallel": true, "test.failfast": true, "test.benchtime": true, "test.benchmem": true}
	flag.Visit(func(f *flag.Flag) {
		if same[f.Name] || !strings.HasPrefix(f.Name, "test.") {
			args = append(args, "-"+f.Name+"="+f.Value.String())
		}
	})
	return args
}

// exactly is a pattern for -test.run that matches one test.
func exactly(name string) string {
	parts := strings.Split(name, "/")
	for i, part := range parts {
		parts[i] = "^" + regexp.QuoteMeta(part) + "$"
	}
	return strings.Join(parts, "/")
}

// quoted marks lines as somebody else's, so that tools which read test output
// don't take the inner "--- PASS" for the outer one.
func quoted(output string) string {
	return "| " + strings.ReplaceAll(strings.TrimRight(output, "\n"), "\n", "\n| ")
}
