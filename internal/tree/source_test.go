package tree

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
)

const module = "chipproof"

// root is the repository, seen from this package's folder, where tests run.
const root = "../.."

// goFile is a Go file as it was parsed, whatever its build constraints say, so
// that a rule holds for Windows and for builds without cgo too.
type goFile struct {
	path    string // from the root, with slashes
	dir     string // folder from the root; "." is the root
	test    bool
	lines   int
	ast     *ast.File
	imports map[string]string // name in this file -> import path
}

// files is every file of the tree by its path: what git would track, but built
// things, which .gitignore names, left out.
func files(tb testing.TB) map[string][]byte {
	tb.Helper()
	found := map[string][]byte{}
	err := filepath.WalkDir(root, func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(root, name)
		if err != nil {
			return err
		}
		rel = filepath.ToSlash(rel)
		if d.IsDir() {
			switch rel {
			case ".git", "bin", "node_modules":
				return fs.SkipDir
			}
			return nil
		}
		if strings.HasSuffix(rel, ".test") || strings.HasSuffix(rel, ".out") {
			return nil
		}
		content, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		found[rel] = content
		return nil
	})
	require.NoError(tb, err)
	return found
}

// texts is the files that people read: valid UTF-8 without a NUL.
func texts(tb testing.TB) map[string]string {
	tb.Helper()
	found := map[string]string{}
	for name, content := range files(tb) {
		if utf8.Valid(content) && !strings.Contains(string(content), "\x00") {
			found[name] = string(content)
		}
	}
	return found
}

// goFiles is every Go file outside testdata.
func goFiles(tb testing.TB) []goFile {
	tb.Helper()
	var found []goFile
	fset := token.NewFileSet()
	for name, content := range files(tb) {
		if path.Ext(name) != ".go" || strings.Contains("/"+name, "/testdata/") {
			continue
		}
		tree, err := parser.ParseFile(fset, name, content, parser.ParseComments|parser.SkipObjectResolution)
		require.NoError(tb, err, "every Go file can be parsed")
		f := goFile{
			path:    name,
			dir:     path.Dir(name),
			test:    strings.HasSuffix(name, "_test.go"),
			lines:   strings.Count(string(content), "\n"),
			ast:     tree,
			imports: map[string]string{},
		}
		for _, spec := range tree.Imports {
			imported, err := strconv.Unquote(spec.Path.Value)
			require.NoError(tb, err)
			f.imports[importName(spec, imported)] = imported
		}
		found = append(found, f)
	}
	require.NotEmpty(tb, found)
	return found
}

// importName is the name by which a file speaks of an imported package; a
// guess for modules whose path ends in a version, which no rule asks about.
func importName(spec *ast.ImportSpec, imported string) string {
	if spec.Name != nil && spec.Name.Name != "_" {
		return spec.Name.Name
	}
	if spec.Name != nil {
		return "_ " + imported
	}
	return path.Base(imported)
}

// uses gives every pkg.Name that a file mentions, with its full import path.
func (f goFile) uses() []string {
	var found []string
	ast.Inspect(f.ast, func(n ast.Node) bool {
		if sel, ok := n.(*ast.SelectorExpr); ok {
			if id, ok := sel.X.(*ast.Ident); ok && f.imports[id.Name] != "" {
				found = append(found, f.imports[id.Name]+"."+sel.Sel.Name)
			}
		}
		return true
	})
	return found
}

// under says whether dir is one of the patterns: a folder, or folder/* for all
// folders below it.
func under(dir string, patterns ...string) bool {
	for _, p := range patterns {
		if below, deep := strings.CutSuffix(p, "/*"); p == "*" || dir == p || deep && strings.HasPrefix(dir, below+"/") {
			return true
		}
	}
	return false
}
