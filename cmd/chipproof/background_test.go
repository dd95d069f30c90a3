package main

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"sync"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

// patience is how long a script waits for what must come. It is no part of any
// behaviour: only a failing test waits so long.
const patience = 20 * time.Second

type benchKey struct{}

// bench is what runs beside a script: programs, event streams, the last answer.
type bench struct {
	packageDir string
	running    map[string]*background
	answer     *answer
	visitors   map[string]*visitor
	apps       map[string]*app
	asked      map[string]*asked
}

func newBench(env *testscript.Env) *bench {
	dir, err := os.Getwd() // of the test: this package's folder
	if err != nil {
		env.T().Fatal(err)
	}
	b := &bench{packageDir: dir, running: map[string]*background{}, visitors: map[string]*visitor{}, apps: map[string]*app{}, asked: map[string]*asked{}}
	env.Defer(func() {
		for name, bg := range b.running {
			bg.kill()
			env.T().Log(name + " printed:\n" + bg.out.String() + bg.err.String())
		}
	})
	return b
}

func benchOf(ts *testscript.TestScript) *bench { return ts.Value(benchKey{}).(*bench) }

// background is a program or a stream that a script goes on beside.
type background struct {
	out, err transcript
	stdin    io.WriteCloser
	process  *os.Process
	close    func()
	ended    chan struct{}
	code     int
}

func (bg *background) kill() {
	if bg.process != nil {
		_ = bg.process.Kill()
	}
	if bg.close != nil {
		bg.close()
	}
	<-bg.ended
}

// wait gives the exit code of what ends by itself, or fails the script.
func (bg *background) wait(ts *testscript.TestScript, name string) int {
	select {
	case <-bg.ended:
		return bg.code
	case <-time.After(patience):
		ts.Fatalf("%s does not end; it printed:\n%s%s", name, bg.out.String(), bg.err.String())
		return -1
	}
}

// transcript is what a program prints, for somebody who waits for a line of it.
type transcript struct {
	mu      sync.Mutex
	buf     bytes.Buffer
	seen    int // bytes behind the last match
	changed chan struct{}
}

func (t *transcript) Write(p []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.changed != nil {
		close(t.changed)
		t.changed = nil
	}
	return t.buf.Write(p)
}

func (t *transcript) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.buf.String()
}

// await waits until pattern matches in what was printed since the last match.
func (t *transcript) await(pattern *regexp.Regexp, ended <-chan struct{}) ([]string, error) {
	late := time.After(patience)
	for over := false; ; {
		t.mu.Lock()
		rest := t.buf.Bytes()[t.seen:]
		if at := pattern.FindSubmatchIndex(rest); at != nil {
			var groups []string
			for i := 0; i < len(at); i += 2 {
				groups = append(groups, string(rest[at[i]:at[i+1]]))
			}
			t.seen += at[1]
			t.mu.Unlock()
			return groups, nil
		}
		text := string(rest)
		if t.changed == nil {
			t.changed = make(chan struct{})
		}
		changed := t.changed
		t.mu.Unlock()
		if over {
			return nil, fmt.Errorf("it ended without %s; since the last match it printed:\n%s", pattern, text)
		}
		select {
		case <-changed:
		case <-ended:
			over = true // look once more at what came last
		case <-late:
			return nil, fmt.Errorf("no %s in time; since the last match it printed:\n%s", pattern, text)
		}
	}
}

func startCmd(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: start NAME [-nostdin] [-as ACCOUNT] ARG...")
	}
	name, args := args[0], args[1:]
	b := benchOf(ts)
	if b.running[name] != nil {
		ts.Fatalf("%s runs already", name)
	}
	bg := &background{ended: make(chan struct{})}
	path, err := lookPath("chipproof", ts.Getenv("PATH"))
	ts.Check(err)
	nostdin := args[0] == "-nostdin"
	if nostdin {
		args = args[1:]
	}
	if args[0] == "-as" {
		runas, err := lookPath("runas", ts.Getenv("PATH"))
		ts.Check(err)
		path, args = runas, append([]string{fmt.Sprint(uidNamed(ts, args[1])), path}, args[2:]...)
	}
	cmd := exec.Command(path, args...)
	cmd.Dir = ts.MkAbs(".")
	cmd.Env = environment(ts)
	cmd.Stdout, cmd.Stderr = &bg.out, &bg.err
	if !nostdin {
		bg.stdin, err = cmd.StdinPipe()
		ts.Check(err)
	}
	ts.Check(cmd.Start())
	bg.process = cmd.Process
	go func() {
		bg.code = exitCode(cmd.Wait())
		close(bg.ended)
	}()
	b.running[name] = bg
}

