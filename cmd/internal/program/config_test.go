package program

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestTheFirstPlaceThatHasAFileIsRead(t *testing.T) {
	parser, err := NewParser(testKind(), &testGrammar{})
	require.NoError(t, err)
	dir := t.TempDir()
	mine, machines := filepath.Join(dir, "mine.yaml"), filepath.Join(dir, "machines.yaml")
	require.NoError(t, os.WriteFile(machines, []byte("lang: en\n"), 0o600))

	settings, err := loadConfig("", []string{mine, machines}, parser.Model)
	require.NoError(t, err)
	assert.Equal(t, map[string]setting{"lang": {scalar: "en"}}, settings.values)

	require.NoError(t, os.WriteFile(mine, []byte("lang: th\n"), 0o600))
	settings, err = loadConfig("", []string{mine, machines}, parser.Model)
	require.NoError(t, err)
	assert.Equal(t, map[string]setting{"lang": {scalar: "th"}}, settings.values)

	settings, err = loadConfig("", []string{filepath.Join(dir, "none.yaml")}, parser.Model)
	require.NoError(t, err)
	assert.Empty(t, settings.values)

	_, err = loadConfig(filepath.Join(dir, "none.yaml"), []string{machines}, parser.Model)
	assert.ErrorIs(t, err, os.ErrNotExist, "a file that was named must be there")
}
