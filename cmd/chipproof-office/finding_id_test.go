package main

import (
	"io"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/cmd/internal/program"
)

func TestAnIDThatBeginsWithAHyphenIsNoFlag(t *testing.T) {
	const id = "-auTlobQPKrwp80DLeIUyg.ZOkpt0wq2fPS24M3IL4O9Q"
	t.Setenv("CHIPPROOF_OFFICE_CONFIG", "/dev/null")
	parse := func(args ...string) program.Command {
		cmd, err := program.Parse(kind(), &cli{}, markIDs(args), program.Streams{Out: io.Discard, Err: io.Discard})
		require.NoError(t, err)
		return cmd
	}
	assert.EqualValues(t, id, parse("finding", "show", id, "--json").(*findingShowCmd).ID)
	assert.EqualValues(t, id, parse("finding", "task", "--owner", "napa", id, "--due", "7").(*findingTaskCmd).ID)
	assert.EqualValues(t, id, parse("finding", "list", "--after", id).(*findingListCmd).After)
	assert.EqualValues(t, id[1:], parse("finding", "show", id[1:]).(*findingShowCmd).ID)
}
