package simulator_test

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"chipproof/cardreader"
	"chipproof/simulator"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// types carries out lines one after the other, each of which must work, and
// gives what the last one showed.
func types(tb testing.TB, m *simulator.Machine, lines ...string) string {
	tb.Helper()
	shown := ""
	for _, line := range lines {
		var err error
		shown, err = m.Command(context.Background(), line)
		require.NoError(tb, err, line)
	}
	return shown
}

func TestCommandsAreTheHandsBeforeTheMachine(t *testing.T) {
	m := simulator.NewMachine("Reader A", "Reader B")
	assert.Equal(t, "1  \"Reader A\"  absent\n2  \"Reader B\"  absent\n", types(t, m, "list"))
	assert.Equal(t, "1  \"Reader A\"  default\n2  \"Reader B\"  mute\n", types(t, m, `insert 1 default`, `insert "Reader B" mute`, "list"))
	assert.Equal(t, "1  \"Reader A\"  year-only\n2  \"Reader B\"  absent\n", types(t, m, "swap 1 year-only", "remove 2", "list"))
	assert.Equal(t, "1  \"Reader A\"  year-only  faults planned: 2\n2  \"Reader B\"  absent\n",
		types(t, m, "fault 1 [{exchange: 3, do: mute}, {field: name, do: status, word: 6F00}]", "list"))
	assert.Equal(t, "1  \"Reader A\"  year-only  faults planned: 1\n2  \"Reader B\"  absent\n", types(t, m, "fault 1 {exchange: 3, do: remove}", "list"))
	assert.Equal(t, "1  \"Reader B\"  absent\n2  \"Reader C\"  absent\n", types(t, m, `fault 1 clear`, `unplug 1`, `plug "Reader C"`, "list"))
	assert.Equal(t, "1  \"Reader A\"  year-only\n2  \"Reader B\"  absent\n3  \"Reader C\"  absent\n", types(t, m, `plug "Reader A"`, "reset 1", "list"))

	types(t, m, "stop")
	_, err := m.List(t.Context())
	require.ErrorIs(t, err, cardreader.ErrServiceDown)
	types(t, m, "deny")
	_, err = m.List(t.Context())
	require.ErrorIs(t, err, cardreader.ErrDenied)
	types(t, m, "start")
	_, err = m.List(t.Context())
	require.NoError(t, err)
}

func TestTheOnlyReaderNeedsNoName(t *testing.T) {
	m := simulator.NewMachine("The Reader")
	assert.Equal(t, "1  \"The Reader\"  lifelong\n", types(t, m, "insert default", "swap lifelong", "fault {exchange: 1, do: mute}", "fault clear", "reset", "list"))
	assert.Equal(t, "1  \"The Reader\"  absent\n", types(t, m, "remove", "list"))
	assert.Empty(t, types(t, m, "unplug", "list"))
}

func TestFilesAreNamedBehindAnAt(t *testing.T) {
	dir := t.TempDir()
	write := func(name, content string) string {
		path := filepath.Join(dir, name)
		require.NoError(t, os.WriteFile(path, []byte(content), 0o600))
		return path
	}
	somebody := write("somebody.yaml", minimal)
	plan := write("plan.yaml", "- {exchange: 1, do: mute}\n")
	m := simulator.NewMachine("The Reader")
	assert.Equal(t, "1  \"The Reader\"  somebody  faults planned: 1\n", types(t, m, "insert @"+somebody, "fault @"+plan, "list"))
	assert.Equal(t, "1  \"The Reader\"  present  faults planned: 1\n", types(t, m, "remove", "insert @testdata/transcripts/whole.json", "list"))

	for line, cause := range map[string]error{
		"swap @" + write("bad.yaml", "x: y"):                       simulator.ErrPersonInvalid,
		"swap @" + write("bad.json", "x"):                          simulator.ErrTranscriptInvalid,
		"fault @" + write("badplan.yaml", "x"):                     simulator.ErrPlanInvalid,
		"swap @" + dir:                                             simulator.ErrCommandInvalid,
		"fault @" + write("big.yaml", string(make([]byte, 1<<17))): simulator.ErrCommandInvalid,
		"swap @" + filepath.Join(dir, "none"):                      os.ErrNotExist,
	} {
		_, err := m.Command(t.Context(), line)
		assert.ErrorIs(t, err, cause, line)
	}
}

