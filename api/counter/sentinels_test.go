package counter

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// unseen are sentinels that no caller of the agent or of its commands ever sees
// by themselves, each with where they end instead. A sentinel that is neither
// here nor in the table would come out as internal_error.
var unseen = map[string]string{
	"apdu.ErrNotFound":            "a status word: thaiid turns it into ErrUnsupported or a ReadError",
	"apdu.ErrNotAllowed":          "a status word: inside a thaiid.ReadError",
	"apdu.ErrSecurity":            "a status word: inside a thaiid.ReadError",
	"apdu.ErrWrongLength":         "a status word: inside a thaiid.ReadError",
	"apdu.ErrWrongParameter":      "a status word: inside a thaiid.ReadError",
	"apdu.ErrNotSupported":        "a status word: inside a thaiid.ReadError",
	"apdu.ErrCardFailure":         "a status word: inside a thaiid.ReadError",
	"apdu.ErrLimit":               "inside a thaiid.ReadError",
	"apdu.ErrResponseInvalid":     "inside a thaiid.ReadError; cardreader lets nothing shorter through",
	"apdu.ErrCommandInvalid":      "a command of our own that can't be encoded: a mistake in this program, so internal_error",
	"audit.ErrProofInvalid":       "between package audit and whoever checks a proof; no command hands one out",
	"store.ErrNoRecorder":         "options of our own that lack something: a mistake in this program, so internal_error",
	"cardreader.ErrSharing":       "between driver and cardreader, which answers ErrReaderBusy",
	"issuer.ErrConfig":            "settings of a service that serve does not start with: a usage error there",
	"issuer.ErrIncomplete":        "proofing makes the fact indeterminate of it: it says nothing about a card",
	"issuer.ErrUnreachable":       "proofing makes the fact indeterminate of it: it says nothing about a card",
	"issuer.ErrUntrusted":         "proofing makes the fact indeterminate of it: it says nothing about a card",
	"issuer.ErrPaused":            "proofing makes the fact indeterminate of it: it says nothing about a card",
	"issuer.ErrAnswer":            "proofing makes the fact indeterminate of it: it says nothing about a card",
	"keyfetch.ErrAddressRefused":  "for relying parties, whose programs have tables of their own",
	"keyfetch.ErrUnavailable":     "for relying parties, whose programs have tables of their own",
	"proof.ErrSignerInvalid":      "inside proofing.ErrKeyUnavailable",
	"proof.ErrProofRefused":       "a step of checking a proof: a relying party's answer, and the output of proof verify",
	"proof.ErrForm":               "a step of checking a proof: a relying party's answer, and the output of proof verify",
	"proof.ErrHeader":             "a step of checking a proof: a relying party's answer, and the output of proof verify",
	"proof.ErrKey":                "a step of checking a proof: a relying party's answer, and the output of proof verify",
	"proof.ErrSignature":          "a step of checking a proof: a relying party's answer, and the output of proof verify",
	"proof.ErrPayload":            "a step of checking a proof: a relying party's answer, and the output of proof verify",
	"proof.ErrIssuer":             "a step of checking a proof: a relying party's answer, and the output of proof verify",
	"proof.ErrAudience":           "a step of checking a proof: a relying party's answer, and the output of proof verify",
	"proof.ErrTime":               "a step of checking a proof: a relying party's answer, and the output of proof verify",
	"proof.ErrMode":               "a step of checking a proof: a relying party's answer, and the output of proof verify",
	"proof.ErrAsked":              "a step of checking a proof: a relying party's answer, and the output of proof verify",
	"proof.ErrNonce":              "a step of checking a proof: a relying party's answer, and the output of proof verify",
	"proof.ErrReplayed":           "a step of checking a proof: a relying party's answer, and the output of proof verify",
	"proof.ErrDemand":             "a step of checking a proof: a relying party's answer, and the output of proof verify",
	"proof.ErrOperator":           "a step of checking a proof: a relying party's answer, and the output of proof verify",
	"proof.ErrPhoto":              "a step of checking a proof: a relying party's answer, and the output of proof verify",
	"proofing.ErrNotRecomputable": "a record that this program can't judge again: the output of whoever asks for that",
	"proofing.ErrRulesInvalid":    "rule files are built in and tested: a mistake in this program, so internal_error",
	"proofing.ErrSchemeUnknown":   "names a scheme of a record: inside ErrNotRecomputable or ErrPolicyInvalid",
	"counter.ErrNotReserved":      "package store/counter: a proofing whose request this program did not reserve: its mistake, so internal_error",
	"crawl.ErrLimit":              "ends a crawl early: the scan is incomplete for that reason, and its report says what was not read",
	"cardreader.ErrTorn":          "between driver and cardreader, which answers ErrCardRemoved or ErrCardError",
}

