package program

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestTheDataFolderIsTheNamedOneThenTheFirstThatIsThereThenWhereOneMayBeMade(t *testing.T) {
	dir := t.TempDir()
	machines, mine := filepath.Join(dir, "machines"), filepath.Join(dir, "mine")
	places := []string{machines, mine}
	path := func(d DataDir, privileged bool) string {
		got, err := d.path(testKind(), places, privileged)
		require.NoError(t, err)
		return got
	}
	assert.Equal(t, "named", path(DataDir{Data: "named"}, true))
	assert.Equal(t, machines, path(DataDir{}, true), "root makes the machine's")
	assert.Equal(t, mine, path(DataDir{}, false), "everybody else one of their own")
	require.NoError(t, os.Mkdir(mine, 0o700))
	assert.Equal(t, mine, path(DataDir{}, true))
	require.NoError(t, os.Mkdir(machines, 0o700))
	assert.Equal(t, machines, path(DataDir{}, false), "nobody begins a second life beside the machine's agent")

	_, err := DataDir{}.path(testKind(), nil, false)
	assert.ErrorContains(t, err, "--data")
}

func TestKeysStandInTheDataFolderUnlessSaidOtherwise(t *testing.T) {
	assert.Equal(t, filepath.Join("data", "keys"), DataDir{}.keys("data"))
	assert.Equal(t, "safe", DataDir{KeyDir: "safe"}.keys("data"))
}
