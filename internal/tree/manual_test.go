package tree

import (
	"encoding/json"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/simulator"
)

// manuals is every page for people, by its path.
func manuals(tb testing.TB) map[string]string {
	tb.Helper()
	found := map[string]string{}
	for name, text := range texts(tb) {
		if path.Ext(name) == ".md" && !strings.Contains("/"+name, "/testdata/") {
			found[name] = text
		}
	}
	return found
}

var (
	fenced = regexp.MustCompile("(?ms)^```([a-z]*)\n(.*?)^```$")
	inline = regexp.MustCompile("`([^`\n]+(?:\n[^`\n]+)?)`")
)

// code is what a page shows as code: lines of its blocks, and its inline pieces.
func code(text string) []string {
	var found []string
	for _, block := range fenced.FindAllStringSubmatch(text, -1) {
		joined := strings.ReplaceAll(block[2], "\\\n", " ")
		found = append(found, strings.Split(joined, "\n")...)
	}
	for _, piece := range inline.FindAllStringSubmatch(fenced.ReplaceAllString(text, ""), -1) {
		found = append(found, strings.ReplaceAll(piece[1], "\n", " "))
	}
	return found
}

func TestTheManualsNameTargetsThatTheMakefileHas(t *testing.T) {
	makefile := texts(t)["Makefile"]
	targets := map[string]bool{}
	for _, m := range regexp.MustCompile(`(?m)^([a-z]+):`).FindAllStringSubmatch(makefile, -1) {
		targets[m[1]] = true
	}
	command := regexp.MustCompile(`^(?:\$ )?make ([a-z]+)`)
	for name, text := range manuals(t) {
		for _, line := range code(text) {
			if m := command.FindStringSubmatch(strings.TrimSpace(line)); m != nil {
				assert.True(t, targets[m[1]], "%s: the Makefile has no %q", name, m[1])
			}
		}
	}
}

func TestTheManualsNameCommandsAndFlagsThatExist(t *testing.T) {
	command := regexp.MustCompile(`^(?:\$ )?(?:sudo (?:-u \S+ )?)?(?:[A-Z_]+=\S+ )?(?:\S*/)?(chipproof(?:-office)?)((?: [a-z][a-z-]*)*)((?: .*)?)$`)
	flag := regexp.MustCompile(`(?:^| )(--[a-z][a-z-]*)`)
	programs := map[string]*helped{}
	for _, name := range []string{"chipproof", "chipproof-office"} {
		programs[name] = &helped{name: name, path: build(t, name), help: map[string]string{}}
	}
	for name, text := range manuals(t) {
		for _, line := range code(text) {
			m := command.FindStringSubmatch(strings.TrimSpace(line))
			if m == nil {
				continue
			}
			p := programs[m[1]]
			words, known := p.commandIn(strings.Fields(m[2]))
			assert.True(t, known, "%s: %q: %s has no such command", name, line, p.name)
			for _, f := range flag.FindAllStringSubmatch(m[3], -1) {
				assert.Regexp(t, regexp.QuoteMeta(f[1])+`\b`, p.help[words], "%s: %q: %s %s has no flag %s", name, line, p.name, words, f[1])
			}
		}
	}
}

// helped is a program with the help that it gave, by command.
type helped struct {
	name, path string
	help       map[string]string
}

// commandIn finds the longest run of words that is a command, the rest being
// its arguments, and keeps its help. A first word that is no command is unknown.
func (p *helped) commandIn(words []string) (string, bool) {
	for n := len(words); n >= 0; n-- {
		key := strings.Join(words[:n], " ")
		if _, asked := p.help[key]; !asked {
			out, err := exec.Command(p.path, append(append([]string{}, words[:n]...), "--help")...).Output()
			if err != nil {
				out = nil
			}
			p.help[key] = string(out)
		}
		// kong prints the help of the longest prefix that it knows.
		if strings.HasPrefix(p.help[key], "Usage: "+p.name+" "+key) {
			return key, n > 0 || len(words) == 0
		}
	}
	return "", false
}

// A console block that shows output is run as it stands, in an empty folder with
// the program in bin/, in the language of the page.
func TestTheREADMEShowsWhatTheProgramPrints(t *testing.T) {
	program := build(t, "chipproof")
	for name, locale := range map[string]string{"README.md": "en_US.UTF-8", "README.th.md": "th_TH.UTF-8"} {
		shown := 0
		for _, block := range fenced.FindAllStringSubmatch(manuals(t)[name], -1) {
			commands, output := session(block[2])
			if block[1] != "console" || output == "" {
				continue
			}
			dir := t.TempDir()
			require.NoError(t, os.Mkdir(filepath.Join(dir, "bin"), 0o755))
			require.NoError(t, os.Link(program, filepath.Join(dir, "bin", "chipproof")))
			cmd := exec.Command("sh", "-c", commands)
			cmd.Dir = dir
			cmd.Env = append(cmd.Environ(), "LC_ALL="+locale)
			printed, _ := cmd.CombinedOutput() // a failure that the page shows is right
			assert.Equal(t, output, string(printed), "%s: %s", name, commands)
			shown++
		}
		assert.GreaterOrEqual(t, shown, 3, "%s shows what the program prints", name)
	}
}

