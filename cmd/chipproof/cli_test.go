package main

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/alecthomas/kong"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/cmd/internal/program"
)

// mustModel is the model of all commands and flags.
func mustModel(t testing.TB, c *cli) *kong.Application {
	t.Helper()
	parser, err := program.NewParser(kind(), c)
	require.NoError(t, err)
	return parser.Model
}

func TestEveryFlagAndCommandIsExplained(t *testing.T) {
	var c cli
	explained := regexp.MustCompile(`^[A-Z].*\.$`)
	require.NoError(t, kong.Visit(mustModel(t, &c), func(v kong.Visitable, next kong.Next) error {
		switch v := v.(type) {
		case *kong.Flag:
			assert.Regexp(t, explained, v.Help, "--%s", v.Name)
			if v.Name != "help" {
				assert.Equal(t, "CHIPPROOF_"+strings.ToUpper(strings.ReplaceAll(v.Name, "-", "_")), v.Envs[0])
			}
		case *kong.Command:
			assert.Regexp(t, explained, v.Help, "command %s", v.Name)
		}
		return next(nil)
	}))
}

func TestEveryCommandCanBeRun(t *testing.T) {
	t.Setenv("CHIPPROOF_CONFIG", "")
	for _, args := range [][]string{
		{"read"},
		{"readers"},
		{"doctor"},
		{"doctor", "--leaks", "--json"},
		{"serve"},
		{"sim", "card"},
		{"sim", "vpcd"},
		{"sim", "people"},
		{"sim", "dopa", "--write-ca", "ca.pem"},
		{"sim", "rp"},
		{"client-js"},
		{"version"},
		{"setup"},
		{"user", "add", "malee", "--role", "staff"},
		{"user", "list"},
		{"user", "disable", "malee"},
		{"user", "enable", "malee"},
		{"user", "reset", "malee"},
		{"user", "unlock", "malee"},
		{"user", "role", "malee", "--role", "dpo"},
		{"user", "sheet"},
		{"origin", "add", "https://a.example"},
		{"origin", "list"},
		{"origin", "revoke", "https://a.example"},
		{"approve"},
		{"keys", "list"},
		{"keys", "rotate"},
		{"keys", "drop", "pepper", "k1"},
		{"keys", "revoke", "kid"},
		{"keys", "export"},
		{"proof", "verify"},
		{"audit", "verify"},
		{"audit", "list"},
		{"audit", "sheet"},
		{"audit", "export", "log.jsonl"},
		{"audit", "erase", "7", "--reason", "x"},
		{"backup", "all.age"},
		{"restore", os.DevNull},
	} {
		_, cmd, err := parsed(t, args...)
		require.NoError(t, err, args)
		assert.NotNil(t, cmd, args)
	}
	var c cli
	leaves := mustModel(t, &c).Leaves(false)
	assert.Len(t, leaves, 37, "a command that is new belongs into the table above")
}

func TestACurlLineIsQuotedForTheShellOfTheSystem(t *testing.T) {
	assert.Equal(t,
		`curl -s http://localhost:1/x -H 'Origin: https://a.example' -H 'Content-Type: application/json' -d '{"a":"b"}'`,
		curlJSON("linux", "http://localhost:1/x", `{"a":"b"}`, "Origin: https://a.example"))
	assert.Equal(t,
		`curl.exe -s http://localhost:1/x -H "Content-Type: application/json" -d "{\"a\":\"b\"}"`,
		curlJSON("windows", "http://localhost:1/x", `{"a":"b"}`))
}
