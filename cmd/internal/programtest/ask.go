package programtest

import (
	"context"
	"io"
	"net/http"

	"github.com/rogpeppe/go-internal/testscript"
)

// asked is a request that a script goes on beside.
type asked struct {
	done   chan struct{}
	answer *Answer
	err    error
}

// askCmd sends a request and doesn't wait for its answer: ask NAME METHOD URL …
func askCmd(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 3 {
		ts.Fatalf("usage: ask NAME METHOD URL [HEADER: VALUE]... [BODY]")
	}
	ctx, cancel := context.WithTimeout(context.Background(), Patience+Patience)
	r, err := Request(ctx, args[1], args[2], args[3:], ts.ReadFile)
	if err != nil {
		cancel()
		ts.Fatalf("ask: %v", err)
	}
	a := &asked{done: make(chan struct{})}
	BenchOf(ts).asked[args[0]] = a
	go func() {
		defer close(a.done)
		defer cancel()
		a.answer, a.err = AnswerTo(r)
	}()
}

// AnswerTo sends a request and reads the whole answer.
func AnswerTo(r *http.Request) (*Answer, error) {
	res, err := Client().Do(r)
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	return &Answer{res.StatusCode, res.Header, string(body)}, err
}

// AnsweredCmd waits for that answer, and keeps it as http keeps one.
func AnsweredCmd(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 || BenchOf(ts).asked[args[0]] == nil {
		ts.Fatalf("usage: answered NAME, after ask NAME …")
	}
	a := BenchOf(ts).asked[args[0]]
	<-a.done // its context ends it, if nothing else
	ts.Check(a.err)
	ts.Logf("%d %s", a.answer.Status, a.answer.Body)
	BenchOf(ts).Answer = a.answer
}
