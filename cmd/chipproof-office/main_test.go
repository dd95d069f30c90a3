package main

import (
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"chipproof/cmd/internal/programtest"
)

// tested is this program, for the scripts.
var tested = programtest.Program{Name: "chipproof-office", Env: "CHIPPROOF_OFFICE"}

func TestMain(m *testing.M) { tested.Main(m, nil) }

// counter is the other program.
var counter = programtest.Program{Name: "chipproof", Env: "CHIPPROOF"}.From("../chipproof")

// TestScripts runs every script of testdata/script against the built program.
// Commands besides those of [programtest.Program.Params]:
//
//	counter                          build chipproof, for exec
func TestScripts(t *testing.T) {
	params := tested.Params("testdata/script")
	params.Cmds["counter"] = func(ts *testscript.TestScript, _ bool, _ []string) { ts.Check(counter()) }
	testscript.Run(t, params)
}

func TestNoScriptEndsBeforeItsLastLine(t *testing.T) { programtest.CheckScripts(t) }
