package main

import (
	"context"
	"io"
	"net/http"

	"github.com/rogpeppe/go-internal/testscript"
)

// asked is a request that a script goes on beside.
type asked struct {
	done   chan struct{}
	answer *answer
	err    error
}

// askCmd sends a request and doesn't wait for its answer: ask NAME METHOD URL …
func askCmd(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 3 {
		ts.Fatalf("usage: ask NAME METHOD URL [HEADER: VALUE]... [BODY]")
	}
	ctx, cancel := context.WithTimeout(context.Background(), patience+patience)
	r, err := request(ctx, args[1], args[2], args[3:], ts.ReadFile)
	if err != nil {
		cancel()
		ts.Fatalf("ask: %v", err)
	}
	a := &asked{done: make(chan struct{})}
	benchOf(ts).asked[args[0]] = a
	go func() {
		defer close(a.done)
		defer cancel()
		a.answer, a.err = answerTo(r)
	}()
}

func answerTo(r *http.Request) (*answer, error) {
	res, err := client().Do(r)
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	return &answer{res.StatusCode, res.Header, string(body)}, err
}

// answeredCmd waits for that answer, and keeps it as http keeps one.
func answeredCmd(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 || benchOf(ts).asked[args[0]] == nil {
		ts.Fatalf("usage: answered NAME, after ask NAME …")
	}
	a := benchOf(ts).asked[args[0]]
	<-a.done // its context ends it, if nothing else
	ts.Check(a.err)
	ts.Logf("%d %s", a.answer.status, a.answer.body)
	benchOf(ts).answer = a.answer
}

// waitingCmd runs `chipproof approve` until something waits.
func waitingCmd(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 0 {
		ts.Fatalf("usage: waiting")
	}
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	for ts.Exec("chipproof", "approve") != nil {
		if ctx.Err() != nil {
			ts.Fatalf("nothing waits")
		}
	}
}
