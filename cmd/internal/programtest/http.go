package programtest

import (
	"context"
	"io"
	"net/http"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"
)

// Answer is the last answer that a script got.
type Answer struct {
	Status int
	Header http.Header
	Body   string
}

// Request makes a request from words: METHOD URL [HEADER: VALUE]... [BODY].
func Request(ctx context.Context, method, url string, words []string, file func(string) string) (*http.Request, error) {
	var body io.Reader
	headers := http.Header{}
	for _, word := range words {
		name, value, isHeader := strings.Cut(word, ": ")
		switch {
		case strings.HasPrefix(word, "@"):
			body = strings.NewReader(file(word[1:]))
		case isHeader && !strings.HasPrefix(word, "{"):
			headers.Add(name, value)
		default:
			body = strings.NewReader(word)
		}
	}
	r, err := http.NewRequestWithContext(ctx, method, url, body)
	if err != nil {
		return nil, err
	}
	r.Header = headers
	if host := headers.Get("Host"); host != "" {
		r.Host = host
	}
	return r, nil
}

// Client keeps no connection, so that a server that is stopped has nobody left.
func Client() *http.Client {
	return &http.Client{Transport: &http.Transport{DisableKeepAlives: true}, CheckRedirect: func(*http.Request, []*http.Request) error {
		return http.ErrUseLastResponse
	}}
}

func httpCmd(ts *testscript.TestScript, neg bool, args []string) {
	var who *Visitor
	if len(args) > 2 && args[0] == "-as" {
		who, args = BenchOf(ts).visitor(args[1]), args[2:]
	}
	if neg || len(args) < 2 {
		ts.Fatalf("usage: http [-as NAME] METHOD URL [HEADER: VALUE]... [@BODYFILE | BODY]")
	}
	ctx, cancel := context.WithTimeout(context.Background(), Patience)
	defer cancel()
	r, err := Request(ctx, args[0], args[1], args[2:], ts.ReadFile)
	ts.Check(err)
	who.Dress(r)
	res, err := Client().Do(r)
	ts.Check(err)
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	ts.Check(err)
	who.remember(res, body)
	BenchOf(ts).Answer = &Answer{res.StatusCode, res.Header, string(body)}
	ts.Logf("%d %s", res.StatusCode, body)
	ts.Check(os.WriteFile(ts.MkAbs("body"), body, 0o600))
}

// LastAnswer is what the script got last.
func LastAnswer(ts *testscript.TestScript) *Answer {
	a := BenchOf(ts).Answer
	if a == nil {
		ts.Fatalf("nothing was asked yet")
	}
	return a
}

func statusCmd(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: status CODE")
	}
	if a := LastAnswer(ts); strconv.Itoa(a.Status) != args[0] {
		ts.Fatalf("the answer was %d, not %s: %s", a.Status, args[0], a.Body)
	}
}

func headerCmd(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) != 2 && !(neg && len(args) == 1) {
		ts.Fatalf("usage: header NAME REGEXP, ! header NAME")
	}
	values := LastAnswer(ts).Header.Values(args[0])
	if len(args) == 1 {
		if len(values) > 0 {
			ts.Fatalf("there is a header %s: %q", args[0], values)
		}
		return
	}
	pattern, err := regexp.Compile(args[1])
	ts.Check(err)
	if slices.ContainsFunc(values, pattern.MatchString) == neg {
		ts.Fatalf("header %s: %q", args[0], values)
	}
}

func bodyCmd(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) != 1 {
		ts.Fatalf("usage: [!] body REGEXP")
	}
	pattern, err := regexp.Compile("(?m)" + args[0])
	ts.Check(err)
	if a := LastAnswer(ts); pattern.MatchString(a.Body) == neg {
		ts.Fatalf("body: %s", a.Body)
	}
}

// streamCmd reads an event stream in the background, as stdout of NAME. It
// returns when the headers are there, so no later event is missed.
func streamCmd(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: stream NAME URL [HEADER: VALUE]...")
	}
	ctx, cancel := context.WithCancel(context.Background())
	r, err := Request(ctx, http.MethodGet, args[1], args[2:], ts.ReadFile)
	ts.Check(err)
	res, err := Client().Do(r)
	if err != nil {
		cancel()
		ts.Fatalf("open stream: %v", err)
	}
	if res.StatusCode != http.StatusOK {
		cancel()
		ts.Fatalf("the stream answered %d", res.StatusCode)
	}
	bg := &Background{close: cancel, ended: make(chan struct{})}
	go func() {
		defer close(bg.ended)
		defer res.Body.Close()
		_, _ = io.Copy(&bg.out, res.Body) // ends with the server, or when it is closed
	}()
	BenchOf(ts).running[args[0]] = bg
}
