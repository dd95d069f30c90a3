package docs_test

import (
	"encoding/base64"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// forgetful starts chipproof without one of the flags that it is given, as a script
// between the two might.
const forgetful = `#!/bin/sh
for word do
	shift
	if [ "$forget" ]; then forget=; continue; fi
	if [ "$word" = "--NAME" ]; then forget=yes; continue; fi
	set -- "$@" "$word"
done
exec "PROGRAM" "$@"
`

// The program of the page leaves checks to ours, and takes no proof of which ours
// says that it has not checked what it should.
func TestThePHPProgramTakesNoProofThatWasNotChecked(t *testing.T) {
	ours, err := program()
	require.NoError(t, err)
	const nonce = "WYVxNuwz3RBEhnJKM4LvVh2tOdXI9WRUPYqA_qa0klM"
	for _, name := range []string{"nothing", "issuer", "audience", "origin", "purpose"} {
		t.Run(name, func(t *testing.T) {
			dir, c := t.TempDir(), newCounter(t)
			php := language{file: "backend.php"}
			script := strings.NewReplacer("NAME", name, "PROGRAM", ours).Replace(forgetful)
			require.NoError(t, os.WriteFile(filepath.Join(dir, "chipproof"), []byte(script), 0o700))
			config := rewritten(t, c.configure(t, dir, php), "chipproof", filepath.Join(dir, "chipproof"))
			said, err := runPHP(t, dir, config, c.sign(t, c.key, accepted(nonce)))
			if name == "nothing" {
				require.NoError(t, err)
				assert.JSONEq(t, `{"refused":"proof_nonce_wrong"}`, said, "all is checked but that the nonce is this session's")
				return
			}
			assert.Error(t, err, "it ends, as nobody knows")
			assert.Empty(t, said)
		})
	}
	t.Run("an empty value of the configuration", func(t *testing.T) {
		dir, c := t.TempDir(), newCounter(t)
		config := rewritten(t, c.configure(t, dir, language{file: "backend.php"}), "issuer", "")
		said, err := runPHP(t, dir, config, c.sign(t, c.key, accepted(nonce)))
		assert.Error(t, err)
		assert.Empty(t, said)
	})
}

// rewritten changes one setting of a configuration.
func rewritten(t *testing.T, path, name, value string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	var config map[string]any
	require.NoError(t, json.Unmarshal(text, &config))
	config[name] = value
	text, err = json.Marshal(config)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(path, text, 0o600))
	return path
}

// runPHP brings one proof to the program of the page, and gives what it answers.
func runPHP(t *testing.T, dir, config, token string) (string, error) {
	t.Helper()
	require.NoError(t, os.WriteFile(filepath.Join(dir, "backend.php"), []byte(blocks(t, "en")["backend.php"]), 0o600))
	call, err := json.Marshal(map[string]string{"session": "one", "proof": token, "photo": base64.StdEncoding.EncodeToString(photo)})
	require.NoError(t, err)
	cmd := exec.CommandContext(t.Context(), "php", "-d", "display_errors=stderr", "backend.php", config)
	cmd.Dir, cmd.Stdin = dir, strings.NewReader(string(call)+"\n")
	said, err := cmd.Output()
	return string(said), err
}
