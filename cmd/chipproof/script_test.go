package main

import (
	"flag"
	"fmt"
	"image/jpeg"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// update writes golden files anew: go test ./cmd/chipproof -update.
var update = flag.Bool("update", false, "write golden files anew")

// binaryDir names the folder of the built program for this process and for those
// that a test starts in a namespace of their own.
const binaryDir = "CHIPPROOF_TEST_BINARY_DIR"

func TestMain(m *testing.M) {
	_, isTool := tools()[strings.TrimSuffix(filepath.Base(os.Args[0]), exeSuffix())]
	if isTool || os.Getenv(binaryDir) != "" { // the program was built by the outer process
		testscript.Main(m, tools())
		return
	}
	dir, err := os.MkdirTemp("", "chipproof-test-*")
	if err == nil {
		err = buildProgram(dir)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "build the program to be tested:", err)
		os.Exit(1)
	}
	testscript.Main(cleaned{m, dir}, tools())
}

// cleaned runs the tests and takes the built program away afterwards.
type cleaned struct {
	testing *testing.M
	dir     string
}

func (c cleaned) Run() int {
	defer os.RemoveAll(c.dir)
	return c.testing.Run()
}

// buildProgram builds chipproof the way the tests themselves were built: with or
// without cgo, with or without the race detector (which leaves out what the
// Makefile leaves out).
func buildProgram(dir string) error {
	cmd := exec.Command("go", "build", "-race="+raceEnabled, "-gcflags=modernc.org/sqlite/lib=-race=0", "-gcflags=golang.org/x/crypto/scrypt=-race=0", "-o", filepath.Join(dir, "chipproof"+exeSuffix()), ".")
	cmd.Env = append(os.Environ(), "CGO_ENABLED="+cgoEnabled)
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("%w\n%s", err, out)
	}
	return os.Setenv(binaryDir, dir)
}

func exeSuffix() string {
	if os.PathSeparator == '\\' {
		return ".exe"
	}
	return ""
}

// tools are programs that scripts find on their PATH besides chipproof. Each
// stands for a tool of the outside world that not every machine has.
func tools() map[string]func() {
	tools := map[string]func(){
		"curl": curlTool, "sql": sqlTool, "agekey": ageKeyTool, "sitekey": siteKeyTool, "signrequest": signRequestTool, "say": sayTool,
	}
	maps.Copy(tools, accountTools())
	return tools
}

// jpegCmd is `jpeg FILE WIDTH HEIGHT`: the file is a picture of that size that
// another decoder takes.
func jpegCmd(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 3 {
		ts.Fatalf("usage: jpeg FILE WIDTH HEIGHT")
	}
	picture, err := jpeg.Decode(strings.NewReader(ts.ReadFile(args[0])))
	ts.Check(err)
	if size := picture.Bounds().Size(); fmt.Sprint(size.X, size.Y) != args[1]+" "+args[2] {
		ts.Fatalf("%s is %d × %d", args[0], size.X, size.Y)
	}
}

// TestScripts runs every script of testdata/script against the built program.
// Each is one story, and the manual of what it tells.
func TestScripts(t *testing.T) {
	testscript.Run(t, scripts("testdata/script"))
}

