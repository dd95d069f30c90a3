package main

import (
	"flag"
	"fmt"
	"image/jpeg"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"chipproof/cmd/internal/programtest"
	"github.com/rogpeppe/go-internal/testscript"
)

// update writes golden files anew: go test ./cmd/chipproof -update.
var update = flag.Bool("update", false, "write golden files anew")

// tested is this program, for the scripts.
var tested = programtest.Program{Name: "chipproof", Env: "CHIPPROOF"}

func TestMain(m *testing.M) { tested.Main(m, tools()) }

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

// scripts are the parameters of a folder of scripts. Their commands besides those
// of [programtest.Program.Params]:
//
//	jpeg FILE WIDTH HEIGHT           the file is a picture of that size
//	golden FILE                      stdout must be as in testdata/golden
//	paste …                          lines that were printed to be pasted, as they stand
//	waiting                          run chipproof approve until something waits
//	traceless FILE...                nothing that was handed out to anybody stands in them, and nobody's data
func scripts(dir string) testscript.Params {
	params := tested.Params(dir)
	maps.Copy(params.Cmds, map[string]func(*testscript.TestScript, bool, []string){
		"jpeg": jpegCmd, "golden": goldenCmd, "paste": pasteCmd, "traceless": tracelessCmd, "waiting": waitingCmd,
	})
	return params
}

func TestNoScriptEndsBeforeItsLastLine(t *testing.T) { programtest.CheckScripts(t) }

// goldenCmd compares the stdout of the last command with a file that -update writes.
func goldenCmd(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: golden FILE")
	}
	path := filepath.Join(programtest.BenchOf(ts).PackageDir, "testdata", "golden", args[0])
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
