// Command testsum runs `go test` and says in the end how many tests passed,
// failed and were skipped. A skipped test is a failure: a missing tool has to
// be installed, not stepped over. So is a run in which no test ran.
//
//	go run ./internal/testsum -race -shuffle=on ./...
//
// Arguments go to `go test` as they are. It does not choose packages, retry, or
// hide what a failed test printed.
package main

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"os/exec"
)

func main() {
	os.Exit(run(os.Args[1:], os.Stdout))
}

// run answers with the exit code: 0 all passed, 1 not, 2 `go test` did not start.
func run(args []string, out io.Writer) int {
	cmd := exec.Command("go", append([]string{"test", "-json"}, args...)...)
	cmd.Stderr = out
	pipe, err := cmd.StdoutPipe()
	if err != nil {
		fmt.Fprintln(out, "testsum: read go test:", err)
		return 2
	}
	if err := cmd.Start(); err != nil {
		fmt.Fprintln(out, "testsum: start go test:", err)
		return 2
	}
	sum := newSummary(out)
	lines := bufio.NewReader(pipe)
	for {
		line, err := lines.ReadBytes('\n')
		if len(line) > 0 {
			sum.add(line)
		}
		if err != nil {
			break
		}
	}
	goTest := cmd.Wait()
	if sum.finish() && goTest == nil {
		return 0
	}
	return 1
}
