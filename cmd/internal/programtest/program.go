package programtest

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// Program is the one that is tested, in whose folder the tests run.
type Program struct {
	Name string
	Env  string // begins its variables
}

// BinaryDir names the folder of the built program for this process and for those
// that a test starts in a namespace of their own.
const BinaryDir = "CHIPPROOF_TEST_BINARY_DIR"

// RaceAtExit lets a program that was built with the race detector end at once. It
// would sleep for a second otherwise, in case a race is reported meanwhile.
const RaceAtExit = "GORACE=atexit_sleep_ms=0"

// Main is a TestMain: it builds the program once, for all tests, and plays those
// of the tools as which this process was started.
func (p Program) Main(m *testing.M, tools map[string]func()) {
	_, isTool := tools[strings.TrimSuffix(filepath.Base(os.Args[0]), exeSuffix())]
	if isTool || os.Getenv(BinaryDir) != "" { // the program was built by the outer process
		testscript.Main(m, tools)
		return
	}
	dir, err := os.MkdirTemp("", "chipproof-test-*")
	if err == nil {
		err = p.build(dir)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "build the program to be tested:", err)
		os.Exit(1)
	}
	testscript.Main(cleaned{m, dir}, tools)
}

// cleaned runs the tests and takes the built program away afterwards.
type cleaned struct {
	testing *testing.M
	dir     string
}

// Run implements [testscript.TestingM].
func (c cleaned) Run() int {
	defer os.RemoveAll(c.dir)
	return c.testing.Run()
}

// build builds the program the way the tests themselves were built: with or
// without cgo, with or without the race detector (which leaves SQLite's engine
// out, as in the Makefile).
func (p Program) build(dir string) error {
	if err := goBuild(".", filepath.Join(dir, p.file()), "-race="+raceEnabled, "-gcflags=modernc.org/sqlite/lib=-race=0", "-gcflags=golang.org/x/crypto/scrypt=-race=0"); err != nil {
		return err
	}
	return os.Setenv(BinaryDir, dir)
}

func goBuild(folder, to string, flags ...string) error {
	cmd := exec.Command("go", append(append([]string{"build", "-o", to}, flags...), folder)...)
	cmd.Env = append(os.Environ(), "CGO_ENABLED="+cgoEnabled)
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("%w\n%s", err, out)
	}
	return nil
}

// Path is where the built program is.
func (p Program) Path() string { return filepath.Join(os.Getenv(BinaryDir), p.file()) }

func (p Program) file() string { return p.Name + exeSuffix() }

func exeSuffix() string {
	if os.PathSeparator == '\\' {
		return ".exe"
	}
	return ""
}

// Plain gives the path of the program without the race detector, for tests whose
// subject is volume, durability or a slow hash and not races. It is built at the
// first call, if it isn't what the others run anyway.
func (p Program) Plain() func() (string, error) {
	return sync.OnceValues(func() (string, error) {
		if raceEnabled != "true" {
			return p.Path(), nil
		}
		path := filepath.Join(os.Getenv(BinaryDir), "plain", p.file())
		return path, goBuild(".", path)
	})
}

// From builds another program, whose source is in that folder, where scripts find
// it beside the one that is tested; once, at the first call.
func (p Program) From(folder string) func() error {
	return sync.OnceValue(func() error { return goBuild(folder, p.Path()) })
}
