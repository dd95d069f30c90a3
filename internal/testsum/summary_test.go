package main

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

// summarise plays lines of `go test -json` and gives what is printed.
func summarise(lines ...string) (string, bool) {
	var out strings.Builder
	s := newSummary(&out)
	for _, line := range lines {
		s.add([]byte(line + "\n"))
	}
	ok := s.finish()
	return out.String(), ok
}

func TestPassedTestsAreCountedAndWhatTheyPrintedIsLeftOut(t *testing.T) {
	out, ok := summarise(
		`{"Action":"output","Package":"p","Test":"TestA","Output":"chatter\n"}`,
		`{"Action":"pass","Package":"p","Test":"TestA","Elapsed":0.1}`,
		`{"Action":"pass","Package":"p","Test":"TestB/one","Elapsed":0.1}`,
		`{"Action":"pass","Package":"p","Elapsed":0.25}`,
	)
	assert.True(t, ok)
	assert.NotContains(t, out, "chatter")
	assert.Contains(t, out, "ok    p  0.2s\n")
	assert.True(t, strings.HasSuffix(out, "\n2 passed, 0 failed\n"), out)
}

func TestAFailedTestShowsWhatItPrinted(t *testing.T) {
	out, ok := summarise(
		`{"Action":"output","Package":"p","Test":"TestA","Output":"want 1, got 2\n"}`,
		`{"Action":"fail","Package":"p","Test":"TestA"}`,
		`{"Action":"fail","Package":"p"}`,
	)
	assert.False(t, ok)
	assert.Contains(t, out, "want 1, got 2")
	assert.Contains(t, out, "failed package: p\n")
	assert.True(t, strings.HasSuffix(out, "\n0 passed, 1 failed\n"), out)
}

func TestASkippedTestIsAFailureAndIsNamed(t *testing.T) {
	out, ok := summarise(
		`{"Action":"pass","Package":"p","Test":"TestA"}`,
		`{"Action":"output","Package":"p","Test":"TestB","Output":"no pcscd here\n"}`,
		`{"Action":"skip","Package":"p","Test":"TestB"}`,
		`{"Action":"pass","Package":"p"}`,
	)
	assert.False(t, ok)
	assert.Contains(t, out, "skipped, which counts as failed: p TestB\n")
	assert.Contains(t, out, "no pcscd here")
	assert.True(t, strings.HasSuffix(out, "\n1 passed, 1 failed\n"), out)
}

func TestAPackageWithoutTestsIsNoFailure(t *testing.T) {
	_, ok := summarise(
		`{"Action":"pass","Package":"p","Test":"TestA"}`,
		`{"Action":"pass","Package":"p"}`,
		`{"Action":"output","Package":"q","Output":"?   \tq\t[no test files]\n"}`,
		`{"Action":"skip","Package":"q"}`,
	)
	assert.True(t, ok)
}

func TestAPanicInATestIsShown(t *testing.T) {
	out, ok := summarise(
		`{"Action":"output","Package":"p","Test":"TestA","Output":"panic: out of range\n"}`,
		`{"Action":"output","Package":"p","Output":"exit status 2\n"}`,
		`{"Action":"fail","Package":"p"}`,
	)
	assert.False(t, ok)
	assert.Contains(t, out, "panic: out of range\nexit status 2\n")
	assert.True(t, strings.HasSuffix(out, "\n0 passed, 1 failed\n"), out)
}

func TestAPackageThatDoesNotCompileIsShown(t *testing.T) {
	out, ok := summarise(
		`{"ImportPath":"p","Action":"build-output","Output":"p.go:3: undefined: x\n"}`,
		`{"Action":"fail","Package":"p"}`,
	)
	assert.False(t, ok)
	assert.Contains(t, out, "undefined: x")
	assert.True(t, strings.HasSuffix(out, "\n0 passed, 1 failed\n"), out)
}

func TestNoTestAtAllIsAFailure(t *testing.T) {
	out, ok := summarise()
	assert.False(t, ok)
	assert.Contains(t, out, "no test ran")
}

func TestWhatTheGoCommandItselfSaysIsShown(t *testing.T) {
	out, _ := summarise("go: updates to go.mod needed")
	assert.Contains(t, out, "go: updates to go.mod needed")
}
