package tree

import (
	"go/ast"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

// rootHolds is everything that may lie in the root (design §3): nothing else
// that a newcomer must ask about.
var rootHolds = []string{
	"README.md", "README.th.md", "LICENSE", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md",
	"Makefile", "go.mod", "go.sum", ".gitignore", ".ci",
	".git", // a file in a second working tree of git

	"api", "apdu", "audit", "breach", "cardreader", "cmd", "docs", "doctor", "exposure", "internal",
	"mfa", "proofing", "simulator", "store",
}

func TestTheRootHoldsNothingThatANewcomerMustAskAbout(t *testing.T) {
	for name := range files(t) {
		first, _, _ := strings.Cut(name, "/")
		assert.Contains(t, rootHolds, first, "%s lies where nobody expects it", name)
	}
}

func TestEveryPackageSaysWhatItIs(t *testing.T) {
	docs := map[string][]goFile{}
	dirs := map[string]string{} // folder -> package name
	for _, f := range goFiles(t) {
		if f.test {
			continue
		}
		dirs[f.dir] = f.ast.Name.Name
		if f.ast.Doc != nil {
			docs[f.dir] = append(docs[f.dir], f)
		}
	}
	for dir, name := range dirs {
		if !assert.Len(t, docs[dir], 1, "%s needs a package comment, in one file", dir) {
			continue
		}
		doc := docs[dir][0]
		text := doc.ast.Doc.Text()
		if name == "main" {
			assert.True(t, strings.HasPrefix(text, "Command "+path.Base(dir)+" "), "%s begins with what the command is", doc.path)
			continue
		}
		assert.Equal(t, "doc.go", path.Base(doc.path), "%s: the package comment stands in doc.go", dir)
		assert.True(t, strings.HasPrefix(text, "Package "+name+" "), "%s begins with what the package is", doc.path)
		assert.Greater(t, len(text), 200, "%s says what, for whom, and what not", doc.path)
	}
}

func TestEveryExportedNameIsDocumented(t *testing.T) {
	for _, f := range goFiles(t) {
		if f.test || f.ast.Name.Name == "main" {
			continue
		}
		for _, decl := range f.ast.Decls {
			for _, name := range undocumented(decl) {
				assert.Fail(t, "undocumented", "%s: %s needs a comment: what it does, in which unit, which errors", f.path, name)
			}
		}
	}
}

// undocumented gives the exported names of a declaration that no comment
// explains. A group of constants may share one.
func undocumented(decl ast.Decl) []string {
	switch d := decl.(type) {
	case *ast.FuncDecl:
		if d.Name.IsExported() && d.Doc == nil && exportedReceiver(d) && !ownInterface(d) {
			return []string{d.Name.Name}
		}
	case *ast.GenDecl:
		var names []string
		for _, spec := range d.Specs {
			switch s := spec.(type) {
			case *ast.TypeSpec:
				if s.Name.IsExported() && s.Doc == nil && d.Doc == nil {
					names = append(names, s.Name.Name)
				}
			case *ast.ValueSpec:
				for _, n := range s.Names {
					if n.IsExported() && s.Doc == nil && s.Comment == nil && d.Doc == nil {
						names = append(names, n.Name)
					}
				}
			}
		}
		return names
	}
	return nil
}

func exportedReceiver(d *ast.FuncDecl) bool {
	if d.Recv == nil {
		return true
	}
	exported := false
	ast.Inspect(d.Recv.List[0].Type, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok {
			exported = exported || id.IsExported()
		}
		return true
	})
	return exported
}

// ownInterface says that a method's name is its documentation, because the
// standard library's interface explains it.
func ownInterface(d *ast.FuncDecl) bool {
	return d.Recv != nil && slices.Contains([]string{
		"Error", "Unwrap", "Is", "String", "GoString", "Format", "LogValue",
		"MarshalText", "MarshalJSON", "UnmarshalText", "UnmarshalYAML", "Close", "ServeHTTP", "Len", "Less", "Swap",
	}, d.Name.Name)
}

// maxLines is when a file has more than one idea.
const maxLines = 400

// tables are the files that may be longer, because each is one table.
var tables = map[string]string{}

func TestFilesHoldOneIdea(t *testing.T) {
	for _, f := range goFiles(t) {
		if tables[f.path] == "" {
			assert.LessOrEqual(t, f.lines, maxLines, "%s: cut it by its ideas; only a table may be longer, with a row here", f.path)
		}
	}
}

func TestNothingIsLeftForLater(t *testing.T) {
	// Written in two halves, so that this file doesn't find itself.
	left := regexp.MustCompile(`\b(TO` + `DO|FIX` + `ME|HA` + `CK)\b`)
	for name, text := range texts(t) {
		if strings.Contains("/"+name, "/testdata/") {
			continue
		}
		if found := left.FindString(text); found != "" {
			assert.Fail(t, "left for later", "%s holds %q: do it, or open an issue", name, found)
		}
	}
}