// scripts are the parameters of a folder of scripts. Their commands besides
// testscript's own:
//
//	start NAME [-nostdin] [-as ACCOUNT] ARG...   run chipproof in the background
//	await NAME stdout|stderr REGEXP [VAR]   wait for that in what it prints from here on
//	type NAME WORD...                write a line to its stdin
//	end NAME                         interrupt it; it must end with 0 (testscript has a "stop" of its own, which ends the script)
//	interrupt NAME                   interrupt it
//	ended NAME CODE                  wait until it ends by itself, with that exit code
//	http [-as NAME] METHOD URL [HEADER: VALUE]... [@BODYFILE | BODY]   one request, answer kept; as a person with a browser on the agent's own pages
//	status CODE, header NAME REGEXP, [!] body REGEXP        look at that answer
//	stream NAME URL [HEADER: VALUE]...     an event stream in the background; await NAME stdout …
//	exits CODE ARG...                run chipproof, which must end with that code
//	mode FILE OCTAL                  a file's permissions
//	golden FILE                      stdout must be as in testdata/golden
//	keep body|stdout VAR REGEXP      take the last group out of the last answer, or of stdout
//	enrol NAME URL GRANT, login NAME URL   a person does all of it, with an app called NAME
//	ask NAME METHOD URL …, answered NAME   a request that the script goes on beside; its answer
//	waiting                          run chipproof approve until something waits
//	traceless FILE...                nothing that was handed out to anybody stands in them, and nobody's data
//	app NAME, code NAME VAR          put the key of the last answer into an authenticator app; its next code
func scripts(dir string) testscript.Params {
	return testscript.Params{
		Dir:                 dir,
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Setup:               setUp,
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"start": startCmd, "await": awaitCmd, "type": typeCmd, "end": endCmd, "interrupt": interruptCmd, "ended": endedCmd,
			"http": httpCmd, "status": statusCmd, "header": headerCmd, "body": bodyCmd, "stream": streamCmd,
			"exits": exitsCmd, "mode": modeCmd, "jpeg": jpegCmd, "golden": goldenCmd, "paste": pasteCmd,
			"keep": keepCmd, "app": appCmd, "code": codeCmd, "enrol": enrolCmd, "login": loginCmd,
			"ask": askCmd, "traceless": tracelessCmd, "answered": answeredCmd, "waiting": waitingCmd,
		},
	}
}

// raceAtExit lets a program that was built with the race detector end at once. It
// would sleep for a second otherwise, in case a race is reported meanwhile.
const raceAtExit = "GORACE=atexit_sleep_ms=0"

// setUp gives each script the built program, no language, and no configuration
// of the machine it runs on.
func setUp(env *testscript.Env) error {
	var kept []string
	for _, variable := range env.Vars {
		if !strings.HasPrefix(variable, "PATH=") {
			kept = append(kept, variable)
		}
	}
	env.Vars = append(kept,
		"PATH="+os.Getenv(binaryDir)+string(os.PathListSeparator)+os.Getenv("PATH"),
		"CHIPPROOF_CONFIG="+os.DevNull,
		"LANG=en_GB.UTF-8",
		raceAtExit,
	)
	env.Values[benchKey{}] = newBench(env)
	return nil
}

// exitsCmd is `exec chipproof` with the exit code demanded.
func exitsCmd(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 1 {
		ts.Fatalf("usage: exits CODE ARG...")
	}
	err := ts.Exec("chipproof", args[1:]...)
	if got := exitCode(err); fmt.Sprint(got) != args[0] {
		ts.Fatalf("chipproof ended with %d, not %s (%v)", got, args[0], err)
	}
}

func exitCode(err error) int {
	if err == nil {
		return 0
	}
	if exit, ok := err.(*exec.ExitError); ok {
		return exit.ExitCode()
	}
	return -1
}

func modeCmd(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: mode FILE OCTAL")
	}
	info, err := os.Stat(ts.MkAbs(args[0]))
	ts.Check(err)
	if got := fmt.Sprintf("%04o", info.Mode().Perm()); got != args[1] {
		ts.Fatalf("%s has mode %s, not %s", args[0], got, args[1])
	}
}

// goldenCmd compares the stdout of the last command with a file that -update writes.
func goldenCmd(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: golden FILE")
	}
	path := filepath.Join(benchOf(ts).packageDir, "testdata", "golden", args[0])
	got := ts.ReadFile("stdout")
	if *update {
		ts.Check(os.WriteFile(path, []byte(got), 0o644))
		return
	}
	want, err := os.ReadFile(path)
	ts.Check(err)
	if got != string(want) {
		ts.Fatalf("stdout is not as in %s (go test ./cmd/chipproof -update):\n%s", args[0], got)
	}
}

// A script that ended early would pass for the wrong reason: testscript's own
// commands win over ours, and two of them do that.
func TestNoScriptEndsBeforeItsLastLine(t *testing.T) {
	found, err := filepath.Glob(filepath.Join("testdata", "*", "*.txtar"))
	require.NoError(t, err)
	require.NotEmpty(t, found)
	early := regexp.MustCompile(`^(\[[^\]]*\] *)*(stop|skip)\b`)
	for _, path := range found {
		content, err := os.ReadFile(path)
		require.NoError(t, err)
		script, _, _ := strings.Cut(string(content), "\n-- ")
		for number, line := range strings.Split(script, "\n") {
			assert.NotRegexp(t, early, line, "%s:%d", path, number+1)
		}
	}
}
