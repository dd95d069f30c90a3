package programtest

import (
	"fmt"
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

// Params are the parameters of a folder of scripts. Their commands besides
// testscript's own:
//
//	start NAME [-nostdin] [-as ACCOUNT] ARG...   run the program in the background
//	await NAME stdout|stderr REGEXP [VAR]   wait for that in what it prints from here on
//	type NAME WORD...                write a line to its stdin
//	end NAME                         interrupt it; it must end with 0 (testscript has a "stop" of its own, which ends the script)
//	interrupt NAME, terminate NAME   interrupt it, or send SIGTERM as a service manager does
//	slay NAME                        kill it, so that it can do nothing more
//	ended NAME CODE                  wait until it ends by itself, with that exit code
//	http [-as NAME] METHOD URL [HEADER: VALUE]... [@BODYFILE | BODY]   one request, answer kept; as a person with a browser on the program's own pages
//	status CODE, header NAME REGEXP, [!] body REGEXP        look at that answer
//	stream NAME URL [HEADER: VALUE]...     an event stream in the background; await NAME stdout …
//	exits CODE ARG...                run the program, which must end with that code
//	mode FILE OCTAL                  a file's permissions
//	keep body|stdout VAR REGEXP      take the last group out of the last answer, or of stdout
//	enrol NAME URL GRANT, login NAME URL   a person does all of it, with an app called NAME
//	ask NAME METHOD URL …, answered NAME   a request that the script goes on beside; its answer
//	app NAME, code NAME VAR          put the key of the last answer into an authenticator app; its next code
func (p Program) Params(dir string) testscript.Params {
	return testscript.Params{
		Dir:                 dir,
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Setup:               p.setUp,
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"start": startCmd, "await": awaitCmd, "type": typeCmd, "end": endCmd, "interrupt": interruptCmd,
			"terminate": terminateCmd, "slay": slayCmd, "ended": endedCmd,
			"http": httpCmd, "status": statusCmd, "header": headerCmd, "body": bodyCmd, "stream": streamCmd,
			"exits": exitsCmd, "mode": modeCmd, "keep": keepCmd, "app": appCmd, "code": codeCmd,
			"enrol": enrolCmd, "login": loginCmd, "ask": askCmd, "answered": AnsweredCmd,
		},
	}
}

// setUp gives each script the built program, no language, and no configuration
// of the machine it runs on.
func (p Program) setUp(env *testscript.Env) error {
	var kept []string
	for _, variable := range env.Vars {
		if !strings.HasPrefix(variable, "PATH=") {
			kept = append(kept, variable)
		}
	}
	env.Vars = append(kept,
		"PATH="+os.Getenv(BinaryDir)+string(os.PathListSeparator)+os.Getenv("PATH"),
		p.Env+"_CONFIG="+os.DevNull,
		"LANG=en_GB.UTF-8",
		RaceAtExit,
	)
	env.Values[benchKey{}] = newBench(env, p)
	return nil
}

// exitsCmd is `exec` of the program with the exit code demanded.
func exitsCmd(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 1 {
		ts.Fatalf("usage: exits CODE ARG...")
	}
	err := ts.Exec(BenchOf(ts).program.Name, args[1:]...)
	if got := ExitCode(err); fmt.Sprint(got) != args[0] {
		ts.Fatalf("it ended with %d, not %s (%v)", got, args[0], err)
	}
}

// ExitCode is that of a program which ended with err; -1 for one that didn't run.
func ExitCode(err error) int {
	if err == nil {
		return 0
	}
	if exit, ok := err.(*exec.ExitError); ok {
		return exit.ExitCode()
	}
	return -1
}

// modeCmd looks at a file's permissions: mode FILE OCTAL.
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

// CheckScripts refuses scripts that end before their last line. One that ended
// early would pass for the wrong reason: testscript's own commands win over ours,
// and two of them do that.
func CheckScripts(t *testing.T) {
	t.Helper()
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
