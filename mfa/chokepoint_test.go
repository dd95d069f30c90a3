package mfa_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// callers finds, for every function name called in this package, the functions
// that call it. Calls of methods count by the method's name.
func callers(t *testing.T) map[string][]string {
	t.Helper()
	files, err := filepath.Glob("*.go")
	require.NoError(t, err)
	found := map[string][]string{}
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		require.NoError(t, err)
		for _, d := range file.Decls {
			fn, ok := d.(*ast.FuncDecl)
			if !ok {
				continue
			}
			ast.Inspect(fn, func(n ast.Node) bool {
				if called := callee(n); called != "" && !slices.Contains(found[called], fn.Name.Name) {
					found[called] = append(found[called], fn.Name.Name)
				}
				return true
			})
		}
	}
	for _, list := range found {
		slices.Sort(list)
	}
	return found
}

func callee(n ast.Node) string {
	call, ok := n.(*ast.CallExpr)
	if !ok {
		return ""
	}
	switch f := call.Fun.(type) {
	case *ast.Ident:
		return f.Name
	case *ast.SelectorExpr:
		return f.Sel.Name
	}
	return ""
}

// Keycloak ignored its lockout in a second flow (CVE-2026-9798, CVE-2026-16103).
func TestMistake19_CVE_2026_9798_CVE_2026_16103_EveryFlowGoesThroughTheOneChokePoint(t *testing.T) {
	found := callers(t)

	// All flows in which a person types a secret. A new one belongs in this list.
	assert.Equal(t, []string{
		"ChangePassword", "ConfirmTOTP", "FinishEnrolment", "Login", "Unlock", "giveSecond", "startWithPresent",
	}, found["attempt"], "callers of the choke point")
	assert.Equal(t, []string{"GiveBackupCode", "GiveEmergencyCode", "GiveTOTP"}, found["giveSecond"])

	// And nobody looks at a secret but from there.
	for what, from := range map[string][]string{
		"checkPassword":    {"ChangePassword", "CheckNewPassword", "Login", "Unlock", "checkChange", "newPassword", "startWithPresent"},
		"matches":          {"checkPassword", "matches"}, // the hasher's, and the hash's own
		"matchTOTP":        {"ConfirmTOTP", "FinishEnrolment", "GiveTOTP"},
		"Match":            {"matchTOTP"},
		"AdvanceStep":      {"takeStep"},
		"takeStep":         {"matchTOTP"},
		"UseBackupCode":    {"useBackupCode"},
		"useBackupCode":    {"GiveBackupCode"},
		"UseEmergencyCode": {"useEmergencyCode"},
		"useEmergencyCode": {"GiveEmergencyCode"},
		"UseGrant":         {"enrol"},
		"enrol":            {"FinishEnrolment"},
		"ReserveTry":       {"reserve"},
		"ReturnTry":        {"attempt"},
	} {
		assert.Equal(t, from, found[what], "callers of %s", what)
	}
}

func TestOnlyTheWrapperImportsTheTOTPLibrary(t *testing.T) {
	var importers []string
	require.NoError(t, filepath.WalkDir("..", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") {
			return err
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		for _, i := range file.Imports {
			name, err := strconv.Unquote(i.Path.Value)
			require.NoError(t, err)
			if strings.HasPrefix(name, "github.com/pquerna/otp") {
				importers = append(importers, filepath.ToSlash(path))
				break
			}
		}
		return nil
	}))
	assert.Equal(t, []string{"../mfa/totp.go"}, importers)
}

// The numbers of mfa §10 that this package answers for; the others are the
// API's (7, 14, 20) or wait (24 to 26).
func TestEveryMistakeThatCanBeMadeHereHasItsTest(t *testing.T) {
	files, err := filepath.Glob("*_test.go")
	require.NoError(t, err)
	have := map[int]bool{}
	for _, name := range files {
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		require.NoError(t, err)
		for _, d := range file.Decls {
			if fn, ok := d.(*ast.FuncDecl); ok && strings.HasPrefix(fn.Name.Name, "TestMistake") {
				n, err := strconv.Atoi(fn.Name.Name[len("TestMistake"):][:2])
				require.NoError(t, err, fn.Name.Name)
				have[n] = true
			}
		}
	}
	elsewhere := map[int]bool{7: true, 14: true, 20: true, 24: true, 25: true, 26: true}
	for n := 1; n <= 30; n++ {
		assert.Equal(t, !elsewhere[n], have[n], "mistake %d", n)
	}
}
