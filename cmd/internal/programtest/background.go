package programtest

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

// Patience is how long a script waits for what must come. It is no part of any
// behaviour: only a failing test waits so long.
const Patience = 20 * time.Second

type benchKey struct{}

// Bench is what runs beside a script: programs, event streams, the last answer.
type Bench struct {
	program    Program
	PackageDir string
	running    map[string]*Background
	Answer     *Answer
	Visitors   map[string]*Visitor
	apps       map[string]*App
	asked      map[string]*asked
}

func newBench(env *testscript.Env, p Program) *Bench {
	dir, err := os.Getwd() // of the test: this package's folder
	if err != nil {
		env.T().Fatal(err)
	}
	b := &Bench{program: p, PackageDir: dir, running: map[string]*Background{}, Visitors: map[string]*Visitor{}, apps: map[string]*App{}, asked: map[string]*asked{}}
	env.Defer(func() {
		for name, bg := range b.running {
			bg.kill()
			env.T().Log(name + " printed:\n" + bg.out.String() + bg.Err.String())
		}
	})
	return b
}

// BenchOf is that of a script.
func BenchOf(ts *testscript.TestScript) *Bench { return ts.Value(benchKey{}).(*Bench) }

// Background is a program or a stream that a script goes on beside.
type Background struct {
	out, Err Transcript
	stdin    io.WriteCloser
	process  *os.Process
	close    func()
	ended    chan struct{}
	code     int
}

func (bg *Background) kill() {
	if bg.process != nil {
		_ = bg.process.Kill()
	}
	if bg.close != nil {
		bg.close()
	}
	<-bg.ended
}

// wait gives the exit code of what ends by itself, or fails the script.
func (bg *Background) wait(ts *testscript.TestScript, name string) int {
	select {
	case <-bg.ended:
		return bg.code
	case <-time.After(Patience):
		ts.Fatalf("%s does not end; it printed:\n%s%s", name, bg.out.String(), bg.Err.String())
		return -1
	}
}

// Transcript is what a program prints, for somebody who waits for a line of it.
type Transcript struct {
	mu      sync.Mutex
	buf     bytes.Buffer
	seen    int // bytes behind the last match
	changed chan struct{}
}

// Write implements [io.Writer].
func (t *Transcript) Write(p []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.changed != nil {
		close(t.changed)
		t.changed = nil
	}
	return t.buf.Write(p)
}

func (t *Transcript) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.buf.String()
}

// await waits until pattern matches in what was printed since the last match.
func (t *Transcript) await(pattern *regexp.Regexp, ended <-chan struct{}) ([]string, error) {
	late := time.After(Patience)
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
	b := BenchOf(ts)
	if b.running[name] != nil {
		ts.Fatalf("%s runs already", name)
	}
	bg := &Background{ended: make(chan struct{})}
	path, err := lookPath(b.program.Name, ts.Getenv("PATH"))
	ts.Check(err)
	nostdin := args[0] == "-nostdin"
	if nostdin {
		args = args[1:]
	}
	if args[0] == "-as" {
		runas, err := lookPath("runas", ts.Getenv("PATH"))
		ts.Check(err)
		path, args = runas, append([]string{fmt.Sprint(UIDNamed(ts, args[1])), path}, args[2:]...)
	}
	cmd := exec.Command(path, args...)
	cmd.Dir = ts.MkAbs(".")
	cmd.Env = environment(ts)
	cmd.Stdout, cmd.Stderr = &bg.out, &bg.Err
	if !nostdin {
		bg.stdin, err = cmd.StdinPipe()
		ts.Check(err)
	}
	ts.Check(cmd.Start())
	bg.process = cmd.Process
	go func() {
		bg.code = ExitCode(cmd.Wait())
		close(bg.ended)
	}()
	b.running[name] = bg
}

// environment is the script's, which testscript gives variable by variable only.
func environment(ts *testscript.TestScript) []string {
	names := []string{"PATH", "HOME", "TMPDIR", "WORK", "LANG", "LC_ALL"}
	for _, end := range []string{"_CONFIG", "_DATA"} {
		names = append(names, BenchOf(ts).program.Env+end)
	}
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

// Named is what a script has started under a name.
func Named(ts *testscript.TestScript, name string) *Background {
	bg := BenchOf(ts).running[name]
	if bg == nil {
		ts.Fatalf("nothing is called %s", name)
	}
	return bg
}

func awaitCmd(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 3 || len(args) > 4 {
		ts.Fatalf("usage: await NAME stdout|stderr REGEXP [VAR]")
	}
	bg := Named(ts, args[0])
	stream := &bg.out
	if args[1] == "stderr" {
		stream = &bg.Err
	}
	pattern, err := regexp.Compile("(?m)" + args[2])
	ts.Check(err)
	groups, err := stream.await(pattern, bg.ended)
	if err != nil {
		ts.Fatalf("await %s: %v\nstderr: %s", args[0], err, bg.Err.String())
	}
	if len(args) == 4 {
		ts.Setenv(args[3], groups[len(groups)-1])
	}
}

func typeCmd(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: type NAME WORD...")
	}
	_, err := io.WriteString(Named(ts, args[0]).stdin, strings.Join(args[1:], " ")+"\n")
	ts.Check(err)
}

func endCmd(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: end NAME")
	}
	bg := Named(ts, args[0])
	if bg.process != nil {
		ts.Check(bg.process.Signal(os.Interrupt))
	} else {
		bg.close()
	}
	if code := bg.wait(ts, args[0]); code != 0 {
		ts.Fatalf("%s ended with %d; it printed:\n%s", args[0], code, bg.Err.String())
	}
	bg.keep(ts, args[0])
}

func terminateCmd(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: terminate NAME")
	}
	ts.Check(Named(ts, args[0]).process.Signal(syscall.SIGTERM))
}

func interruptCmd(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: interrupt NAME")
	}
	ts.Check(Named(ts, args[0]).process.Signal(os.Interrupt))
}

// slayCmd kills it, so that it can do nothing more.
func slayCmd(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: slay NAME")
	}
	bg := Named(ts, args[0])
	bg.kill()
	bg.keep(ts, args[0])
}

// keep leaves what was printed as NAME.stdout and NAME.stderr, to look at.
func (bg *Background) keep(ts *testscript.TestScript, name string) {
	delete(BenchOf(ts).running, name)
	ts.Check(os.WriteFile(ts.MkAbs(name+".stdout"), []byte(bg.out.String()), 0o600))
	ts.Check(os.WriteFile(ts.MkAbs(name+".stderr"), []byte(bg.Err.String()), 0o600))
}

func endedCmd(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: ended NAME CODE")
	}
	bg := Named(ts, args[0])
	if code := bg.wait(ts, args[0]); fmt.Sprint(code) != args[1] {
		ts.Fatalf("%s ended with %d, not %s; it printed:\n%s%s", args[0], code, args[1], bg.out.String(), bg.Err.String())
	}
	bg.keep(ts, args[0])
}
