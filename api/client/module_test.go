package client_test

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/api/client"
)

// node runs a script in the folder of the module and reads its answer, JSON.
func node[T any](t *testing.T, script string) (answer T) {
	t.Helper()
	run := exec.Command("node", "--input-type=module", "--eval", script)
	run.Stderr = os.Stderr
	out, err := run.Output()
	require.NoError(t, err, "node of 18 or later is needed: .ci/deps")
	require.NoError(t, json.Unmarshal(out, &answer), string(out))
	return answer
}

func TestTypesAndModuleAgreeOnNamesAndArguments(t *testing.T) {
	exported := node[map[string]string](t, `
		const module = await import('./chipproof.js');
		console.log(JSON.stringify(Object.fromEntries(Object.entries(module).map(([name, value]) =>
			[name, typeof value === 'function' && /^class /.test(value.toString()) ? 'class' : typeof value === 'string' ? 'const' : 'function']))));`)
	declared := map[string]string{}
	for _, d := range regexp.MustCompile(`(?m)^export declare (const|function|class) (\w+)`).FindAllStringSubmatch(string(client.Types()), -1) {
		declared[d[2]] = d[1]
	}
	assert.Equal(t, exported, declared)
	assert.Len(t, declared, 8)

	// Each option that the module takes apart is declared, and the other way round.
	options := func(function, in string) []string {
		found := regexp.MustCompile(`export (?:async )?function ` + function + `\((?:handler, )?\{([^}]*)\}`).FindStringSubmatch(in)
		require.NotNil(t, found, function)
		var names []string
		for name := range strings.SplitSeq(found[1], ",") {
			if name, _, _ = strings.Cut(strings.TrimSpace(name), " "); !strings.HasPrefix(name, "...") {
				names = append(names, name)
			}
		}
		return names
	}
	members := func(of string) []string {
		body := regexp.MustCompile(`(?s)interface ` + of + `(?: extends \w+)? \{(.*?)\n\}`).FindStringSubmatch(string(client.Types()))
		require.NotNil(t, body, of)
		var names []string
		for _, m := range regexp.MustCompile(`(?m)^  (\w+)\??:`).FindAllStringSubmatch(body[1], -1) {
			names = append(names, m[1])
		}
		return names
	}
	script := string(client.Script())
	assert.ElementsMatch(t, slices.Concat(members("FillOptions"), members("Common")), options("fill", script))
	assert.ElementsMatch(t, slices.Concat(members("ProveOptions"), members("Common")), options("prove", script))
	where := regexp.MustCompile(`function agentAt\(\{([^}]*)\}`).FindStringSubmatch(script)
	require.NotNil(t, where)
	for _, name := range members("Where") {
		assert.Regexp(t, `(^|[ ,])`+name+`\b`, where[1])
	}
	for _, m := range regexp.MustCompile(`(?m)^  readonly (\w+):`).FindAllStringSubmatch(string(client.Types()), -1) {
		assert.Contains(t, script, "this."+m[1]+" = ")
	}
}

func TestEveryCodeOfTheModuleHasWordsInBothLanguages(t *testing.T) {
	script := string(client.Script())
	_, table, found := strings.Cut(script, "const words = {")
	require.True(t, found)
	words := node[map[string][2][2]string](t, "const words = {"+table+"\nconsole.log(JSON.stringify(words));")
	used := regexp.MustCompile(`(?:failure\(agent, |return |case '\w+': return )'((?:agent|permission|page|answer)_\w+)'`).FindAllStringSubmatch(script, -1)
	require.NotEmpty(t, used)
	for _, u := range used {
		assert.Contains(t, words, u[1])
	}
	for code, both := range words {
		assert.Contains(t, script, " and answer_unreadable.", "the codes are documented")
		assert.Contains(t, string(client.Types()), code)
		for i, pattern := range []string{`[ก-๙]`, `^[^ก-๙]+$`} {
			assert.Regexp(t, pattern, both[i][0], code)
			assert.Regexp(t, pattern, both[i][1], code)
		}
	}
}

func TestTheModuleLoadsAndStoresNothing(t *testing.T) {
	script := string(client.Script())
	for _, word := range []string{"localStorage", "sessionStorage", "indexedDB", "document.cookie", "eval(", "innerHTML", "import ", "import("} {
		code := regexp.MustCompile(`(?m)^\s*(//|\*|/\*).*$`).ReplaceAllString(script, "")
		assert.NotContains(t, code, word)
	}
	assert.NotContains(t, script, "name: 'local-network-access'", "asking for that name crashes some browsers")
	for _, address := range regexp.MustCompile(`https?://[^/'"\s}]*`).FindAllString(script, -1) {
		assert.Regexp(t, `^http://(127\.0\.0\.1|localhost):(\$\{port|8731\.?$)`, address)
	}
}

func TestTheFolderIsAPackageAsItStands(t *testing.T) {
	_, err := exec.LookPath("npm")
	require.NoError(t, err, "npm is needed: .ci/deps")
	home := t.TempDir()
	pack := exec.Command("npm", "pack", "--dry-run", "--offline", "--json", "--ignore-scripts")
	pack.Env = append(os.Environ(), "HOME="+home, "npm_config_cache="+filepath.Join(home, "cache"), "npm_config_update_notifier=false")
	pack.Stderr = os.Stderr
	out, err := pack.Output()
	require.NoError(t, err)
	var listed []struct {
		Name, Version string
		Files         []struct{ Path string }
	}
	require.NoError(t, json.Unmarshal(out, &listed), string(out))
	require.Len(t, listed, 1)
	var files []string
	for _, f := range listed[0].Files {
		files = append(files, f.Path)
	}
	assert.ElementsMatch(t, []string{"package.json", "README.md", "LICENSE", "chipproof.js", "chipproof.d.ts"}, files)
	assert.Equal(t, "chipproof", listed[0].Name)
	assert.Equal(t, node[string](t, `console.log(JSON.stringify((await import('./chipproof.js')).version))`), listed[0].Version)

	var fields struct {
		License, Type, Main, Types, Description string
		Exports                                 map[string]map[string]string
	}
	require.NoError(t, json.Unmarshal([]byte(read(t, "package.json")), &fields))
	assert.Equal(t, "Apache-2.0", fields.License)
	assert.Equal(t, "module", fields.Type)
	assert.NotEmpty(t, fields.Description)
	for _, named := range []string{fields.Main, fields.Types, fields.Exports["."]["types"], fields.Exports["."]["default"]} {
		assert.FileExists(t, named)
	}
	assert.Equal(t, read(t, "../../LICENSE"), read(t, "LICENSE"))
}

// The browser tests run these ten lines; the guides show the same.
func TestTheGuidesShowTheTenLinesThatAreTested(t *testing.T) {
	lines := strings.Fields(read(t, "testdata/form.js"))
	for _, guide := range []string{"README.md", "../../docs/en/developer.md", "../../docs/th/developer.md"} {
		assert.Contains(t, strings.Join(strings.Fields(read(t, guide)), " "), strings.Join(lines, " "), guide)
	}
}

func read(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	return string(text)
}
