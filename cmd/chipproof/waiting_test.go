package main

import (
	"context"

	"chipproof/cmd/internal/programtest"
	"github.com/rogpeppe/go-internal/testscript"
)

// waitingCmd runs `chipproof approve` until something waits.
func waitingCmd(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 0 {
		ts.Fatalf("usage: waiting")
	}
	ctx, cancel := context.WithTimeout(context.Background(), programtest.Patience)
	defer cancel()
	for ts.Exec("chipproof", "approve") != nil {
		if ctx.Err() != nil {
			ts.Fatalf("nothing waits")
		}
	}
}
