package main

import (
	"io"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/alecthomas/kong"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/api"
	"chipproof/cmd/internal/program"
)

func TestEveryFlagAndCommandIsExplainedInThisProgramsName(t *testing.T) {
	parser, err := program.NewParser(kind(), &cli{})
	require.NoError(t, err)
	explained := regexp.MustCompile(`^[A-Z].*\.$`)
	require.NoError(t, kong.Visit(parser.Model, func(v kong.Visitable, next kong.Next) error {
		switch v := v.(type) {
		case *kong.Flag:
			assert.Regexp(t, explained, v.Help, "--%s", v.Name)
			assert.NotContains(t, v.Help, "${", "--%s", v.Name)
			if v.Name != "help" {
				assert.Equal(t, "CHIPPROOF_OFFICE_"+strings.ToUpper(strings.ReplaceAll(v.Name, "-", "_")), v.Envs[0])
			}
		case *kong.Command:
			assert.Regexp(t, explained, v.Help, "command %s", v.Name)
			assert.NotContains(t, v.Detail, "${", "command %s", v.Name)
			assertOwnCommands(t, parser, v.Help+v.Detail)
		}
		return next(nil)
	}))
}

func TestEveryCommandCanBeRun(t *testing.T) {
	t.Setenv("CHIPPROOF_OFFICE_CONFIG", os.DevNull)
	for _, args := range [][]string{
		{"serve"},
		{"scan", "papers"},
		{"finding", "list"},
		{"finding", "show", "x"},
		{"finding", "task", "x", "--owner", "napa", "--due", "7"},
		{"finding", "tasks"},
		{"finding", "claim", "t-2026-0001"},
		{"finding", "import", os.DevNull},
		{"finding", "assets"},
		{"finding", "coverage"},
		{"version"},
		{"setup"},
		{"user", "add", "napa", "--role", "dpo"},
		{"user", "list"},
		{"user", "disable", "napa"},
		{"user", "enable", "napa"},
		{"user", "reset", "napa"},
		{"user", "unlock", "napa"},
		{"user", "role", "napa", "--role", "admin"},
		{"user", "sheet"},
		{"audit", "verify"},
		{"audit", "list"},
		{"audit", "sheet"},
		{"audit", "export", "log.jsonl"},
		{"audit", "erase", "7", "--reason", "x"},
		{"breach", "open", "--title", "x"},
		{"breach", "list"},
		{"breach", "show", "b-2026-0001"},
		{"breach", "due", "--at", "2026-11-25 14:30"},
		{"breach", "note", "b-2026-0001", "--text", "x", "--source", "y"},
		{"breach", "assess", "b-2026-0001", "--verdict", "credible", "--reason", "x"},
		{"breach", "contain", "b-2026-0001", "--action", "x"},
		{"breach", "notify", "b-2026-0001", "--channel", "x"},
		{"breach", "record", "b-2026-0001", "--kind", "fact"},
		{"breach", "form", "fact"},
		{"breach", "document", "b-2026-0001", "file_note"},
		{"breach", "close", "b-2026-0001", "--summary", "x"},
		{"breach", "check"},
		{"breach", "proposal", "list"},
		{"breach", "proposal", "accept", "p-2026-0001"},
		{"breach", "proposal", "dismiss", "p-2026-0001", "--reason", "x"},
		{"backup", "all.age"},
		{"restore", os.DevNull},
	} {
		cmd, err := program.Parse(kind(), &cli{}, args, program.Streams{Out: io.Discard, Err: io.Discard})
		require.NoError(t, err, args)
		assert.NotNil(t, cmd, args)
	}
}

func TestEveryRemedyNamesCommandsThatThisProgramHas(t *testing.T) {
	parser, err := program.NewParser(kind(), &cli{})
	require.NoError(t, err)
	for _, row := range kind().Problems() {
		for _, lang := range []api.Lang{api.Thai, api.English} {
			assertOwnCommands(t, parser, row.Remedy.In(lang))
		}
	}
}

var named = regexp.MustCompile(`\bchipproof(-office)?((?: [a-z]+)*)`)

// assertOwnCommands: whatever is to be typed begins with this program and one of
// its commands, or is the counter's own affair.
func assertOwnCommands(t *testing.T, parser *kong.Kong, text string) {
	t.Helper()
	for _, found := range named.FindAllStringSubmatch(text, -1) {
		words := strings.Fields(found[2])
		if len(words) == 0 {
			continue
		}
		known := map[string]bool{}
		for _, command := range parser.Model.Children {
			known[command.Name] = true
		}
		if found[1] == "" {
			assert.False(t, known[words[0]], "%q is the other program's", found[0])
			continue
		}
		assert.True(t, known[words[0]], "%q: there is no such command", found[0])
	}
}
