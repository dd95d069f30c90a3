package main

import (
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"chipproof/cmd/internal/program"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// parsed is the command line as the program understands it.
func parsed(t testing.TB, args ...string) (cli, program.Command, error) {
	t.Helper()
	var c cli
	cmd, err := program.Parse(kind(), &c, args, program.Streams{In: strings.NewReader(""), Out: io.Discard, Err: io.Discard})
	return c, cmd, err
}

// configured sets CHIPPROOF_CONFIG to a file with that content.
func configured(t testing.TB, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "chipproof.yaml")
	require.NoError(t, os.WriteFile(path, []byte(content), 0o600))
	t.(interface{ Setenv(string, string) }).Setenv("CHIPPROOF_CONFIG", path)
	return path
}

// Every combination of the three sources, so also the four that matter: flag
// over environment, flag over file, environment over file, and the default when
// there is none. kong by itself would let the file beat the environment.
func TestAFlagBeatsTheEnvironmentWhichBeatsTheFileWhichBeatsTheDefault(t *testing.T) {
	for _, c := range []struct {
		flag, env, file bool
		want            string
	}{
		{false, false, false, "localhost:8731"},
		{false, false, true, "localhost:3"},
		{false, true, false, "localhost:2"},
		{false, true, true, "localhost:2"},
		{true, false, false, "localhost:1"},
		{true, false, true, "localhost:1"},
		{true, true, false, "localhost:1"},
		{true, true, true, "localhost:1"},
	} {
		t.Run(c.want, func(t *testing.T) {
			content, args := "", []string{"serve"}
			if c.file {
				content = "serve:\n  listen: [\"localhost:3\"]\n"
			}
			configured(t, content)
			if c.env {
				t.Setenv("CHIPPROOF_LISTEN", "localhost:2")
			}
			if c.flag {
				args = append(args, "--listen", "localhost:1")
			}
			got, _, err := parsed(t, args...)
			require.NoError(t, err)
			assert.Equal(t, []string{c.want}, got.Serve.Listen)
		})
	}
}

func TestAVariableThatIsSetToNothingStillBeatsTheFile(t *testing.T) {
	configured(t, "person: expired\n")
	t.Setenv("CHIPPROOF_PERSON", "")
	got, _, err := parsed(t, "sim", "card")
	require.NoError(t, err)
	assert.Empty(t, got.Sim.Card.Person)
}

func TestTheFilesSettingForOneCommandBeatsTheOneForAll(t *testing.T) {
	configured(t, "lang: th\nperson: expired\nsim:\n  person: [lifelong]\n  card:\n    person: year-only\n    readers: 3\n")
	got, _, err := parsed(t, "sim", "card")
	require.Error(t, err, "sim: person is a list, and sim card takes one value")

	configured(t, "lang: th\nperson: expired\nsim:\n  card:\n    person: year-only\n    readers: 3\n  vpcd:\n    person: [lifelong, expired]\n")
	got, _, err = parsed(t, "sim", "card")
	require.NoError(t, err)
	assert.Equal(t, "th", got.Lang)
	assert.Equal(t, "year-only", got.Sim.Card.Person)
	assert.Equal(t, 3, got.Sim.Card.Readers)

	got, _, err = parsed(t, "sim", "vpcd")
	require.NoError(t, err)
	assert.Equal(t, []string{"lifelong", "expired"}, got.Sim.VPCD.Person)

	got, _, err = parsed(t, "serve", "--driver", "simulator")
	require.NoError(t, err)
	assert.Equal(t, "expired", got.Serve.Person)
}

func TestValuesOfAFileAreOfTheFlagsType(t *testing.T) {
	configured(t, "read:\n  timeout: 5s\n  json: true\n  fields: [name, sex]\n  driver: simulator\n")
	got, _, err := parsed(t, "read")
	require.NoError(t, err)
	assert.Equal(t, "5s", got.Read.Timeout.String())
	assert.True(t, got.Read.JSON)
	assert.Equal(t, []string{"name", "sex"}, got.Read.Fields)
}

func TestEverythingThatIsWrongInAFileIsRefused(t *testing.T) {
	for name, content := range map[string]string{
		"a mapping for a flag":    "lang: {th: yes}\n",
		"a list of lists":         "serve:\n  listen: [[localhost:1]]\n",
		"no value":                "serve:\n  listen:\n",
		"nothing in a list":       "serve:\n  listen: [~]\n",
		"a list for one value":    "read:\n  photo: [a.jpg, b.jpg]\n",
		"a number that is none":   "sim:\n  card:\n    readers: many\n",
		"another file":            "config: other.yaml\n",
		"help":                    "help: true\n",
		"two documents":           "lang: th\n---\nlang: en\n",
		"an anchor":               "x: &a th\nlang: *a\n",
		"a flag of another place": "log-level: info\nread:\n  listen: localhost:1\n",
	} {
		t.Run(name, func(t *testing.T) {
			configured(t, content)
			_, _, err := parsed(t, "version")
			_, usage := err.(*program.UsageError)
			assert.True(t, usage, "%v", err)
		})
	}
}
