package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"regexp"
	"strings"

	"chipproof/cmd/internal/programtest"
	"github.com/rogpeppe/go-internal/testscript"
)

// pasteCmd takes the first lines that begin with curl, one after the other, out
// of what NAME printed to stderr, and has one shell run them as they stand. The
// last answer is kept as http keeps one.
func pasteCmd(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: paste NAME")
	}
	lines := regexp.MustCompile(`(?m)(?:^  (?:CSRF=\$\()?curl .*\n)+`).FindString(programtest.Named(ts, args[0]).Err.String())
	if lines == "" {
		ts.Fatalf("%s printed no curl line", args[0])
	}
	cmd := exec.Command("sh", "-e", "-c", lines)
	cmd.Env = append(os.Environ(), "PATH="+ts.Getenv("PATH"))
	cmd.Stderr = os.Stderr
	body, err := cmd.Output()
	ts.Check(err)
	answers := strings.Split(strings.TrimRight(string(body), "\n"), "\n")
	programtest.BenchOf(ts).Answer = &programtest.Answer{Status: http.StatusOK, Body: answers[len(answers)-1]}
}

// curlTool stands for curl, as far as the lines that chipproof prints use it:
// -s, -H, -d (of stdin too), -b and -c with one file of cookies, and an address. It ends with 22 unless the answer is 2xx.
func curlTool() {
	ctx, cancel := context.WithTimeout(context.Background(), programtest.Patience)
	defer cancel()
	if err := curlOnce(ctx, os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "curl:", err)
		os.Exit(22)
	}
}

func curlOnce(ctx context.Context, args []string) error {
	method, url, jar, words := http.MethodGet, "", "", []string(nil)
	for i := 0; i < len(args); i++ {
		switch args[i] {
		case "-s":
		case "-H":
			i++
			words = append(words, args[i])
		case "-d":
			i++
			body := args[i]
			if body == "@-" {
				content, err := io.ReadAll(os.Stdin)
				if err != nil {
					return err
				}
				body = string(content)
			}
			method, words = http.MethodPost, append(words, body)
		case "-b", "-c":
			i++
			jar = args[i]
		default:
			url = args[i]
		}
	}
	r, err := programtest.Request(ctx, method, url, words, func(string) string { return "" })
	if err != nil {
		return err
	}
	if cookies, err := os.ReadFile(jar); err == nil {
		r.Header.Set("Cookie", string(cookies))
	}
	res, err := programtest.Client().Do(r)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	if set := res.Cookies(); jar != "" && len(set) > 0 {
		if err := os.WriteFile(jar, []byte(set[0].Name+"="+set[0].Value), 0o600); err != nil {
			return err
		}
	}
	if _, err := io.Copy(os.Stdout, res.Body); err != nil {
		return err
	}
	if res.StatusCode >= 300 {
		return fmt.Errorf("answered %s", res.Status)
	}
	return nil
}