// outside are packages whose errors are told by somebody else.
var outside = map[string]string{
	"simulator": "stands in for hardware, which this package may not know; cmd turns its errors into usage or start errors",
	"cmd":       "has a table of its own for what only a command line meets",
	"internal":  "tools of the repository",
}

var sentinelName = regexp.MustCompile(`^Err[A-Z]`)

func TestEverySentinelHasARowOrAReason(t *testing.T) {
	root := moduleRoot(t)
	rows := causesOf(t, root)
	found := 0
	walkSources(t, root, func(dir string, file *ast.File) {
		if first, _, _ := strings.Cut(dir, "/"); outside[first] != "" {
			return
		}
		for _, name := range sentinels(file) {
			found++
			full := path.Base(dir) + "." + name
			switch _, excused := unseen[full]; {
			case rows[full]:
				assert.False(t, excused, "%s has a row and needs no excuse", full)
			default:
				assert.True(t, excused, "%s has neither a row in a problem table nor a reason here", full)
			}
		}
	})
	assert.Greater(t, found, 20, "the search finds what there is")
	for name := range unseen {
		assert.Contains(t, allSentinels(t, root), name, "gone, so its excuse can go")
	}
}

func moduleRoot(t *testing.T) string {
	t.Helper()
	root, err := filepath.Abs(filepath.Join("..", ".."))
	require.NoError(t, err)
	require.FileExists(t, filepath.Join(root, "go.mod"))
	return root
}

// walkSources parses every file that is built into a program.
func walkSources(t *testing.T, root string, visit func(dir string, file *ast.File)) {
	t.Helper()
	require.NoError(t, fs.WalkDir(os.DirFS(root), ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() && name != "." && (strings.HasPrefix(entry.Name(), ".") || entry.Name() == "testdata" || entry.Name() == "node_modules") {
			return fs.SkipDir
		}
		if !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") {
			return nil
		}
		file, err := parser.ParseFile(token.NewFileSet(), filepath.Join(root, name), nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		visit(path.Dir(name), file)
		return nil
	}))
}

// sentinels are the exported errors that a file declares.
func sentinels(file *ast.File) []string {
	var names []string
	for _, decl := range file.Decls {
		gen, ok := decl.(*ast.GenDecl)
		if !ok || gen.Tok != token.VAR {
			continue
		}
		for _, spec := range gen.Specs {
			for _, name := range spec.(*ast.ValueSpec).Names {
				if sentinelName.MatchString(name.Name) {
					names = append(names, name.Name)
				}
			}
		}
	}
	return names
}

func allSentinels(t *testing.T, root string) []string {
	t.Helper()
	var all []string
	walkSources(t, root, func(dir string, file *ast.File) {
		for _, name := range sentinels(file) {
			all = append(all, path.Base(dir)+"."+name)
		}
	})
	return all
}

// causesOf are the sentinels that stand in a table: named in a problem file of
// the API, or of the command line for what no part of the API may know, with
// their package.
func causesOf(t *testing.T, root string) map[string]bool {
	t.Helper()
	causes := map[string]bool{}
	for _, dir := range []string{"api", "api/counter", "api/office", "cmd/internal/program", "cmd/chipproof", "cmd/chipproof-office"} {
		files, err := filepath.Glob(filepath.Join(root, dir, "problem*.go"))
		require.NoError(t, err)
		for _, name := range files {
			if strings.HasSuffix(name, "_test.go") {
				continue
			}
			file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.SkipObjectResolution)
			require.NoError(t, err)
			noteCauses(file, path.Base(dir), causes)
		}
	}
	return causes
}

func noteCauses(file *ast.File, pkg string, causes map[string]bool) {
	ast.Inspect(file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.SelectorExpr:
			if x, ok := n.X.(*ast.Ident); ok && sentinelName.MatchString(n.Sel.Name) {
				causes[x.Name+"."+n.Sel.Name] = true
			}
			return false
		case *ast.Ident:
			if sentinelName.MatchString(n.Name) {
				causes[pkg+"."+n.Name] = true
			}
		}
		return true
	})
}