// environment is the script's, which testscript gives variable by variable only.
func environment(ts *testscript.TestScript) []string {
	names := []string{"PATH", "HOME", "TMPDIR", "WORK", "LANG", "LC_ALL", "CHIPPROOF_CONFIG", "CHIPPROOF_DATA"}
	for _, variable := range os.Environ() {
		name, _, _ := strings.Cut(variable, "=")
		names = append(names, name)
	}
	var env []string
	for _, name := range names {
		if value := ts.Getenv(name); value != "" {
			env = append(env, name+"="+value)
		}
	}
	return env
}

func lookPath(name, path string) (string, error) {
	for dir := range strings.SplitSeq(path, string(os.PathListSeparator)) {
		full := dir + string(os.PathSeparator) + name + exeSuffix()
		if info, err := os.Stat(full); err == nil && !info.IsDir() {
			return full, nil
		}
	}
	return "", fmt.Errorf("find %s: not on the PATH", name)
}

func named(ts *testscript.TestScript, name string) *background {
	bg := benchOf(ts).running[name]
	if bg == nil {
		ts.Fatalf("nothing is called %s", name)
	}
	return bg
}

func awaitCmd(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 3 || len(args) > 4 {
		ts.Fatalf("usage: await NAME stdout|stderr REGEXP [VAR]")
	}
	bg := named(ts, args[0])
	stream := &bg.out
	if args[1] == "stderr" {
		stream = &bg.err
	}
	pattern, err := regexp.Compile("(?m)" + args[2])
	ts.Check(err)
	groups, err := stream.await(pattern, bg.ended)
	if err != nil {
		ts.Fatalf("await %s: %v\nstderr: %s", args[0], err, bg.err.String())
	}
	if len(args) == 4 {
		ts.Setenv(args[3], groups[len(groups)-1])
	}
}

func typeCmd(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: type NAME WORD...")
	}
	_, err := io.WriteString(named(ts, args[0]).stdin, strings.Join(args[1:], " ")+"\n")
	ts.Check(err)
}

func endCmd(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: end NAME")
	}
	bg := named(ts, args[0])
	if bg.process != nil {
		ts.Check(bg.process.Signal(os.Interrupt))
	} else {
		bg.close()
	}
	if code := bg.wait(ts, args[0]); code != 0 {
		ts.Fatalf("%s ended with %d; it printed:\n%s", args[0], code, bg.err.String())
	}
	bg.keep(ts, args[0])
}

func interruptCmd(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: interrupt NAME")
	}
	ts.Check(named(ts, args[0]).process.Signal(os.Interrupt))
}

// keep leaves what was printed as NAME.stdout and NAME.stderr, to look at.
func (bg *background) keep(ts *testscript.TestScript, name string) {
	delete(benchOf(ts).running, name)
	ts.Check(os.WriteFile(ts.MkAbs(name+".stdout"), []byte(bg.out.String()), 0o600))
	ts.Check(os.WriteFile(ts.MkAbs(name+".stderr"), []byte(bg.err.String()), 0o600))
}

func endedCmd(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: ended NAME CODE")
	}
	bg := named(ts, args[0])
	if code := bg.wait(ts, args[0]); fmt.Sprint(code) != args[1] {
		ts.Fatalf("%s ended with %d, not %s; it printed:\n%s%s", args[0], code, args[1], bg.out.String(), bg.err.String())
	}
	bg.keep(ts, args[0])
}
