//go:build linux

package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"chipproof/cmd/internal/programtest"
	"github.com/rogpeppe/go-internal/testscript"
	"github.com/stretchr/testify/require"
)

// asRoot says that this process was started by sudo.
const asRoot = "CHIPPROOF_TEST_AS_ROOT"

// TestScriptsAmongAccounts runs each script of testdata/accounts, which needs a
// machine with more accounts than one, and root. Commands besides those of [scripts]:
//
//	as clerk|service CODE PROGRAM ARG...   run it as that account; it must end with that code
//	own clerk|service FILE...              give files to that account
//	owned clerk|service FILE...            they are that account's
func TestScriptsAmongAccounts(t *testing.T) {
	if os.Geteuid() != 0 {
		require.Empty(t, os.Getenv(asRoot), "sudo makes root")
		again(t, asRoot, "sudo", "--non-interactive", "--preserve-env")
		return
	}
	// The built program lies in a folder of this account alone.
	require.NoError(t, os.Chmod(os.Getenv(programtest.BinaryDir), 0o711))
	params := scripts("testdata/accounts")
	params.Cmds["as"], params.Cmds["own"], params.Cmds["owned"] = asCmd, ownCmd, ownedCmd
	setUp := params.Setup
	params.Setup = func(env *testscript.Env) error {
		// What keeps another account out must be the data folder itself, and
		// not that of the test.
		for dir := env.WorkDir; dir != os.TempDir() && dir != "/"; dir = filepath.Dir(dir) {
			if err := os.Chmod(dir, 0o755); err != nil {
				return err
			}
		}
		return setUp(env)
	}
	testscript.Run(t, params)
}

func asCmd(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 3 {
		ts.Fatalf("usage: as clerk|service CODE PROGRAM ARG...")
	}
	err := ts.Exec("runas", append([]string{fmt.Sprint(programtest.UIDNamed(ts, args[0]))}, args[2:]...)...)
	if code := programtest.ExitCode(err); fmt.Sprint(code) != args[1] {
		ts.Fatalf("%s ended with %d, not %s: %v", strings.Join(args[2:], " "), code, args[1], err)
	}
}

// accountTools are tools that need accounts as Linux has them.
func accountTools() map[string]func() { return map[string]func(){"runas": runAsTool} }

// runAsTool becomes another account and then another program: runas UID PROGRAM ARG...
func runAsTool() {
	uid, err := strconv.Atoi(os.Args[1])
	if err == nil {
		err = become(uid, os.Args[2:])
	}
	fmt.Fprintln(os.Stderr, "runas:", err)
	os.Exit(125)
}

func become(uid int, args []string) error {
	path, err := exec.LookPath(args[0])
	if err != nil {
		return err
	}
	if err := errors.Join(syscall.Setgroups(nil), syscall.Setgid(uid), syscall.Setuid(uid)); err != nil {
		return err
	}
	return syscall.Exec(path, args, os.Environ())
}

func ownCmd(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: own clerk|service FILE...")
	}
	uid := programtest.UIDNamed(ts, args[0])
	for _, file := range args[1:] {
		ts.Check(os.Lchown(ts.MkAbs(file), uid, uid))
	}
}

func ownedCmd(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: owned clerk|service FILE...")
	}
	for _, file := range args[1:] {
		info, err := os.Lstat(ts.MkAbs(file))
		ts.Check(err)
		if owner := info.Sys().(*syscall.Stat_t).Uid; int(owner) != programtest.UIDNamed(ts, args[0]) {
			ts.Fatalf("%s belongs to %d", file, owner)
		}
	}
}
