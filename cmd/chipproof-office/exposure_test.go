package main

import (
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
	"golang.org/x/text/encoding/charmap"
)

// TestExposureScripts runs the scripts about scans and findings. Their commands
// besides those of [TestScripts] and [siteCommands]:
//
//	expand FILE                      fill $VARIABLES of the script in a file
//	no13 FILE...                     none of them has 13 digits in a row (assurance §4.7)
//	same FILE FILE                   two tables in CSV have the same findings
//	holdsnone LIST PATH...           no file there holds a line of the list, in any encoding
func TestExposureScripts(t *testing.T) {
	params := tested.Params("testdata/exposure")
	params.Cmds["counter"] = func(ts *testscript.TestScript, _ bool, _ []string) { ts.Check(counter()) }
	params.Cmds["expand"], params.Cmds["holdsnone"], params.Cmds["no13"], params.Cmds["same"] = expandCmd, holdsNoneCmd, no13Cmd, sameCmd
	maps.Copy(params.Cmds, siteCommands())
	begin := params.Setup
	params.Setup = func(env *testscript.Env) error {
		env.Values[siteKey{}] = newAgencySite()
		return begin(env)
	}
	testscript.Run(t, params)
}

var scriptVariable = regexp.MustCompile(`\$\{?([A-Z_]+)\}?`)

func expandCmd(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: expand FILE")
	}
	text := scriptVariable.ReplaceAllStringFunc(ts.ReadFile(args[0]), func(name string) string { return ts.Getenv(strings.Trim(name, "${}")) })
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(text), 0o600))
}

var thirteen = regexp.MustCompile(`[0-9๐-๙]{13}`)

func no13Cmd(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) == 0 {
		ts.Fatalf("usage: no13 FILE...")
	}
	for _, file := range args {
		if found := thirteen.FindString(ts.ReadFile(file)); found != "" {
			ts.Fatalf("%s holds %s", file, found)
		}
	}
}

func holdsNoneCmd(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: holdsnone LIST PATH...")
	}
	values := strings.Split(strings.TrimSpace(ts.ReadFile(args[0])), "\n")
	for _, path := range args[1:] {
		ts.Check(filepath.WalkDir(ts.MkAbs(path), func(path string, d fs.DirEntry, err error) error {
			if err != nil || !d.Type().IsRegular() {
				return err
			}
			content, err := os.ReadFile(path)
			if found := heldIn(content, values); found != "" {
				ts.Fatalf("%s holds %q", path, found)
			}
			return err
		}))
	}
}

// heldIn is the first of the values that content holds, as it stands, in Thai's old
// encoding or in UTF-16; empty for none.
func heldIn(content []byte, values []string) string {
	text := string(content)
	for _, v := range values {
		forms := []string{v, wide(v, false), wide(v, true)}
		if old, err := charmap.Windows874.NewEncoder().String(v); err == nil {
			forms = append(forms, old)
		}
		for _, form := range forms {
			if strings.Contains(text, form) {
				return v
			}
		}
	}
	return ""
}

// wide is a text in UTF-16.
func wide(s string, bigEndian bool) string {
	var out []byte
	for _, r := range s {
		low, high := byte(r), byte(r>>8)
		if bigEndian {
			low, high = high, low
		}
		out = append(out, low, high)
	}
	return string(out)
}

// sameCmd compares two tables of findings but for when each was seen and in which
// order: same FILE FILE.
func sameCmd(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: same FILE FILE")
	}
	rows := func(file string) string {
		var list []string
		for row := range strings.Lines(ts.ReadFile(file)) {
			columns := strings.Split(row, ",")
			list = append(list, strings.Join(columns[1:len(columns)-2], ","))
		}
		slices.Sort(list)
		return strings.Join(list, "\n")
	}
	if a, b := rows(args[0]), rows(args[1]); a != b {
		ts.Fatalf("%s:\n%s\n%s:\n%s", args[0], a, args[1], b)
	}
}
