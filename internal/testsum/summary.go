package main

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
)

// event is a line of `go test -json` (go doc test2json).
type event struct {
	Action  string
	Package string
	Test    string
	Elapsed float64
	Output  string
}

// summary turns events into lines for people: one a package, and everything
// that a failed test printed.
type summary struct {
	out                     io.Writer
	passed, failed, skipped int
	skips                   []string
	printed                 map[string]*strings.Builder // by package and test, until it ends
	packages                int
	broken                  []string // packages that failed
}

func newSummary(out io.Writer) *summary {
	return &summary{out: out, printed: map[string]*strings.Builder{}}
}

// add takes one line. What is no event (a message of the go command) is shown.
func (s *summary) add(line []byte) {
	var e event
	if err := json.Unmarshal(line, &e); err != nil {
		_, _ = s.out.Write(line)
		return
	}
	switch e.Action {
	case "build-output":
		fmt.Fprint(s.out, e.Output)
	case "output":
		s.keep(e)
	case "pass", "fail", "skip":
		if e.Test == "" {
			s.endPackage(e)
		} else {
			s.endTest(e)
		}
	}
}

func (s *summary) keep(e event) {
	key := e.Package + " " + e.Test
	if s.printed[key] == nil {
		s.printed[key] = &strings.Builder{}
	}
	s.printed[key].WriteString(e.Output)
}

// take gives what a test printed, and forgets it.
func (s *summary) take(e event) string {
	key := e.Package + " " + e.Test
	defer delete(s.printed, key)
	if s.printed[key] == nil {
		return ""
	}
	return s.printed[key].String()
}

func (s *summary) endTest(e event) {
	printed := s.take(e)
	switch e.Action {
	case "pass":
		s.passed++
	case "fail":
		s.failed++
		fmt.Fprint(s.out, printed)
	case "skip":
		s.skipped++
		s.skips = append(s.skips, e.Package+" "+e.Test)
		fmt.Fprint(s.out, printed)
	}
}

// endPackage shows a package's own output only when it failed: there is the
// panic, the data race, or the test that never ended.
func (s *summary) endPackage(e event) {
	printed := s.take(e)
	switch e.Action {
	case "pass":
		s.packages++
		fmt.Fprintf(s.out, "ok    %s  %.1fs\n", e.Package, e.Elapsed)
	case "fail":
		s.packages++
		s.broken = append(s.broken, e.Package)
		for key, b := range s.printed { // tests that a panic or a timeout cut off
			if strings.HasPrefix(key, e.Package+" ") {
				fmt.Fprint(s.out, b.String())
				delete(s.printed, key)
			}
		}
		fmt.Fprint(s.out, printed)
		fmt.Fprintf(s.out, "FAIL  %s  %.1fs\n", e.Package, e.Elapsed)
	}
}

// finish prints the result and says whether it is good. The last line stands
// alone, so that a machine can read it.
func (s *summary) finish() bool {
	for _, name := range s.skips {
		fmt.Fprintln(s.out, "skipped, which counts as failed:", name)
	}
	for _, name := range s.broken {
		fmt.Fprintln(s.out, "failed package:", name)
	}
	ok := s.failed+s.skipped+len(s.broken) == 0
	if s.passed+s.failed+s.skipped == 0 {
		fmt.Fprintln(s.out, "no test ran")
		ok = false
	}
	fmt.Fprintf(s.out, "%d packages tested\n", s.packages)
	fmt.Fprintf(s.out, "%d passed, %d failed\n", s.passed, max(s.failed+s.skipped, len(s.broken)))
	return ok
}