// session parts a console block into what is typed and what is printed.
func session(block string) (commands, output string) {
	for line := range strings.Lines(block) {
		if command, ok := strings.CutPrefix(line, "$ "); ok {
			commands += command
		} else {
			output += line
		}
	}
	return commands, output
}

func TestFaultPlansInTheManualsCanBePlayed(t *testing.T) {
	fault := regexp.MustCompile(`\{[^{}]*\bdo: [^{}]*\}`)
	played := 0
	for name, text := range manuals(t) {
		for _, piece := range code(text) {
			for _, plan := range fault.FindAllString(piece, -1) {
				_, err := simulator.ParsePlan([]byte("[" + plan + "]"))
				assert.NoError(t, err, "%s: %s", name, plan)
				played++
			}
		}
	}
	assert.Greater(t, played, 20)
}

func TestPeopleInTheManualsShip(t *testing.T) {
	row := regexp.MustCompile("(?m)^\\| (`[a-z-]+`[`, a-z0-9-]*) \\|")
	for _, name := range []string{"docs/en/simulator.md", "docs/th/simulator.md"} {
		_, rest, _ := strings.Cut(manuals(t)[name], "chipproof sim card")
		listed := map[string]bool{}
		for _, m := range row.FindAllStringSubmatch(rest, -1) {
			for person := range strings.FieldsFuncSeq(m[1], func(r rune) bool { return r == '`' || r == ',' || r == ' ' }) {
				listed[person] = true
			}
		}
		shipped := map[string]bool{}
		for _, p := range simulator.People() {
			shipped[p.Key] = true
		}
		assert.Equal(t, shipped, listed, name)
	}
}

func TestJSONInTheManualsIsJSON(t *testing.T) {
	for name, text := range manuals(t) {
		for _, block := range fenced.FindAllStringSubmatch(text, -1) {
			if block[1] == "json" {
				assert.True(t, json.Valid([]byte(block[2])), "%s: %s", name, block[2])
			}
		}
	}
}

func TestBothREADMEsShowTheSameCommands(t *testing.T) {
	commands := func(name string) []string {
		var found []string
		for _, line := range code(manuals(t)[name]) {
			if strings.HasPrefix(line, "$ ") {
				found = append(found, line)
			}
		}
		return found
	}
	assert.NotEmpty(t, commands("README.md"))
	assert.Equal(t, commands("README.md"), commands("README.th.md"))
}

func TestEveryManualIsThereInThai(t *testing.T) {
	pages := manuals(t)
	for name := range pages {
		if thai, ok := strings.CutPrefix(name, "docs/en/"); ok {
			assert.NotEmpty(t, pages["docs/th/"+thai], "%s is not there in Thai", name)
		}
	}
	assert.NotEmpty(t, pages["README.th.md"])
}

func TestLinksInTheManualsLeadSomewhere(t *testing.T) {
	all := files(t)
	dirs := map[string]bool{".": true}
	for name := range all {
		for dir := path.Dir(name); dir != "."; dir = path.Dir(dir) {
			dirs[dir] = true
		}
	}
	link := regexp.MustCompile(`\]\(([^)#\s]+)(?:#[^)]*)?\)`)
	for name, text := range manuals(t) {
		for _, m := range link.FindAllStringSubmatch(text, -1) {
			if strings.Contains(m[1], "://") {
				continue
			}
			to := path.Join(path.Dir(name), m[1])
			_, file := all[to]
			assert.True(t, file || dirs[to], "%s links to %s, which is not there", name, m[1])
		}
	}
}

func TestEveryDecisionSaysWhatWasGivenUp(t *testing.T) {
	pages := manuals(t)
	index := pages["docs/adr/README.md"]
	number := regexp.MustCompile(`^docs/adr/([0-9]{4})-`)
	for name, text := range pages {
		m := number.FindStringSubmatch(name)
		if m == nil {
			continue
		}
		assert.True(t, strings.HasPrefix(text, "# "+m[1]+" "), "%s begins with its number", name)
		for _, part := range []string{"\n## Context\n", "\n## Choice\n", "\n## What we gave up\n"} {
			assert.True(t, strings.Contains(text, part), "%s lacks%s", name, part)
		}
		assert.True(t, strings.Contains(index, "("+path.Base(name)+")"), "docs/adr/README.md lists %s", name)
	}
}

// build makes a program as a test's own, without cgo, which no page needs.
func build(t *testing.T, name string) string {
	t.Helper()
	program := filepath.Join(t.TempDir(), name)
	cmd := exec.Command("go", "build", "-o", program, "./cmd/"+name)
	cmd.Dir = root
	cmd.Env = append(cmd.Environ(), "CGO_ENABLED=0")
	out, err := cmd.CombinedOutput()
	require.NoError(t, err, "build %s: %s", name, out)
	return program
}
