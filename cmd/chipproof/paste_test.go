package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"regexp"

	"github.com/rogpeppe/go-internal/testscript"
)

// pasteCmd takes the first line that begins with curl out of what NAME printed
// to stderr, and has a shell run it as it stands. The answer is kept as http
// keeps one.
func pasteCmd(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: paste NAME")
	}
	line := regexp.MustCompile(`(?m)^ *(curl .*)$`).FindStringSubmatch(named(ts, args[0]).err.String())
	if line == nil {
		ts.Fatalf("%s printed no curl line", args[0])
	}
	cmd := exec.Command("sh", "-c", line[1])
	cmd.Env = append(os.Environ(), "PATH="+ts.Getenv("PATH"))
	cmd.Stderr = os.Stderr
	body, err := cmd.Output()
	ts.Check(err)
	benchOf(ts).answer = &answer{status: http.StatusOK, body: string(body)}
}

// curlTool stands for curl, as far as the lines that chipproof prints use it:
// -s, -H, -d and an address. It ends with 22 unless the answer is 2xx.
func curlTool() {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	if err := curlOnce(ctx, os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "curl:", err)
		os.Exit(22)
	}
}

func curlOnce(ctx context.Context, args []string) error {
	method, url, words := http.MethodGet, "", []string(nil)
	for i := 0; i < len(args); i++ {
		switch args[i] {
		case "-s":
		case "-H":
			i++
			words = append(words, args[i])
		case "-d":
			i++
			method, words = http.MethodPost, append(words, args[i])
		default:
			url = args[i]
		}
	}
	r, err := request(ctx, method, url, words, func(string) string { return "" })
	if err != nil {
		return err
	}
	res, err := client().Do(r)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	if _, err := io.Copy(os.Stdout, res.Body); err != nil {
		return err
	}
	if res.StatusCode >= 300 {
		return fmt.Errorf("answered %s", res.Status)
	}
	return nil
}
