//go:build linux && cgo

package main

import (
	"context"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
	"github.com/stretchr/testify/require"

	"chipproof/cardreader/pcsc/pcsctest"
)

// TestScriptsOverPCSCD runs each script of testdata/pcscd where a real pcscd
// with two virtual slots is the script's own. Commands besides those of [scripts]:
//
//	pcscd kill|start|stop|restart    as a crash ends it, and so on
//	pcscd readers N                  from the next start on, N double readers
//	pcscd refuse                     in its place a service that refuses this account, until start
//	neighbour ADDRESS KIND|gone      another program of this machine, as in neighbour_test.go
func TestScriptsOverPCSCD(t *testing.T) {
	files, err := filepath.Glob("testdata/pcscd/*.txtar")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			t.Parallel()
			pcsctest.Run(t, func(t *testing.T, d *pcsctest.Daemon) {
				params := scripts("")
				params.Files = []string{file}
				params.Cmds["pcscd"] = pcscdCmd(d)
				params.Cmds["neighbour"] = neighbourCmd(t)
				testscript.Run(t, params)
			})
		})
	}
}

func pcscdCmd(d *pcsctest.Daemon) func(*testscript.TestScript, bool, []string) {
	var impostor *impostor
	return func(ts *testscript.TestScript, neg bool, args []string) {
		if neg || len(args) == 0 {
			ts.Fatalf("usage: pcscd kill|start|stop|restart|refuse, pcscd readers N")
		}
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		if impostor != nil {
			impostor.leave()
			impostor = nil
		}
		switch args[0] {
		case "kill":
			ts.Check(d.Kill())
		case "stop":
			ts.Check(d.Stop())
		case "start":
			ts.Check(d.Start(ctx))
		case "restart":
			ts.Check(d.Restart(ctx))
		case "readers":
			pairs, err := strconv.Atoi(args[len(args)-1])
			ts.Check(err)
			d.Equip(pairs)
		case "refuse":
			ts.Check(d.Kill())
			var err error
			impostor, err = refuseAll(pcsctest.Socket)
			ts.Check(err)
		default:
			ts.Fatalf("pcscd %s: no such thing", args[0])
		}
	}
}
