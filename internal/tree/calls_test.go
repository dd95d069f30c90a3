package tree

import (
	"go/ast"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

// banned is what files that are built into programs may not use, and where it
// is right all the same.
var banned = []struct {
	name   string // import path and name; a trailing * stands for any ending
	except []string
	reason string
}{
	{"fmt.Print*", []string{"cmd/*", "internal/*"}, "only a program speaks to the terminal; all else returns values or logs"},
	{"os.Stdout", []string{"cmd/*", "internal/*"}, "only a program speaks to the terminal"},
	{"os.Stderr", []string{"cmd/*", "internal/*"}, "only a program speaks to the terminal"},
	{"os.Exit", []string{"cmd/*", "internal/*"}, "what isn't main returns errors"},
	{"os.Args", []string{"cmd/*", "internal/*"}, "flags are read in one place"},
	{"os.Getenv", []string{"cmd/*", "doctor/here.go"}, "configuration is a value that is handed in"},
	{"os.LookupEnv", []string{"cmd/*"}, "configuration is a value that is handed in"},
	{"time.Now", []string{"cmd/*", "apdu/trace.go", "cardreader/*", "doctor/here.go", "mfa/service.go", "store/audit.go", "store/restore.go", "store/office/incident.go", "store/office/scan.go", "exposure/job/runner.go", "breach/post/posttest/certificate.go"}, "clocks are handed in; trace and cardreader measure how long an exchange took, by the monotonic clock; doctor/here.go is the real machine, handed in; a certificate of the tests must hold today; the others are what is taken when none is handed in"},
	{"time.Since", []string{"cmd/*", "apdu/trace.go", "cardreader/*"}, "the same as time.Now"},
	{"time.Until", []string{"cmd/*", "cardreader/*"}, "the same as time.Now"},
	{"time.Sleep", nil, "a sleep is no protocol: wait for the event, or for a timer together with ctx.Done()"},
	{"log/slog.Info*", []string{"cmd/*"}, "the default logger is global state; a *slog.Logger is handed in"},
	{"log/slog.Warn*", []string{"cmd/*"}, "the default logger is global state; a *slog.Logger is handed in"},
	{"log/slog.Error*", []string{"cmd/*"}, "the default logger is global state; a *slog.Logger is handed in"},
	{"log/slog.Debug*", []string{"cmd/*"}, "the default logger is global state; a *slog.Logger is handed in"},
	{"log/slog.SetDefault", nil, "the default logger is global state"},
	{"log/slog.Default", []string{"cmd/*"}, "the default logger is global state"},
	{"net/http.ListenAndServe*", nil, "it has no limits and listens on every address; api binds loopback itself"},
	{"net/http.DefaultServeMux", nil, "global state that any imported package can add routes to"},
	{"net/http.DefaultClient", nil, "it has no deadline"},
	{"net/http.Get", nil, "it has no deadline"},
	{"net/http.Post*", nil, "it has no deadline"},
}

func TestPackagesLeaveTerminalClockAndGlobalsAlone(t *testing.T) {
	for _, f := range goFiles(t) {
		if f.test || isBench(f.dir) {
			continue
		}
		for _, used := range f.uses() {
			for _, row := range banned {
				if isUse(used, row.name) && !under(f.path, row.except...) {
					assert.Fail(t, "banned", "%s uses %s: %s", f.path, used, row.reason)
				}
			}
		}
	}
}

func TestPatternsNameAFolderOrWhatLiesBelow(t *testing.T) {
	assert.True(t, under("cmd/chipproof", "cmd/*"))
	assert.True(t, under("cardreader/pcsc", "cardreader/pcsc"))
	assert.True(t, under("anything", "*"))
	assert.False(t, under("cmd", "cmd/*"))
	assert.False(t, under("cardreader/pcsc", "cardreader"))
	assert.False(t, under("cardreaders/pcsc", "cardreader/*"))
}

// isUse says whether used is the name of a row; constants such as
// slog.LevelInfo have other names and are no matter.
func isUse(used, name string) bool {
	prefix, open := strings.CutSuffix(name, "*")
	return used == name || open && strings.HasPrefix(used, prefix)
}

func TestNoPackageActsWhenItIsImported(t *testing.T) {
	for _, f := range goFiles(t) {
		for _, decl := range f.ast.Decls {
			if fn, ok := decl.(*ast.FuncDecl); ok && fn.Recv == nil && fn.Name.Name == "init" {
				assert.Fail(t, "init", "%s has an init function: what a package needs is built by a constructor", f.path)
			}
		}
	}
}

// panics that are right, by file; never because of an input.
var panics = map[string]string{
	"api/serve.go": "http.ErrAbortHandler is the one way to break a connection off in net/http, when half an answer is out",
}

func TestNothingPanics(t *testing.T) {
	for _, f := range goFiles(t) {
		if f.test || isBench(f.dir) || panics[f.path] != "" {
			continue
		}
		ast.Inspect(f.ast, func(n ast.Node) bool {
			if call, ok := n.(*ast.CallExpr); ok {
				if id, ok := call.Fun.(*ast.Ident); ok {
					assert.NotEqual(t, "panic", id.Name, "%s panics: return an error, or stand in the table with a reason", f.path)
					assert.NotContains(t, []string{"print", "println"}, id.Name, "%s uses the built-in %s", f.path, id.Name)
				}
			}
			return true
		})
	}
}

func TestNoTestCanSkip(t *testing.T) {
	for _, f := range goFiles(t) {
		if !f.test && !isBench(f.dir) {
			continue
		}
		ast.Inspect(f.ast, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok {
				return true
			}
			if sel, ok := call.Fun.(*ast.SelectorExpr); ok {
				if id, ok := sel.X.(*ast.Ident); ok && strings.HasPrefix(sel.Sel.Name, "Skip") {
					assert.NotContains(t, []string{"t", "tb", "b", "f"}, id.Name,
						"%s can skip (%s.%s): what a test needs is installed by .ci/deps, and a missing tool is a failure", f.path, id.Name, sel.Sel.Name)
				}
			}
			return true
		})
	}
}