func TestHelpKnowsEveryWordAndHowAPlanIsWritten(t *testing.T) {
	m := simulator.NewMachine()
	help := "\n" + types(t, m, "help")
	for _, word := range []string{"deny", "fault", "help", "insert", "list", "people", "plug", "remove", "reset", "start", "stop", "swap", "unplug"} {
		assert.Contains(t, help, "\n"+word, "on a line of its own")
	}
	assert.Contains(t, types(t, m, "help fault"), "# Fault plans")
	assert.Contains(t, types(t, m, "people"), "year-only          birth date known by its year only")
}

func TestACommandThatSaysNothingIsTold(t *testing.T) {
	m := simulator.NewMachine("Reader A", "Reader B")
	for line, row := range map[string]struct {
		cause error
		says  string
	}{
		"explode":                   {simulator.ErrCommandInvalid, `no word "explode", try help`},
		"insert":                    {simulator.ErrCommandInvalid, "usage: insert READER PERSON"},
		"insert default":            {simulator.ErrCommandInvalid, "which reader"},
		"insert 1 default now":      {simulator.ErrCommandInvalid, "usage"},
		"insert 3 default":          {cardreader.ErrReaderNotFound, ""},
		"insert \"Reader C\" alien": {cardreader.ErrReaderNotFound, ""},
		"insert 1 nobody":           {simulator.ErrPersonUnknown, "there are alien"},
		"insert \"Reader A default": {simulator.ErrCommandInvalid, "open"},
		"remove":                    {simulator.ErrCommandInvalid, "usage: remove READER"},
		"remove 1":                  {cardreader.ErrCardAbsent, ""},
		"swap 1 default":            {cardreader.ErrCardAbsent, ""},
		"swap 1 nobody":             {simulator.ErrPersonUnknown, ""},
		"swap 1":                    {simulator.ErrCommandInvalid, "usage: swap"},
		"fault 1":                   {simulator.ErrCommandInvalid, "usage: fault"},
		"fault 1 {exchange: 3":      {simulator.ErrCommandInvalid, "open"},
		"fault 1 {exchange: 3}":     {simulator.ErrPlanInvalid, "no act"},
		"plug":                      {simulator.ErrCommandInvalid, "usage: plug READER"},
		"plug \"\"":                 {simulator.ErrCommandInvalid, "usage"},
		"plug \"Reader A\"":         {simulator.ErrReaderExists, ""},
		"unplug 7":                  {cardreader.ErrReaderNotFound, ""},
		"stop now":                  {simulator.ErrCommandInvalid, "usage: stop"},
	} {
		shown, err := m.Command(t.Context(), line)
		require.ErrorIs(t, err, row.cause, line)
		assert.ErrorContains(t, err, row.says, line)
		assert.Empty(t, shown)
	}
}

func TestAnEmptyLineDoesNothing(t *testing.T) {
	assert.Empty(t, types(t, simulator.NewMachine(), "", "   \t\r\n"))
}

func TestACommandAfterTheEndIsNotCarriedOut(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	m := simulator.NewMachine()
	_, err := m.Command(ctx, "plug A")
	require.ErrorIs(t, err, context.Canceled)
	assert.Empty(t, m.Readers())
}

func TestCardsPutInByNameBehaveAsTheMachineWasTold(t *testing.T) {
	m := simulator.NewMachine(desk)
	m.Cards(simulator.CardOptions{Protocol: simulator.T1})
	types(t, m, "insert default")
	assert.Equal(t, "6F088406A000000054489000", ask(t, connect(t, m), selectMOI))
}

func FuzzMachineCommand(f *testing.F) {
	for _, line := range []string{"list", "insert default", `insert "a b" default`, "fault 1 [{exchange: 3, do: mute}]", "help fault", "plug x"} {
		f.Add(line)
	}
	f.Fuzz(func(t *testing.T, line string) {
		m := simulator.NewMachine("a b")
		_, _ = m.Command(t.Context(), line)
		types(t, m, "list")
	})
}
